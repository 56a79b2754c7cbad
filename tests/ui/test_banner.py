"""Notices above the conversation, and the sentences of a start that was not as it should be."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from desktop_app.storage.errors import OpeningProblem
from desktop_app.ui.banner import Banners
from desktop_app.ui.notices import show_start_notices


@pytest.fixture
def banners(qtbot: QtBot) -> Banners:
    widget = Banners()
    qtbot.addWidget(widget)
    return widget


def words(banners: Banners) -> list[str]:
    return [label.text() for label in banners.findChildren(QLabel) if not label.isHidden()]


def test_notices_stand_below_each_other_and_can_be_closed(banners: Banners) -> None:
    assert banners.isHidden()
    banners.show_notice("a", "One")
    banners.show_notice("b", "Two")
    assert words(banners) == ["One", "Two"]
    close = banners.findChildren(QToolButton)[0]
    assert close.accessibleName() == "Close this notice"
    close.click()
    assert not banners.has("a")
    assert banners.has("b")
    assert not banners.isHidden()
    banners.remove("b")
    banners.remove("b")
    assert banners.isHidden()


def test_a_notice_takes_the_place_of_the_earlier_one(banners: Banners) -> None:
    banners.show_notice("a", "One")
    banners.show_notice("a", "Other")
    banners.show_notice("a", "Third")
    assert words(banners)[-1] == "Third"


def test_a_button_does_what_it_says(banners: Banners) -> None:
    done: list[int] = []
    banners.show_notice("a", "One", "Do it", lambda: done.append(1))
    (button,) = banners.findChildren(QPushButton)
    assert button.text() == "Do it"
    button.click()
    assert done == [1]


def test_markup_is_shown_as_it_is(banners: Banners) -> None:
    banners.show_notice("a", "<b>bold</b>")
    (label,) = banners.findChildren(QLabel)
    assert label.textFormat().name == "PlainText"


@pytest.mark.parametrize("problem", list(OpeningProblem))
def test_every_problem_of_the_database_has_a_sentence(
    banners: Banners, problem: OpeningProblem
) -> None:
    show_start_notices(banners, storage_problem=problem.value, storage_kept_as=Path("/x/aside.db"))
    (text,) = words(banners)
    assert text.endswith(".")
    assert "{" not in text
    assert ("aside.db" in text) is (problem is OpeningProblem.UNREADABLE)


@pytest.mark.parametrize("problem", list(OpeningProblem))
def test_an_unreadable_database_leads_to_the_backups(
    banners: Banners, problem: OpeningProblem
) -> None:
    asked = []
    show_start_notices(
        banners,
        storage_problem=problem.value,
        storage_kept_as=Path("/x/aside.db"),
        show_backups=lambda: asked.append(problem),
    )
    for button in banners.findChildren(QPushButton):
        assert button.text() == "Restore a backup"
        button.click()
    assert asked == ([problem] if problem is OpeningProblem.UNREADABLE else [])


def test_each_thing_is_said_and_nothing_else(banners: Banners) -> None:
    show_start_notices(banners)
    assert banners.isHidden()
    show_start_notices(
        banners, settings_kept_as=Path("/x/settings.json.damaged-1"), environment_problem="Why not."
    )
    settings, environment = words(banners)
    assert "settings.json.damaged-1" in settings
    assert "/x/" not in settings
    assert environment == "Why not."
