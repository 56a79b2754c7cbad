"""The words of each phase, and the seconds beside them, on a clock that the test moves."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop_app.chat.events import Phase, Status
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.ui import status_line
from desktop_app.ui.status_line import StatusLine


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Give a clock that stands still; the line looks at it when told to."""
    fake = SimpleNamespace(now=1000.0)
    fake.monotonic = lambda: fake.now
    monkeypatch.setattr(status_line, "time", fake)
    return fake


@pytest.fixture
def line(qtbot: QtBot, clock: SimpleNamespace) -> StatusLine:
    widget = StatusLine()
    qtbot.addWidget(widget)
    return widget


def tick(line: StatusLine) -> str:
    """Let the line's own timer ring, and return what it says."""
    (timer,) = line.findChildren(QTimer)
    assert timer.isActive()
    timer.timeout.emit()
    return line.text()


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        (Phase.READY, "ready"),
        (Phase.CONNECTING, "connecting"),
        (Phase.WAITING, "waiting for the first token"),
        (Phase.THINKING, "thinking"),
        (Phase.WRITING, "writing"),
        (Phase.ASKING, "waiting for your permission"),
        (Phase.STOPPED, "stopped"),
        (Phase.FAILED, "error"),
    ],
)
def test_each_phase_has_its_words(line: StatusLine, phase: Phase, words: str) -> None:
    line.show_status(Status(phase, turn_started=1000.0))
    assert line.text() == words
    (timer,) = line.findChildren(QTimer)
    assert timer.isActive() is phase.is_busy


def test_every_phase_is_known(line: StatusLine) -> None:
    for phase in Phase:
        line.show_status(Status(phase))
        assert line.text()


def test_seconds_are_counted_while_an_answer_is_on_its_way(
    line: StatusLine, clock: SimpleNamespace
) -> None:
    line.show_status(Status(Phase.WAITING, turn_started=1000.0))
    clock.now = 1000.9
    assert tick(line) == "waiting for the first token"
    clock.now = 1003.4
    assert tick(line) == "waiting for the first token · 3 s"
    line.show_status(Status(Phase.READY))
    assert line.text() == "ready"


def test_silence_is_said_and_ends_with_the_next_piece(
    line: StatusLine, clock: SimpleNamespace
) -> None:
    line.show_status(Status(Phase.WRITING, turn_started=1000.0, last_data=1002.0))
    clock.now = 1011.9
    assert tick(line) == "writing · 11 s"
    clock.now = 1012.0
    assert tick(line) == "no data for 10 s"
    clock.now = 1031.2
    assert tick(line) == "no data for 29 s"
    line.note_data(Status(Phase.WRITING, turn_started=1000.0, last_data=1032.0))
    clock.now = 1033.0
    assert tick(line) == "writing · 33 s"


def test_a_planned_request_is_counted_down_with_its_reason(
    line: StatusLine, clock: SimpleNamespace
) -> None:
    cause = ErrorRecord(ErrorKind.RATE_LIMIT, "api.example")
    line.show_status(Status(Phase.RETRYING, 990.0, retry_due=1003.4, cause=cause))
    said = [line.text()]
    for second in (1000.5, 1001.4, 1002.4, 1003.3, 1003.6):
        clock.now = second
        said.append(tick(line))
    reason = "Too many requests at the moment."
    assert said == [f"retrying in {left} s · {reason}" for left in (4, 3, 2, 1, 1, 1)]
    line.show_status(Status(Phase.CONNECTING, 990.0))
    assert line.text() == "connecting · 13 s"


def test_the_whole_life_of_an_answer_second_by_second(
    line: StatusLine, clock: SimpleNamespace
) -> None:
    def at(second: float, status: Status | None = None) -> str:
        clock.now = 1000.0 + second
        if status is not None:
            line.show_status(status)
        return tick(line)

    began = 1000.0
    assert at(0, Status(Phase.CONNECTING, began)) == "connecting"
    assert at(1) == "connecting · 1 s"
    assert at(2, Status(Phase.WAITING, began)) == "waiting for the first token · 2 s"
    # Before anything came there is nothing to miss: the server may take its time.
    assert at(40) == "waiting for the first token · 40 s"
    assert at(41, Status(Phase.THINKING, began, 1041.0)) == "thinking · 41 s"
    assert at(50) == "thinking · 50 s"
    assert at(51) == "no data for 10 s"
    assert at(52) == "no data for 11 s"
    assert at(53, Status(Phase.WRITING, began, 1053.0)) == "writing · 53 s"
    line.show_status(Status(Phase.READY))
    assert line.text() == "ready"


def test_trouble_stays_beside_the_phase_until_it_is_taken_back(line: StatusLine) -> None:
    line.show_trouble("The disk is full.")
    assert line.text() == "ready · The disk is full."
    line.show_status(Status(Phase.STOPPED))
    assert line.text() == "stopped · The disk is full."
    line.show_trouble("")
    assert line.text() == "stopped"


def test_what_does_not_fit_stands_in_the_tool_tip(line: StatusLine) -> None:
    line.resize(60, 20)
    line.show_trouble("A sentence that is much too long for so little room.")
    assert line.toolTip() == line.text()
    line.resize(2000, 20)
    line.show_trouble("Short.")
    assert line.toolTip() == ""


def test_it_can_be_read_but_not_written(line: StatusLine, qtbot: QtBot) -> None:
    assert line.isReadOnly()
    assert line.accessibleName() == "Status"
    qtbot.keyClicks(line, "abc")
    assert line.text() == "ready"


def test_the_pace_of_writing_is_told_once_it_is_known(
    line: StatusLine, clock: SimpleNamespace
) -> None:
    line.show_status(Status(Phase.WRITING, turn_started=1000.0))
    for tenth in range(31):
        clock.now = 1000.0 + tenth / 10
        line.note_data(Status(Phase.WRITING, 1000.0, clock.now), "x" * 42)
    assert tick(line) == "writing · 3 s · about 100 tokens/s"
    line.show_status(Status(Phase.WAITING, 1000.0, clock.now))
    assert line.text() == "waiting for the first token · 3 s"
    line.show_status(Status(Phase.WRITING, turn_started=1003.0, last_data=1003.0))
    clock.now = 1005.0
    assert tick(line) == "writing · 2 s"


def test_the_tool_that_runs_is_named_and_may_be_silent(
    line: StatusLine, clock: SimpleNamespace
) -> None:
    running = Status(Phase.RUNNING_TOOL, 1000.0, 1000.0, tool="read_file", round=1, rounds=25)
    line.show_status(running)
    assert line.text() == "running read_file"
    clock.now += 30
    assert tick(line) == "running read_file · 30 s"
    line.show_status(Status(Phase.RUNNING_TOOL, 1030.0, tool="evil\u202e\nname"))
    assert "\u202e" not in line.text()


def test_rounds_are_counted_from_the_second_on(line: StatusLine, clock: SimpleNamespace) -> None:
    line.show_status(Status(Phase.THINKING, 1000.0, 1000.0, round=1, rounds=25))
    assert line.text() == "thinking"
    line.show_status(Status(Phase.THINKING, 1000.0, 1000.0, round=2, rounds=25))
    assert line.text() == "thinking · round 2 of 25"
    clock.now += 3
    assert tick(line) == "thinking · round 2 of 25 · 3 s"


def test_nobody_is_hurried_by_a_question(line: StatusLine, clock: SimpleNamespace) -> None:
    line.show_status(Status(Phase.ASKING, 1000.0, 1000.0, round=3, rounds=25))
    clock.now += 60
    assert tick(line) == "waiting for your permission · round 3 of 25"
