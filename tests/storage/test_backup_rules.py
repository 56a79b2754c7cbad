"""Names of copies, and which are kept as time goes by."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.backup import Backup, BackupReason
from desktop_app.storage.backup_rules import (
    DAY,
    HALF_HOUR,
    backup_named,
    name_of,
    to_drop,
)

NOON = int(datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp())


def backup(at: int, reason=BackupReason.AUTOMATIC, *, damaged=False) -> Backup:
    return Backup(name_of(at, reason, is_damaged=damaged), at, reason, damaged)


def lived_through(days: int, start: int = NOON) -> list[Backup]:
    """What is left when a copy was made every half hour, and the rules followed after each."""
    kept: list[Backup] = []
    for at in range(start, start + days * DAY, HALF_HOUR):
        kept.append(backup(at))
        dropped = to_drop(kept, at)
        kept = [b for b in kept if b not in dropped]
    return kept


@pytest.mark.parametrize("reason", list(BackupReason))
@pytest.mark.parametrize("damaged", [False, True])
def test_a_name_says_what_the_copy_is(reason, damaged):
    made = backup(NOON + 7, reason, damaged=damaged)
    assert made.name.startswith("interleave-20261126T120007Z-")
    assert backup_named(made.name) == made


@pytest.mark.parametrize(
    "name",
    [
        "interleave.db",
        "interleave-20261126T120007Z-auto.db.part",
        "interleave-20261326T120007Z-auto.db",
        "interleave-20261126T120007Z-nothing.db",
        "../interleave-20261126T120007Z-auto.db",
        "",
    ],
)
def test_other_files_are_no_copies(name):
    assert backup_named(name) is None


def test_after_a_year_there_are_twelve_half_hours_seven_days_four_weeks_and_six_months():
    kept = sorted(b.made_at for b in lived_through(365))
    last = kept[-1]
    assert kept[-12:] == [last - n * HALF_HOUR for n in reversed(range(12))]
    days = {at // DAY for at in kept}
    assert set(range(last // DAY - 6, last // DAY + 1)) <= days
    weeks = {(at - 4 * DAY) // (7 * DAY) for at in kept}
    assert set(range(max(weeks) - 3, max(weeks) + 1)) <= weeks
    months = {datetime.fromtimestamp(at, UTC).strftime("%Y-%m") for at in kept}
    assert months == {"2027-06", "2027-07", "2027-08", "2027-09", "2027-10", "2027-11"}
    assert len(kept) <= 12 + 7 + 4 + 6


def test_a_machine_that_was_off_loses_nothing_by_that():
    kept = lived_through(3)
    assert to_drop(kept, NOON + 400 * DAY) == []


@pytest.mark.parametrize(
    "reason",
    [r for r in BackupReason if r not in {BackupReason.AUTOMATIC, BackupReason.MANUAL}],
)
def test_what_was_made_before_something_stays_ninety_days_and_the_newest_longer(reason):
    first, second = backup(NOON, reason), backup(NOON + DAY, reason)
    assert to_drop([first, second], NOON + 90 * DAY - 1) == []
    assert to_drop([second, first], NOON + 90 * DAY) == [first]
    assert to_drop([second], NOON + 4000 * DAY) == []


def test_what_a_person_made_stays():
    made = [backup(NOON + n, BackupReason.MANUAL) for n in range(50)]
    assert to_drop(made, NOON + 4000 * DAY) == []


def test_the_newest_without_damage_outlives_any_number_with_it():
    sound = backup(NOON)
    damaged = [backup(NOON + n * HALF_HOUR, damaged=True) for n in range(1, 20_000)]
    dropped = to_drop([*damaged, sound], NOON + 20_000 * HALF_HOUR)
    assert sound not in dropped
    assert len(damaged) - len(dropped) <= 12 + 7 + 4 + 6


@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(BackupReason), st.booleans())),
    st.integers(-(10**7), 10**8),
)
def test_what_is_left_holds_still_and_has_the_newest(made, later):
    backups = list({backup(NOON + at * 60, r, damaged=d) for at, r, d in made})
    now = NOON + later
    dropped = to_drop(backups, now)
    kept = [b for b in backups if b not in dropped]
    assert to_drop(kept, now) == []
    assert bool(kept) == bool(backups)
    if backups:
        assert max(b.made_at for b in backups) in {b.made_at for b in kept}
    for reason in {b.reason for b in backups}:
        assert any(b.reason is reason for b in kept)
