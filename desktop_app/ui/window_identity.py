"""Tells the desktop which program its windows are of, so that they stand below its icon."""

import ctypes
import sys
from typing import Any

from PySide6.QtGui import QGuiApplication

from desktop_app import APP_ID


def identify_windows() -> None:
    """Name the program to the desktop; before the first window, and before the application is made.

    Wayland and X11 are told by Qt. Windows groups by an id of the process: without one of its own a
    program that is pinned to the taskbar, and started in another way, would stand there twice.
    """
    QGuiApplication.setDesktopFileName(APP_ID)
    if sys.platform == "win32":
        libraries: Any = ctypes
        libraries.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APP_ID)
