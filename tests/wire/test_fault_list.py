"""The 68 faults that chat endpoints, networks and machines are known for, by their number.

Those of the wire are rows of ``ROWS``, played over a socket; a few need a server of their own and
are tests below. Those of the machine are proved in the room that bears them (``ELSEWHERE``).
Nothing is asked for a second time by itself here: a session without a retry policy makes one
request for each question.
"""

import ast
import asyncio
import json
import socket
import time
from pathlib import Path

import pytest

from desktop_app.chat.events import Event, Phase, StatusChanged
from desktop_app.chat.ports import StoreError
from desktop_app.demo import faults
from desktop_app.demo.events import Delta, Endless, Raw
from desktop_app.demo.faults import FAULTS, after_text
from desktop_app.demo.framing import EVENT_STREAM
from desktop_app.demo.http_answers import Http, Redirect
from desktop_app.demo.journal import Gate
from desktop_app.demo.script import End, Reply
from desktop_app.demo.steps import Wait
from desktop_app.domain.errors import ErrorKind as K
from desktop_app.domain.message import MessageState
from desktop_app.providers.openai_chat.exchange import TimeLimits
from desktop_app.ui.conversation.entries import message_entries
from tests.wire.chain import HASTY, KEY, NEXT, QUESTION, Chain, Row

ROOT = Path(__file__).parents[2]
NOTHING = {"text": "", "thinking": ""}
WORD = "The word is Hello."
LOST = {"fault": K.CONNECTION_LOST, "says": "was lost"}
EMPTY = {**NOTHING, "fault": K.EMPTY_ANSWER, "says": "sent an empty answer"}
CUT = {"fault": K.CUT_OFF, "says": "broke off before it was finished"}
BAD = {"fault": K.BAD_DATA, "says": "not in the expected format"}
LATE = {"fault": K.FIRST_BYTE_TIMEOUT, "says": "did not begin to answer in time", "limits": HASTY}
SILENT = {"fault": K.IDLE_TIMEOUT, "says": "stopped sending in the middle", "limits": HASTY}
LARGE = {"fault": K.TOO_LARGE_ANSWER, "says": "more than this program takes"}
SERVER = {**NOTHING, "fault": K.SERVER, "says": "had an internal error"}
RATE = {**NOTHING, "fault": K.RATE_LIMIT, "says": "Too many requests", "code": 1002}
BUSY = {**NOTHING, "fault": K.OVERLOADED, "says": "is overloaded"}
REDIRECTED = {**NOTHING, "fault": K.REDIRECT, "says": "was not followed"}
PAGE = {**NOTHING, "fault": K.WEB_PAGE, "says": "A web page answered"}
REFUSED = {**NOTHING, "fault": K.BAD_REQUEST, "says": "did not accept the request"}
TEA = '{"query": "tea"}'
ONE_CALL = {"text": "", "calls": (("search", TEA),)}


_EVENT = b"data: " + json.dumps(faults.chunk("Hel")).encode() + b"\n\n"


def called(name: str, **options: object) -> Row:
    """A row of tool calls; the model thinks before them."""
    return Row("46", name, name, **{**ONE_CALL, **options})


def refusal(number: str, status: int, **expected: object) -> Row:
    """A proxy's error page with ``status``."""
    return Row(
        number, f"{status} page", lambda: faults.gateway_error(status), **{**NOTHING, **expected}
    )


def whole(body: bytes | str = b"", **options: object) -> Http:
    """A body that calls itself a stream."""
    return Http(body=body, content_type=EVENT_STREAM, **options)


