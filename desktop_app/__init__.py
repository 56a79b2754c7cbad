"""Interleave: an unofficial native desktop chat client for MiniMax-M2 and its siblings.

This module holds the program's name and version and imports nothing, so that ``--version`` and the
packaging tools can read both without loading Qt.
"""

from typing import Final

__version__: Final = "0.1.0"

APP_NAME: Final = "Interleave"
"""The name people read: window title, menus, notifications."""

APP_ID: Final = "io.github.interleave_chat.Interleave"
"""Reverse-DNS identifier: desktop entry, icon name, Wayland app id, Windows AppUserModelID."""

HOME_PAGE: Final = "https://github.com/interleave-chat/interleave"
"""Where the project lives; releases are announced below it."""
