"""The 25 things that a robust client of MiniMax must handle, by their number.

Rows are played over a socket through the whole chain; what is no matter of one answer (models,
history, Stop, the key) are tests below the table.
"""

import asyncio
import dataclasses
import json
import logging
from typing import Any

import pytest

from desktop_app.demo import faults
from desktop_app.demo.chunks import ZERO_USAGE, Backend
from desktop_app.demo.events import Call, CallShape, Chunk, Data, Delta, ErrorStyle, Raw, Think
from desktop_app.demo.faults import FAULTS, between
from desktop_app.demo.forms import Form, Tags
from desktop_app.demo.http_answers import Http, JsonBody, RawBytes
from desktop_app.demo.journal import Gate
from desktop_app.demo.pacing import characters, coarse
from desktop_app.demo.script import End, Reply
from desktop_app.demo.steps import Wait
from desktop_app.domain.errors import ChatError
from desktop_app.domain.errors import ErrorKind as K
from desktop_app.domain.message import MessageState
from desktop_app.domain.usage import Usage
from desktop_app.ui.conversation.entries import message_entries
from tests.wire.chain import HASTY, KEY, NEXT, QUESTION, Chain, Row

T = (
    "The person asks for a word. It is a short one, and it is known. "
    + "Think it over. " * 12
    + "So."
)
A = (
    "The word is **Hello**, and it has been for a long time. "
    + "Hello again, hello. " * 12
    + "Bye."
)
SAID = {"text": A, "thinking": T}
NOTHING = {"text": "", "thinking": ""}
TAGGED = f"<think>\n{T}\n</think>\n\n{A}"
TEA = '{"query": "tea"}'
CALLED = {"text": "", "thinking": T, "calls": (("search", TEA),)}
OWN = {"is_minimax": False, "reasoning_split": False, "needs_key": False}
"""A server that somebody runs: asked for nothing that only MiniMax knows."""


def said(*more: Any, **options: Any) -> Reply:
    """The usual thinking and answer, in the live host's pieces."""
    return Reply([Think(T), A, *more], **{"pieces": coarse, **options})


def tagged(**options: Any) -> Reply:
    """The same with everything in the content."""
    return said(form=Form.THINK_TAGS, **options)


def parts(*pieces: str) -> Reply:
    """Content cut exactly so, whatever it is."""
    return Reply(list(pieces))


def traps(*pieces: str) -> Row:
    """Short pieces that repeat each other, and yet are new text each."""
    answer = Reply([*map(Think, pieces), *pieces])
    whole = "".join(pieces)
    return Row("2", "traps " + "+".join(pieces), answer, text=whole, thinking=whole.strip())


def refusal(number: str, answer: str, fault: K, says: str, code: int | None) -> Row:
    """A named refusal; the person's question stays, and nothing else comes of it."""
    return Row(number, answer, answer, **NOTHING, fault=fault, says=says, code=code)


