"""The panel below the search field: what it asks for, and what it says."""

import pytest
from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from desktop_app.domain.search import (
    ALL_SCOPES,
    ConversationHits,
    Hit,
    Scope,
    SearchQuery,
    SearchResult,
    Tally,
)
from desktop_app.ui.search.panel import SearchPanel
from tests.ui.window_kit import labels

HIT = Hit("m1", 0, Scope.ANSWERS, 1e9, "green tea", ((6, 9),))
FOUND = SearchResult(
    (ConversationHits("c1", "Tea", (HIT,)),),
    {Scope.ANSWERS: Tally(1), Scope.MINE: Tally(1000, is_least=True)},
)


@pytest.fixture
def panel(qtbot: QtBot) -> SearchPanel:
    widget = SearchPanel()
    qtbot.addWidget(widget)
    widget.resize(250, 400)
    widget.show()
    return widget


def chip(panel: SearchPanel, name: str) -> QToolButton:
    return next(b for b in panel.findChildren(QToolButton) if b.accessibleName() == name)


def widen(panel: SearchPanel) -> QPushButton:
    (button,) = panel.findChildren(QPushButton)
    return button


def sentence(panel: SearchPanel) -> str:
    return " ".join(
        label.text()
        for label in panel.findChildren(QLabel)
        if label.window() is panel and label.isVisible()
    )


def test_chips_choose_the_scopes_and_show_the_counts(panel: SearchPanel, qtbot: QtBot) -> None:
    assert panel.query("tea") == SearchQuery("tea")
    panel.show_result(SearchQuery("tea"), FOUND)
    assert chip(panel, "Answers").text() == "Answers 1"
    assert chip(panel, "Thinking").text() == "Thinking 0"
    assert chip(panel, "Mine").text() == f"Mine {QLocale().toString(1000)}+"
    assert chip(panel, "Mine").accessibleDescription() == f"{QLocale().toString(1000)}+ found"
    with qtbot.waitSignal(panel.query_changed):
        chip(panel, "Mine").click()
    assert panel.query("tea").scopes == ALL_SCOPES - {Scope.MINE}


def test_a_hit_is_chosen(panel: SearchPanel, qtbot: QtBot) -> None:
    panel.choose_first()
    panel.show_result(SearchQuery("tea"), FOUND)
    assert panel.hits.isVisible()
    with qtbot.waitSignal(panel.hit_chosen) as chosen:
        panel.choose_first()
    assert chosen.args is not None
    assert chosen.args[0].hit == HIT
    assert chosen.args[0].group.conversation_id == "c1"


def test_nothing_found_says_where_it_was_looked_for(panel: SearchPanel, qtbot: QtBot) -> None:
    panel.show_result(SearchQuery("tea"), SearchResult())
    assert sentence(panel) == "Nothing found. Searched: Answers, Thinking, Tools, Mine."
    assert not widen(panel).isVisible()
    chip(panel, "Tools").click()
    chip(panel, "Mine").click()
    panel.show_result(panel.query("tea"), SearchResult())
    assert sentence(panel) == "Nothing found. Searched: Answers, Thinking."
    assert widen(panel).isVisible()
    with qtbot.waitSignal(panel.query_changed):
        widen(panel).click()
    assert panel.query("tea") == SearchQuery("tea")


def test_without_a_scope_there_is_nothing_to_search(panel: SearchPanel) -> None:
    for name in ("Answers", "Thinking", "Tools", "Mine"):
        chip(panel, name).click()
    panel.show_result(panel.query("tea"), SearchResult())
    assert sentence(panel) == "Nothing is searched: choose where to look."
    assert widen(panel).isVisible()


def test_what_is_still_to_come_and_what_failed(panel: SearchPanel) -> None:
    panel.show_result(SearchQuery("tea"), SearchResult(is_complete=False))
    assert "still being read" in sentence(panel)
    panel.show_failure("The disk is gone.")
    assert sentence(panel) == "The disk is gone."
    assert not panel.hits.isVisible()
    assert not widen(panel).isVisible()


def test_the_filter_narrows(panel: SearchPanel, qtbot: QtBot) -> None:
    button = chip(panel, "Narrow the search")
    panel.set_models(["MiniMax-M2", "", "another"])
    button.click()
    assert panel.filter.isVisible()
    model, when = (
        next(box for box in panel.filter.findChildren(QComboBox) if box.accessibleName() == name)
        for name in ("Model", "Time")
    )
    assert [model.itemText(row) for row in range(model.count())] == [
        "All models",
        "MiniMax-M2",
        "another",
    ]
    with qtbot.waitSignal(panel.query_changed):
        model.setCurrentIndex(1)
    assert panel.query("tea").model == "MiniMax-M2"
    assert button.accessibleDescription() == "The search is narrowed"
    panel.set_models(["another"])
    assert panel.query("tea").model == "MiniMax-M2"
    when.setCurrentIndex(when.findText("Past 7 days"))
    since = panel.query("tea").since
    assert since is not None
    assert panel.query("tea").until is None
    when.setCurrentIndex(when.findText("Between…"))
    dates = panel.filter.findChildren(QDateEdit)
    assert all(edit.isVisible() for edit in dates)
    for edit in dates:
        edit.setDate(QDate(2026, 11, 23))
    query = panel.query("tea")
    assert query.since is not None
    assert query.until is not None
    assert query.until - query.since == 86_400
    (trash,) = panel.filter.findChildren(QCheckBox)
    trash.click()
    panel.show_result(panel.query("tea"), SearchResult())
    assert sentence(panel).startswith("Nothing found in the trash.")
    panel.filter.hide()
    widen(panel).click()
    assert panel.query("tea") == SearchQuery("tea")
    assert button.accessibleDescription() == ""


def test_everything_has_a_name(panel: SearchPanel) -> None:
    panel.show_result(SearchQuery("tea"), FOUND)
    said = labels(panel)
    for name in ("Answers", "Thinking", "Tools", "Mine", "Narrow the search", "Search results"):
        assert name in said
