"""Real servers as processes: what they offer and answer, and all that they can do wrong."""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.mcp_content import (
    ElicitationAnswer,
    ElicitationChoice,
    FieldKind,
    Sampling,
)
from desktop_app.domain.mcp_server import ServerPhase, ServerProblem
from desktop_app.domain.tool import Risk, ToolProgress
from desktop_app.mcp_client.launch_environment import LaunchEnvironment
from desktop_app.mcp_client.limits import Limits
from desktop_app.mcp_client.parts import Parts
from desktop_app.mcp_client.servers import ConfiguredServers
from tests.fakes.key_store import MemoryKeyStore
from tests.mcp_client.conftest import QUICK, Rig, our_server, running, write_config
from tests.servers.mcp_behaviour import ODD_SCHEMAS, ORDER, PIXEL, TEXT

linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="looks at processes through /proc and pidfd"
)


def short(**times: float) -> Limits:
    return replace(QUICK, **times)


async def test_tools_are_offered_as_the_server_gives_them(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        entry = rig.entry("own")
        assert entry.status.phase is ServerPhase.READY
        assert entry.status.problem is None
        assert (entry.title, entry.instructions) == ("Our own server", ORDER)
        echo = entry.tools[0]
        assert (echo.source, echo.name, echo.title) == ("own", "echo", "Echo")
        assert echo.description == "Says it again."
        assert echo.schema == TEXT
        assert {tool.risk for tool in entry.tools} == {Risk.UNKNOWN}
        assert (await rig.call("own", "echo", text="hällo 喂")).text == "hällo 喂"


async def test_answers_become_text_json_and_pictures(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        added = await rig.call("own", "add", a=1, b=2)
        assert json.loads(added.text) == {"sum": 3}
        picture = await rig.call("own", "picture")
        assert (picture.text, picture.images[0].mime) == ("", "image/png")
        assert picture.images[0].data == PIXEL
        mixed = await rig.call("own", "mixed")
        assert [image.mime for image in mixed.images] == ["image/png"]
        for part in (
            *("first", "[A link](https://example.test/x)", "note://1\nembedded", "audio/wav"),
            *("hologram", "image/svg+xml", "no block"),
        ):
            assert part in mixed.text
        failed = await rig.call("own", "fail")
        assert failed.is_error
        assert failed.text == "It did not work."


async def test_progress_is_told_in_order(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        (source,) = rig.servers.sources
        tool = next(tool for tool in source.tools if tool.name == "progress")
        told: list[ToolProgress] = []
        await source.call(tool, {}, told.append)
        assert told == [ToolProgress("1", 0.25), ToolProgress("2", 0.5), ToolProgress("4", 1.0)]


async def test_cancelling_tells_the_server_and_nothing_else_ends(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server("--note")}) as rig:
        call = asyncio.get_running_loop().create_task(rig.call("own", "wait"))
        await rig.until(lambda: "waiting" in rig.log("own"))
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await rig.until(lambda: "cancelled" in rig.log("own"))
        assert (await rig.call("own", "echo", text="on")).text == "on"


async def test_a_call_without_an_answer_ends_at_its_time(tmp_path: Path) -> None:
    servers = {"own": our_server("--note", timeout=0.3)}
    async with running(tmp_path, servers) as rig:
        with pytest.raises(ToolError, match=r"did not answer within 0\.3 seconds"):
            await rig.call("own", "wait")
        await rig.until(lambda: "cancelled" in rig.log("own"))
        assert rig.entry("own").status.phase is ServerPhase.READY


async def test_a_server_that_says_nothing_fails_in_time_and_delays_no_other(tmp_path: Path) -> None:
    servers = {"mute": our_server("--silent"), "own": our_server()}
    async with running(tmp_path, servers, short(start_seconds=3.0)) as rig:
        mute = rig.entry("mute")
        assert mute.status.phase is ServerPhase.FAILED
        assert mute.status.problem is ServerProblem.START_TIMED_OUT
        assert (await rig.call("own", "echo", text="on")).text == "on"


async def test_lines_that_are_no_messages_are_kept_in_the_log(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server("--garbage")}) as rig:
        status = rig.entry("own").status
        assert (status.phase, status.problem) == (ServerPhase.READY, ServerProblem.GARBAGE)
        assert "stdout: Starting up… 1999" in rig.log("own")
        assert "\x1b" not in rig.log("own")
        assert (await rig.call("own", "echo", text="on")).text == "on"


async def test_a_flood_on_stderr_costs_nothing_but_old_lines(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server("--flood")}) as rig:
        assert rig.entry("own").status.phase is ServerPhase.READY
        assert len(rig.servers.log("own")) <= 1_000
        assert (await rig.call("own", "echo", text="on")).text == "on"


