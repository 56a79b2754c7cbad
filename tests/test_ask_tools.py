"""``--ask`` with tools: only what reads is offered, nothing is asked, and stderr says what is done."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from desktop_app import ask
from desktop_app.chat.permissions import Standing
from desktop_app.chat.tool_switches import ToolSwitches
from desktop_app.composition import Services, compose
from desktop_app.demo.script import Call, Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.domain.tool import Risk
from desktop_app.options import Options
from desktop_app.settings.tool_settings import (
    ALLOW_READING,
    TOOL_RESULT_CHARACTERS,
    TOOL_ROUNDS,
    TOOL_TIMEOUT,
)
from tests.tool_fakes import FakeSource


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
async def services(server: DemoServer, tmp_path: Path) -> AsyncIterator[Services]:
    variables = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "sk-test-0123456789"}
    options = Options(data_dir=tmp_path, environment=variables, keep=False, attended=False)
    made = await compose(options)
    yield made
    await made.aclose()


@pytest.fixture
def built_in(services: Services) -> FakeSource:
    source, other = FakeSource("builtin"), FakeSource("server")
    source.give("look", "green\nleaves", risk=Risk.READS)
    source.give("write", risk=Risk.WRITES)
    source.give("fetch", risk=Risk.SENDS)
    other.give("look", risk=Risk.READS)
    services.tools.box.add(source)
    services.tools.box.add(other)
    return source


async def test_a_round_of_tools(
    server: DemoServer, services: Services, built_in: FakeSource, capsys: pytest.CaptureFixture[str]
) -> None:
    server.enqueue(
        Reply([Think("Look first."), Say("I look."), Call("look", {"at": "tea"})]),
        Reply([Think("So."), Say("Green.")]),
    )
    assert await ask._listen(services.library.new_session(), "Which colour?") == 0
    shown = capsys.readouterr()
    assert shown.out == "I look.\nGreen.\n"
    lines = shown.err.splitlines()
    assert lines[0] == "Look first."
    assert '→ look {"at": "tea"}' in lines
    assert "← look (0.0 s) green leaves" in lines
    assert "So." in lines
    assert [call.tool.name for call in built_in.calls] == ["look"]


async def test_a_tool_cannot_speak_to_the_terminal(
    server: DemoServer, services: Services, built_in: FakeSource, capsys: pytest.CaptureFixture[str]
) -> None:
    built_in.give("look", "\x1b[2J\x07gone\u202e" + "x" * 1_000, risk=Risk.READS)
    server.enqueue(Reply([Call("look", {"at": "\x1b"})]), Reply([Say("Well.")]))
    assert await ask._listen(services.library.new_session(), "Look") == 0
    shown = capsys.readouterr().err
    assert "�[2J�gone�" in shown
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) < 250


async def test_only_what_reads_is_offered_and_nobody_is_asked(
    server: DemoServer, services: Services, built_in: FakeSource, capsys: pytest.CaptureFixture[str]
) -> None:
    server.enqueue(Reply([Call("write", {}), Call("server__look", {})]), Reply([Say("No.")]))
    assert await ask._listen(services.library.new_session(), "Write it") == 0
    offered = [tool["function"]["name"] for tool in server.posts[0].field("tools")]
    assert offered == ["look"]
    assert built_in.calls == []
    assert capsys.readouterr().err.count("failed: There is no tool with the name") == 2


async def test_what_is_turned_off_is_off_here_too(
    server: DemoServer, services: Services, built_in: FakeSource
) -> None:
    (look, *_) = built_in.tools
    ToolSwitches(services.settings).set_on(look, False)
    server.enqueue(Reply([Say("Hello.")]))
    assert await ask._listen(services.library.new_session(), "Hi") == 0
    assert server.posts[0].field("tools") is None


async def test_the_limits_are_those_of_the_settings(
    server: DemoServer, services: Services, built_in: FakeSource
) -> None:
    services.settings.set(TOOL_ROUNDS, 1)
    services.settings.set(TOOL_TIMEOUT, 7)
    services.settings.set(TOOL_RESULT_CHARACTERS, 1_000)
    limits = services.tools.limits()
    assert (limits.rounds, limits.seconds, limits.characters) == (1, 7.0, 1_000)
    server.enqueue(Reply([Call("look", {})]), Reply([Call("look", {})]))
    # There is no answer, so the exit status says so.
    assert await ask._listen(services.library.new_session(), "Go on") == 1
    assert server.posts.total == 2


async def test_reading_is_asked_about_in_the_window_unless_the_settings_say_otherwise(
    tmp_path: Path, built_in: FakeSource
) -> None:
    services = await compose(Options(data_dir=tmp_path / "window", environment={}))
    (look, *_) = built_in.tools
    assert await services.tools.permissions.standing("c", look) is Standing.UNKNOWN
    services.settings.set(ALLOW_READING, True)
    assert await services.tools.permissions.standing("c", look) is Standing.ALLOWED
    await services.aclose()
