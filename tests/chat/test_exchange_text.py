"""An exchange as curl, as Python and as figures: what is written is run, and sends the same body."""

import hashlib
import http.client
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from desktop_app.chat.exchange_text import as_curl, as_python, asked_model, timings
from desktop_app.chat.ports import ChatRequest
from desktop_app.demo.server import DemoServer
from desktop_app.demo.steps import SeenRequest
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.exchange import MASKED_KEY, ExchangeRecord, WireEvent
from desktop_app.domain.message import Message, Role, Text
from desktop_app.providers.openai_chat.client import OpenAIChatModel

CANARY = "sk-canary-5d0f3a7c11"
NASTY = 'It\'s "quoted" `id` $(id) $HOME \\ %s @x !!\n\ttab 茶 🍵 \x00\u2028 </script>'


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


async def exchange_with(
    server: DemoServer, text: str = NASTY, *, is_minimax: bool = True
) -> tuple[ExchangeRecord, SeenRequest]:
    """Return the record of one question, and the request as the server saw it."""
    connection = Connection(
        "demo", "Demo", server.base_url, ConnectionSource.DEMO, is_minimax, is_minimax
    )
    model = OpenAIChatModel(connection, CANARY)
    parameters = Parameters(NASTY, 0.1, 1.0, 77)
    request = ChatRequest("MiniMax-M2", (Message("u", Role.USER, (Text(text),)),), parameters)
    exchange = model.stream(request)
    async with exchange as stream:
        async for _ in stream:
            pass
    await model.aclose()
    assert exchange.record is not None
    return exchange.record, server.posts[server.posts.total - 1]


def digest(request: SeenRequest) -> str:
    return hashlib.sha256(request.body).hexdigest()


def environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    return {**kept, "OPENAI_API_KEY": CANARY, "PYTHONIOENCODING": "utf-8"}


def run_in_shell(command: str) -> None:
    """Run ``command``; where there is no curl, send what it says."""
    if shutil.which("curl") and shutil.which("sh"):
        ended = subprocess.run(
            ["sh"], input=command.encode(), env=environment(), capture_output=True,
            timeout=30, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        assert b"data:" in ended.stdout
        return
    words = shlex.split(command)
    url = urlsplit(words[words.index("--url") + 1])
    headers = dict(
        words[at + 1].replace("$OPENAI_API_KEY", CANARY).split(": ", 1)
        for at, word in enumerate(words)
        if word == "--header"
    )
    piped = "@-" in words
    body = words[words.index("%s") + 1] if piped else words[words.index("--data-raw") + 1]
    connection = http.client.HTTPConnection(url.netloc, timeout=30)
    connection.request("POST", url.path, body.encode(), headers)
    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize("text", [NASTY, NASTY + "long 茶" * 30_000], ids=["short", "long"])
async def test_the_curl_command_sends_the_same_body(server, text):
    record, first = await exchange_with(server, text)
    command = as_curl(record)
    assert CANARY not in command
    assert MASKED_KEY not in command
    run_in_shell(command)
    again = server.posts.wait_for(2)[1]
    assert digest(again) == digest(first)
    assert again.header("authorization") == f"Bearer {CANARY}"
    assert again.header("content-type") == "application/json"


@pytest.mark.parametrize("is_minimax", [True, False])
async def test_the_python_program_sends_the_same_body(server, is_minimax):
    record, first = await exchange_with(server, is_minimax=is_minimax)
    program = as_python(record)
    assert CANARY not in program
    assert MASKED_KEY not in program
    output = run_python(program)
    assert len(output.splitlines()) == len(record.events)
    again = server.posts.wait_for(2)[1]
    assert digest(again) == digest(first)
    assert again.header("authorization") == f"Bearer {CANARY}"


def run_python(program: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-I", "-c", program], env=environment(), capture_output=True,
        encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def record(**changes) -> ExchangeRecord:
    made = ExchangeRecord(
        "e1", "m1", 1.0, "POST", "http://127.0.0.1:9/v1/chat/completions", (), '{"model": "m"}'
    )
    return replace(made, **changes)


def test_a_record_of_somebody_else_cannot_run_anything(tmp_path):
    trap = tmp_path / "sprung"
    evil = f"'; touch {trap}; '$(touch {trap})`touch {trap}`\"\n"
    body = json.dumps({"model": evil, evil: evil, "messages": [evil], "stream": False})
    hostile = record(
        url=f"http://127.0.0.1:9/{evil.strip()}/v1/chat/completions",
        request_headers=(("Content-Type", evil.strip()), ("Authorization", f"$(touch {trap})")),
        request_body=body,
    )
    for command in (as_curl(hostile), as_curl(replace(hostile, request_body="@/etc/passwd"))):
        subprocess.run(
            ["sh"], input=command.encode(), env=environment(), capture_output=True,
            timeout=30, check=False,
        )  # fmt: skip
    program = as_python(hostile).replace(
        "from openai import OpenAI",
        "class Any:\n    def __init__(self, **_): self.chat = self.completions = self\n"
        "    def create(self, **given): self.given = given; return self\n"
        "    def model_dump_json(self): return repr(self.given)\n"
        "OpenAI = Any",
    )
    given = eval(run_python(program))
    assert given.pop("extra_body") == {evil: evil}
    assert given == {"model": evil, "messages": [evil], "stream": False}
    assert not trap.exists()
    assert "--data-raw @/etc/passwd" in as_curl(replace(hostile, request_body="@/etc/passwd"))


@pytest.mark.parametrize("body", ["", "[]", "no JSON", "[" * 100_000])
def test_a_body_that_the_sdk_cannot_send_is_refused(body):
    with pytest.raises(ValueError, match="no JSON object"):
        as_python(record(request_body=body))
    assert asked_model(record(request_body=body)) is None


def test_a_body_that_is_nested_deeply_is_refused():
    with pytest.raises(ValueError, match=r"no JSON object|nested too deeply"):
        as_python(record(request_body='{"a":' * 800 + "1" + "}" * 800))


def test_the_model_that_was_asked():
    assert asked_model(record()) == "m"
    assert asked_model(record(request_body='{"model": 7}')) is None


def event(at: float, delta: dict[str, object] | None, **more: object) -> WireEvent:
    choices = [] if delta is None else [{"index": 0, "delta": delta}]
    return WireEvent(at, f"data: {json.dumps({'choices': choices, **more})}")


def test_figures():
    usage = {"completion_tokens": 30}
    done = record(
        sent_at=0.1,
        ended_at=4.0,
        events=(
            WireEvent(0.5, ": ping"),
            event(1.0, {"role": "assistant", "content": ""}),
            WireEvent(1.5, 'data: {"choices": [{"delta": {"reasoning": "Hm\u2028"}}]}'),
            event(3.5, {"content": "Tea"}),
            event(3.75, None, usage=usage),
            WireEvent(3.8, "data: [DONE]"),
        ),
    )
    assert timings(done) == (type(timings(done)))(0.1, 1.5, 4.0, 15.0)


def test_figures_that_are_not_known():
    unknown = timings(record())
    assert (unknown.sent, unknown.first_token, unknown.total) == (None, None, None)
    at_once = record(events=(event(1.0, {"content": "x"}, usage={"completion_tokens": 5}),))
    assert timings(at_once).tokens_per_second is None
    assert timings(at_once).first_token == 1.0
    odd = (
        WireEvent(1.0, 'data: {"choices": 7, "usage": []}'),
        WireEvent(
            1.0, 'data: {"choices": [7, {"delta": 7}], "usage": {"completion_tokens": true}}'
        ),
    )
    assert timings(record(events=odd)).first_token is None
