"""Python in a process of its own: its limits, its end, and what it must not find."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.chat.tool_ports import ToolError
from desktop_app.tools import _process
from desktop_app.tools._process import MOST_OUTPUT, Ran
from desktop_app.tools._work import Stop
from desktop_app.tools.run_python import told
from tests.tools.kit import call_of, run, tool_named

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
POSIX = pytest.mark.skipif(os.name != "posix", reason="these limits are those of POSIX")


def can_cut() -> bool:
    ended = subprocess.run(["unshare", "--user", "--net", "true"], capture_output=True, check=False)
    return ended.returncode == 0


CONFINED = _process.resource("run_python", "confined.py")
CAN_CUT = sys.platform == "linux" and can_cut()
CUTS = pytest.mark.skipif(not CAN_CUT, reason="this system lets nobody leave its network")


def exists(path: str) -> bool:
    return Path(path).exists()


async def python(code: str, **arguments: object) -> str:
    return await run("run_python", {"code": code, **arguments})


async def test_what_is_printed_comes_back():
    text = await python("print('你好'); import sys; print('oh', file=sys.stderr)")
    assert text.startswith("你好\n[errors]\noh\n[It ended well after ")


async def test_it_says_truly_whether_the_network_was_cut():
    text = await python("pass")
    assert text.startswith("(It wrote nothing")
    assert ("It had no network." in text) is CAN_CUT
    assert ("could not be cut off" in text) is not CAN_CUT


@CUTS
async def test_there_is_no_network_and_no_socket_of_others():
    code = (
        "import os, socket\n"
        "print([name for _, name in socket.if_nameindex()])\n"
        "for address in (('127.0.0.1', 9), ('203.0.113.7', 80)):\n"
        "    try: socket.create_connection(address, 2); print('connected')\n"
        "    except OSError as error: print(error.strerror)\n"
        "print(os.listdir('/run'))\n"
    )
    lines = (await python(code)).split("\n")
    assert lines[:4] == ["['lo']", "Network is unreachable", "Network is unreachable", "[]"]


async def test_where_the_network_cannot_be_cut_the_result_says_so(monkeypatch, tmp_path):
    text = CONFINED.read_text(encoding="utf-8")
    (tmp_path / "confined.py").write_text(text.replace("libc.unshare(", "(lambda _flags: -1)("))
    monkeypatch.setattr(_process, "resource", lambda *_parts: tmp_path / "confined.py")
    answer = await python("print(1)")
    assert answer.startswith("1\n[It ended well")
    assert "The network could not be cut off on this system" in answer


async def test_nothing_of_the_environment_is_there(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    text = await python("import os, sys; print(dict(os.environ)); print(sys.flags.isolated)")
    assert "sk-canary" not in text
    assert "PYTHONPATH" not in text
    assert "\n1\n" in text


async def test_each_run_has_a_fresh_folder_that_goes_away():
    code = "import os; print(os.getcwd()); print(os.listdir()); open('x', 'w').write('y')"
    first, second = [(await python(code)).split("\n") for _ in range(2)]
    assert first[1] == second[1] == "['main.py']"
    assert first[0] != second[0]
    assert not exists(first[0])


async def test_an_error_is_one_and_shows_where():
    outcome = await tool_named("run_python").run(call_of({"code": "1/0"}))
    assert outcome.is_error
    assert 'main.py", line 1' in outcome.text
    assert "It ended with 1 after" in outcome.text


async def test_a_program_without_end_is_ended():
    outcome = await tool_named("run_python").run(
        call_of({"code": "while True: pass", "seconds": 1})
    )
    assert outcome.is_error
    assert "It was ended: it took too long, with a limit of 1 seconds." in outcome.text


async def test_one_that_only_sleeps_is_ended_too():
    assert "took too long" in await python("import time; time.sleep(99)", seconds=1)


async def test_one_that_closes_its_output_is_ended_too():
    assert "took too long" in await python(
        "import os, time; os.close(1); os.close(2); time.sleep(99)", seconds=1
    )


async def test_output_without_end_is_cut_and_ended():
    text = await python("while True: print('x' * 1000)")
    assert "it wrote too much" in text
    assert len(text) <= MOST_OUTPUT + 500


@POSIX
async def test_memory_is_limited():
    assert "MemoryError" in await python("x = bytearray(2 * 1024**3)")


@POSIX
async def test_files_are_limited():
    text = await python("f = open('x', 'wb')\nfor _ in range(99): f.write(bytes(2**20)); f.flush()")
    assert "It ended with" in text or "File too large" in text
    assert "It ended well" not in text


@CUTS
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may have any number")
async def test_a_flood_of_processes_is_limited_and_ended():
    code = "import os\ncount = 0\ntry:\n    while os.fork(): count += 1\n    os._exit(0)\nexcept OSError: print(count < 40, flush=True)"
    assert (await python(code)).startswith("True\n")


LEAVES_A_CHILD = (
    "import subprocess, sys, time\n"
    "child = 'import time; time.sleep(600)'\n"
    "for own in (False, True):\n"
    "    subprocess.Popen([sys.executable, '-c', child, {mark!r}], start_new_session=own and {escapes})\n"
    "print('ready', flush=True)\n"
)


def running(mark: str) -> list[str]:
    """Return the processes that have ``mark`` among their arguments."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
        except OSError:
            continue
        if mark.encode() in words:
            found.append(entry.name)
    return found


@ON_LINUX
async def test_what_it_left_behind_ends_with_it(tmp_path):
    mark = f"left-{tmp_path.name}-{os.getpid()}"
    text = await python(LEAVES_A_CHILD.format(mark=mark, escapes=CAN_CUT))
    assert text.startswith("ready")
    await until(lambda: not running(mark))


@ON_LINUX
async def test_stop_ends_all_of_it(tmp_path):
    mark = f"stop-{tmp_path.name}-{os.getpid()}"
    code = LEAVES_A_CHILD.format(mark=mark, escapes=CAN_CUT) + "time.sleep(600)"
    task = asyncio.get_running_loop().create_task(python(code, seconds=500))
    await until(lambda: len(running(mark)) >= 2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: not running(mark))


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what another process does, which nobody here is told of."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_a_packaged_program_takes_the_python_of_the_path_or_says_that_there_is_none(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="install Python 3"):
        await python("print(1)")
    (tmp_path / "python3").symlink_to(sys.executable)
    assert (await python("print(1)")).startswith("1\n")


async def test_a_python_that_cannot_be_started_is_said(monkeypatch, tmp_path):
    (tmp_path / "python").write_bytes(b"no program")
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr(_process, "interpreter", lambda: str(tmp_path / "python"))
    with pytest.raises(ToolError, match="cannot be started"):
        await python("print(1)")


async def test_code_without_end_is_refused():
    with pytest.raises(ToolError, match="At most"):
        await python("#" * 200_001)


def test_half_a_character_in_the_code_is_no_crash():
    ran = _process.run("print('\ud800')", 5, Stop())
    assert ran.status == 1


def test_where_limits_are_not_kept_the_sentence_says_so(monkeypatch):
    from desktop_app.tools import run_python

    monkeypatch.setattr(run_python, "IS_CONFINED", False)
    text = told(Ran("x", "", 0, 0.1, network_cut=False, ended_for=""), 30)
    assert "could not be cut off" in text
    assert "Memory was not limited" in text
