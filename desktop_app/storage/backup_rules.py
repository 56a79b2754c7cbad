"""What copies are called, and which of them are kept. Pure functions: no file is touched here."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final

from desktop_app.domain.backup import Backup, BackupReason

SUFFIX: Final = ".db"
HALF_HOUR: Final = 1800
DAY: Final = 86_400

KEPT_BEFORE_DAYS: Final = 90
"""How long a copy is kept that was made before something was done."""

_DAMAGED: Final = ".damaged"
_TIME_FORMAT: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(r"interleave-(\d{8}T\d{6}Z)-([a-z-]+)(\.damaged)?\.db")

_MONDAY: Final = 4 * DAY
"""The epoch began on a Thursday; four days on, a week began."""


def name_of(made_at: int, reason: BackupReason, *, is_damaged: bool = False) -> str:
    """Return the name of a file; ``made_at`` in seconds since the Unix epoch."""
    moment = datetime.fromtimestamp(made_at, UTC).strftime(_TIME_FORMAT)
    return f"interleave-{moment}-{reason.value}{_DAMAGED if is_damaged else ''}{SUFFIX}"


def backup_named(name: str) -> Backup | None:
    """Return the copy that a file of this name is; ``None`` for any other file."""
    if (match := _NAME.fullmatch(name)) is None:
        return None
    moment, word, damaged = match.groups()
    try:
        made_at = datetime.strptime(moment, _TIME_FORMAT).replace(tzinfo=UTC)
        reason = BackupReason(word)
    except ValueError:
        return None
    return Backup(name, int(made_at.timestamp()), reason, is_damaged=damaged is not None)


def to_drop(backups: Iterable[Backup], now: float) -> list[Backup]:
    """Return the copies that are kept no longer, oldest first.

    Of the automatic ones the newest of each of the last 12 half hours, 7 days, 4 weeks and 6 months
    in which there was one are kept: a machine that was off for a month loses none by that. Those
    made before something was done stay for ``KEPT_BEFORE_DAYS``, the newest for each reason
    always; those a person made always. The newest without damage stays, whatever else holds.

    Args:
        backups: All there are, in any order.
        now: Seconds since the Unix epoch.
    """
    newest_first = sorted(backups, key=lambda backup: (backup.made_at, backup.name), reverse=True)
    kept: set[str] = set()
    automatic = [b for b in newest_first if b.reason is BackupReason.AUTOMATIC]
    for count, period_of in _PERIODS:
        kept |= _newest_of_each(automatic, count, period_of)
    kept |= {b.name for b in newest_first if b.reason is BackupReason.MANUAL}
    for reason in BackupReason:
        before = [b for b in newest_first if b.reason is reason]
        kept |= {b.name for b in before[:1]}
        if reason is not BackupReason.AUTOMATIC:
            kept |= {b.name for b in before if b.made_at > now - KEPT_BEFORE_DAYS * DAY}
    kept |= {b.name for b in [b for b in newest_first if not b.is_damaged][:1]}
    return [backup for backup in reversed(newest_first) if backup.name not in kept]


def _newest_of_each(
    newest_first: list[Backup], count: int, period_of: Callable[[int], int]
) -> set[str]:
    found: dict[int, str] = {}
    for backup in newest_first:
        period = period_of(backup.made_at)
        if period not in found and len(found) < count:
            found[period] = backup.name
    return set(found.values())


def _month(at: int) -> int:
    moment = datetime.fromtimestamp(at, UTC)
    return moment.year * 12 + moment.month


_PERIODS: Final[tuple[tuple[int, Callable[[int], int]], ...]] = (
    (12, lambda at: at // HALF_HOUR),
    (7, lambda at: at // DAY),
    (4, lambda at: (at - _MONDAY) // (7 * DAY)),
    (6, _month),
)