ROWS = [
    Row("6", "closed without a byte", "closed without a byte", **NOTHING, **LOST),
    Row("6", "reset without a byte", "reset without a byte", **NOTHING, **LOST),
    Row("6", "closed within the headers", "closed within the headers", **NOTHING, **LOST),
    Row("6", "garbage status line", "garbage status line", **NOTHING, **LOST),
    Row("6", "http 0.9", "http 0.9", **NOTHING, **LOST),
    Row("6", "200 KB header", "200 KB header", **NOTHING, **LOST),
    Row("7", "no answer at all", "no answer at all", **NOTHING, **LATE),
    Row("8", "headers byte by byte", lambda: faults.slow_head(0.02), **NOTHING, **LATE),
    refusal("9", 400, fault=K.BAD_REQUEST, says="did not accept the request"),
    refusal("9", 402, fault=K.BALANCE, says="balance is used up"),
    refusal("9", 404, fault=K.NOT_FOUND, says="has nothing at this address"),
    refusal("9", 405, fault=K.BAD_REQUEST, says="did not accept the request"),
    refusal("9", 407, fault=K.PROXY, says="proxy did not let"),
    refusal("9", 413, fault=K.TOO_LARGE_REQUEST, says="too large to send"),
    refusal("9", 415, fault=K.BAD_REQUEST, says="did not accept the request"),
    refusal("9", 422, fault=K.BAD_REQUEST, says="did not accept the request"),
    refusal("9", 451, fault=K.BAD_REQUEST, says="did not accept the request"),
    Row("9", "400 empty", lambda: faults.odd_error_body(400, b""), **REFUSED),
    Row("9", "400 string", lambda: faults.odd_error_body(400, '"no"'), **REFUSED),
    Row("9", "400 list", lambda: faults.odd_error_body(400, "[1]"), **REFUSED),
    Row("10", "401", "401 wrong key", **NOTHING, fault=K.INVALID_KEY, says="API key", code=2049),
    refusal("10", 401, fault=K.INVALID_KEY, says="does not accept this API key"),
    refusal("10", 403, fault=K.FORBIDDEN, says="does not allow this request"),
    refusal("11", 408, fault=K.SERVER, says="had an internal error"),
    refusal("11", 409, fault=K.BAD_REQUEST, says="did not accept the request"),
    Row("12", "429", "429 rate", **RATE),
    Row("13", "429, again in 0 s", lambda: faults.rate_limited(retry_after="0"), **RATE),
    Row("13", "429, again at no time", "429 retry after nonsense", **RATE),
    Row("14", "429, again in an hour", "429 retry after an hour", **RATE),
    refusal("15", 500, fault=K.SERVER, says="had an internal error"),
    refusal("15", 502, fault=K.SERVER, says="had an internal error"),
    refusal("15", 503, fault=K.OVERLOADED, says="is overloaded"),
    refusal("15", 504, fault=K.SERVER, says="had an internal error"),
    refusal("15", 524, fault=K.SERVER, says="had an internal error"),
    Row("15", "529", "529 overloaded", **BUSY, code=2064),
    Row("16", "500 without end", "500 endless body", **SERVER),
    *(
        Row("17", str(status), Redirect("http://127.0.0.1:9/v1", status), **REDIRECTED)
        for status in (301, 302, 303, 307, 308)
    ),
    Row("18", "204", "204", **EMPTY),
    Row("18", "200 empty", "200 empty", **EMPTY),
    Row("18", "no events", "200 stream without events", **EMPTY),
    Row("18", "only done", "200 only done", **EMPTY),
    Row("19", "error", "200 error json", **NOTHING, fault=K.SERVER, says="an internal error"),
    Row("19", "1008", "200 base_resp balance", **NOTHING, fault=K.BALANCE, says="balance",
        code=1008),
    Row("20", "whole answer", "200 whole json", thinking=""),
    Row("21", "web page", "200 html page", **PAGE),
    Row("21", "web page with a data line", "200 html page with a data line", **PAGE),
    Row("22", "error where no stream was", "200 base_resp rate", **{**RATE, "code": 2062}),
    Row("22", "half a document", "200 invalid json", **NOTHING, **BAD),
    *(
        Row("23", name, name)
        for name in ("crlf", "cr", "one byte at a time", "no space after data", "comments",
                     "http 1.0", "content length", "early hints", "wrong content type")
    ),
    Row("23", "several data lines", "data on several lines", thinking=""),
    Row("23", "text after done", "text after done", thinking=""),
    Row("23", "gzip, not asked for", "gzip", **NOTHING, **BAD),
    Row("23", "done and a word", lambda: Reply(
        [Delta({"content": "Hello"}, "stop"), Raw(b"data: [DONE] x\n\n")], end=End.NO_FINISH),
        thinking=""),
    Row("24", "byte order mark", "byte order mark"),
    *(Row("25", n, n) for n in ("id alone", "ping without data", "empty data")),
    *(Row("26", n, n) for n in ("ping with empty object", "choices null", "choices missing")),
    Row("26", "base_resp", "error base_resp", text="Hel", fault=K.SENSITIVE_OUTPUT,
        says="content rules", code=1027),
    Row("26", "event: error", "error event", text="Hel", fault=K.SENSITIVE_OUTPUT,
        says="content rules", code=1027),
    Row("27", "error object", "error object", text="Hel", fault=K.SENSITIVE_OUTPUT,
        says="content rules", code=1027),
    Row("27", "error string", "error string", text="Hel", fault=K.SENSITIVE_OUTPUT,
        says="content rules", code=1027),
    Row("28", "no [DONE]", lambda: after_text(End.CLEAN), finish="stop"),
    Row("29", "no finish", "no finish", **CUT),
    Row("29", "no finish, closed", "no finish, connection close", **CUT),
    Row("29", "done without finish", "done without finish", **CUT),
    Row("29", "in the middle of an event", "cut event", text="Hel", **CUT),
    Row("30", "no blank line", "no blank line", finish="stop"),
    Row("31", "FIN", "closed mid-stream", **LOST),
    Row("31", "length too large", "length too large", **LOST),
    Row("31", "bad chunk size", "bad chunk size", text="Hel", thinking="", **LOST),
    Row("32", "RST", "reset mid-stream", **LOST),
    Row("33", "length too small", "length too small", **EMPTY),
    Row("33", "length too small, after a word", lambda: whole(
        _EVENT * 2, content_length=len(_EVENT) + 20), text="Hel", thinking="", **CUT),
    Row("34", "half of an object", "truncated json", text="Hel", **BAD),
    Row("35", "invalid UTF-8", "invalid utf-8", text="Hel\ufffd\ufffdlo"),
    Row("35", "brotli", "brotli", **NOTHING, **BAD),
    Row("36", "gzip garbage", "gzip garbage", **NOTHING, **BAD),
    Row("36", "gzip truncated", "gzip truncated", **NOTHING, **BAD),
    Row("37", "5,000 digits", "huge number", text="Hel", **BAD),
    Row("37", "200,000 deep", "deep json", text="Hel", **BAD),
    *(Row("38", n, n) for n in ("data null", "data string", "data list")),
    *(Row("39", n, n) for n in ("delta null", "delta missing")),
    *(Row("40", n, n) for n in ("content number", "content list")),
    Row("41", "lone surrogate", "lone surrogate", text="Hel\ufffdlo"),
    Row("42", "surrogates apart", "surrogates apart", text="Hel\U0001f600lo", thinking=""),
    Row("43", "NUL", "nul", text="Hel\ufffdlo", thinking=""),
    Row("44", "second choice", "second choice"),
    Row("44", "text after finish", "text after finish", thinking=""),
    Row("45", "unknown finish_reason", "unknown finish reason", thinking="", finish="tired"),
    called("call whole"),
    called("call without index"),
    called("call with a huge index"),
    called("call with bad arguments", calls=(("search", '{"query": "te'),)),
    called("call with null function", calls=(("", ""),), thinking=""),
    called("parallel calls on one index",
           calls=(("search", '{"query": "a"}'), ("search", '{"query": "b"}'))),
    Row("47", "stall", "stall mid-stream", **SILENT),
    Row("48", "comments for ever", lambda: Reply(
        [faults.THOUGHT, "Hello", Endless(b": keep-alive\n\n", gap=0.02)]), **SILENT),
    Row("48", "byte by byte for ever", lambda: Reply(
        [faults.THOUGHT, "Hello", Raw(b"data: "), Endless(b"x", gap=0.02)]), **SILENT),
    Row("49", "32 MB line", "32 MB line", text="Hel", thinking="", **LARGE),
    Row("49", "line without end", "endless line", text="Hel", thinking="", **LARGE),
    Row("50", "gzip bomb", "gzip bomb", **NOTHING, **BAD),
    Row("51", "data lines without end", lambda: Reply(
        ["Hel", Endless(b"data: 12345678\n" * 4000)]), text="Hel", thinking="", **LARGE),
    Row("52", "open after done", "open after done", finish="stop"),
]  # fmt: skip

