"""What a server asks the person's model for, and what it is told when that does not work."""

import pytest

from desktop_app.chat.mcp_ports import McpError
from desktop_app.chat.sampling import MOST_LETTERS, MOST_TOKENS, Sampler
from desktop_app.domain.delta import FinishDelta, TextDelta, ThinkingDelta
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.mcp_content import PromptMessage, Sampling
from desktop_app.domain.message import Role
from tests.fakes.model import ScriptedAnswer, ScriptedModel

ASKED = Sampling(
    "own", "Be brief.", (PromptMessage("user", "Hi"), PromptMessage("assistant", "?")), 99
)


def sampler(model: ScriptedModel) -> Sampler:
    async def source() -> ScriptedModel:
        return model

    return Sampler(source, lambda: "MiniMax-M2")


async def test_the_model_gets_what_was_asked_and_its_text_comes_back() -> None:
    steps = [[ThinkingDelta("hm")], [TextDelta("Hel"), TextDelta("lo")], [FinishDelta("stop")]]
    model = ScriptedModel(ScriptedAnswer(steps))
    assert await sampler(model)(ASKED) == "Hello"
    (request,) = model.requests
    assert request.model == "MiniMax-M2"
    assert [(m.role, m.text) for m in request.messages] == [
        (Role.USER, "Hi"),
        (Role.ASSISTANT, "?"),
    ]
    assert (request.parameters.system_prompt, request.parameters.max_tokens) == ("Be brief.", 99)


async def test_what_it_asks_for_is_bounded() -> None:
    model = ScriptedModel(ScriptedAnswer([[TextDelta("x")], [FinishDelta("stop")]]))
    endless = Sampling("own", "", (PromptMessage("user", "x"),), 10**9)
    assert await sampler(model)(endless) == "x"
    assert model.requests[0].parameters.max_tokens == MOST_TOKENS
    huge = Sampling("own", "", (PromptMessage("user", "x" * (MOST_LETTERS + 1)),), 1)
    with pytest.raises(McpError, match="letters"):
        await sampler(model)(huge)


async def test_a_failure_tells_the_server_its_kind_alone() -> None:
    record = ErrorRecord(ErrorKind.NO_KEY, detail="key sk-canary of account 7")
    model = ScriptedModel(ScriptedAnswer(before=[ChatError(record)]))
    with pytest.raises(McpError) as caught:
        await sampler(model)(ASKED)
    assert "canary" not in str(caught.value)
