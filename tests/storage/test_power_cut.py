"""After a power cut at any moment what was acknowledged is there, and the file is whole."""

import random

import pytest

from tests.storage import power_cut
from tests.storage.power_cut import Acknowledged, Sync, cut, cuts, record

pytestmark = pytest.mark.logs_errors("was interrupted|unreadable|kept for this run only")


def test_power_cuts(memory_disk):
    seed = random.SystemRandom().randrange(2**32)
    assert cuts(150, seed, memory_disk) > 500


def test_a_disk_that_does_not_sync_is_found(memory_disk):
    """The cuts are such that they would show it."""
    home = memory_disk / "home"
    home.mkdir()
    operations = [op for op in record(home) if not isinstance(op, Sync)]
    chance = random.Random(1)
    lost = 0
    for number in range(20):
        folder = memory_disk / str(number)
        try:
            cut(operations, chance.randrange(200, len(operations)), folder, chance)
        except AssertionError:
            lost += 1
    assert lost > 10


def test_what_was_never_acknowledged_may_be_lost_and_nothing_more(memory_disk):
    home = memory_disk / "home"
    home.mkdir()
    operations = record(home)
    first = next(i for i, op in enumerate(operations) if isinstance(op, Acknowledged))
    for at in (1, first // 2, first, first + 1, len(operations)):
        cut(operations, at, memory_disk / f"cut-{at}", random.Random(at))
    assert sum(isinstance(op, Acknowledged) for op in operations) == power_cut.TURNS * (
        power_cut.DELTAS + 2
    )