ROWS = [
    Row("1", "live split stream", said(), **SAID, finish="stop", tokens=True),
    Row("1", "one character a piece", said(pieces=characters), **SAID),
    Row("1", "details alone", said(form=Form.DETAILS), **SAID),
    Row("1", "the other back end", said(backend=Backend.SMALL, finish_apart=True), **SAID),
    Row("2", "cumulative", said(form=Form.CUMULATIVE), **SAID),
    Row("2", "cumulative, fine", said(form=Form.CUMULATIVE, pieces=characters), **SAID),
    traps("a", "and"),
    traps("a", "and", "andante"),
    traps("ha", "ha"),
    traps("ha", "ha", "ha", "ha"),
    traps("no ", "no no ", "never"),
    Row("3", "counts in a chunk of their own", said(), **SAID, tokens=True),
    Row("3", "zeros", said(usage=ZERO_USAGE, flags={"usage": ZERO_USAGE}), **SAID, tokens=False),
    Row("3", "no counts", said(usage=None), **SAID, tokens=False),
    Row("4", "no [DONE]", said(end=End.CLEAN), **SAID, finish="stop"),
    Row("4", "[DONE]", said(end=End.DONE), **SAID, finish="stop"),
    Row("4", "the body ends early", said(end=End.NO_FINISH), **SAID, fault=K.CUT_OFF,
        says="broke off before it was finished"),
    Row("5", "the whole message last", said(end=End.MESSAGE), **SAID),
    Row("5", "the same, with tags", tagged(end=End.MESSAGE), **SAID, content=TAGGED, details=False),
    Row("5", "the same, cumulative", said(end=End.MESSAGE, form=Form.CUMULATIVE), **SAID),
    Row("6", "tags, coarse", tagged(), **SAID, content=TAGGED, details=False),
    Row("6", "tags, fine", tagged(pieces=characters), **SAID, content=TAGGED, details=False),
    Row("6", "tags, closing apart", tagged(tags=Tags(closing="\n</think>\n\n\n\n\n", apart=True)),
        **SAID, content=TAGGED.replace("</think>\n\n", "</think>\n\n\n\n\n"), details=False),
    *(
        Row("6", f"tags cut at {place}", parts(TAGGED[:place], TAGGED[place:]), **SAID,
            content=TAGGED, details=False)
        for place in (*range(1, 9), *range(len(T) + 7, len(T) + 20))
    ),
    Row("7", "never closed", tagged(tags=Tags(closing="", opening="<think>\n"), end=End.CLEAN),
        text="", thinking=T + A),
    Row("7", "never opened", tagged(tags=Tags(opening="")), **SAID, kept=True,
        content=TAGGED.removeprefix("<think>\n"), details=False),
    Row("7", "literal tag later", said(" Write <think> and </think>."), thinking=T,
        text=A + " Write <think> and </think>."),
    Row("7", "tags asked for", parts("<think>\nhm\n</think>\n\n<think>a</think> b"), thinking="hm",
        text="<think>a</think> b", content="<think>\nhm\n</think>\n\n<think>a</think> b",
        details=False),
    Row("8", "stray closing tag", Reply([Think(T), Think("\n</thi"), Think("nk>"), A]), **SAID),
    Row("8", "<mm:think>", tagged(tags=Tags("<mm:think>", "</mm:think>")), **SAID, details=False,
        content=f"<mm:think>{T}</mm:think>{A}"),
    Row("8", "mirrored", said(form=Form.MIRRORED), **SAID, content=TAGGED),
    Row("9", "limit while thinking", Reply([Think(T)], finish_reason="length"), text="", thinking=T,
        fault=K.LENGTH_IN_THINKING, says="still thinking, so there is no answer", finish="length"),
    Row("9", "the same with tags", Reply([Think(T)], form=Form.THINK_TAGS, finish_reason="length"),
        text="", thinking=T, fault=K.LENGTH_IN_THINKING, says="still thinking"),
    Row("9", "limit in the answer", said(finish_reason="length"), **SAID, fault=K.LENGTH,
        says="reached the length limit"),
    Row("10", "no role, no id", "role empty and no id", thinking="The word is Hello."),
    Row("10", "null and absent content", between(
        Delta({"content": None}), Delta({"role": "assistant"}), Delta({})),
        thinking="The word is Hello."),
    *(
        Row("11", f"{shape.name.lower()}, {backend.value}", Reply(
            [Think(T), Call("search", TEA, shape, pieces=3)], backend=backend), **CALLED,
            finish="tool_calls")
        for shape in CallShape for backend in (Backend.MAIN, Backend.SMALL)
    ),
    Row("11", "parallel", Reply([Think(T), Call("search", TEA), Call("read", "{}")]),
        **{**CALLED, "calls": (("search", TEA), ("read", "{}"))}),
    Row("11", "new id on the same index",
        Reply([Think(T), Call("search", TEA, index=0), Call("read", "{}", index=0)]),
        **{**CALLED, "calls": (("search", TEA), ("read", "{}"))}),
    Row("11", "no index", Reply([Think(T), Call("search", TEA, index=None)]), **CALLED),
    Row("11", "bad arguments, after words", said(Call("search", '{"q": "te')), **SAID,
        calls=(("search", '{"q": "te'),)),
    Row("12", "XML leaks", Reply([Think(T), FAULTS["call leaking as text"]().events[0]]),
        text=FAULTS["call leaking as text"]().events[0], thinking=T),
    refusal("13", "200 base_resp balance", K.BALANCE, "balance is used up", 1008),
    refusal("13", "200 base_resp rate", K.RATE_LIMIT, "Too many requests", 2062),
    refusal("13", "200 base_resp model", K.PLAN_LACKS_MODEL, "does not include this model", 2061),
    *(
        Row("14", style.value, faults.error_in_stream(style), text="Hel",
            thinking="The word is Hello.", fault=K.SENSITIVE_OUTPUT, says="content rules",
            code=1027)
        for style in ErrorStyle
    ),
    Row("14", "the first event is the error", Reply([Chunk({
        "choices": None, "base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}
        })], end=End.NO_FINISH), **NOTHING, fault=K.BALANCE, says="balance is used up", code=1008),
    refusal("15", "401 without key", K.INVALID_KEY, "does not accept this API key", 1004),
    refusal("15", "401 wrong key", K.INVALID_KEY, "does not accept this API key", 2049),
    refusal("15", "402 no balance", K.BALANCE, "balance is used up", 1008),
    refusal("15", "429 rate", K.RATE_LIMIT, "Too many requests", 1002),
    refusal("15", "429 token plan", K.RATE_LIMIT, "Too many requests", 2062),
    refusal("15", "422 input sensitive", K.SENSITIVE_INPUT, "refused the message", 1026),
    refusal("15", "422 output sensitive", K.SENSITIVE_OUTPUT, "ended the answer", 1027),
    Row("15", "500 with 1026", faults.input_sensitive(500), **NOTHING, fault=K.SENSITIVE_INPUT,
        says="refused the message", code=1026),
    Row("15", "500 with 1008", faults.no_balance(500), **NOTHING, fault=K.BALANCE,
        says="balance is used up", code=1008),
    refusal("15", "400 unknown model", K.UNKNOWN_MODEL, "does not know this model", 2013),
    refusal("15", "400 context too long", K.CONTEXT_TOO_LONG, "longer than this model", 2013),
    refusal("15", "500 unknown", K.SERVER, "had an internal error", 1000),
    refusal("15", "529 overloaded", K.OVERLOADED, "is overloaded", 2064),
    *(
        Row("16", f"{code}, one request", faults.rate_limited(code), **NOTHING, fault=K.RATE_LIMIT,
            says="Too many requests", code=code)
        for code in (1002, 1039, 1041, 2045, 2062)
    ),
    refusal("17", "200 html page", K.WEB_PAGE, "A web page answered", None),
    Row("17", "dropped in the middle", said(end=End.FIN), **SAID, fault=K.CONNECTION_LOST,
        says="was lost"),
    Row("17", "reset in the middle", said(end=End.RST), **SAID, fault=K.CONNECTION_LOST,
        says="was lost"),
    Row("17", "silence in the middle", said(end=End.STALL), **SAID, fault=K.IDLE_TIMEOUT,
        says="stopped sending", limits=HASTY),
    Row("18", "bad JSON", said(Raw(b'data: {"choices": [\n\n'), end=End.NO_FINISH), **SAID,
        fault=K.BAD_DATA, says="not in the expected format"),
    Row("21", "vLLM, reasoning", said(form=Form.REASONING, backend=Backend.SELF_HOSTED), **SAID,
        connection=OWN, details=False),
    Row("21", "older vLLM, reasoning_content", said(
        form=Form.REASONING_CONTENT, backend=Backend.SELF_HOSTED, end=End.DONE), **SAID,
        connection=OWN, details=False),
    Row("21", "appended tags", tagged(backend=Backend.SELF_HOSTED, end=End.DONE), **SAID,
        connection=OWN, details=False, content=TAGGED),
    Row("21", "llama.cpp, closing tag alone", tagged(
        backend=Backend.SELF_HOSTED, tags=Tags(opening=""), end=End.DONE), **SAID, kept=True,
        connection=OWN, details=False, content=TAGGED.removeprefix("<think>\n")),
    Row("21", "no key", said(backend=Backend.SELF_HOSTED, form=Form.REASONING), **SAID,
        connection={**OWN, "key": ""}, details=False),
    Row("23", "sensitive answer", said(flags={"output_sensitive": True}), **SAID,
        note="marked this answer as sensitive"),
    Row("23", "sensitive request", said(flags={"input_sensitive": True}), **SAID,
        note="marked the request as sensitive"),
    *(
        Row("24", f"network reads of {size}", Reply(
            [Think("交错思维 🧠 e\u0301"), "你好，世界！👩‍💻🎉 नमस्ते"], split_every=size),
            thinking="交错思维 🧠 e\u0301", text="你好，世界！👩‍💻🎉 नमस्ते")
        for size in (1, 2, 3, 5)
    ),
]  # fmt: skip

