"""The folder of copies: a new one goes in whole, the ones that are kept no longer go out. Blocking."""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import apsw

from desktop_app.domain.backup import Backup, BackupReason
from desktop_app.storage.backup_rules import backup_named, name_of, to_drop
from desktop_app.storage.connection import number
from desktop_app.storage.copying import TEMPORARY, copy_checked, put_in_place, reading

_log = logging.getLogger(__name__)

_LISTED: Final = "SELECT count(*) FROM conversation WHERE deleted_at IS NULL"


def make_backup(
    source: apsw.Connection,
    folder: Path,
    reason: BackupReason,
    now: float,
    stopped: Callable[[], bool] = lambda: False,
    spared: str = "",
) -> Backup:
    """Copy ``source`` into ``folder``, and drop what is kept no longer. Blocks.

    Args:
        source: A connection of this thread, not in a transaction.
        folder: Made where it is missing (0700).
        reason: Decides how long the copy is kept.
        now: Seconds since the Unix epoch.
        stopped: Asked now and then.
        spared: Name of a copy that is needed in a moment, and not dropped.

    Raises:
        BackupError: When what was to be copied is damaged, or ``stopped`` said so.
        apsw.Error: When SQLite refuses.
        OSError: When the system does.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"*{TEMPORARY}"):  # by a run that was killed
        left.unlink(missing_ok=True)
    made_at = int(now)
    while any(backup.made_at == made_at for backup in _found(folder)):
        made_at += 1
    temporary = folder / (name_of(made_at, reason) + TEMPORARY)
    copied = copy_checked(source, temporary, stopped)
    file = folder / name_of(made_at, reason, is_damaged=copied.damaged > 0)
    put_in_place(temporary, file)
    for old in to_drop(_found(folder), now):
        if old.name != spared:
            with contextlib.suppress(OSError):
                (folder / old.name).unlink()
    _log.info("A backup was made: %s", file.name)
    return _described(folder, Backup(file.name, made_at, reason, is_damaged=copied.damaged > 0))


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """Return the copies in ``folder``, the newest first, with what can be read of them. Blocks."""
    newest_first = sorted(_found(folder), key=lambda b: (b.made_at, b.name), reverse=True)
    return tuple(_described(folder, backup) for backup in newest_first)


def _found(folder: Path) -> list[Backup]:
    try:
        files = list(folder.iterdir())
    except FileNotFoundError:
        return []
    return [backup for file in files if (backup := backup_named(file.name)) is not None]


def _described(folder: Path, backup: Backup) -> Backup:
    file = folder / backup.name
    try:
        with reading(file) as connection:
            count = number(connection, _LISTED)
        return replace(backup, size=file.stat().st_size, conversations=count)
    except (apsw.Error, OSError) as error:
        _log.info("the backup %s cannot be read: %s", backup.name, error)
        return backup
