"""The built-in tools as a source: what is offered, what is switched off, and how a call ends."""

import asyncio
import json
import threading

import pytest

from desktop_app.chat.tool_ports import ToolError, ToolSource
from desktop_app.chat.web_port import WebAnswer
from desktop_app.domain.message import Json
from desktop_app.domain.tool import Risk, Tool, ToolOutcome
from desktop_app.settings.builtin_settings import (
    BUILTIN_SETTINGS,
    CALCULATOR,
    GRANTED_FOLDERS,
    PRIVATE_ADDRESSES,
    RUN_PYTHON,
)
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import THEME
from desktop_app.tools import BuiltinSource, _work, builtin_tools
from desktop_app.tools._tool import BuiltinTool, Call, nobody
from desktop_app.tools._work import Stop, StoppedError, in_thread
from tests.tools.kit import NoPages, OnePage


@pytest.fixture
def settings() -> SettingsStore:
    return SettingsStore(None)


@pytest.fixture
def source(settings) -> BuiltinSource:
    return BuiltinSource(builtin_tools, settings, NoPages)


def named(source: ToolSource, name: str) -> Tool:
    return next(tool for tool in source.tools if tool.name == name)


def names(source: ToolSource) -> set[str]:
    return {tool.name for tool in source.tools}


def test_every_tool_says_what_it_is_to_the_model_and_to_people():
    import jsonschema

    for tool in builtin_tools():
        assert len(tool.description) > 40
        assert tool.setting in BUILTIN_SETTINGS
        assert tool.setting.key == f"tool_{tool.name}"
        assert tool.setting.label
        assert len(tool.setting.help) > 20
        jsonschema.Draft202012Validator.check_schema(tool.schema)
        assert tool.schema["type"] == "object"
        assert tool.schema["additionalProperties"] is False
        json.dumps(tool.schema)
    switches = {tool.setting.key for tool in builtin_tools()}
    assert switches | {PRIVATE_ADDRESSES.key, GRANTED_FOLDERS.key} == {
        s.key for s in BUILTIN_SETTINGS
    }


def test_each_has_the_risk_of_the_worst_it_can_do():
    assert {tool.name: tool.risk for tool in builtin_tools()} == {
        "calculator": Risk.READS, "current_time": Risk.READS, "list_folder": Risk.READS,
        "read_file": Risk.READS, "search_files": Risk.READS, "write_file": Risk.WRITES,
        "fetch_url": Risk.SENDS, "run_python": Risk.EXECUTES,
    }  # fmt: skip


def test_a_file_that_declares_no_tool_is_an_error(monkeypatch, tmp_path):
    from desktop_app import tools

    (tmp_path / "nothing.py").write_text("")
    monkeypatch.setattr(tools, "__path__", [*tools.__path__, str(tmp_path)])
    with pytest.raises(LookupError, match="nothing declares no tool"):
        builtin_tools.__wrapped__()


def test_without_a_folder_there_are_no_tools_for_files(source, settings, tmp_path):
    assert names(source) == {"calculator", "current_time", "fetch_url"}
    settings.set(GRANTED_FOLDERS, str(tmp_path))
    assert names(source) == {
        "calculator", "current_time", "fetch_url", "list_folder", "read_file", "search_files", "write_file",
    }  # fmt: skip
    assert named(source, "read_file").title == "Read a file"
    assert (source.id, source.title) == ("builtin", "Built in")


def test_listeners_hear_of_what_is_offered_and_of_nothing_else(source, settings):
    heard: list[set[str]] = []
    stop = source.subscribe(lambda: heard.append(names(source)))
    settings.set(RUN_PYTHON, True)
    settings.set(THEME, "dark")
    settings.set(CALCULATOR, False)
    assert [("run_python" in n, "calculator" in n) for n in heard] == [(True, True), (True, False)]
    stop()
    settings.set(CALCULATOR, True)
    assert len(heard) == 2
    assert settings._listeners == []


async def test_a_tool_that_was_switched_off_meanwhile_is_not_called(source, settings):
    tool = named(source, "calculator")
    settings.set(CALCULATOR, False)
    with pytest.raises(ToolError, match="switched off"):
        await source.call(tool, {"formula": "1"}, nobody)
    with pytest.raises(ToolError, match="switched off"):
        await source.preview(tool, {"formula": "1"})


async def test_a_tool_of_somebody_else_is_not_called(source):
    for foreign in (
        Tool("other", "calculator", "", {}, Risk.READS),
        Tool("builtin", "nope", "", {}, Risk.READS),
    ):
        with pytest.raises(ToolError, match="no built-in tool"):
            await source.call(foreign, {}, nobody)


