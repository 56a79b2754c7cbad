"""The sidebar: what is highlighted, and what the keys and buttons ask for."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QListView, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.domain.conversation import Conversation
from desktop_app.ui.conversation_list.sidebar import ConversationView, Sidebar
from desktop_app.ui.text_input import LineInput

TEA, COFFEE, WATER = (
    Conversation(id=title.lower(), title=title, updated_at=1e9 - number)
    for number, title in enumerate(("Tea", "Coffee", "Water"))
)


@pytest.fixture
def sidebar(qtbot: QtBot) -> Sidebar:
    menu = QMenu()
    qtbot.addWidget(menu)
    widget = Sidebar(menu)
    qtbot.addWidget(widget)
    widget.resize(260, 500)
    widget.show()
    widget.set_conversations([TEA, COFFEE, WATER])
    return widget


def view(sidebar: Sidebar) -> QListView:
    (found,) = sidebar.findChildren(ConversationView)
    return found


def test_highlighting_opens_nothing(sidebar: Sidebar) -> None:
    chosen: list[str] = []
    sidebar.conversation_chosen.connect(chosen.append)
    sidebar.select("coffee")
    assert sidebar.current_id() == "coffee"
    sidebar.select("gone")
    assert sidebar.current_id() == ""
    assert chosen == []


def test_a_conversation_is_highlighted_as_soon_as_it_is_listed(sidebar: Sidebar) -> None:
    sidebar.select("milk")
    milk = Conversation(id="milk", title="Milk", updated_at=1e9)
    sidebar.set_conversations([milk, TEA, COFFEE])
    assert sidebar.current_id() == "milk"
    sidebar.set_conversations([TEA, COFFEE])
    assert sidebar.current_id() == ""


def test_neighbours_end_at_the_ends(sidebar: Sidebar) -> None:
    assert sidebar.neighbour_of("tea", 1) == "coffee"
    assert sidebar.neighbour_of("tea", -1) == "tea"
    assert sidebar.neighbour_of("water", 1) == "water"
    assert sidebar.neighbour_of("gone", 1) == "tea"
    sidebar.set_conversations([])
    assert sidebar.neighbour_of("tea", 1) == ""


def test_keys_of_the_list(sidebar: Sidebar, qtbot: QtBot) -> None:
    asked: list[tuple[str, str]] = []
    sidebar.delete_requested.connect(lambda it: asked.append(("delete", it)))
    sidebar.rename_requested.connect(lambda it: asked.append(("rename", it)))
    sidebar.conversation_chosen.connect(lambda it: asked.append(("open", it)))
    sidebar.select("tea")
    qtbot.keyClick(view(sidebar), Qt.Key.Key_Down)
    assert sidebar.current_id() == "coffee"
    qtbot.keyClick(view(sidebar), Qt.Key.Key_Return)
    qtbot.keyClick(view(sidebar), Qt.Key.Key_F2)
    qtbot.keyClick(view(sidebar), Qt.Key.Key_Delete)
    assert asked == [("open", "coffee"), ("rename", "coffee"), ("delete", "coffee")]
    sidebar.select("")
    qtbot.keyClick(view(sidebar), Qt.Key.Key_Delete)
    assert len(asked) == 3


def test_buttons_ask_for_what_they_say(sidebar: Sidebar) -> None:
    asked: list[str] = []
    sidebar.new_requested.connect(lambda: asked.append("new"))
    sidebar.settings_requested.connect(lambda: asked.append("settings"))
    for button in sidebar.findChildren(QPushButton):
        button.click()
    assert asked == ["new", "settings"]


def test_a_click_on_the_right_offers_to_rename_and_to_delete(sidebar: Sidebar) -> None:
    asked: list[tuple[str, str]] = []
    sidebar.delete_requested.connect(lambda it: asked.append(("delete", it)))
    sidebar.rename_requested.connect(lambda it: asked.append(("rename", it)))
    rows = view(sidebar)
    place = rows.visualRect(rows.model().index(1, 0)).center()
    rows.customContextMenuRequested.emit(place)
    menu = next(m for m in sidebar.findChildren(QMenu) if m.isVisible())
    for action in menu.actions():
        action.trigger()
    menu.close()
    assert sorted(asked) == [("delete", "coffee"), ("rename", "coffee")]


def test_rows_are_painted_with_and_without_a_dot(sidebar: Sidebar) -> None:
    def picture() -> QImage:
        return view(sidebar).viewport().grab().toImage()

    plain = picture()
    sidebar.set_busy(frozenset({"coffee"}))
    busy = picture()
    assert busy != plain
    sidebar.set_busy(frozenset())
    assert picture() == plain
    sidebar.set_drafts(frozenset({"coffee"}))
    assert picture() not in (plain, busy)
    sidebar.set_drafts(frozenset())
    assert picture() == plain
    sidebar.select("tea")
    assert picture() != plain


def test_a_search_says_when_nothing_is_found(sidebar: Sidebar) -> None:
    field = sidebar.findChild(LineInput)
    sidebar.select("coffee")
    field.setText("coff")
    assert sidebar.current_id() == "coffee"
    field.setText("wat")
    assert sidebar.current_id() == ""
    field.setText("")
    assert sidebar.current_id() == "coffee"
