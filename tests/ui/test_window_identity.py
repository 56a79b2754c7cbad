"""Windows are told whose they are, in the words of each system."""

import ctypes
import sys
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QGuiApplication

from desktop_app import APP_ID
from desktop_app.ui.window_identity import identify_windows


def test_linux_is_told_the_name_of_the_desktop_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(QGuiApplication, "setDesktopFileName", told.append)

    identify_windows()

    assert told == [APP_ID]


def test_windows_is_told_the_id_that_the_installer_gives_its_shortcuts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(sys, "platform", "win32")
    shell = SimpleNamespace(SetCurrentProcessExplicitAppUserModelID=told.append)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(shell32=shell), raising=False)

    identify_windows()

    assert told == [APP_ID]
