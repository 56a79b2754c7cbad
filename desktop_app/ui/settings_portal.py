"""What a Linux desktop was told, read from its settings portal over D-Bus.

Imported late: QtDBus is not needed for the first paint. Nothing here waits for an answer.
"""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusVariant,
)

_SERVICE: Final = "org.freedesktop.portal.Desktop"
_PATH: Final = "/org/freedesktop/portal/desktop"
_INTERFACE: Final = "org.freedesktop.portal.Settings"


class PortalSettings(QObject):
    """Asks for a few settings and tells of each value, now and when it changes.

    Args:
        wanted: Name space and key of each setting.
        told: Called with the key and the plain value; never for a setting that nobody knows.
    """

    def __init__(
        self,
        wanted: tuple[tuple[str, str], ...],
        told: Callable[[str, object], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self._told = told
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        # PySide6 6.11.3 declares bytes here, refuses them, and takes a string.
        slot: Any = SLOT("on_changed(QString,QString,QDBusVariant)")
        bus.connect(_SERVICE, _PATH, _INTERFACE, "SettingChanged", self, slot)
        for space, key in wanted:
            message = QDBusMessage.createMethodCall(_SERVICE, _PATH, _INTERFACE, "ReadOne")
            message.setArguments([space, key])
            watcher = QDBusPendingCallWatcher(bus.asyncCall(message), self)
            watcher.finished.connect(lambda done, key=key: self._on_answer(key, done))

    @Slot(str, str, QDBusVariant)
    def on_changed(self, space: str, key: str, value: QDBusVariant) -> None:
        """A setting of the desktop changed, one of ours or another."""
        if (space, key) in self._wanted:
            self._told(key, _plain(value))

    def _on_answer(self, key: str, done: QDBusPendingCallWatcher) -> None:
        values = () if done.isError() else done.reply().arguments()
        if values:
            self._told(key, _plain(values[0]))
        done.deleteLater()


def _plain(value: object) -> object:
    return value.variant() if isinstance(value, QDBusVariant) else value
