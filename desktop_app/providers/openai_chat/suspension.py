"""How long this machine has slept, from two of its own clocks.

A connection that slept through its server's patience is dead without a word: no packet says so, and
on Linux and macOS the clock that time-outs are made of stood still meanwhile. Each system counts
time twice, with and without its sleep; the difference between the two is the sleep, and neither is
touched when a person or the network's time sets the clock on the wall.

What cannot be told: the sleep of the machine around a virtual one, which only sees its wall clock
jump, as it does when somebody sets it; and, on Windows, the standby in which the machine goes on
working now and then, unless it counts that as sleep itself. There the time-outs end the waiting.
"""

import functools
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

Clock = Callable[[], float]
"""Returns seconds since some moment that never changes while the program runs."""


_AT_ONCE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Suspension:
    """The sleep of a machine.

    Attributes:
        whole: Goes on while the machine sleeps.
        awake: Stands still while it does, and otherwise keeps step with ``whole``.
    """

    whole: Clock
    awake: Clock

    def seconds(self) -> float:
        """Return how long the machine has slept, counted from some moment, to a second."""
        while True:
            whole = self.whole()
            slept = whole - self.awake()
            # Held up in between, by a busy machine or a debugger, the two do not belong together.
            if self.whole() - whole < _AT_ONCE:
                return slept


def _never() -> float:
    return 0.0


def clocks_of(platform: str) -> Suspension:
    """Return the clocks of ``platform``, a value of ``sys.platform`` that is this machine's.

    Where there are no two such clocks, the answer is one that never sees any sleep.
    """
    if platform == "win32":
        return _of_windows()
    whole, awake = {
        "linux": ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"),
        # Its CLOCK_MONOTONIC goes on in sleep, unlike that of Linux.
        "darwin": ("CLOCK_MONOTONIC_RAW", "CLOCK_UPTIME_RAW"),
    }.get(platform, ("", ""))
    if not (hasattr(time, whole) and hasattr(time, awake)):
        return Suspension(_never, _never)
    read: Callable[[int], float] = time.clock_gettime
    return Suspension(
        functools.partial(read, getattr(time, whole)), functools.partial(read, getattr(time, awake))
    )


def _of_windows() -> Suspension:
    # Loaded there alone, and typed loosely: no other system has these functions.
    import ctypes

    kernel: Any = ctypes.CDLL("kernel32")
    kernel.GetTickCount64.restype = ctypes.c_uint64

    def whole() -> float:
        return int(kernel.GetTickCount64()) / 1e3

    def awake() -> float:
        tenths_of_microseconds = ctypes.c_uint64()
        kernel.QueryUnbiasedInterruptTime(ctypes.byref(tenths_of_microseconds))
        return tenths_of_microseconds.value / 1e7

    return Suspension(whole, awake)


THIS_MACHINE: Final = clocks_of(sys.platform)
