"""The command line from outside: what each option starts, and what it says where it cannot."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app import APP_NAME, __version__
from desktop_app.__main__ import main
from desktop_app.demo.script import Reply, Say
from desktop_app.demo.server import DemoServer
from tests.benchmarks.bench_start import HEAVY, MOST_MODULES
from tests.servers.program import environment, files_below, run, run_with_window

NOTICES = "print([label.text() for label in window.banners.findChildren(__import__('PySide6.QtWidgets', fromlist=['QLabel']).QLabel)])"
HARMLESS = "propagateSizeHints"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        running.otherwise(Reply([Say("Fine.")]))
        yield running


@pytest.fixture
def to_server(server: DemoServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "main-key"}


def complaints(ended: "subprocess.CompletedProcess[str]") -> list[str]:
    return [line for line in ended.stderr.splitlines() if line and HARMLESS not in line]


def test_version(tmp_path: Path) -> None:
    ended = run("--version", home=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{APP_NAME} {__version__}\n", "")
    assert files_below(tmp_path) == []


def test_version_loads_nothing_heavy(tmp_path: Path) -> None:
    probe = (
        "import sys\n"
        "from desktop_app.__main__ import main\n"
        "main(['--version'])\n"
        "print(*sys.modules)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", probe],
        env=environment(tmp_path), cwd=tmp_path,
        capture_output=True, encoding="utf-8", timeout=30, check=True,
    )  # fmt: skip
    loaded = {name.partition(".")[0] for name in ended.stdout.split()}
    heavy = {"PySide6", "shiboken6", "qasync", "openai", "httpx2", "keyring", "apsw", "asyncio"}
    assert loaded & heavy == set()
    ours = {name for name in ended.stdout.split() if name.startswith("desktop_app")}
    assert ours == {"desktop_app", "desktop_app.__main__"}


def test_the_frame_of_the_window_needs_nothing_heavy(tmp_path: Path) -> None:
    probe = "import sys, desktop_app.ui, desktop_app.app; print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", probe],
        env=environment(tmp_path, QT_QPA_PLATFORM="offscreen"), cwd=tmp_path,
        capture_output=True, encoding="utf-8", timeout=30, check=True,
    )  # fmt: skip
    loaded = set(ended.stdout.split())
    assert loaded & set(HEAVY) == set()
    assert len([name for name in loaded if name.startswith("desktop_app")]) < MOST_MODULES


def test_help_names_every_option_and_variable(tmp_path: Path) -> None:
    ended = run("--help", home=tmp_path)
    assert ended.returncode == 0
    for name in (
        "--data-dir",
        "--demo",
        "--ask",
        "--replay",
        "--speed",
        "--version",
        "--self-check",
    ):
        assert name in ended.stdout
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "MINIMAX_API_KEY"):
        assert name in ended.stdout


def test_an_unknown_option_is_refused(tmp_path: Path) -> None:
    ended = run("--colour", home=tmp_path)
    assert ended.returncode == 2
    assert "--colour" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="Windows and macOS always have a display")
def test_without_a_display_it_says_what_else_can_be_done(tmp_path: Path) -> None:
    ended = run(home=tmp_path)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "--ask" in ended.stderr
    assert "xvfb-run" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert files_below(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Windows and macOS always have a display")
@pytest.mark.parametrize(
    "variables",
    [{"DISPLAY": ":9817"}, {"WAYLAND_DISPLAY": "wayland-9817"}, {"QT_QPA_PLATFORM": "xcb"}],
    ids=["x11", "wayland", "platform"],
)
def test_a_display_that_does_not_answer_is_a_sentence_too(
    tmp_path: Path, variables: dict[str, str]
) -> None:
    """Qt itself would end the process with a signal and a page of advice on plugins."""
    ended = run(home=tmp_path, variables={"XDG_RUNTIME_DIR": str(tmp_path), **variables})
    assert ended.returncode == 1
    assert "--ask" in ended.stderr
    assert "xvfb-run" in ended.stderr


def test_the_main_function_returns_the_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


def test_everything_goes_below_the_data_folder(
    tmp_path: Path, server: DemoServer, to_server: dict[str, str]
) -> None:
    data = tmp_path / "a folder" / "数据"
    scenario = """
        window.work.page.composer.submitted.emit("Go")
        await until(lambda: not window.work.page.session.is_busy)
    """
    ended = run_with_window(scenario, "--data-dir", data, home=tmp_path, variables=to_server)
    assert (ended.returncode, complaints(ended)) == (0, [])
    assert {file.parts[:2] for file in files_below(tmp_path)} == {("a folder", "数据")}
    names = {str(file) for file in files_below(data)}
    assert {"interleave.db", "settings.json", "window.json"} <= names
    assert server.posts.total == 1


def test_a_file_in_the_place_of_the_data_folder(tmp_path: Path, to_server: dict[str, str]) -> None:
    data = tmp_path / "data"
    data.write_text("mine")
    scenario = f"""
        window.work.page.composer.submitted.emit("Go")
        await until(lambda: not window.work.page.session.is_busy)
        print(window.work.page.view.entries()[-1].text)
        {NOTICES}
    """
    ended = run_with_window(scenario, "--data-dir", data, home=tmp_path, variables=to_server)
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[0] == "Fine."
    assert "are not kept" in ended.stdout
    assert "--data-dir" in ended.stdout
    assert "Traceback" not in ended.stderr
    assert data.read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="read-only folders take files on Windows")
def test_a_data_folder_that_cannot_be_written(tmp_path: Path, to_server: dict[str, str]) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o500)
    if os.geteuid() == 0:
        # Nothing is read-only for root; a folder below a file takes nothing from anyone.
        data = tmp_path / "file" / "below"
        (tmp_path / "file").write_text("")
    scenario = f"""
        window.work.page.composer.submitted.emit("Go")
        await until(lambda: not window.work.page.session.is_busy)
        print(window.work.page.view.entries()[-1].text)
        {NOTICES}
    """
    ended = run_with_window(scenario, "--data-dir", data, home=tmp_path, variables=to_server)
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[0] == "Fine."
    assert "are not kept" in ended.stdout
    assert "Traceback" not in ended.stderr


def test_damaged_files_are_kept_aside_and_said_once(
    tmp_path: Path, to_server: dict[str, str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "settings.json").write_text("{ not json")
    (data / "window.json").write_bytes(b"\x00\xff" * 50)
    (data / "interleave.db").write_bytes(b"no database, " * 1000)
    ended = run_with_window(NOTICES, "--data-dir", data, home=tmp_path, variables=to_server)
    assert ended.returncode == 0
    assert "settings file was damaged" in ended.stdout
    assert "could not be read" in ended.stdout
    assert "Traceback" not in ended.stderr
    kept = [
        file for file in data.glob("interleave*") if file.read_bytes() == b"no database, " * 1000
    ]
    assert len(kept) == 1
    assert [file for file in data.iterdir() if file.name.startswith("settings.json.damaged")]
    again = run_with_window(NOTICES, "--data-dir", data, home=tmp_path, variables=to_server)
    assert again.stdout == "[]\n"


def test_an_address_in_the_environment_that_cannot_be_used_is_said_in_the_window(
    tmp_path: Path,
) -> None:
    variables = {"OPENAI_BASE_URL": "http://203.0.113.7/v1", "OPENAI_API_KEY": "main-key"}
    ended = run_with_window(
        NOTICES, "--data-dir", tmp_path / "d", home=tmp_path, variables=variables
    )
    assert ended.returncode == 0
    assert "OPENAI_BASE_URL cannot be used." in ended.stdout


def test_the_demo_says_that_it_is_one(tmp_path: Path) -> None:
    scenario = f"""
        print(window.windowTitle())
        window.work.page.composer.submitted.emit("Who are you?")
        await until(lambda: window.work.page.status.text() == "stopped" or window.thinking.view.entries())
        window.work.page.stop()
        await until(lambda: not window.work.page.session.is_busy)
        {NOTICES}
    """
    ended = run_with_window(scenario, "--demo", "--data-dir", tmp_path / "d", home=tmp_path)
    assert (ended.returncode, complaints(ended)) == (0, [])
    assert ended.stdout.startswith(f"Demo – {APP_NAME}\n")
    assert "This is a demo" in ended.stdout


def test_self_check_names_every_part_and_writes_nothing(tmp_path: Path) -> None:
    ended = run("--self-check", home=tmp_path)
    assert (ended.returncode, complaints(ended)) == (0, [])
    parts = (
        "Qt", "icons", "translations", "fonts", "keyring", "SQLite", "database", "provider",
        "TLS roots", "Markdown", "highlighting", "formulas", "exporters", "importers", "tools",
        "tool arguments", "MCP", "demo endpoint", "program",
    )  # fmt: skip
    lines = ended.stdout.splitlines()
    assert [line.split("  ", 1)[1].strip().split(":")[0] for line in lines] == list(parts)
    assert all(line.startswith("ok ") for line in lines)
    assert "FTS5" in ended.stdout
    assert files_below(tmp_path) == []


def test_a_settings_file_of_a_newer_version_keeps_what_it_says(
    tmp_path: Path, to_server: dict[str, str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "settings.json").write_text(
        json.dumps({"version": 9, "from_the_future": [1], "zoom": 110})
    )
    ended = run_with_window(
        "window.trigger = window.actions_by_id['zoom_in'].trigger()",
        "--data-dir", data, home=tmp_path, variables=to_server,
    )  # fmt: skip
    assert ended.returncode == 0
    content = json.loads((data / "settings.json").read_text())
    assert content["from_the_future"] == [1]
    assert content["version"] == 9
    assert content["zoom"] == 120


def test_quitting_after_an_answer_takes_no_time(
    tmp_path: Path, server: DemoServer, to_server: dict[str, str]
) -> None:
    """Measured 0.2 s from Ctrl+Q to the end of the process; processor time, as machines are busy."""
    scenario = """
        import atexit, time
        window.work.page.composer.submitted.emit("Go")
        await until(lambda: not window.work.page.session.is_busy)
        began = time.process_time(), time.monotonic()
        def tell():
            print(time.process_time() - began[0], time.monotonic() - began[1])
        atexit.register(tell)
    """
    ended = run_with_window(
        scenario, "--data-dir", tmp_path / "d", home=tmp_path, variables=to_server
    )
    assert (ended.returncode, complaints(ended)) == (0, [])
    processor, elapsed = map(float, ended.stdout.split())
    assert processor < 0.4
    assert elapsed < 5
