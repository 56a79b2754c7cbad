"""How long the machine slept, told from its clocks."""

import sys
import time

import pytest

from desktop_app.providers.openai_chat.suspension import THIS_MACHINE, Suspension, clocks_of


def test_the_sleep_is_what_one_clock_counted_and_the_other_did_not():
    at = {"whole": 5000.0, "awake": 4000.0}
    suspension = Suspension(lambda: at["whole"], lambda: at["awake"])
    before = suspension.seconds()
    at["whole"] += 60.0
    at["awake"] += 60.0
    assert suspension.seconds() == before
    at["whole"] += 3600.0
    assert suspension.seconds() - before == 3600.0


def test_a_program_held_up_between_the_two_clocks_has_not_slept():
    """A debugger, a stopped process or a busy machine: the reading is taken again."""
    reads = iter([1000.0, 1030.0, 1030.0, 1030.0, 1030.1, 1030.2])
    suspension = Suspension(lambda: next(reads), lambda: next(reads) - 500.0)
    assert suspension.seconds() == pytest.approx(500.0, abs=1.0)
    assert next(reads, None) is None


def test_the_wall_clock_has_no_part_in_it(monkeypatch):
    before = THIS_MACHINE.seconds()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert THIS_MACHINE.seconds() == pytest.approx(before, abs=0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the clocks of Linux")
def test_linux_is_asked_for_the_time_since_it_booted():
    expected = time.clock_gettime(time.CLOCK_BOOTTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)
    assert THIS_MACHINE.seconds() == pytest.approx(expected, abs=0.1)


def test_each_system_has_its_pair(monkeypatch):
    read = {1: 500.0, 2: 400.0, 3: 90.0, 4: 80.0}
    names = ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_UPTIME_RAW")
    for number, name in enumerate(names, start=1):
        monkeypatch.setattr(time, name, number, raising=False)
    monkeypatch.setattr(time, "clock_gettime", read.__getitem__)
    assert clocks_of("linux").seconds() == 100.0
    assert clocks_of("darwin").seconds() == 10.0


def test_a_system_without_such_clocks_never_slept(monkeypatch):
    assert clocks_of("plan9").seconds() == 0.0
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    assert clocks_of("linux").seconds() == 0.0


def test_windows_counts_its_sleep(monkeypatch):
    import ctypes

    class Kernel:
        class GetTickCount64:
            restype: object = None

            def __new__(cls):
                assert cls.restype is ctypes.c_uint64
                return 5_000_000

        @staticmethod
        def QueryUnbiasedInterruptTime(pointer):  # noqa: N802
            pointer._obj.value = 40_000_000_000
            return 1

    monkeypatch.setattr(ctypes, "CDLL", {"kernel32": Kernel}.__getitem__)
    assert clocks_of("win32").seconds() == 1000.0
