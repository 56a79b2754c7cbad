"""The self-check where something is broken: it says what, goes on, and ends with 1."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app import self_check
from tests.servers.program import environment

BREAKAGES = {
    "translations": "from desktop_app import paths; paths.resource = lambda *p: pathlib.Path('no')",
    "icons": "from desktop_app.ui import icons; icons.icon_names = lambda: ()",
    "SQLite": "sys.modules['apsw'] = None",
    "provider": "sys.modules['openai'] = None",
    "Markdown": "sys.modules['markdown_it'] = None",
    "highlighting": "sys.modules['pygments'] = None",
    "formulas": "sys.modules['ziamath'] = None",
    "exporters": "import desktop_app.exporters as room; room.__path__ = []",
    "importers": "import desktop_app.importers as room; room.__path__ = []",
    "tools": "import desktop_app.tools as room; room.__path__ = []",
    "keyring": "sys.modules['keyring'] = None",
    "TLS roots": "sys.modules['truststore'] = None",
    "demo endpoint": "from desktop_app.demo import server; server.HOST = '203.0.113.7'",
    "Qt": "sys.modules['PySide6'] = None",
    "program": "sys.modules['desktop_app.ui.banner'] = None",
}


def check_with(breakage: str, home: Path) -> "subprocess.CompletedProcess[str]":
    code = f"import pathlib, sys\n{breakage}\nfrom desktop_app.__main__ import main\n"
    return subprocess.run(
        [sys.executable, "-c", code + "raise SystemExit(main(['--self-check']))"],
        env=environment(home), cwd=home,
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("part", BREAKAGES)
def test_what_is_missing_is_named_and_the_rest_still_checked(tmp_path: Path, part: str) -> None:
    ended = check_with(BREAKAGES[part], tmp_path)
    assert ended.returncode == 1, ended.stdout
    lines = ended.stdout.splitlines()
    missing = {line.split("  ", 1)[1].strip().split(":")[0] for line in lines if "missing" in line}
    assert part in missing
    assert len(lines) == len(self_check._CHECKS)
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("breakage", ["", BREAKAGES["icons"]])
def test_a_program_that_cannot_print_writes_into_a_file(tmp_path: Path, breakage: str) -> None:
    report = tmp_path / "report.txt"
    code = (
        f"import sys\n{breakage}\nfrom desktop_app.__main__ import main\n"
        "sys.stdout = sys.stderr = None\n"
        f"raise SystemExit(main(['--self-check', {str(report)!r}]))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), cwd=tmp_path,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    missing = [line for line in report.read_text("utf-8").splitlines() if "missing" in line]
    assert ended.returncode == len(missing) == (1 if breakage else 0)
    assert ended.stdout == b""


def test_without_an_output_or_a_file_the_status_still_tells(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom desktop_app.__main__ import main\n"
        "sys.stdout = sys.stderr = None\n"
        "raise SystemExit(main(['--self-check']))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), cwd=tmp_path,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (0, b"")


def test_a_check_that_hangs_is_ended(tmp_path: Path) -> None:
    hang = (
        "from desktop_app import self_check\n"
        "self_check._DEADLINE_SECONDS = 0.2\n"
        "import threading\n"
        "self_check._CHECKS = (('ever', threading.Event().wait),)"
    )
    ended = check_with(hang, tmp_path)
    assert ended.returncode == 1
    assert "threading" in ended.stderr