TESTED_BELOW = {
    "19": "test_history_goes_back_as_it_came",
    "20": "test_the_list_of_models",
    "22": "test_stop",
    "25": "test_the_key_is_nowhere",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_row(chain: Chain, row: Row):
    await chain.prove(row)


def test_every_number_has_its_place():
    rows = {row.number for row in ROWS}
    assert rows | {*TESTED_BELOW} == {str(number) for number in range(1, 26)}
    assert all(globals()[name] for name in TESTED_BELOW.values())


async def test_the_counts_are_the_last_that_were_sent(chain: Chain):
    counts = {"prompt_tokens": 769, "completion_tokens": 116, "total_tokens": 885}
    details = {"completion_tokens_details": {"reasoning_tokens": 37}}
    chain.server.enqueue(said(usage={**counts, **details}, flags={}))
    assert (await chain.ask()).usage == Usage(769, 116, reasoning=37)


async def test_a_used_up_plan_says_until_when(chain: Chain):
    """Waiting before that is pointless, so the time is shown, and no second request made."""
    chain.server.enqueue(faults.plan_used_up("2099-12-01T00:00:00Z"), Reply(["Hello"]))
    answer = await chain.ask()
    assert answer.error is not None
    assert (answer.error.kind, answer.error.code) == (K.PLAN_EXHAUSTED, 2056)
    (entry,) = message_entries(answer)
    assert "quota is used up" in entry.text
    assert "2099-12-01" in entry.details
    assert chain.server.posts.total == 1


async def test_history_goes_back_as_it_came(chain: Chain):
    """One item of thinking to MiniMax, none to others; a blank question is not sent at all."""
    chain.server.enqueue(said(), Reply(["Second."]), Reply(["Third."]))
    assert not chain.session.send(" \n ")
    await chain.ask()
    await chain.ask(NEXT)
    body = chain.server.posts[1].json
    assert body["reasoning_split"] is True
    assert "extra_body" not in body
    (item,) = body["messages"][1]["reasoning_details"]
    assert item == {
        "type": "reasoning.text",
        "id": "reasoning-text-1",
        "format": "MiniMax-response-v1",
        "index": 0,
        "text": T,
    }
    assert body["messages"][1]["content"] == A
    assert {"name", "audio_content", "reasoning_content"}.isdisjoint(body["messages"][1])
    chain.use(**OWN)
    await chain.ask("Third question")
    other = chain.server.posts[2].json
    assert "reasoning_split" not in other
    assert other["messages"][1] == {"role": "assistant", "content": A}
    assert chain.server.posts.total == 3


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (JsonBody({"object": "list", "data": [{"id": "B"}, {"id": "A"}]}), {"A", "B"}),
        (JsonBody({"data": ["plain"]}), {"plain"}),
        (Http(404, "404 page not found", content_type="text/plain"), K.NOT_FOUND),
        (faults.wrong_key(), K.INVALID_KEY),
        (JsonBody({"models": 5}), None),
        (FAULTS["200 base_resp balance"](), K.BALANCE),
    ],
)
async def test_the_list_of_models(chain: Chain, answer: Any, expected: Any):
    chain.server.enqueue_models(answer)
    model = chain.use()
    if isinstance(expected, set):
        assert set(await model.list_models()) == expected
    else:
        with pytest.raises(ChatError) as caught:
            await model.list_models()
        assert expected in {None, caught.value.kind}
    assert chain.server.requests.total == 1