async def test_stderr_is_shown_without_secrets(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server("--talkative")}) as rig:
        await rig.until(lambda: "with a key" in rig.log("own"))
        assert "stderr: hello from stderr" in rig.log("own")
        assert "abcdefgh12345" not in rig.log("own")


async def test_an_answer_beyond_the_limit_fails_that_call_alone(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        both = asyncio.get_running_loop().create_task(rig.call("own", "echo", text="meanwhile"))
        with pytest.raises(ToolError, match=r"answered 50\.0 MB in one message; 4 MB are taken"):
            await rig.call("own", "huge")
        assert (await both).text == "meanwhile"
        status = rig.entry("own").status
        assert (status.phase, status.problem) == (ServerPhase.READY, ServerProblem.TOO_LONG)
        assert (await rig.call("own", "echo", text="on")).text == "on"


async def test_a_line_without_end_is_not_kept(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server("--endless-line")}) as rig:
        status = rig.entry("own").status
        assert (status.phase, status.problem) == (ServerPhase.READY, ServerProblem.TOO_LONG)


async def test_dying_in_a_call_fails_it_and_the_server_comes_back(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        with pytest.raises(ToolError, match="ended before it answered"):
            await rig.call("own", "die")
        await rig.until(lambda: "ended: exit status 3" in rig.log("own"))
        await rig.phase("own", ServerPhase.READY)
        assert (await rig.call("own", "echo", text="again")).text == "again"


async def test_restarts_are_bounded(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        for _ in range(3):
            await rig.phase("own", ServerPhase.READY)
            with pytest.raises(ToolError):
                await rig.call("own", "die")
            await rig.until(lambda: "ended" in rig.log("own").splitlines()[-1])
        entry = await rig.phase("own", ServerPhase.FAILED)
        assert (entry.status.problem, entry.status.attempt) == (ServerProblem.ENDED, 2)
        await rig.servers.restart("own")
        assert rig.entry("own").status.phase is ServerPhase.READY


async def test_a_server_that_ends_at_once_is_not_started_again(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server("--die")}) as rig:
        status = rig.entry("own").status
        assert (status.phase, status.problem) == (ServerPhase.FAILED, ServerProblem.ENDED)
        assert status.detail == "exit status 7"
        assert "stderr: Traceback: no module named nothing" in rig.log("own")


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": {"command": "no-such-program-anywhere"}}) as rig:
        status = rig.entry("own").status
        assert status.problem is ServerProblem.COMMAND_NOT_FOUND
        assert status.detail == "no-such-program-anywhere"


async def test_changed_tools_are_listed_again(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        (source,) = rig.servers.sources
        told: list[int] = []
        source.subscribe(lambda: told.append(len(source.tools)))
        before = len(source.tools)
        await rig.call("own", "change")
        await rig.until(lambda: len(source.tools) == before + 1)
        assert told == [before + 1]
        assert source.tools[-1].name == "late"


async def test_a_tool_that_changed_is_not_called(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        (source,) = rig.servers.sources
        older = replace(source.tools[0], description="It was harmless.")
        with pytest.raises(ToolError, match="has changed this tool"):
            await source.call(older, {"text": "x"}, lambda _p: None)
        gone = replace(source.tools[0], name="gone")
        with pytest.raises(ToolError, match="does not offer this tool any more"):
            await source.call(gone, {}, lambda _p: None)


async def test_odd_names_are_kept_and_the_unusable_left_out(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server("--odd-names")}) as rig:
        names = [tool.name for tool in rig.entry("own").tools]
        assert names == ["echo", "Echo!", "käse/喂 \u202e", "a" * 200, "__proto__"]
        assert rig.entry("own").tools[0].description == "0"


async def test_odd_schemas_cost_no_other_tool(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server("--odd-schemas")}) as rig:
        assert rig.entry("own").status.phase is ServerPhase.READY
        tools = {tool.name: tool for tool in rig.entry("own").tools}
        assert len(tools) == len(ODD_SCHEMAS)
        assert tools["odd0"].schema == ODD_SCHEMAS[0]
        assert tools["odd4"].schema == ODD_SCHEMAS[4]
        assert tools["odd2"].schema == tools["odd6"].schema == {"type": "object"}
        assert len({tool.fingerprint for tool in tools.values()}) == len(tools)


async def test_instructions_in_an_answer_are_text_like_any_other(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        assert (await rig.call("own", "orders")).text == ORDER


async def test_questions_reach_the_person_and_the_clock_stands_still(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server(timeout=1.0)}) as rig:
        asked = []

        async def ask(question):
            asked.append(question)
            return ElicitationAnswer(ElicitationChoice.ACCEPT, {"name": "Ann", "age": 30})

        rig.servers.attend(ask, None)
        outcome = await rig.call("own", "ask")
        assert json.loads(outcome.text) == {
            "action": "accept",
            "content": {"name": "Ann", "age": 30},
        }
        (question,) = asked
        assert (question.server, question.message) == ("own", "Who are you?")
        name, age, tea, size = question.fields
        assert (name.kind, name.required, name.least) == (FieldKind.TEXT, True, 1.0)
        assert (age.kind, age.most) == (FieldKind.INTEGER, 150.0)
        assert (tea.kind, tea.default) == (FieldKind.BOOLEAN, True)
        assert size.choices == (("s", "Small"), ("l", "Large"))

        async def refuse(_question):
            return ElicitationAnswer(ElicitationChoice.DECLINE)

        rig.servers.attend(refuse, None)
        assert json.loads((await rig.call("own", "ask")).text) == {"action": "decline"}
        assert "No form can ask" in (await rig.call("own", "ask_oddly")).text
        rig.servers.attend(None, None)
        assert json.loads((await rig.call("own", "ask")).text) == {"action": "cancel"}


async def test_a_server_cannot_bury_the_person_in_questions(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        waiting: list[asyncio.Future[ElicitationAnswer]] = []

        async def ask(_question):
            waiting.append(asyncio.get_running_loop().create_future())
            return await waiting[-1]

        rig.servers.attend(ask, None)
        loop = asyncio.get_running_loop()
        calls = [loop.create_task(rig.call("own", "ask")) for _ in range(10)]
        left = set(calls)
        while len(left) > 3:
            _, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
        answered = set(calls) - left
        assert {json.loads(call.result().text)["action"] for call in answered} == {"cancel"}
        assert len(waiting) == 3
        for question in waiting:
            question.set_result(ElicitationAnswer(ElicitationChoice.DECLINE))
        await asyncio.wait(calls)


async def test_stopping_does_not_wait_for_a_start(tmp_path: Path) -> None:
    write_config(tmp_path, {"mute": our_server("--silent")})
    limits = short(start_seconds=3_600.0, leave_seconds=3_600.0)
    servers = ConfiguredServers(tmp_path, Parts(keys=MemoryKeyStore(), limits=limits))
    rig = Rig(servers, MemoryKeyStore())
    await servers.reload()
    config = rig.entry("mute").config
    assert config is not None
    await servers.approve("mute", config.fingerprint)
    await rig.phase("mute", ServerPhase.STARTING)
    async with asyncio.timeout(20):
        await servers.aclose()


async def test_sampling_is_refused_unless_allowed(tmp_path: Path) -> None:
    wanted: list[Sampling] = []

    async def sample(sampling: Sampling) -> str:
        wanted.append(sampling)
        return "hi"

    servers = {"own": our_server(), "trusted": our_server(sampling=True)}
    async with running(tmp_path, servers, sample=sample) as rig:
        assert "not supported" in (await rig.call("own", "sample")).text
        assert wanted == []
        assert '"hi"' in (await rig.call("trusted", "sample")).text
        assert wanted[0].server == "trusted"
        assert wanted[0].messages[0].text == "Say hi"


async def test_roots_are_the_granted_folders(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}, roots=lambda: [tmp_path]) as rig:
        roots = json.loads((await rig.call("own", "roots")).text)
        assert roots == {"roots": [{"uri": tmp_path.as_uri(), "name": tmp_path.name}]}


async def test_resources_and_prompts(tmp_path: Path) -> None:
    servers = {"own": our_server(), "mute": our_server("--silent")}
    async with running(tmp_path, servers, short(start_seconds=3.0)) as rig:
        one, two = await rig.servers.resources()
        assert (one.server, one.uri, one.mime, one.size) == ("own", "note://1", "text/plain", 5)
        (text,) = await rig.servers.read_resource(one)
        assert text.text == "Hello"
        (picture,) = await rig.servers.read_resource(two)
        assert (picture.mime, picture.base64) == ("image/png", PIXEL)
        (poem,) = await rig.servers.prompts()
        assert (poem.title, poem.arguments[0].name) == ("A poem", "topic")
        (message,) = await rig.servers.get_prompt(poem, {"topic": "tea"})
        assert (message.role, message.text) == ("user", "Write a poem about tea.")


async def test_a_server_that_knows_only_the_newer_way(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server("--newer-only")}) as rig:
        entry = rig.entry("own")
        assert (entry.status.phase, entry.title) == (ServerPhase.READY, "Our own server")
        assert (await rig.call("own", "echo", text="new")).text == "new"


