"""What the person is told once after the start: what was damaged, what cannot be kept, and why."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.ui.banner import Banners
from desktop_app.ui.upkeep_watch import restore_label

_STORAGE = {
    "unreadable": QT_TRANSLATE_NOOP(
        "Notices",
        "The file with your conversations could not be read. It was kept as {file}, and a new one "
        "was begun.",
    ),
    "newer": QT_TRANSLATE_NOOP(
        "Notices",
        "Your conversations were written by a newer version of this program. As far as this one can "
        "show them they can be read and copied; nothing is changed in them, and what you write now is "
        "not kept. Update the program to go on with them.",
    ),
    "migration": QT_TRANSLATE_NOOP(
        "Notices",
        "This version of the program could not take over your conversations without a change to "
        "them, so they were left as they are, and this run’s are not kept. The log says more.",
    ),
    "read_only": QT_TRANSLATE_NOOP(
        "Notices",
        "The data folder cannot be written, so this run’s conversations are not kept. Allow "
        "writing to it, or choose another with --data-dir.",
    ),
    "unreachable": QT_TRANSLATE_NOOP(
        "Notices",
        "The data folder cannot be reached, so this run’s conversations are not kept. Check the "
        "disk it is on, or choose another with --data-dir.",
    ),
    "disk_full": QT_TRANSLATE_NOOP(
        "Notices",
        "The disk is full, so this run’s conversations are not kept. Free some space and start "
        "the program again.",
    ),
    "locked": QT_TRANSLATE_NOOP(
        "Notices",
        "Another program holds the file with your conversations, so this run’s are not kept. "
        "Close it and start this program again.",
    ),
    "other": QT_TRANSLATE_NOOP(
        "Notices",
        "The file with your conversations cannot be opened, so this run’s are not kept. The log "
        "says more.",
    ),
}


def show_start_notices(
    banners: Banners,
    *,
    settings_kept_as: Path | None = None,
    storage_problem: str = "",
    storage_kept_as: Path | None = None,
    environment_problem: str = "",
    show_backups: Callable[[], None] | None = None,
) -> None:
    """Show a notice for each thing that was not as it should be.

    Args:
        banners: Where they are shown.
        settings_kept_as: Where a damaged settings file was put.
        storage_problem: The word of :class:`desktop_app.storage.errors.OpeningProblem`, if any.
        storage_kept_as: Where an unreadable database was put.
        environment_problem: Why the environment variables cannot be used.
        show_backups: Leads to the backups; offered where an unreadable database was put aside.
    """
    if storage_problem:
        text = QCoreApplication.translate("Notices", _STORAGE[storage_problem])
        name = storage_kept_as.name if storage_kept_as else ""
        action = show_backups if storage_problem == "unreadable" else None
        banners.show_notice("storage", text.replace("{file}", name), restore_label(), action)
    if settings_kept_as is not None:
        text = QCoreApplication.translate(
            "Notices",
            "The settings file was damaged. It was kept as {file}, and the defaults are used.",
        )
        banners.show_notice("settings", text.replace("{file}", settings_kept_as.name))
    if environment_problem:
        banners.show_notice("environment", environment_problem)
