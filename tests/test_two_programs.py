"""Two programs side by side: each on a folder of its own, or one after the other was killed."""

import signal
import sys
from pathlib import Path

import pytest

from desktop_app.demo.script import Reply, Say
from desktop_app.demo.server import DemoServer
from tests.servers.program import Child, run_with_window

pytestmark = pytest.mark.e2e


@pytest.fixture
def variables():
    with DemoServer(answer=Reply([Say("Fine.")])) as server:
        yield {
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_API_KEY": "two",
            "QT_QPA_PLATFORM": "offscreen",
        }


ASK = """
    window.work.page.composer.submitted.emit({words!r})
    await until(lambda: not window.work.page.session.is_busy)
    await window.work.page.session.settled()
    print(sorted(c.title for c in window.work._parts.library.conversations))
"""


def asked(words: str, folder: Path, home: Path, variables: dict[str, str]) -> str:
    own = {k: v for k, v in variables.items() if k != "QT_QPA_PLATFORM"}
    done = run_with_window(ASK.format(words=words), "--data-dir", folder, home=home, variables=own)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def listens(folder: Path) -> bool:
    return (folder / "interleave.db-wal").exists()


def test_two_folders_side_by_side(tmp_path, variables, qtbot):
    one, two = tmp_path / "one", tmp_path / "two"
    with Child("--data-dir", one, home=tmp_path, variables=variables) as first:
        qtbot.waitUntil(lambda: listens(one), timeout=30_000)
        assert asked("Tea?", two, tmp_path, variables) == "['Tea?']"
        # The first has the lock of its own folder: a start there only shows it and ends.
        with Child("--data-dir", one, home=tmp_path, variables=variables) as again:
            assert again.wait() in {0, 1}
        assert first.process.poll() is None
        first.process.terminate()
        assert first.wait() == 0
    assert asked("Coffee?", one, tmp_path, variables) == "['Coffee?']"
    assert asked("More?", two, tmp_path, variables) == "['Tea?']"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_the_lock_of_a_killed_program_is_no_obstacle(tmp_path, variables, qtbot):
    folder = tmp_path / "data"
    with Child("--data-dir", folder, home=tmp_path, variables=variables) as killed:
        qtbot.waitUntil(lambda: listens(folder), timeout=30_000)
        killed.process.send_signal(signal.SIGKILL)
        killed.wait()
    assert (folder / "instance.lock").exists()
    assert asked("Tea?", folder, tmp_path, variables) == "['Tea?']"
