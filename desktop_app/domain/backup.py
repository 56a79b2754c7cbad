"""Copies of the conversations, why they were made, and what an examination may find."""

from dataclasses import dataclass
from enum import StrEnum


class BackupReason(StrEnum):
    """Why a copy was made; it decides how long it is kept."""

    AUTOMATIC = "auto"
    MANUAL = "manual"
    BEFORE_MIGRATION = "before-migration"
    BEFORE_RESTORE = "before-restore"
    BEFORE_IMPORT = "before-import"
    BEFORE_DELETION = "before-deletion"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was checked when it was made.

    Attributes:
        name: Of its file.
        made_at: Seconds since the Unix epoch, whole.
        reason: Why it was made.
        is_damaged: Whether a message in it was not what had been saved, at that time already.
        size: Bytes.
        conversations: How many it has, without those in the trash; ``None`` when it cannot be read.
    """

    name: str
    made_at: int
    reason: BackupReason
    is_damaged: bool = False
    size: int = 0
    conversations: int | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """What an examination of everything that is stored has found.

    Attributes:
        structure: What SQLite's check of the file says; empty when that is sound.
        messages: How many messages are not what was saved, by their checksums.
    """

    structure: str = ""
    messages: int = 0

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.structure or self.messages)
