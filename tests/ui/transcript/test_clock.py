"""How long the frame clock waits after a frame, on clocks that the test moves."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from desktop_app.ui.transcript import clock as clock_module
from desktop_app.ui.transcript.clock import FRAME_SECONDS, LONGEST_FRAME_SECONDS, FrameClock


@pytest.fixture
def times(monkeypatch) -> SimpleNamespace:
    """Time on the wall, and time of the processor."""
    fake = SimpleNamespace(now=1000.0, spent=5.0)
    fake.perf_counter, fake.thread_time = lambda: fake.now, lambda: fake.spent
    monkeypatch.setattr(clock_module, "time", fake)
    return fake


def pause_after(times: SimpleNamespace, elapsed: float, spent: float) -> float:
    """How long after its beginning a frame is followed by the next."""

    def work() -> None:
        times.now += elapsed
        times.spent += spent

    clock = FrameClock()
    begun = times.now
    clock.request(work)
    while not clock.is_due():
        times.now += 0.0005
    return times.now - begun


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("elapsed", "spent", "pause"),
    [
        (0.002, 0.002, FRAME_SECONDS),
        (0.010, 0.002, FRAME_SECONDS),
        (0.010, 0.010, 0.040),
        (0.012, 0.010, 0.040),
        (0.200, 0.200, LONGEST_FRAME_SECONDS),
    ],
    ids=["cheap", "interrupted", "dear", "dear and interrupted", "very dear"],
)
def test_only_a_frame_that_takes_the_processor_puts_off_the_next(times, elapsed, spent, pause):
    assert pause_after(times, elapsed, spent) == pytest.approx(pause, abs=0.001)
