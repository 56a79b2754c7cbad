"""The desktop that the other tests run on is apart from the real one, and leaves nothing behind."""

from pathlib import Path

import pytest

from tests.servers.desktop_session import desktop_session
from tests.servers.secret_service import processes_in

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("_desktop_programs")]


def test_two_desktops_are_apart_and_both_are_gone_afterwards(tmp_path: Path) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
    with (
        desktop_session(folders[0], keyring=True) as first,
        desktop_session(folders[1], languages="zh_CN") as second,
    ):
        for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "HOME", "XDG_RUNTIME_DIR"):
            assert first.environment[name] != second.environment[name]
        assert "QT_QPA_PLATFORM" not in first.environment
        assert (first.environment["LANG"], second.environment["LANGUAGE"]) == ("C.UTF-8", "zh_CN")
        assert len(processes_in(dict(first.environment))) >= 4
    for session in (first, second):
        assert processes_in(dict(session.environment)) == []