async def test_any_model_name_is_sent_as_it_is_typed(chain: Chain):
    chain.session.set_model("my/own-model:7b")
    chain.server.enqueue(faults.unknown_model("my/own-model:7b"))
    answer = await chain.ask()
    assert answer.error is not None
    assert answer.error.kind is K.UNKNOWN_MODEL
    assert chain.server.posts[0].json["model"] == "my/own-model:7b"


STOPS: dict[str, tuple[Any, str, str, str]] = {
    "before the first byte": (lambda gate: Reply(before=[Wait(gate)]), "", "",
        "Stopped before an answer came"),
    "during thinking": (lambda gate: Reply([Think(T), Wait(gate), A]), T, "",
        "Stopped before an answer came"),
    "during the answer": (lambda gate: Reply([Think(T), A, Wait(gate), "LATE"]), T, A, "Stopped"),
}  # fmt: skip


@pytest.mark.parametrize("moment", STOPS)
async def test_stop(chain: Chain, moment: str):
    make, thinking, text, note = STOPS[moment]
    gate = Gate()
    chain.server.enqueue(make(gate))
    assert chain.session.send(QUESTION)
    await gate.reached.arrived()
    grown = asyncio.Event()
    chain.session.subscribe(lambda _event: grown.set())
    async with asyncio.timeout(10):
        while (chain.session.messages[-1].thinking, chain.session.messages[-1].text) != (
            thinking,
            text,
        ):
            await grown.wait()
            grown.clear()
    chain.session.stop()
    await chain.session.settled()
    await chain.server.disconnected.arrived(1)
    gate.open()
    answer = chain.session.messages[-1]
    assert (answer.thinking, answer.text) == (thinking, text)
    assert answer.state is MessageState.STOPPED
    assert note in message_entries(answer)[0].note
    assert await chain.reopened() == chain.session.messages
    body = await chain.next_request()
    row = Row("22", moment, Reply(), thinking=thinking, text=text)
    chain.look_at_the_way_back(row, body)
    assert chain.server.posts.total == 2


