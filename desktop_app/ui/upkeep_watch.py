"""Says above the conversation what was found while what is stored was looked after."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLocale

from desktop_app.chat.upkeep import (
    BackedUp,
    BackupFailed,
    DamageFound,
    Reloaded,
    RoomGivenUp,
    Upkeep,
    UpkeepEvent,
)
from desktop_app.domain.backup import Damage
from desktop_app.ui.banner import Banners
from desktop_app.ui.error_text import store_sentence

_FAILED = "backup"
_DAMAGE = "damage"
_ROOM = "room"


class UpkeepWatch:
    """Shows a notice for each thing that a person has to know of.

    Args:
        upkeep: Tells it; ``None`` when nothing is stored in this run.
        banners: Where it is shown.
        show_backups: Leads to the backups.
        show_anew: Called when what is on the screen is out of date.
    """

    def __init__(
        self,
        upkeep: Upkeep | None,
        banners: Banners,
        show_backups: Callable[[], None],
        show_anew: Callable[[], object],
    ) -> None:
        self._banners = banners
        self._show_backups = show_backups
        self._show_anew = show_anew
        self.close: Callable[[], None] = lambda: None
        if upkeep is not None:
            self.close = upkeep.subscribe(self._on_event)

    def _on_event(self, event: UpkeepEvent) -> None:
        match event:
            case BackedUp():
                self._banners.remove(_FAILED)
            case BackupFailed(detail):
                text = QCoreApplication.translate("Notices", "No backup could be made. {reason}")
                text = text.replace("{reason}", store_sentence(detail))
                self._banners.show_notice(_FAILED, text)
            case DamageFound(damage):
                self._banners.show_notice(
                    _DAMAGE, _damage_text(damage), restore_label(), self._show_backups
                )
            case RoomGivenUp():
                text = QCoreApplication.translate(
                    "Notices",
                    "The disk is full. Space that was set aside for this moment is used now, so that "
                    "your conversations go on being saved. Free some space soon.",
                )
                self._banners.show_notice(_ROOM, text)
            case Reloaded():
                self._banners.remove(_DAMAGE)
                self._show_anew()


def restore_label() -> str:
    """Return what the button says that leads to the backups."""
    return QCoreApplication.translate("Notices", "Restore a backup")


def _damage_text(damage: Damage) -> str:
    if damage.structure:
        return QCoreApplication.translate(
            "Notices",
            "The file with your conversations is damaged. Go back to a backup before more is lost.",
        )
    text = (
        QCoreApplication.translate(
            "Notices",
            "A message on the disk is not what was saved: the disk may be failing. It is marked where "
            "it stands.",
        )
        if damage.messages == 1
        else QCoreApplication.translate(
            "Notices",
            "{count} messages on the disk are not what was saved: the disk may be failing. They are "
            "marked where they stand.",
        )
    )
    return text.replace("{count}", QLocale().toString(damage.messages))
