"""The contract of sources, on the built-in tools with real files and processes."""

import asyncio
import os
from pathlib import Path

import pytest

from desktop_app.settings.builtin_settings import GRANTED_FOLDERS, RUN_PYTHON
from desktop_app.settings.store import SettingsStore
from desktop_app.tools import BuiltinSource, builtin_tools
from tests.chat.tool_source_contract import Example, Examples, ToolSourceContract
from tests.tools.kit import NoPages


def lock_is_free(path: Path) -> bool:
    """Whether nobody alive holds the lock that the hanging program took."""
    import fcntl

    with path.open("r+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


@pytest.mark.skipif(os.name != "posix", reason="the hanging program takes a lock of POSIX")
class TestBuiltin(ToolSourceContract):
    """The built-in tools, all of them switched on."""

    @pytest.fixture
    def examples(self, tmp_path: Path) -> Examples:
        notes = tmp_path / "notes"
        notes.mkdir()
        (notes / "a.txt").write_text("leaves of tea")
        settings = SettingsStore(None)
        settings.set(GRANTED_FOLDERS, str(notes.resolve()))
        settings.set(RUN_PYTHON, True)
        lock = tmp_path / "lock"
        lock.touch()
        hang = (
            f"import fcntl, time\nstream = open({str(lock)!r}, 'r+')\n"
            "fcntl.flock(stream, fcntl.LOCK_EX)\ntime.sleep(600)"
        )

        async def began() -> None:
            while lock_is_free(lock):  # noqa: ASYNC110 (another process tells nobody here)
                await asyncio.sleep(0)

        return Examples(
            BuiltinSource(builtin_tools, settings, NoPages),
            works=Example("search_files", {"text": "tea"}, "notes/a.txt:1: leaves of tea"),
            fails=Example("read_file", {"path": "b.txt"}, "There is no file"),
            hangs=Example("run_python", {"code": hang, "seconds": 500}),
            began=began,
            ended=lambda: lock_is_free(lock),
            changes=Example("write_file", {"path": "a.txt", "content": "coffee"}, "-leaves of tea"),
            state=lambda: (notes / "a.txt").read_text(),
        )
