"""Every schema there ever was is brought up to date, and killed on the way wherever it can be.

So is going back to a copy.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app.storage.migrations import MIGRATIONS

DATA = Path(__file__).parents[1] / "data"
VERSIONS = sorted(int(file.stem.removeprefix("schema-")) for file in DATA.glob("schema-*.db"))


def test_there_is_a_file_of_every_schema_before_the_newest():
    """A new step needs a file that the steps before it made, with rows in every table of theirs."""
    assert set(range(1, len(MIGRATIONS))) <= set(VERSIONS) <= set(range(1, len(MIGRATIONS) + 1))


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are POSIX")
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("what", ["statements", "operations"])
def test_a_kill_at_any_step_leaves_one_version_or_the_other(memory_disk, version, what):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.storage.migration_kills_child"),
            *(DATA / f"schema-{version}.db", memory_disk, what),
        ],
        cwd=DATA.parents[1],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are POSIX")
def test_a_kill_while_a_copy_is_restored_leaves_the_old_or_the_new(memory_disk):
    done = subprocess.run(
        [sys.executable, "-m", "tests.storage.restore_kills_child", memory_disk],
        cwd=DATA.parents[1],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30
