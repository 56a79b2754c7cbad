"""Panes that give way in a narrow window and come back, unless the person closed them."""

import pytest
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.ui.folding import Folding


@pytest.fixture
def panes(qtbot: QtBot) -> tuple[QWidget, QWidget]:
    parent = QWidget()
    qtbot.addWidget(parent)
    first, second = QWidget(parent), QWidget(parent)
    first.setObjectName("first")
    second.setObjectName("second")
    parent.show()
    parent.panes = (first, second)  # kept alive with the panes
    first.owner = parent
    return first, second


@pytest.fixture
def folding(panes: tuple[QWidget, QWidget]) -> Folding:
    return Folding([(panes[0], 800), (panes[1], 600)])


def shown(panes: tuple[QWidget, QWidget]) -> list[bool]:
    return [pane.isVisible() for pane in panes]


def test_the_first_gives_way_first(folding: Folding, panes: tuple[QWidget, QWidget]) -> None:
    for width, expected in (
        (1000, [True, True]), (799, [False, True]), (599, [False, False]), (600, [False, True]),
        (800, [True, True]),
    ):  # fmt: skip
        folding.fit(width)
        assert shown(panes) == expected


def test_a_pane_that_was_closed_stays_closed(
    folding: Folding, panes: tuple[QWidget, QWidget]
) -> None:
    folding.fit(1000)
    folding.toggle(panes[0])
    folding.fit(500)
    folding.fit(1000)
    assert shown(panes) == [False, True]
    folding.toggle(panes[0])
    assert shown(panes) == [True, True]


def test_a_pane_asked_for_in_a_narrow_window_takes_the_others_place(
    folding: Folding, panes: tuple[QWidget, QWidget]
) -> None:
    folding.fit(500)
    folding.toggle(panes[1])
    assert shown(panes) == [False, True]
    folding.toggle(panes[0])
    assert shown(panes) == [True, False]
    # Widening keeps what is wanted and gives back the other.
    folding.fit(1000)
    assert shown(panes) == [True, True]


def test_a_pane_that_was_opened_stays_while_the_window_grows(
    folding: Folding, panes: tuple[QWidget, QWidget]
) -> None:
    folding.fit(500)
    folding.toggle(panes[0])
    folding.fit(550)
    assert shown(panes)[0]
    folding.fit(540)
    assert not shown(panes)[0]


def test_what_was_folded_in_an_earlier_run_comes_back(
    folding: Folding, panes: tuple[QWidget, QWidget]
) -> None:
    folding.fit(700)
    assert folding.folded == ("first",)
    again = Folding([(panes[0], 800), (panes[1], 600)])
    again.note_folded(["first", "second", "nobody"])
    assert again.folded == ("first",)
    again.fit(700)
    assert shown(panes) == [False, True]
    again.fit(900)
    assert shown(panes) == [True, True]


def test_a_pane_on_a_screen_of_its_own_is_left_alone(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    dock = QDockWidget(window)
    window.show()
    dock.setFloating(True)
    dock.show()
    folding = Folding([(dock, 800)])
    folding.fit(1000)
    folding.fit(400)
    assert dock.isVisible()