TESTED_BELOW = {
    "1": "test_nothing_listens",
    "2": "test_a_host_that_does_not_exist",
    "3": "test_a_host_that_does_not_answer",
    "4": "test_a_certificate_that_nobody_vouches_for",
    "5": "test_https_to_a_server_of_plain_http",
    "53": "test_a_connection_that_was_closed_meanwhile",
    "54": "test_stop_is_seen_by_the_server_at_once",
    "57": "test_a_machine_that_slept",
    "58": "test_a_clock_that_jumps",
    "60": "test_a_full_disk",
    "61": "test_a_database_that_is_locked_for_a_while",
    "68": "test_a_history_too_large_to_send",
}

ELSEWHERE = {
    "59": "tests/storage/test_kill.py",
    "62": "tests/storage/test_opening.py::test_an_unreadable_file_is_kept_aside_and_a_new_one_begun",
    "63": "tests/storage/test_rows.py::test_the_checksum_sees_where_a_field_ends",
    "64": "tests/storage/test_opening.py::test_a_newer_database_is_read_and_not_touched",
    "65": "tests/keystore/test_keyring_key_store.py::test_no_keyring_at_all",
    "66": "tests/ui/test_single_instance.py",
    "67": "tests/ui/test_dialogs.py",
}
"""Faults of the machine that no server can cause, and where they are proved."""

