"""The small parts: lines and their limits, the login shell, forms, odd answers, clocks."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.mcp_content import FieldKind
from desktop_app.domain.mcp_server import LogOrigin, ServerProblem
from desktop_app.domain.tool import ToolProgress
from desktop_app.mcp_client.call_clocks import CallClocks, CallProgress
from desktop_app.mcp_client.launch_environment import LaunchEnvironment, find_program
from desktop_app.mcp_client.message_lines import MessageLines
from desktop_app.mcp_client.outcomes import outcome_of
from desktop_app.mcp_client.pace import Pace
from desktop_app.mcp_client.question_form import FormError, fields_of
from desktop_app.mcp_client.repairing import repaired_listing, repaired_result
from desktop_app.mcp_client.server_log import MOST_LETTERS, LineSplitter, ServerLog

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)
posix = pytest.mark.skipif(os.name == "nt", reason="a shell script stands in for a login shell")


def lines(most: int = 1_000) -> tuple[MessageLines, ServerLog, list[ServerProblem]]:
    log, faults = ServerLog(), []
    return MessageLines(log, lambda problem, _detail: faults.append(problem), most), log, faults


def answer(number: int, text: str) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "result": {"text": text}}).encode() + b"\n"


@given(cuts=st.lists(st.integers(1, 60), max_size=30))
def test_messages_are_the_same_however_they_are_cut(cuts: list[int]) -> None:
    data = answer(1, "hällo") + b"noise\n\n" + answer(2, "y" * 5_000) + answer(3, "喂")
    reader, _log, faults = lines()
    found = []
    for cut in cuts:
        found += reader.feed(data[:cut])
        data = data[cut:]
    found += reader.feed(data)
    assert [item.message.id for item in found] == [1, 2, 3]
    assert found[0].message.result == {"text": "hällo"}
    assert "at most" in found[1].message.error.message
    assert faults == [ServerProblem.GARBAGE, ServerProblem.TOO_LONG]


def test_what_a_message_beyond_the_limit_answers_is_found_at_either_end() -> None:
    reader, _log, _faults = lines(most=100)
    tail = b'{"result": {"text": "' + b"x" * 9_000 + b'"}, "jsonrpc": "2.0", "id": "a-7"}\n'
    (found,) = reader.feed(tail)
    assert found.message.id == "a-7"
    # A request of the server, or an id deep inside an answer, is nobody's.
    assert reader.feed(b'{"id": 1, "method": "m", "params": "' + b"x" * 900 + b'"}\n') == []
    assert reader.feed(b'{"result": "' + b"x" * 400 + b'"id": 5' + b"x" * 900 + b'"}\n') == []


def test_a_line_without_end_takes_no_memory() -> None:
    reader, _log, faults = lines(most=1_000)
    for _ in range(1_000):
        assert reader.feed(b"z" * 65_536) == []
    assert len(reader._line) + len(reader._tail) < 20_000
    assert reader.feed(b"\n" + answer(4, "")) != []
    assert faults == [ServerProblem.TOO_LONG]


def test_lines_of_a_log_are_bounded_and_plain() -> None:
    log = ServerLog()
    log.add(LogOrigin.STDERR, "a\x1b[31mb\u202ec\t" + "x" * 10_000)
    (line,) = log.lines
    assert len(line.text) < MOST_LETTERS + 20
    assert "\x1b" not in line.text
    assert "\u202e" not in line.text
    splitter = LineSplitter(10)
    assert splitter.feed(b"abc\ndef\r\n" + b"q" * 25) == ["abc", "def", "q" * 10]
    assert splitter.feed(b"q" * 25) == []
    assert splitter.feed(b"\nend") == []
    assert splitter.end() == ["end"]


@posix
async def test_the_path_is_the_login_shells(tmp_path: Path) -> None:
    shell = tmp_path / "shell"
    asked = tmp_path / "asked"
    shell.write_text(
        f"#!/bin/sh\necho x >> {asked}\necho Welcome; PATH=/nvm/bin:/usr/bin\n"
        '[ "$1 $2 $3" = "-l -i -c" ] && eval "$4"\n'
    )
    shell.chmod(0o755)
    environment = LaunchEnvironment({"SHELL": str(shell), "PATH": "/usr/bin:/own", "HOME": "/h"})
    both = await asyncio.gather(environment.build({"A": "1"}), environment.build({"PATH": "/mine"}))
    assert both[0] == {
        "SHELL": str(shell),
        "HOME": "/h",
        "A": "1",
        "PATH": "/nvm/bin:/usr/bin:/own",
    }
    assert both[1]["PATH"] == "/mine"
    assert asked.read_text("utf-8") == "x\n"


@posix
@pytest.mark.parametrize("body", ["exit 1", "cat /dev/zero", "echo nothing", "exec 1>&-; sleep 60"])
async def test_a_shell_that_tells_nothing_leaves_the_own_path(tmp_path: Path, body: str) -> None:
    shell = tmp_path / "shell"
    shell.write_text(f"#!/bin/sh\n{body}\n")
    shell.chmod(0o755)
    environment = LaunchEnvironment({"SHELL": str(shell), "PATH": "/usr/bin"})
    assert await environment.path() == "/usr/bin"


@posix
def test_programs_are_found_in_that_path_alone(tmp_path: Path) -> None:
    program = tmp_path / "tool"
    program.write_text("")
    assert find_program("tool", str(tmp_path), "") is None
    program.chmod(0o755)
    assert find_program("tool", str(tmp_path), "") == str(program)
    assert find_program("tool", "/usr/bin", "") is None
    assert find_program("./tool", "/usr/bin", str(tmp_path)) is not None
    assert find_program(str(program), "", "") == str(program)


@pytest.mark.parametrize(
    "part",
    [
        {"type": "object", "properties": {}},
        {"type": "array", "items": {"type": "string"}},
        {"type": ["string", "null"]},
        {"$ref": "#/x"},
        {},
        "text",
    ],
)
def test_what_no_form_can_ask_for_is_refused(part: Any) -> None:
    with pytest.raises(FormError, match="field"):
        fields_of({"properties": {"field": part}})


def test_choices_in_every_form_the_protocol_has() -> None:
    fields = fields_of(
        {
            "properties": {
                "a": {"type": "string", "enum": ["x", "y"]},
                "b": {"type": "string", "oneOf": [{"const": "x", "title": "Ex"}]},
                "c": {"type": "array", "items": {"type": "string", "enum": ["x"]}, "minItems": 1},
                "d": {"type": "array", "items": {"anyOf": [{"const": "x", "title": "Ex"}]}},
                "e": {"type": "number", "minimum": 0.5, "default": 1},
                "f": {"type": "string", "format": "email", "default": 7},
            }
        }
    )
    assert [field.kind for field in fields] == [
        *(FieldKind.CHOICE, FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.CHOICES),
        *(FieldKind.NUMBER, FieldKind.TEXT),
    ]
    assert [field.choices for field in fields[:4]] == [
        *((("x", "x"), ("y", "y")), (("x", "Ex"),), (("x", "x"),), (("x", "Ex"),)),
    ]
    assert (fields[2].least, fields[4].least, fields[4].default) == (1.0, 0.5, 1.0)
    assert (fields[5].text_format, fields[5].default) == ("email", None)


@given(tools=json_values, more=json_values)
def test_any_listing_and_any_answer_can_be_read(tools: Any, more: Any) -> None:
    _listed, page = repaired_listing({"tools": tools})
    assert isinstance(page["tools"], list)
    outcome_of(repaired_result({"content": more, "structuredContent": tools}))


def test_text_and_structure_that_say_the_same_are_told_once() -> None:
    def told(text: str, structured: Any) -> str:
        content = [{"type": "text", "text": text}]
        return outcome_of({"content": content, "structuredContent": structured}).text

    assert told("hello", {"result": "hello"}) == "hello"
    assert json.loads(told('{"a": 1}', {"a": 1})) == {"a": 1}
    assert told("see below", {"a": 1}) == '{\n  "a": 1\n}\n\nsee below'


async def test_clocks_stand_still_while_a_person_is_asked() -> None:
    clocks = CallClocks()
    thought = []

    async def call() -> None:
        async with clocks.running(0.0, 10.0):
            with clocks.stopped():
                for _ in range(20):
                    await asyncio.sleep(0)
                thought.append(True)
            await asyncio.get_running_loop().create_future()

    with pytest.raises(TimeoutError):
        await call()
    assert thought == [True]


async def test_the_longest_time_holds_however_often_a_clock_begins_anew() -> None:
    async def call() -> None:
        async with CallClocks().running(0.0, 0.0) as again:
            while True:
                again()
                await asyncio.sleep(0)

    with pytest.raises(TimeoutError):
        await call()


def test_a_flood_is_slowed_down_and_a_burst_is_not() -> None:
    now = 0.0
    pace = Pace(burst=2_000, per_second=1_000, clock=lambda: now)
    assert not any(pace.delay() for _ in range(2_000))
    waited, longest = 0.0, 0.0
    for _ in range(5_000):
        delay = pace.delay()
        waited, longest = waited + delay, max(longest, delay)
        now += delay
    assert 4.9 < waited <= 5.0
    assert longest < 0.05
    now += 10.0
    assert not any(pace.delay() for _ in range(2_000))


async def test_who_runs_a_call_is_told_that_it_waits_for_the_person() -> None:
    clocks = CallClocks()
    heard: list[ToolProgress] = []
    told = CallProgress(heard.append)
    async with clocks.running(10.0, 10.0, told.wait):
        told.note(ToolProgress("half", 0.5))
        with clocks.stopped(), clocks.stopped():
            # What the server says meanwhile does not end the wait.
            told.note(ToolProgress("more", 0.75))
            later: list[bool] = []
            async with clocks.running(10.0, 10.0, lambda *, is_waiting: later.append(is_waiting)):
                assert later == [True]
        told.note(ToolProgress("all", 1.0))
    with clocks.stopped():
        pass
    assert heard == [
        ToolProgress("half", 0.5),
        ToolProgress("half", 0.5, is_waiting=True),
        ToolProgress("more", 0.75, is_waiting=True),
        ToolProgress("more", 0.75),
        ToolProgress("all", 1.0),
    ]
    assert later == [True]
