"""What every ``Model`` keeps: run against the fake and against the real room on a real server.

A test module subclasses :class:`ModelContract` and provides the fixture ``server``, a
:class:`ModelServer`: something that answers as scripted, and says what it saw.
"""

import asyncio
import contextlib
import json
from typing import Any

import pytest

from desktop_app.chat.ports import ChatRequest, Model
from desktop_app.demo.journal import Gate
from desktop_app.domain.connection import Connection
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.delta import Delta, FinishDelta, TextDelta, ThinkingDelta, UsageDelta
from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.domain.message import Message, Role, Text, Thought
from tests.contracts.model_scripts import (
    ANSWER,
    BREAKS,
    PATIENCE,
    QUESTION,
    REFUSALS,
    REQUEST,
    ModelServer,
    Script,
    ask,
    joined,
    take_all,
)


@contextlib.asynccontextmanager
async def running(work: Any):
    """A task that is cancelled and awaited at the end, whatever happens."""
    task = asyncio.get_running_loop().create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            task.exception()


class ModelContract:
    """The tests; ``server`` is a :class:`ModelServer`."""

    @pytest.fixture
    async def make_model(self, server: ModelServer):
        models: list[Model] = []

        def make(*scripts: Script, **options: Any) -> Model:
            models.append(server.make_model(*scripts, **options))
            return models[-1]

        yield make
        for model in models:
            await model.aclose()

    async def test_an_answer_arrives_whole_and_in_order(self, make_model) -> None:
        deltas = await ask(make_model(ANSWER))
        assert joined(deltas, ThinkingDelta) == "".join(ANSWER.thinking)
        assert joined(deltas, TextDelta) == "".join(ANSWER.text)
        kinds = [type(delta) for delta in deltas]
        assert kinds.index(TextDelta) > max(
            index for index, kind in enumerate(kinds) if kind is ThinkingDelta
        )

    async def test_the_end_and_the_token_counts_come_once(self, make_model) -> None:
        deltas = await ask(make_model(ANSWER))
        assert [d.reason for d in deltas if isinstance(d, FinishDelta)] == ["stop"]
        assert [d.usage for d in deltas if isinstance(d, UsageDelta)] == [ANSWER.usage]

    async def test_the_servers_word_for_the_end_is_passed_on(self, make_model) -> None:
        deltas = await ask(make_model(Script(thinking=("Hm",), finish="length")))
        assert [d.reason for d in deltas if isinstance(d, FinishDelta)] == ["length"]

    async def test_nothing_waits_for_what_comes_later(self, make_model) -> None:
        pause = Gate()
        model = make_model(Script(thinking=("Hm, ", "well"), text=("yes",), pause=pause))
        thinking = ""
        async with asyncio.timeout(PATIENCE), model.stream(REQUEST) as stream:
            batches = aiter(stream)
            while thinking != "Hm, well":
                thinking += joined(await anext(batches), ThinkingDelta)
            assert not pause.opened.happened
            pause.open()
            rest = [delta async for batch in batches for delta in batch]
        assert joined(rest, TextDelta) == "yes"

    async def test_entering_waits_until_the_server_begins_to_answer(
        self, make_model, server
    ) -> None:
        before = Gate()
        model = make_model(Script(text=("yes",), before=before))
        entered = asyncio.Event()

        async def work() -> list[Delta]:
            async with model.stream(REQUEST) as stream:
                entered.set()
                return await take_all(stream)

        async with running(work()) as task:
            await before.reached.arrived()
            assert server.request_count == 1
            assert not entered.is_set()
            before.open()
            async with asyncio.timeout(PATIENCE):
                assert joined(await task, TextDelta) == "yes"

    async def test_it_is_told_once_that_a_request_has_left(self, make_model) -> None:
        before = Gate()
        model = make_model(Script(text=("yes",), before=before), ANSWER)
        sent: list[bool] = []

        async def work() -> list[Delta]:
            async with model.stream(REQUEST, lambda: sent.append(True)) as stream:
                return await take_all(stream)

        async with running(work()) as task:
            await before.reached.arrived()
            # The server waits; the request has left.
            assert sent == [True]
            before.open()
            async with asyncio.timeout(PATIENCE):
                await task
        assert sent == [True]
        # The next one goes over the same connection, and tells nobody.
        assert await ask(model)
        assert sent == [True]

    async def test_a_stream_that_is_not_entered_sends_nothing(self, make_model, server) -> None:
        model = make_model(ANSWER)
        unused = model.stream(REQUEST)
        assert server.request_count == 0
        assert await ask(model)
        assert server.request_count == 1
        del unused

    @pytest.mark.parametrize("kind", REFUSALS)
    async def test_a_refusal_is_raised_on_entering_after_one_request(
        self, make_model, server, kind
    ) -> None:
        model = make_model(Script(refusal=kind), ANSWER)
        with pytest.raises(ChatError) as caught:
            await ask(model)
        assert caught.value.kind is kind
        assert caught.value.record.host == model.connection.host
        assert server.request_count == 1
        # The next one is asked afresh.
        assert joined(await ask(model), TextDelta) == "".join(ANSWER.text)

    @pytest.mark.parametrize("kind", BREAKS)
    async def test_what_came_before_a_break_stays(self, make_model, server, kind) -> None:
        model = make_model(Script(thinking=("Hm",), text=("Hel", "lo"), breaks=kind), ANSWER)
        deltas: list[Delta] = []
        received: list[Any] = []

        async def work() -> None:
            async with asyncio.timeout(PATIENCE), model.stream(REQUEST) as stream:
                try:
                    async for batch in stream:
                        deltas.extend(batch)
                finally:
                    received.append(stream.received)

        with pytest.raises(ChatError) as caught:
            await work()
        assert caught.value.kind is kind
        assert joined(deltas, ThinkingDelta) == "Hm"
        assert joined(deltas, TextDelta) == "Hello"
        assert "Hello" in json.dumps(received[0])
        assert server.request_count == 1
        assert joined(await ask(model), TextDelta) == "".join(ANSWER.text)

    async def test_leaving_early_ends_the_answer_for_the_server_too(
        self, make_model, server
    ) -> None:
        model = make_model(Script(thinking=("Hm",), text=("never",), pause=Gate()), ANSWER)
        async with asyncio.timeout(PATIENCE), model.stream(REQUEST) as stream:
            async for batch in stream:
                assert joined(batch, ThinkingDelta) == "Hm"
                break
        await server.left(1)
        assert joined(await ask(model), TextDelta) == "".join(ANSWER.text)

    async def test_cancelling_while_the_server_is_silent_leaves_it(
        self, make_model, server
    ) -> None:
        before = Gate()
        model = make_model(Script(before=before), ANSWER)
        async with running(ask(model)) as task:
            await before.reached.arrived()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await server.left(1)
        assert joined(await ask(model), TextDelta) == "".join(ANSWER.text)

    async def test_cancelling_in_the_middle_keeps_what_was_received(
        self, make_model, server
    ) -> None:
        pause = Gate()
        model = make_model(Script(thinking=("Hm, ", "well"), text=("never",), pause=pause), ANSWER)
        got = asyncio.Event()
        received: list[Any] = []

        async def work() -> None:
            async with model.stream(REQUEST) as stream:
                thinking = ""
                try:
                    async for batch in stream:
                        thinking += joined(batch, ThinkingDelta)
                        if thinking == "Hm, well":
                            got.set()
                finally:
                    received.append(stream.received)

        async with running(work()) as task:
            async with asyncio.timeout(PATIENCE):
                await got.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await server.left(1)
        assert "Hm, well" in json.dumps(received[0])
        assert joined(await ask(model), TextDelta) == "".join(ANSWER.text)

    async def test_the_received_message_holds_the_whole_answer(self, make_model) -> None:
        async with asyncio.timeout(PATIENCE), make_model(ANSWER).stream(REQUEST) as stream:
            await take_all(stream)
        assert stream.received is not None
        written = json.dumps(stream.received, ensure_ascii=False)
        for text in ("".join(ANSWER.thinking), "".join(ANSWER.text)):
            assert json.dumps(text, ensure_ascii=False)[1:-1] in written

    async def test_the_received_message_can_be_sent_back(self, make_model, server) -> None:
        model = make_model(ANSWER, Script(text=("Indeed",)))
        async with asyncio.timeout(PATIENCE), model.stream(REQUEST) as stream:
            await take_all(stream)
        answer = Message(
            "m2",
            Role.ASSISTANT,
            (Thought("".join(ANSWER.thinking)), Text("".join(ANSWER.text))),
            parent="m1",
            received=stream.received,
        )
        more = Message("m3", Role.USER, (Text("Really?"),), parent="m2")
        deltas = await ask(model, ChatRequest("MiniMax-M2", (QUESTION, answer, more), Parameters()))
        assert joined(deltas, TextDelta) == "Indeed"
        assert server.request_count == 2

    async def test_answers_that_stream_at_once_do_not_mix(self, make_model) -> None:
        pause = Gate()
        model = make_model(Script(thinking=("a",), text=("b",), pause=pause), Script(text=("c",)))
        async with running(ask(model)) as first:
            await pause.reached.arrived()
            assert joined(await ask(model), TextDelta) == "c"
            pause.open()
            async with asyncio.timeout(PATIENCE):
                deltas = await first
        assert joined(deltas, ThinkingDelta) == "a"
        assert joined(deltas, TextDelta) == "b"

    async def test_an_exchange_is_recorded_from_the_request_on(self, make_model) -> None:
        before = Gate()
        exchange = make_model(Script(text=("yes",), before=before)).stream(REQUEST)
        assert exchange.record is None

        async def work() -> list[Delta]:
            async with exchange as stream:
                return await take_all(stream)

        async with running(work()) as task:
            await before.reached.arrived()
            early = exchange.record
            assert early is not None
            assert json.loads(early.request_body)["model"] == "MiniMax-M2"
            assert (early.status, early.ended_at, early.error) == (None, None, "")
            before.open()
            async with asyncio.timeout(PATIENCE):
                await task
        record = exchange.record
        assert record is not None
        assert (record.id, record.request_body) == (early.id, early.request_body)
        assert (record.status, record.error) == (200, "")
        assert record.sent_at is not None
        assert record.ended_at is not None
        assert record.sent_at <= record.ended_at
        assert exchange.record == record

    @pytest.mark.parametrize("kind", REFUSALS)
    async def test_a_refusal_is_recorded(self, make_model, kind) -> None:
        exchange = make_model(Script(refusal=kind)).stream(REQUEST)
        with pytest.raises(ChatError):
            async with exchange:
                pass
        assert exchange.record is not None
        assert exchange.record.error.partition(":")[0] == kind.value
        assert exchange.record.ended_at is not None

    async def test_what_is_left_early_is_recorded_so(self, make_model) -> None:
        exchange = make_model(Script(thinking=("Hm",), pause=Gate())).stream(REQUEST)
        async with asyncio.timeout(PATIENCE), exchange as stream:
            await anext(aiter(stream))
        assert exchange.record is not None
        assert exchange.record.error == "stopped"
        assert exchange.record.ended_at is not None

    async def test_a_body_is_sent_as_it_is(self, make_model, server) -> None:
        model = make_model(ANSWER, Script(text=("again",)))
        first = model.stream(REQUEST)
        async with asyncio.timeout(PATIENCE), first as stream:
            await take_all(stream)
        body = first.record.request_body
        sent: list[bool] = []
        again = model.stream_body(body, lambda: sent.append(True))
        async with asyncio.timeout(PATIENCE), again as stream:
            assert joined(await take_all(stream), TextDelta) == "again"
        assert again.record.request_body == body
        assert again.record.id != first.record.id
        assert sent == [True]
        assert server.request_count == 2

    async def test_the_models_of_the_server_are_listed(self, make_model, server) -> None:
        model = make_model(models=("MiniMax-M2", "other/name"))
        assert await model.list_models() == ("MiniMax-M2", "other/name")
        assert server.request_count == 0

    async def test_a_server_that_lists_no_models_says_why(self, make_model) -> None:
        model = make_model(models=ErrorKind.INVALID_KEY)
        with pytest.raises(ChatError) as caught:
            await model.list_models()
        assert caught.value.kind is ErrorKind.INVALID_KEY

    async def test_a_model_knows_its_connection_and_closes_twice(self, make_model) -> None:
        model = make_model(ANSWER)
        assert isinstance(model.connection, Connection)
        await ask(model)
        await model.aclose()
        await model.aclose()
