"""Hits as rows: what they say, and that markup in them stays text."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QListView
from pytestqt.qtbot import QtBot

from desktop_app.domain.search import ConversationHits, Hit, Scope, SearchResult
from desktop_app.domain.search_text import excerpt, parse
from desktop_app.ui.search.hit_delegate import HitDelegate
from desktop_app.ui.search.hits_model import HEADING_ROLE, SCOPE_ROLE, HitsModel


def hit(text: str, query: str, scope: Scope = Scope.ANSWERS, created_at: float = 1e9) -> Hit:
    return Hit("m1", 0, scope, created_at, *excerpt(parse(query), text))


RESULT = SearchResult(
    (
        ConversationHits("c1", "Tea", (hit("green tea", "tea"), hit("<b>tea</b>", "tea"))),
        ConversationHits("c2", "", (hit("绿茶 🍵 好", "好", Scope.MINE, 0.0),)),
    )
)


@pytest.fixture
def model() -> HitsModel:
    model = HitsModel()
    model.show(RESULT)
    return model


def test_the_first_of_a_conversation_bears_its_title(model: HitsModel) -> None:
    rows = [model.index(row) for row in range(model.rowCount())]
    assert [row.data(HEADING_ROLE) for row in rows] == ["Tea", "", ""]
    assert [row.data(SCOPE_ROLE) for row in rows] == ["Answers", "Answers", "Mine"]
    assert [row.data() for row in rows] == ["green tea", "<b>tea</b>", "绿茶 🍵 好"]
    assert model.index(7).data() is None


def test_a_row_reads_as_a_whole(model: HitsModel) -> None:
    said = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Tea, Answers, ")
    assert said.endswith(": green tea")
    assert model.index(2).data(Qt.ItemDataRole.AccessibleTextRole) == "Mine: 绿茶 🍵 好"


def test_the_same_rows_leave_the_list_alone(model: HitsModel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.modelReset):
        model.show(RESULT)
    with qtbot.waitSignal(model.modelReset):
        model.show(SearchResult())
    assert model.rowCount() == 0


def picture(qtbot: QtBot, found: Hit, *, dark: bool) -> QImage:
    view = QListView()
    qtbot.addWidget(view)
    palette = QPalette()
    if dark:
        palette.setColor(QPalette.ColorRole.Base, QColor("#1c1d22"))
        palette.setColor(QPalette.ColorRole.Window, QColor("#17181c"))
        palette.setColor(QPalette.ColorRole.Text, QColor("#e7e8ec"))
    view.setPalette(palette)
    model = HitsModel()
    view.setModel(model)
    view.setItemDelegate(HitDelegate(view))
    view.resize(250, 120)
    view.show()
    model.show(SearchResult((ConversationHits("c", "Title", (found,)),)))
    return view.viewport().grab().toImage()


@pytest.mark.parametrize("dark", [False, True])
def test_the_words_are_marked(qtbot: QtBot, dark: bool) -> None:
    marked = hit("🍵🍵 green tea", "green")
    plain = Hit("m1", 0, Scope.ANSWERS, 1e9, marked.excerpt, ())
    assert picture(qtbot, marked, dark=dark) != picture(qtbot, plain, dark=dark)


def test_markup_is_shown_as_it_is(qtbot: QtBot) -> None:
    bold = Hit("m1", 0, Scope.ANSWERS, 1e9, "<b>tea</b>", ())
    assert picture(qtbot, bold, dark=False) != picture(
        qtbot, Hit("m1", 0, Scope.ANSWERS, 1e9, "tea", ()), dark=False
    )
