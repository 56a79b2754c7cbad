"""Answers over a real socket: what a person sees, what is kept, and when the socket closes."""

import asyncio
import contextlib

import pytest

from desktop_app.domain.delta import FinishDelta, TextDelta, ThinkingDelta, UsageDelta
from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.domain.usage import Usage
from desktop_app.providers.openai_chat.exchange import TimeLimits
from tests.providers.conftest import (
    CLOSE,
    HOLD,
    KEEP,
    PATIENCE,
    RESET,
    ask,
    chunk,
    chunked,
    details,
    events,
    head,
    hear,
    usage_chunk,
    with_length,
)

SPLIT = (
    chunk(details("The")),
    chunk({"content": "", **details(" user greets me.")}),
    chunk({"content": "Hel", "role": "assistant"}),
    chunk({"content": "lo!"}, finish="stop"),
    usage_chunk(),
)


async def test_a_split_stream_gives_thinking_and_text_once(server, make_model):
    server.reply(head(), events(*SPLIT))
    heard = await hear(make_model())
    assert heard.error is None
    assert heard.thinking == "The user greets me."
    assert heard.text == "Hello!"
    assert heard.builder.finish_reason == "stop"
    assert heard.builder.usage == Usage(prompt=10, completion=5)
    assert heard.received == {
        "dialect": "minimax",
        "message": {
            "role": "assistant",
            "content": "Hello!",
            "reasoning_details": [
                {
                    "type": "reasoning.text",
                    "id": "reasoning-text-1",
                    "format": "MiniMax-response-v1",
                    "index": 0,
                    "text": "The user greets me.",
                }
            ],
        },
    }
    assert len(server.requests) == 1


async def test_think_tags_in_the_content_give_the_same(server, make_model):
    texts = ("<think>\nThe", " user greets me.\n</think>\n\nHel", "lo!")
    server.reply(head(), events(*(chunk({"content": t}) for t in texts), chunk(finish="stop")))
    heard = await hear(make_model())
    assert heard.error is None
    assert heard.thinking == "The user greets me."
    assert heard.text == "Hello!"
    assert heard.received["message"]["content"] == "".join(texts)


async def test_what_one_network_read_brings_is_one_batch(server, make_model):
    """One packet of many HTTP chunks: the reader wakes once."""
    second = asyncio.Event()
    framed = chunked(*(events(c) for c in SPLIT[:3]), last=False)
    server.reply(head(Transfer_Encoding="chunked") + framed, second, chunked(events(*SPLIT[3:])))
    batches = []
    async with make_model().stream(ask()) as stream:
        async for deltas in stream:
            batches.append(list(deltas))
            second.set()
    assert batches[0] == [ThinkingDelta("The"), ThinkingDelta(" user greets me."), TextDelta("Hel")]
    rest = [delta for batch in batches[1:] for delta in batch]
    assert rest == [TextDelta("lo!"), FinishDelta("stop"), UsageDelta(Usage(10, 5))]


