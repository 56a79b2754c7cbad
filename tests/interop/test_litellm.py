"""Our client and a whole session through the LiteLLM proxy, and what reaches the server behind it."""

import asyncio

import pytest

from desktop_app.demo import faults
from desktop_app.demo.forms import Form
from desktop_app.demo.journal import Gate
from desktop_app.demo.script import Reply, Say, Think, Wait
from desktop_app.domain.errors import ErrorKind
from desktop_app.domain.message import MessageState
from tests.interop.conftest import KEY, LOCAL, PARAMETERS, SCRIPTED
from tests.providers.conftest import ask, hear

pytestmark = pytest.mark.interop

PATIENCE = 60.0
ALLOWED = {"model", "messages", "stream", "stream_options", "temperature", "max_tokens", "top_p"}
"""What a server that knows nothing of MiniMax may find in a request."""


def question(model: str = SCRIPTED, text: str = "Why tea? 茶"):
    request = ask(text, max_tokens=PARAMETERS.max_tokens, temperature=PARAMETERS.temperature)
    return type(request)(model, request.messages, request.parameters)


@pytest.fixture(params=["with a key", "without a key"])
def model(request, gateways, model_at):
    if request.param == "with a key":
        return model_at(gateways.guarded.base_url, KEY)
    return model_at(gateways.open.base_url)


@pytest.mark.parametrize(
    "form", [Form.REASONING_CONTENT, Form.REASONING, Form.THINK_TAGS, Form.SPLIT]
)
async def test_thinking_and_answer_arrive_apart(gateways, model, form):
    gateways.scripted.enqueue(
        Reply(
            [Think("Let me see. "), Think("Tea is 茶. 🍵"), Say("Because "), Say("of *leaves*.")],
            form=form,
        )
    )
    heard = await hear(model, question())
    assert heard.error is None
    assert heard.thinking.strip() == "Let me see. Tea is 茶. 🍵"
    assert heard.text == "Because of *leaves*."
    usage = heard.builder.usage
    assert usage is not None
    assert (usage.completion or 0) > 0


async def test_the_server_behind_is_sent_nothing_that_only_minimax_knows(
    gateways, model, session_on
):
    session = session_on(model, SCRIPTED)
    for number in range(2):
        gateways.scripted.enqueue(
            Reply([Think("Hm."), Say(f"Answer {number}.")], form=Form.REASONING_CONTENT)
        )
        assert session.send(f"Question {number}?")
        async with asyncio.timeout(PATIENCE):
            await session.settled()
        answer = session.messages[-1]
        assert answer.state is MessageState.COMPLETE
        assert answer.text == f"Answer {number}."
        assert answer.thinking == "Hm."
    seen = gateways.scripted.posts[-1]
    assert set(seen.json) <= ALLOWED
    assert seen.json["model"] == "MiniMax-M2"
    roles = [message["role"] for message in seen.json["messages"]]
    assert roles == ["user", "assistant", "user"]
    assert all(set(message) <= {"role", "content"} for message in seen.json["messages"])
    # The gateway's own key stays with the gateway.
    assert seen.header("authorization") == "Bearer key-behind"
    assert KEY.encode() not in seen.body


async def test_its_models_are_listed(model):
    assert sorted(await model.list_models()) == [LOCAL, SCRIPTED]


async def test_a_real_model_answers_through_it(model, session_on):
    session = session_on(model, LOCAL)
    assert session.send("Say hello.")
    async with asyncio.timeout(PATIENCE):
        await session.settled()
    answer = session.messages[-1]
    # It may have more to say than it is allowed.
    assert answer.state in {MessageState.COMPLETE, MessageState.CUT_OFF}
    assert answer.text.strip()


async def test_stop_reaches_the_server_behind(gateways, model, session_on):
    session = session_on(model, SCRIPTED)
    gate = Gate()
    left = gateways.scripted.disconnected.total
    gateways.scripted.enqueue(
        Reply([Say("As far as this"), Wait(gate), Say("never")], form=Form.REASONING_CONTENT)
    )
    assert session.send("Go")
    begun = asyncio.Event()
    session.subscribe(lambda _: begun.set() if session.messages[-1].text else None)
    async with asyncio.timeout(PATIENCE):
        await begun.wait()
        session.stop()
        await session.settled()
        await gateways.scripted.disconnected.arrived(left + 1)
    assert session.messages[-1].state is MessageState.STOPPED
    assert session.messages[-1].text == "As far as this"


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (faults.wrong_key, ErrorKind.INVALID_KEY),
        (faults.rate_limited, ErrorKind.RATE_LIMIT),
        (faults.server_error, ErrorKind.SERVER),
    ],
)
async def test_a_refusal_behind_it_is_named(gateways, model, refusal, kind):
    posts = gateways.scripted.posts.total
    gateways.scripted.enqueue(refusal())
    heard = await hear(model, question())
    assert heard.error is not None
    # Nobody whose request had no key has a wrong one.
    open_door = {ErrorKind.INVALID_KEY: ErrorKind.MISSING_KEY}
    assert heard.error.kind in {kind, open_door.get(kind)}
    assert KEY not in repr(heard.error.record)
    assert gateways.scripted.posts.total == posts + 1


async def test_a_wrong_key_and_a_missing_one_are_named(gateways, model_at):
    posts = gateways.scripted.posts.total
    for key, kinds in (
        ("sk-wrong-0123456789", {ErrorKind.INVALID_KEY}),
        # Version 1.106 says no more than HTTP 500 when there is no key at all.
        ("", {ErrorKind.MISSING_KEY, ErrorKind.INVALID_KEY, ErrorKind.SERVER}),
    ):
        heard = await hear(model_at(gateways.guarded.base_url, key), question())
        assert heard.error is not None
        assert heard.error.kind in kinds
    assert gateways.scripted.posts.total == posts


async def test_an_unknown_model_is_named(model):
    heard = await hear(model, question("no-such-model"))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.UNKNOWN_MODEL
