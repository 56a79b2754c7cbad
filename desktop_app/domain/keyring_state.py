"""What the system keyring answered, in words the rest of the program can act on."""

from dataclasses import dataclass
from enum import StrEnum


class KeyringState(StrEnum):
    """How the keyring stands after a call."""

    READY = "ready"
    ABSENT = "absent"
    """No keyring that may be used: none installed, or one that is not on the allow-list."""
    LOCKED = "locked"
    """A keyring is there, but the person did not unlock it."""
    TIMED_OUT = "timed_out"
    """It did not answer in time; a prompt may still be open."""
    FAILED = "failed"
    """It answered with an error, or did not give back what was written."""
    TOO_LONG = "too_long"
    """The key is longer than this system's keyring takes."""


@dataclass(frozen=True, slots=True)
class KeyReading:
    """A key that was asked for.

    Attributes:
        key: The key, from the keyring or from this run's memory; ``None`` when there is none.
        state: How the keyring stands. ``READY`` with no key means that none was ever stored.
        kept: Whether the key is in the keyring, so that the next run will find it.
        detail: What the keyring said, without any key.
    """

    key: str | None
    state: KeyringState
    kept: bool = False
    detail: str = ""

    def __repr__(self) -> str:
        """Say everything but the key, so that no log or traceback shows it."""
        return (
            f"KeyReading(key={'set' if self.key else 'none'}, state={self.state}, kept={self.kept})"
        )


@dataclass(frozen=True, slots=True)
class KeyWriting:
    """The outcome of storing or removing a key; ``kept`` is false when it lives for this run only."""

    state: KeyringState
    kept: bool
    detail: str = ""