async def batches_of_a_fast_stream(make_model, limits: TimeLimits) -> list[str]:
    """The text of each batch, of 200 chunks that each come before the reader asks for it."""

    async def hurry(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head(Transfer_Encoding="chunked"))
        for number in range(200):
            writer.write(chunked(events(chunk({"content": f"{number} "})), last=False))
            for _ in range(10):
                await asyncio.sleep(0)
        writer.write(chunked(events(chunk(finish="stop"))))
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(hurry, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    model = make_model(limits=limits, base_url=f"http://127.0.0.1:{port}/v1")
    async with listener, asyncio.timeout(PATIENCE), model.stream(ask()) as stream:
        return [
            "".join(d.text for d in deltas if isinstance(d, TextDelta)) async for deltas in stream
        ]


async def test_what_comes_faster_than_it_is_shown_is_read_together(make_model):
    alone = await batches_of_a_fast_stream(make_model, TimeLimits(gather=0))
    together = await batches_of_a_fast_stream(make_model, TimeLimits())

    assert "".join(alone) == "".join(together) == "".join(f"{n} " for n in range(200))
    assert len(alone) > 50
    assert len(together) < len(alone) / 3


async def test_stop_waits_for_no_further_batch(server, make_model):
    server.reply(head(), events(SPLIT[0]), end=HOLD)
    model = make_model(limits=TimeLimits(gather=3_600))
    async with asyncio.timeout(PATIENCE):
        async with model.stream(ask()) as stream:
            assert list(await anext(aiter(stream))) == [ThinkingDelta("The")]
        await server.client_left.wait()


async def test_text_arrives_before_the_answer_is_complete(server, make_model):
    rest = asyncio.Event()
    server.reply(head(), events(chunk({"content": "Hel"})), rest, events(chunk(finish="stop")))
    async with asyncio.timeout(PATIENCE), make_model().stream(ask()) as stream:
        iterator = aiter(stream)
        assert list(await anext(iterator)) == [TextDelta("Hel")]
        rest.set()
        assert [d async for batch in iterator for d in batch] == [FinishDelta("stop")]


@pytest.mark.parametrize("moment", ["connecting", "before the first byte", "thinking", "writing"])
async def test_stop_closes_the_socket_at_once(server, make_model, moment):
    parts = {
        "connecting": (),
        "before the first byte": (head(),),
        "thinking": (head(), events(SPLIT[0])),
        "writing": (head(), events(*SPLIT[:3])),
    }[moment]
    server.reply(*parts, end=HOLD)
    heard = asyncio.Event()
    seen = []

    async def listen() -> None:
        async with make_model().stream(ask()) as stream:
            if moment == "before the first byte":
                heard.set()
            try:
                async for deltas in stream:
                    seen.extend(deltas)
                    heard.set()
            finally:
                seen.append(stream.received)

    loop = asyncio.get_running_loop()
    task = loop.create_task(listen())
    async with asyncio.timeout(PATIENCE):
        await (server.asked if moment == "connecting" else heard).wait()
        stopped_at = loop.time()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await server.client_left.wait()
    assert server.left_at - stopped_at < 0.2
    if moment == "writing":
        assert seen[-1]["message"]["content"] == "Hel"
        assert seen[-1]["message"]["reasoning_details"][0]["text"] == "The user greets me."


async def test_leaving_early_closes_the_socket(server, make_model):
    server.reply(head(), events(*SPLIT[:3]), end=HOLD)
    async with asyncio.timeout(PATIENCE), make_model().stream(ask()) as stream:
        async for _ in stream:
            break
    async with asyncio.timeout(0.2):
        await server.client_left.wait()


async def test_an_exception_of_the_reader_comes_through_as_it_is(server, make_model):
    server.reply(head(), events(*SPLIT[:3]), end=HOLD)

    async def stumble() -> None:
        async with make_model().stream(ask()) as stream:
            async for _ in stream:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stumble()
    async with asyncio.timeout(0.2):
        await server.client_left.wait()


async def test_without_tls_each_answer_has_a_connection_of_its_own(server, make_model):
    framed = head(Transfer_Encoding="chunked") + chunked(events(*SPLIT, "[DONE]"))
    server.reply(framed, end=KEEP)
    server.reply(framed, end=KEEP)
    model = make_model()
    assert (await hear(model)).text == "Hello!"
    assert (await hear(model)).text == "Hello!"
    assert len(server.requests) == 2
    assert server.connections == 2


async def test_a_socket_left_open_after_done_does_not_hold_the_answer(server, make_model):
    server.reply(head(), events(*SPLIT, "[DONE]"), end=HOLD)
    heard = await hear(make_model())
    assert heard.error is None
    assert heard.text == "Hello!"


@pytest.mark.parametrize(
    ("parts", "end", "kind"),
    [
        ((head(), events(*SPLIT[:3])), CLOSE, ErrorKind.CUT_OFF),
        ((head(), events(*SPLIT[:3], "[DONE]")), CLOSE, ErrorKind.CUT_OFF),
        ((head(), events(*SPLIT[:3])[:-20]), CLOSE, ErrorKind.CUT_OFF),
        ((head(), events(*SPLIT[:3])), RESET, ErrorKind.CONNECTION_LOST),
        (
            (head(Transfer_Encoding="chunked"), chunked(events(*SPLIT[:3]), last=False)),
            CLOSE,
            ErrorKind.CONNECTION_LOST,
        ),
        ((head(Content_Length="9999"), events(*SPLIT[:3])), CLOSE, ErrorKind.CONNECTION_LOST),
        ((head(), events(*SPLIT[:3], '{"choices": [{')), CLOSE, ErrorKind.BAD_DATA),
    ],
)
async def test_an_answer_that_breaks_off_keeps_its_text(server, make_model, parts, end, kind):
    gate = asyncio.Event()
    server.reply(*parts, gate, end=end)
    collected = []

    async def listen() -> None:
        async with asyncio.timeout(PATIENCE), make_model().stream(ask()) as stream:
            async for deltas in stream:
                collected.extend(deltas)
                gate.set()

    with pytest.raises(ChatError) as raised:
        await listen()
    assert raised.value.kind is kind
    assert raised.value.record.host == f"127.0.0.1:{server.port}"
    assert ThinkingDelta("The") in collected
    assert len(server.requests) == 1


async def test_a_loss_after_the_finish_reason_is_no_loss(server, make_model):
    gate = asyncio.Event()
    server.reply(
        head(Transfer_Encoding="chunked"), chunked(events(*SPLIT), last=False), gate, end=RESET
    )
    async with asyncio.timeout(PATIENCE), make_model().stream(ask()) as stream:
        async for _ in stream:
            gate.set()


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ((), ErrorKind.FIRST_BYTE_TIMEOUT),
        ((b"HTTP/1.1 200 OK\r\nContent-T",), ErrorKind.FIRST_BYTE_TIMEOUT),
        ((head(),), ErrorKind.FIRST_BYTE_TIMEOUT),
        ((head(), events(SPLIT[0])), ErrorKind.IDLE_TIMEOUT),
    ],
)
async def test_silence_ends_within_its_limit(server, make_model, parts, kind):
    server.reply(*parts, end=HOLD)
    limits = TimeLimits(first_byte=0.3, idle=0.3, progress=0.5)
    begun = asyncio.get_running_loop().time()
    heard = await hear(make_model(limits=limits))
    assert heard.error is not None
    assert heard.error.kind is kind
    assert asyncio.get_running_loop().time() - begun < 5
    async with asyncio.timeout(PATIENCE):
        await server.client_left.wait()


async def test_comments_are_no_progress(server, make_model):
    async def drip(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head() + events(SPLIT[0]))
        try:
            while not reader.at_eof():
                writer.write(b": still here\n\n")
                await writer.drain()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1000), 0.05)
        except ConnectionError:
            pass
        finally:
            writer.close()

    listener = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    limits = TimeLimits(idle=5, progress=0.4)
    try:
        heard = await hear(make_model(limits=limits, base_url=f"http://127.0.0.1:{port}/v1"))
    finally:
        listener.close()
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.IDLE_TIMEOUT
    assert heard.thinking == "The"


async def test_a_whole_answer_instead_of_a_stream_is_an_answer(server, make_model):
    body = (
        b'{"choices":[{"finish_reason":"stop","index":0,"message":{"role":"assistant",'
        b'"content":"Hello!","reasoning_content":"Greet."}}],'
        b'"usage":{"prompt_tokens":3,"completion_tokens":4},"base_resp":{"status_code":0}}'
    )
    server.reply(with_length(body))
    heard = await hear(make_model())
    assert heard.error is None
    assert (heard.thinking, heard.text) == ("Greet.", "Hello!")
    assert heard.builder.usage == Usage(prompt=3, completion=4)
