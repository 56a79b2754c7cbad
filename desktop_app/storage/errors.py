"""What the database can refuse, as errors with a sentence that a person can act on.

The sentences name no path, no table and no SQL: those go to the log with the cause.
"""

import errno
from enum import StrEnum
from typing import ClassVar, Final

import apsw

from desktop_app.chat.ports import StoreError
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP


class OpeningProblem(StrEnum):
    """What was found when the database was opened; the window says it once."""

    UNREADABLE = "unreadable"
    """The file could not be read. It was kept aside under another name, and a new one begun."""
    NEWER = "newer"
    """A newer version of the program made it. It was left alone."""
    READ_ONLY = "read_only"
    UNREACHABLE = "unreachable"
    DISK_FULL = "disk_full"
    LOCKED = "locked"
    MIGRATION = "migration"
    """Bringing it up to date would have changed what is in it. It was left as it was."""
    OTHER = "other"


class DatabaseError(StoreError):
    """Any refusal of the database; ``problem`` is the word for it."""

    problem: ClassVar[OpeningProblem] = OpeningProblem.OTHER


class DiskFullError(DatabaseError):
    """There is no space left, or a quota is used up. What was saved before stays readable."""

    problem = OpeningProblem.DISK_FULL


class ReadOnlyError(DatabaseError):
    """The file, its folder or the whole disk cannot be written."""

    problem = OpeningProblem.READ_ONLY


class UnreachableError(DatabaseError):
    """The file or its folder cannot be made or opened."""

    problem = OpeningProblem.UNREACHABLE


class LockedError(DatabaseError):
    """Another process held the database for longer than the busy time-out."""

    problem = OpeningProblem.LOCKED


class DamagedError(DatabaseError):
    """What stands in the file is no database of ours, or no longer a whole one."""

    problem = OpeningProblem.UNREADABLE


class NewerDatabaseError(DatabaseError):
    """The schema is of a later version than this program knows; nothing was written to it."""

    problem = OpeningProblem.NEWER


class MigrationError(DatabaseError):
    """A step of the schema changed or lost conversations; it was undone."""

    problem = OpeningProblem.MIGRATION


class BackupError(DatabaseError):
    """A copy could not be made, is not what it should be, or is none of ours."""


class ClosedError(DatabaseError):
    """The database was closed, or never opened."""


_FULL: Final = QT_TRANSLATE_NOOP(
    "Storage", "The disk is full, so nothing can be saved until there is space."
)
_READ_ONLY: Final = QT_TRANSLATE_NOOP(
    "Storage", "The folder for conversations is read-only, so nothing can be saved there."
)
_UNREACHABLE: Final = QT_TRANSLATE_NOOP(
    "Storage", "The file for conversations cannot be opened or made; check its folder."
)
_LOCKED: Final = QT_TRANSLATE_NOOP(
    "Storage", "Another program is using the file for conversations; try again in a moment."
)
_DAMAGED: Final = QT_TRANSLATE_NOOP("Storage", "The file for conversations is damaged.")
_DISK: Final = QT_TRANSLATE_NOOP(
    "Storage", "The disk reported an error while conversations were read or saved."
)
_TOO_BIG: Final = QT_TRANSLATE_NOOP("Storage", "This is too large to be saved.")
_CONSTRAINT: Final = QT_TRANSLATE_NOOP(
    "Storage", "This does not fit what was saved before, so it was not saved."
)
_OTHER: Final = QT_TRANSLATE_NOOP("Storage", "The conversation could not be saved or read.")

_SENTENCES: Final[tuple[tuple[type[apsw.Error], type[DatabaseError], str], ...]] = (
    (apsw.FullError, DiskFullError, _FULL),
    (apsw.ReadOnlyError, ReadOnlyError, _READ_ONLY),
    (apsw.BusyError, LockedError, _LOCKED),
    (apsw.LockedError, LockedError, _LOCKED),
    (apsw.CorruptError, DamagedError, _DAMAGED),
    (apsw.NotADBError, DamagedError, _DAMAGED),
    (apsw.CantOpenError, UnreachableError, _UNREACHABLE),
    (apsw.PermissionsError, UnreachableError, _UNREACHABLE),
    (apsw.IOError, DatabaseError, _DISK),
    (apsw.TooBigError, DatabaseError, _TOO_BIG),
    (apsw.ConstraintError, DatabaseError, _CONSTRAINT),
)

_ERRNO: Final[dict[str, tuple[type[DatabaseError], str]]] = {
    "ENOSPC": (DiskFullError, _FULL),
    "EDQUOT": (DiskFullError, _FULL),
    "EROFS": (ReadOnlyError, _READ_ONLY),
    "EACCES": (ReadOnlyError, _READ_ONLY),
    "EPERM": (ReadOnlyError, _READ_ONLY),
}


def store_error(error: apsw.Error) -> DatabaseError:
    """Return ``error`` of SQLite as an error with a sentence; the caller raises it from ``error``."""
    for kind, ours, sentence in _SENTENCES:
        if isinstance(error, kind):
            return ours(sentence)
    return DatabaseError(_OTHER)


def is_disk_full(error: apsw.Error, system_errno: int) -> bool:
    """Whether ``error`` means that there is no space; of a used-up quota SQLite says only "I/O error".

    Args:
        error: As SQLite raised it.
        system_errno: What the operating system said, from the connection.
    """
    if isinstance(error, apsw.FullError):
        return True
    quota = getattr(errno, "EDQUOT", None)
    return isinstance(error, apsw.IOError) and quota is not None and system_errno == quota


def folder_error(error: OSError) -> DatabaseError:
    """Return ``error`` of a file or folder operation as an error with a sentence."""
    name = errno.errorcode.get(error.errno or 0, "")
    ours, sentence = _ERRNO.get(name, (UnreachableError, _UNREACHABLE))
    return ours(sentence)
