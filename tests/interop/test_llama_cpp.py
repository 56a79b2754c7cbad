"""Our client and a whole session against llama.cpp's own server, without a line of ours in it."""

import asyncio

import pytest

from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.domain.message import MessageState
from tests.interop.conftest import PARAMETERS
from tests.providers.conftest import ask, hear

pytestmark = [pytest.mark.interop, pytest.mark.local_model]

PATIENCE = 60.0


def small(text: str = "Say hello.", model: str = "SmolLM2-135M-Instruct"):
    request = ask(text, max_tokens=PARAMETERS.max_tokens, temperature=PARAMETERS.temperature)
    return type(request)(model, request.messages, request.parameters)


@pytest.mark.parametrize("keyless", [False, True])
async def test_it_answers(llama, keyless_llama, model_at, keyless):
    server = keyless_llama if keyless else llama
    model = model_at(server.base_url, server.api_key)
    heard = await hear(model, small())
    assert heard.error is None
    assert heard.text.strip()
    assert len(heard.batches) > 1
    usage = heard.builder.usage
    assert usage is not None
    assert 0 < (usage.completion or 0) <= (PARAMETERS.max_tokens or 0)
    assert await model.list_models() == (server.model,)


async def test_a_session_remembers_what_was_said(llama, model_at, session_on):
    session = session_on(model_at(llama.base_url, llama.api_key), llama.model)
    for question in ("My name is Ann.", "What is my name?"):
        assert session.send(question)
        async with asyncio.timeout(PATIENCE):
            await session.settled()
    assert len(session.messages) == 4
    for answer in session.messages[1::2]:
        # It may have more to say than it is allowed.
        assert answer.state in {MessageState.COMPLETE, MessageState.CUT_OFF}
        assert answer.text.strip()


async def test_a_wrong_key_and_a_missing_one_are_named(llama, model_at):
    wrong = await hear(model_at(llama.base_url, "wrong"), small())
    missing = await hear(model_at(llama.base_url), small())
    assert wrong.error is not None
    assert missing.error is not None
    assert wrong.error.kind is ErrorKind.INVALID_KEY
    assert missing.error.kind in {ErrorKind.MISSING_KEY, ErrorKind.INVALID_KEY}
    # The list of models is open to everybody there.
    with pytest.raises(ChatError) as raised:
        await model_at(llama.base_url.replace("/v1", "/nowhere")).list_models()
    assert raised.value.kind in {ErrorKind.NOT_FOUND, ErrorKind.INVALID_KEY, ErrorKind.MISSING_KEY}


async def test_a_conversation_beyond_its_window_is_named(llama, model_at):
    heard = await hear(model_at(llama.base_url, llama.api_key), small("tea " * 3000))
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.CONTEXT_TOO_LONG


async def test_stop_keeps_what_came_and_frees_the_server(llama, model_at, session_on):
    model = model_at(llama.base_url, llama.api_key)
    session = session_on(model, llama.model)
    session.set_parameters(type(PARAMETERS)(max_tokens=900, temperature=0.2))
    assert session.send("Count to a thousand, a number a line.")
    begun = asyncio.Event()
    session.subscribe(lambda _: begun.set() if session.messages[-1].text else None)
    async with asyncio.timeout(PATIENCE):
        await begun.wait()
        session.stop()
        await session.settled()
    assert session.messages[-1].state is MessageState.STOPPED
    assert session.messages[-1].text
    # It has one slot: an answer that went on would keep the next one waiting.
    async with asyncio.timeout(PATIENCE):
        assert (await hear(model, small())).error is None
