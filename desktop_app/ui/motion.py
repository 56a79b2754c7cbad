"""Whether things may move: the person's setting, or else what the system was told.

Qt 6.11 knows the contrast a person asked for, but not the motion, so each system is asked in its own
way, after the window was painted. Where the answer cannot be had, things move.
"""

import ctypes
import ctypes.util
import sys
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import MOTION

_SYSTEM: Final[str] = sys.platform
_GNOME_KEY: Final = "enable-animations"
_ASKED: Final = (
    ("org.freedesktop.appearance", "reduced-motion"),
    ("org.gnome.desktop.interface", _GNOME_KEY),
)
"""The first that is known counts: the newer setting of all desktops, and GNOME's own."""
_LOOK_MILLISECONDS: Final = 5_000
"""How often Windows and macOS are asked again: they tell only native windows of a change."""


class Motion(QObject):
    """Says whether motion is reduced, and when that changes."""

    changed = Signal()

    def __init__(self, settings: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._system_reduces = False
        self._asked_at = QTimer(self)
        self._asked_at.setInterval(_LOOK_MILLISECONDS)
        self._asked_at.timeout.connect(self._ask_again)
        settings.subscribe(self._on_setting_changed)

    @property
    def is_reduced(self) -> bool:
        """Whether nothing should move that need not."""
        chosen = self._settings.text(MOTION)
        return self._system_reduces if chosen == "system" else chosen == "reduced"

    def follow_system(self) -> None:
        """Ask the system, now and whenever it changes. Costs an import; call it after the first paint."""
        if _SYSTEM == "linux":
            self._follow_portal()
        else:
            self._ask_again()
            self._asked_at.start()

    def _on_setting_changed(self, key: str) -> None:
        if key == MOTION.key:
            self.changed.emit()

    def _take(self, *, reduces: bool) -> None:
        if reduces != self._system_reduces:
            self._system_reduces = reduces
            self.changed.emit()

    def _ask_again(self) -> None:
        self._take(reduces=_windows_reduces() if _SYSTEM == "win32" else _macos_reduces())

    def _follow_portal(self) -> None:
        from desktop_app.ui.settings_portal import PortalSettings

        answers: dict[str, bool] = {}

        def take(key: str, value: object) -> None:
            answers[key] = not value if key == _GNOME_KEY else value == 1
            self._take(reduces=next(answers[key] for _, key in _ASKED if key in answers))

        PortalSettings(_ASKED, take, self)


def _windows_reduces() -> bool:
    """Whether "Show animations in Windows" is off."""
    get_client_area_animation = 0x1042
    animates = ctypes.c_int(1)
    libraries: Any = ctypes
    asked = libraries.windll.user32.SystemParametersInfoW(
        get_client_area_animation, 0, ctypes.byref(animates), 0
    )
    return bool(asked) and not animates.value


def _macos_reduces() -> bool:
    """Whether "Reduce motion" is on."""
    objc = ctypes.CDLL(ctypes.util.find_library("objc"))
    objc.objc_getClass.restype = objc.sel_registerName.restype = ctypes.c_void_p
    send = objc.objc_msgSend
    send.restype, send.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_void_p]
    workspace = send(objc.objc_getClass(b"NSWorkspace"), objc.sel_registerName(b"sharedWorkspace"))
    send.restype = ctypes.c_bool
    wish = objc.sel_registerName(b"accessibilityDisplayShouldReduceMotion")
    return bool(send(workspace, wish))