async def test_ten_servers_start_side_by_side(tmp_path: Path) -> None:
    servers = {f"s{number}": our_server() for number in range(10)}
    async with running(tmp_path, servers, short(start_seconds=30.0)) as rig:
        assert {entry.status.phase for entry in rig.servers.entries} == {ServerPhase.READY}
        answers = await asyncio.gather(*(rig.call(name, "echo", text=name) for name in servers))
        assert [answer.text for answer in answers] == list(servers)


async def test_log_messages_in_thousands_are_bounded(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server()}) as rig:
        assert (await rig.call("own", "noise")).text == "quiet"
        assert len(rig.servers.log("own")) <= 1_000


@linux
async def test_what_a_server_started_goes_with_it(tmp_path: Path) -> None:
    async with running(tmp_path, {"own": our_server("--stubborn")}) as rig:
        server, grandchild = map(int, (await rig.call("own", "grandchild")).text.split())
        assert _is_alive(server)
        assert _is_alive(grandchild)
        await rig.servers.enable("own", on=False)
        assert rig.entry("own").status.phase is ServerPhase.OFF
        assert not _is_alive(server)
        assert not _is_alive(grandchild)


@linux
def test_no_server_outlives_a_program_that_is_killed(tmp_path: Path) -> None:
    child = Path(__file__).with_name("kill_child.py")
    with subprocess.Popen(
        [sys.executable, str(child), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as program:
        assert program.stdout is not None
        server, grandchild = map(int, program.stdout.readline().split())
        assert _is_alive(server)
        program.send_signal(signal.SIGKILL)
        program.wait()
        _wait_until_gone(server)
        _wait_until_gone(grandchild)


async def test_the_environment_is_clean(tmp_path: Path) -> None:
    surroundings = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "LD_LIBRARY_PATH": "/bundle",
        "PYTHONHOME": "/bundle",
        "QT_PLUGIN_PATH": "/bundle",
        "MINIMAX_API_KEY": "canary",
        "OPENAI_API_KEY": "canary",
        "SHELL": "() { :; }",
    }
    servers = {"own": our_server(env={"OWN": "1"})}
    environment = LaunchEnvironment(surroundings)
    async with running(tmp_path, servers, environment=environment) as rig:
        seen = json.loads((await rig.call("own", "environment")).text)
        assert seen["OWN"] == "1"
        assert set(seen) <= {"OWN", "PATH", "HOME", "LC_CTYPE"}


def _is_alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _wait_until_gone(pid: int) -> None:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ended, _, _ = select.select([handle], [], [], 20)
        assert ended, f"{pid} lives on"
    finally:
        os.close(handle)