async def test_the_key_is_nowhere(chain: Chain, caplog):
    """Not in the log, not in the file, not in what is shown or copied; only in the header."""
    caplog.set_level(logging.DEBUG)
    echo = {"error": {"message": f"no access for {KEY}", "type": "x", "echo": KEY}}
    chain.server.enqueue(
        JsonBody(echo, 403),
        between(Data({"error": {"message": f"key {KEY}"}})),
        RawBytes(f"HTTP/1.1 500 {KEY}\r\nX-Key: {KEY}\r\n\r\n{KEY}".encode()),
        said(),
    )
    answers = [await chain.ask(str(number)) for number in range(4)]
    assert [answer.error is not None for answer in answers] == [True, True, True, False]
    for request in chain.server.posts:
        assert request.header("authorization") == f"Bearer {KEY}"
        assert KEY not in request.body.decode()
    shown = [dataclasses.astuple(entry) for answer in answers for entry in message_entries(answer)]
    assert KEY not in repr(shown) + repr(answers) + repr(chain.events) + caplog.text
    await chain.session.close()
    stored = b"".join(
        file.read_bytes() for file in chain.path.parent.iterdir() if chain.path.name in file.name
    )
    assert stored
    assert KEY.encode() not in stored
    assert KEY not in json.dumps(chain.server.posts[3].json)