NOT_OURS = {
    "55": "an answer is stopped by cancelling its task; nothing closes a stream from outside",
    "56": "the provider's stream is a context manager whose task closes the socket; row 54",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
async def test_row(chain: Chain, row: Row):
    answer = await chain.prove(row)
    if row.number in {"13", "14"}:
        assert answer.error is not None
        wait = (answer.error.retry_at or time.time()) - time.time()
        assert wait == pytest.approx(3600 if row.number == "14" else 0, abs=5)
    if row.number == "17":
        assert answer.error is not None
        assert answer.error.detail == "to 127.0.0.1:9"


def test_every_number_has_its_place():
    rows = {row.number for row in ROWS}
    assert rows | {*TESTED_BELOW, *ELSEWHERE, *NOT_OURS} == {str(n) for n in range(1, 69)}
    assert all(globals()[name] for name in TESTED_BELOW.values())


@pytest.mark.parametrize("place", ELSEWHERE.values())
def test_what_is_proved_elsewhere_is_there(place: str):
    path, _, name = place.partition("::")
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    names = {getattr(node, "name", "") for node in ast.walk(tree)}
    assert name in names if name else any(one.startswith("test_") for one in names)


# What needs more than an answer.


def elsewhere(number: str, what: str, kind: K, says: str, base_url: str) -> Row:
    connection = {"base_url": base_url}
    return Row(
        number, what, Reply(), **NOTHING, fault=kind, says=says,
        connection=connection, posts=0,
    )  # fmt: skip


async def ask_elsewhere(chain: Chain, row: Row) -> None:
    """Ask where ``row`` says, look at what comes of it, and find the server well afterwards."""
    chain.use(row.limits, **row.connection)
    answer = await chain.ask()
    chain.look(row, answer)
    assert await chain.reopened() == chain.session.messages
    assert chain.server.posts.total == 0
    chain.look_at_the_way_back(row, await chain.next_request())


async def test_nothing_listens(chain: Chain):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/v1"
    row = elsewhere("1", "refused", K.REFUSED, f"Nothing answers at 127.0.0.1:{port}", address)
    await ask_elsewhere(chain, row)


async def test_a_host_that_does_not_exist(chain: Chain, monkeypatch):
    async def getaddrinfo(*_args, **_kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    says = "The host no.such.host.invalid cannot be found"
    address = "https://no.such.host.invalid/v1"
    chain.use(HASTY, base_url=address)
    chain.look(elsewhere("2", "DNS", K.HOST_NOT_FOUND, says, address), await chain.ask())


async def test_a_host_that_does_not_answer(chain: Chain, monkeypatch):
    async def getaddrinfo(*_args, **_kwargs):
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    address = "https://black.hole.invalid/v1"
    chain.use(TimeLimits(connect=0.2), base_url=address)
    says = "did not take the connection in time"
    chain.look(elsewhere("3", "hole", K.CONNECT_TIMEOUT, says, address), await chain.ask())


async def test_https_to_a_server_of_plain_http(chain: Chain):
    address = chain.server.base_url.replace("http:", "https:")
    await ask_elsewhere(chain, elsewhere("5", "no TLS", K.NOT_TLS, "does not speak HTTPS", address))


async def test_a_connection_that_was_closed_meanwhile(chain: Chain):
    """The pool has a dead connection: a new one is made, and the question goes out once."""
    chain.server.enqueue(FAULTS["closed once idle"](), Reply(["Again."]))
    assert (await chain.ask()).text == "Hello"
    assert (await chain.ask(NEXT)).text == "Again."
    assert chain.server.posts.total == 2
    assert chain.server.posts[0].connection != chain.server.posts[1].connection


async def test_stop_is_seen_by_the_server_at_once(chain: Chain):
    chain.server.enqueue(after_text(End.STALL))
    assert chain.session.send(QUESTION)
    await chain.shown("Hello")
    stopped = time.monotonic()
    chain.session.stop()
    await chain.session.settled()
    (departure,) = await chain.server.disconnected.arrived(1)
    assert departure.at - stopped < 0.2
    answer = chain.session.messages[-1]
    assert (answer.text, answer.state) == ("Hello", MessageState.STOPPED)
    assert await chain.reopened() == chain.session.messages


SLEPT = {
    "fault": K.SLEPT,
    "says": "interrupted by this computer’s sleep",
    "limits": TimeLimits(look=0.01),
}


def asleep_once(chain: Chain, *, phase: Phase | None = None, text: str | None = None) -> None:
    """Have the machine sleep for an hour as soon as ``phase`` or ``text`` is reached."""

    def look(event: Event) -> None:
        reached = isinstance(event, StatusChanged) and event.status.phase is phase
        if reached or chain.session.messages[-1].text == text:
            chain.slept = 3600.0

    chain.session.subscribe(look)


@pytest.mark.parametrize(
    ("answer", "phase", "text", "left"),
    [
        ("stall mid-stream", None, "Hello", {}),
        (lambda: Reply([faults.THOUGHT], end=End.STALL), Phase.THINKING, None, {"text": ""}),
        ("no answer at all", Phase.WAITING, None, NOTHING),
    ],
    ids=["while it wrote", "while it thought", "before the first byte"],
)
async def test_a_machine_that_slept(chain: Chain, answer, phase, text, left):
    """The connection is dead without a word; only the machine's clocks tell. Nothing is lost."""
    asleep_once(chain, phase=phase, text=text)
    message = await chain.prove(Row("57", "slept", answer, **left, **SLEPT))
    assert message.error is not None
    assert message.error.detail == "asleep for 3600 s"
    error = message_entries(message)[-1]
    wanted = ["continue", "retry"] if text else ["retry"]
    assert [action.id for action in error.actions][: len(wanted)] == wanted


async def test_a_nap_ends_nothing(chain: Chain):
    """A connection survives a few seconds, and so does the answer on it."""
    gate = Gate()
    chain.server.enqueue(Reply(["Hel", Wait(gate), "lo"]))
    chain.use(TimeLimits(look=0.001))
    assert chain.session.send(QUESTION)
    await chain.shown("Hel")
    chain.slept = 9.0
    await chain.looks.arrived(chain.looks.total + 3)
    gate.open()
    await chain.session.settled()
    answer = chain.session.messages[-1]
    assert (answer.text, answer.state) == ("Hello", MessageState.COMPLETE)


async def test_an_answer_that_had_arrived_before_the_sleep_is_whole(chain: Chain):
    """Only the token counts were still to come, on a connection that stays open."""
    asleep_once(chain, text="Hello")
    chain.server.enqueue(after_text(End.DONE_KEPT_OPEN, finish_apart=True))
    chain.use(TimeLimits(look=0.2))
    answer = await chain.ask()
    assert (answer.text, answer.state) == ("Hello", MessageState.COMPLETE)


async def test_a_network_that_is_gone(chain: Chain):
    """No sleep, no RST, no FIN: the silence ends the answer, and the text stays."""
    await chain.prove(Row("57", "no RST, no FIN", "stall mid-stream", **SILENT))


@pytest.mark.parametrize("years", [-10, 10])
async def test_a_clock_that_jumps(chain: Chain, monkeypatch, years: int):
    """Order is by sequence, never by the clock on the wall; and a jump of it is no sleep."""
    gate = Gate()
    chain.server.enqueue(Reply(["One."]), Reply(["Tw", Wait(gate), "o."]))
    chain.use(TimeLimits(look=0.001))
    await chain.ask("First")
    assert chain.session.send("Second")
    await chain.shown("Tw")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + years * 365 * 24 * 3600)
    await chain.looks.arrived(chain.looks.total + 3)
    gate.open()
    await chain.session.settled()
    monkeypatch.undo()
    messages = await chain.reopened()
    assert [message.text for message in messages] == ["First", "One.", "Second", "Two."]
    assert {message.state for message in messages} == {MessageState.COMPLETE}


async def test_a_full_disk(chain: Chain, monkeypatch):
    """What was said stays on the screen, and is stored with the next write that succeeds."""

    async def full(*_args: object) -> None:
        raise StoreError("The disk is full.")

    for name in ("add_messages", "append_deltas", "finish_message"):
        monkeypatch.setattr(chain.store, name, full)
    chain.server.enqueue(Reply(["Hello"]), Reply(["Again."]))
    answer = await chain.ask()
    assert (answer.text, answer.state) == ("Hello", MessageState.COMPLETE)
    monkeypatch.undo()
    await chain.ask(NEXT)
    assert await chain.reopened() == chain.session.messages
    assert len(chain.session.messages) == 4


async def test_a_database_that_is_locked_for_a_while(chain: Chain):
    """Another program writes: the answer arrives meanwhile, and is stored when that is over."""
    import apsw

    gate = Gate()
    chain.server.enqueue(Reply(["Hel", Wait(gate), "lo"]))
    assert chain.session.send(QUESTION)
    await chain.shown("Hel")
    other = apsw.Connection(str(chain.path))
    other.execute("BEGIN IMMEDIATE")
    gate.open()
    await chain.shown("Hello")
    other.execute("ROLLBACK")
    other.close()
    await chain.session.settled()
    assert await chain.reopened() == chain.session.messages


async def test_a_history_too_large_to_send(chain: Chain):
    chain.use()
    answer = await chain.ask("x" * 21_000_000)
    chain.look(
        Row("68", "21 MB", Reply(), **NOTHING, fault=K.TOO_LARGE_REQUEST, says="too large to send"),
        answer,
    )
    assert chain.server.posts.total == 0


async def test_a_certificate_that_nobody_vouches_for(tmp_path, qapp):
    """Nothing is sent, the key least of all."""
    pytest.importorskip("cryptography.x509", reason="certificates are made on Linux only")
    from desktop_app.demo.server import DemoServer
    from tests.servers.certificates import self_signed, serving

    with DemoServer(tls=serving(self_signed(tmp_path))) as server:
        chain = await Chain.begin(server, tmp_path / "c.db")
        answer = await chain.ask()
        await chain.end()
        assert answer.error is not None
        assert answer.error.kind.value.startswith("tls")
        assert server.requests.total == 0
        assert KEY not in repr(answer)
