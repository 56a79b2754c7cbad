"""What the person is told once after the start: what was damaged, what cannot be kept, and why."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.ui.banner import Banners

_STORAGE = {
    "unreadable": QT_TRANSLATE_NOOP(
        "Notices",
        "The file with your conversations could not be read. It was kept as {file}, and a new one "
        "was begun.",
    ),
    "newer": QT_TRANSLATE_NOOP(
        "Notices",
        "Your conversations were written by a newer version of this program and were left alone. "
        "Update the program to see them; what you write now is not kept.",
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
) -> None:
    """Show a notice for each thing that was not as it should be.

    Args:
        banners: Where they are shown.
        settings_kept_as: Where a damaged settings file was put.
        storage_problem: The word of :class:`desktop_app.storage.errors.OpeningProblem`, if any.
        storage_kept_as: Where an unreadable database was put.
        environment_problem: Why the environment variables cannot be used.
    """
    if storage_problem:
        text = QCoreApplication.translate("Notices", _STORAGE[storage_problem])
        name = storage_kept_as.name if storage_kept_as else ""
        banners.show_notice("storage", text.replace("{file}", name))
    if settings_kept_as is not None:
        text = QCoreApplication.translate(
            "Notices",
            "The settings file was damaged. It was kept as {file}, and the defaults are used.",
        )
        banners.show_notice("settings", text.replace("{file}", settings_kept_as.name))
    if environment_problem:
        banners.show_notice("environment", environment_problem)