async def test_calls_and_previews_reach_the_tool(source, settings, tmp_path):
    settings.set(GRANTED_FOLDERS, str(tmp_path.resolve()))
    write, arguments = named(source, "write_file"), {"path": "a.txt", "content": "x\n"}
    assert "+x" in await source.preview(write, arguments)
    assert await source.preview(named(source, "calculator"), {"formula": "1"}) == ""
    assert (await source.call(write, arguments, nobody)).text.startswith("Created")
    assert (tmp_path / "a.txt").read_text() == "x\n"


async def test_what_was_previewed_is_remembered_between_calls(source, settings, tmp_path):
    settings.set(GRANTED_FOLDERS, str(tmp_path.resolve()))
    write, arguments = named(source, "write_file"), {"path": "a.txt", "content": "x\n"}
    await source.preview(write, arguments)
    (tmp_path / "a.txt").write_text("somebody else's")
    with pytest.raises(ToolError, match="changed after"):
        await source.call(write, arguments, nobody)


async def test_the_setting_of_the_own_network_is_that_of_the_moment(settings):
    page = OnePage(WebAnswer("http://x/", 200, "text/plain", b"x"))
    source = BuiltinSource(builtin_tools, settings, lambda: page)
    for allowed in (False, True):
        settings.set(PRIVATE_ADDRESSES, allowed)
        await source.call(named(source, "fetch_url"), {"url": "http://x/"}, nobody)
    assert page.asked == [("http://x/", False), ("http://x/", True)]


async def test_the_programs_own_files_are_out_of_reach(settings, tmp_path):
    own = tmp_path / "data"
    own.mkdir()
    (own / "settings.json").write_text("{}")
    settings.set(GRANTED_FOLDERS, str(tmp_path.resolve()))
    source = BuiltinSource(builtin_tools, settings, NoPages, [own])
    for name, arguments in (
        ("read_file", {"path": "data/settings.json"}),
        ("write_file", {"path": "data/settings.json", "content": "{}"}),
        ("list_folder", {"path": "data"}),
    ):
        with pytest.raises(ToolError, match="program itself"):
            await source.call(named(source, name), arguments, nobody)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"path": 5},
        {"path": None},
        {"path": ["x"]},
        {"path": "a", "first_line": "x"},
        {"path": "a", "lines": True},
    ],
)
async def test_arguments_that_nobody_checked_are_refused_and_no_crash(
    source, settings, tmp_path, arguments
):
    settings.set(GRANTED_FOLDERS, str(tmp_path.resolve()))
    with pytest.raises(ToolError):
        await source.call(named(source, "read_file"), arguments, nobody)


# Threads


async def test_work_runs_elsewhere_and_its_errors_come_back():
    def work(_stop: Stop) -> threading.Thread:
        return threading.current_thread()

    thread = await in_thread(work, "work")
    assert thread is not threading.current_thread()
    assert thread.daemon

    def fail(_stop: Stop) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await in_thread(fail, "work")


async def test_cancelling_waits_until_the_work_has_stopped():
    began, ended, loop = asyncio.Event(), [], asyncio.get_running_loop()

    def work(stop: Stop) -> None:
        told = threading.Event()
        stop.call(told.set)
        loop.call_soon_threadsafe(began.set)
        told.wait(5)
        ended.append(True)
        stop.look()

    task = loop.create_task(in_thread(work, "work"))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [True]


async def test_work_that_hangs_keeps_nobody_for_ever(monkeypatch):
    monkeypatch.setattr(_work, "_PATIENCE_SECONDS", 0.01)
    began, release, loop = asyncio.Event(), threading.Event(), asyncio.get_running_loop()

    def work(_stop: Stop) -> None:
        loop.call_soon_threadsafe(began.set)
        release.wait(10)
        raise ZeroDivisionError

    task = loop.create_task(in_thread(work, "work"))
    await began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    release.set()


def test_a_listener_that_comes_late_is_called_at_once():
    stop, heard = Stop(), []
    stop.set()
    stop.call(lambda: heard.append(1))
    assert heard == [1]
    with pytest.raises(StoppedError):
        stop.look()


async def test_work_that_stops_by_itself_is_said_to_be_stopped(settings):
    async def run(_call: Call) -> ToolOutcome:
        raise StoppedError

    tool = BuiltinTool("calculator", "", {"type": "object"}, Risk.READS, CALCULATOR, run)
    source = BuiltinSource(lambda: (tool,), settings, NoPages)
    with pytest.raises(ToolError, match="stopped"):
        await source.call(source.tools[0], dict[str, Json](), nobody)
