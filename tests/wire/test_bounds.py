"""Attacks on size and patience: each ends within its limit, with a sentence, in little memory.

The client is a process of its own, and only its memory is counted.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("resource", reason="the system does not tell the memory of a process this way")

from desktop_app.demo import faults
from desktop_app.demo.events import Data, Endless, Raw
from desktop_app.demo.faults import FAULTS, between
from desktop_app.demo.framing import EVENT_STREAM, Framing
from desktop_app.demo.http_answers import Http
from desktop_app.demo.script import End, Reply
from desktop_app.demo.server import DemoServer
from desktop_app.demo.steps import Flood
from desktop_app.domain.errors import ErrorKind as K

ROOT = Path(__file__).parents[2]
MOST_MEGABYTES = 100
MOST_SECONDS = 15
"""The slowest takes a second or two on a quiet machine."""

USUAL = {"connect": 10, "first_byte": 20, "idle": 20, "progress": 20}
HASTY = {"connect": 5, "first_byte": 1, "idle": 1, "progress": 1}
PART = b"x" * 65_536


def event(text: str) -> bytes:
    return f"data: {json.dumps(faults.chunk(text))}\n\n".encode()


def body(start: bytes, part: bytes, content_type: str = EVENT_STREAM) -> Http:
    """A body that begins so and never ends."""
    flood = [Flood(part)]
    return Http(body=start, content_type=content_type, framing=Framing.CLOSE, after=flood)


def thoughts(text: str) -> bytes:
    delta = {"reasoning_content": text, "reasoning_details": [{"text": text}]}
    return f"data: {json.dumps({'choices': [{'index': 0, 'delta': delta}]})}\n\n".encode()


def fragment(text: str) -> bytes:
    call = {"index": 0, "id": "c", "function": {"name": "f", "arguments": text}}
    delta = {"tool_calls": [call]}
    return f"data: {json.dumps({'choices': [{'index': 0, 'delta': delta}]})}\n\n".encode()


ATTACKS: dict[str, tuple[Any, K, dict[str, float]]] = {
    "text without end": (body(event("Hel"), event("word " * 400) * 30), K.TOO_LARGE_ANSWER, USUAL),
    "small words without end": (FAULTS["endless text"](), K.TOO_LARGE_ANSWER, USUAL),
    "thinking without end": (body(b"", thoughts("word " * 400) * 15), K.TOO_LARGE_ANSWER, USUAL),
    "a call without end": (body(b"", fragment("1" * 2000) * 30), K.TOO_LARGE_ANSWER, USUAL),
    "100 MB line": (
        Reply(["Hel", Raw(b"data: "), Endless(PART, times=1600)], end=End.CLEAN),
        K.TOO_LARGE_ANSWER,
        USUAL,
    ),
    "data lines without end": (
        body(event("Hel"), b"data: 12345678\n" * 4000),
        K.TOO_LARGE_ANSWER,
        USUAL,
    ),
    "emoji without end": (body(b"", event("😀" * 2000) * 10), K.TOO_LARGE_ANSWER, USUAL),
    "a document without end": (body(b'{"a": "', PART), K.TOO_LARGE_ANSWER, USUAL),
    "a page without end": (body(b"<html>", PART), K.WEB_PAGE, USUAL),
    "an error without end": (faults.endless_error_body(), K.SERVER, USUAL),
    "headers without end": (
        Http(headers=[("X", "y" * 2_000_000)], content_type=EVENT_STREAM),
        K.CONNECTION_LOST,
        USUAL,
    ),
    "comments without end": (body(b"", b": keep-alive\n\n" * 4000), K.TOO_LARGE_ANSWER, USUAL),
    "gzip bomb": (faults.gzip_bomb(300), K.BAD_DATA, USUAL),
    "deep JSON": (FAULTS["deep json"](), K.BAD_DATA, USUAL),
    "wide JSON": (
        between(Data('{"a":[' + '{"":0},' * 550_000 + "{}]}")),
        K.BAD_DATA,
        USUAL,
    ),
    "number of 5,000 digits": (FAULTS["huge number"](), K.BAD_DATA, USUAL),
    "slow headers": (faults.slow_head(0.05), K.FIRST_BYTE_TIMEOUT, HASTY),
    "slow answer": (
        Reply(["Hel", Raw(b"data: "), Endless(b"x", gap=0.05)]),
        K.IDLE_TIMEOUT,
        HASTY,
    ),
    "slow comments": (FAULTS["endless comments"](), K.IDLE_TIMEOUT, HASTY),
}


@pytest.fixture(scope="module")
def client() -> Iterator["subprocess.Popen[str]"]:
    """The process, warm: it has had one good answer."""
    command = [sys.executable, "-m", "tests.wire.bounded_client"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        with DemoServer() as server:
            server.enqueue(Reply(["Hello"]))
            assert ask(process, server, USUAL)["text"] == "Hello"
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0


def ask(process: "subprocess.Popen[str]", server: DemoServer, limits: Any) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"base_url": server.base_url, "limits": limits}) + "\n")
    process.stdin.flush()
    report: dict[str, Any] = json.loads(process.stdout.readline())
    return report


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_ends_within_its_limit(client: "subprocess.Popen[str]", attack: str):
    answer, kind, limits = ATTACKS[attack]
    with DemoServer() as server:
        server.enqueue(answer)
        report = ask(client, server, limits)
        assert server.posts.total == 1
    print(f"{attack}: +{report['grown']:.0f} MB, {report['seconds']:.1f} s, {report['sentence']}")
    assert report["kind"] == kind.value
    assert report["sentence"].endswith(".")
    assert report["grown"] < MOST_MEGABYTES
    assert report["seconds"] < MOST_SECONDS


def test_half_characters_do_no_harm(client: "subprocess.Popen[str]"):
    with DemoServer() as server:
        server.enqueue(Reply(["\ud83d" * 10_000, "\ude00 end"], ascii=True))
        report = ask(client, server, USUAL)
    assert report["kind"] is None
    assert report["text"] == "\ufffd" * 100
