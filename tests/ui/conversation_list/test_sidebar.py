"""The sidebar: what is highlighted, and what the keys and buttons ask for."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListView, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from desktop_app.domain.conversation import Conversation
from desktop_app.ui.conversation_list.grouping import Listing
from desktop_app.ui.conversation_list.sidebar import Sidebar
from desktop_app.ui.conversation_list.view import ConversationView
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
    sidebar.delete_requested.connect(lambda them: asked.append(("delete", *them)))
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
        if button.isVisible():
            button.click()
    assert asked == ["new", "settings"]


def press(sidebar: Sidebar, row: int, modifier: Qt.KeyboardModifier | None = None) -> None:
    """Click in the middle of what a row shows below its heading."""
    rows = view(sidebar)
    rect = rows.visualRect(rows.model().index(row, 0))
    place = QPoint(rect.center().x(), rect.bottom() - 8)
    held = modifier or Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, held, place)


def press_heading(sidebar: Sidebar, row: int) -> None:
    rows = view(sidebar)
    place = rows.visualRect(rows.model().index(row, 0)).topLeft() + QPoint(30, 8)
    QTest.mouseClick(
        rows.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
    )


def ask_for_menu(
    sidebar: Sidebar, row: int, reason: QContextMenuEvent.Reason = QContextMenuEvent.Reason.Mouse
) -> None:
    rows = view(sidebar)
    rect = rows.visualRect(rows.model().index(row, 0))
    place = QPoint(rect.center().x(), rect.bottom() - 8)
    QApplication.sendEvent(rows.viewport(), QContextMenuEvent(reason, place, place))


def test_a_click_on_the_right_asks_for_a_menu_of_what_is_selected(sidebar: Sidebar) -> None:
    asked: list[tuple[str, ...]] = []
    sidebar.menu_requested.connect(lambda ids, _place: asked.append(ids))
    ask_for_menu(sidebar, 1)
    press(sidebar, 2, Qt.KeyboardModifier.ControlModifier)
    ask_for_menu(sidebar, 2)
    ask_for_menu(sidebar, 0)
    view(sidebar).clearSelection()
    ask_for_menu(sidebar, 0, QContextMenuEvent.Reason.Keyboard)
    sidebar.select("water")
    ask_for_menu(sidebar, 0, QContextMenuEvent.Reason.Keyboard)
    assert asked == [("coffee",), ("coffee", "water"), ("tea",), ("water",)]


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton])
def test_a_click_beside_the_rows_takes_the_selection_from_none(
    sidebar: Sidebar, button: Qt.MouseButton
) -> None:
    sidebar.select("tea")
    rows = view(sidebar)
    below = QPoint(rows.viewport().width() // 2, rows.viewport().height() - 2)
    assert not rows.indexAt(below).isValid()
    QTest.mouseClick(rows.viewport(), button, Qt.KeyboardModifier.NoModifier, below)
    assert sidebar.selected_ids() == ("tea",)


def test_a_click_opens_and_one_with_ctrl_or_shift_selects(sidebar: Sidebar) -> None:
    opened: list[str] = []
    deleted: list[tuple[str, ...]] = []
    sidebar.conversation_chosen.connect(opened.append)
    sidebar.delete_requested.connect(deleted.append)
    press(sidebar, 0)
    sidebar.select("tea")
    press(sidebar, 2, Qt.KeyboardModifier.ShiftModifier)
    assert sidebar.selected_ids() == ("tea", "coffee", "water")
    press(sidebar, 1, Qt.KeyboardModifier.ControlModifier)
    assert sidebar.selected_ids() == ("tea", "water")
    assert opened == ["tea"]
    # A title that changes meanwhile takes nothing away.
    sidebar.select("tea")
    sidebar.set_conversations([TEA, replace(COFFEE, title="Espresso"), WATER])
    milk = Conversation(id="milk", title="Milk", updated_at=1e9)
    sidebar.select("tea")
    sidebar.set_conversations([milk, TEA, COFFEE, WATER])
    assert sidebar.selected_ids() == ("tea", "water")
    QTest.keyClick(view(sidebar), Qt.Key.Key_Delete)
    assert deleted == [("tea", "water")]
    # Showing another one ends it.
    sidebar.select("milk")
    assert sidebar.selected_ids() == ("milk",)


def test_a_press_on_a_heading_opens_nothing(sidebar: Sidebar) -> None:
    opened: list[str] = []
    sidebar.conversation_chosen.connect(opened.append)
    press(sidebar, 0)
    press_heading(sidebar, 0)
    assert opened == ["tea"]
    assert sidebar.selected_ids() == ("tea",)


@pytest.fixture
def foldered(sidebar: Sidebar) -> Sidebar:
    sidebar.set_conversations([replace(TEA, folder="Hot"), replace(COFFEE, folder="Hot"), WATER])
    return sidebar


def test_a_folder_is_folded_by_its_heading(foldered: Sidebar) -> None:
    folds: list[tuple[str, ...]] = []
    foldered.folds_changed.connect(folds.append)
    high = view(foldered).visualRect(view(foldered).model().index(0, 0)).height()
    press_heading(foldered, 0)
    assert foldered.ids() == ["water"]
    assert view(foldered).visualRect(view(foldered).model().index(0, 0)).height() < high
    assert foldered.neighbour_of("water", -1) == "water"
    press_heading(foldered, 0)
    assert foldered.ids() == ["tea", "coffee", "water"]
    assert folds == [("Hot",), ()]


def test_a_folder_is_folded_by_keys(foldered: Sidebar) -> None:
    asked: list[str] = []
    foldered.conversation_chosen.connect(asked.append)
    foldered.delete_requested.connect(lambda _ids: asked.append("delete"))
    foldered.select("coffee")
    QTest.keyClick(view(foldered), Qt.Key.Key_Left)
    assert foldered.ids() == ["water"]
    # What is not to be seen is not deleted; Enter unfolds it instead of opening it.
    QTest.keyClick(view(foldered), Qt.Key.Key_Delete)
    QTest.keyClick(view(foldered), Qt.Key.Key_Return)
    assert foldered.ids() == ["tea", "coffee", "water"]
    QTest.keyClick(view(foldered), Qt.Key.Key_Left)
    QTest.keyClick(view(foldered), Qt.Key.Key_Right)
    assert foldered.ids() == ["tea", "coffee", "water"]
    assert asked == []
    foldered.select("water")
    QTest.keyClick(view(foldered), Qt.Key.Key_Left)
    assert foldered.ids() == ["tea", "coffee", "water"]


def test_archive_and_trash_take_the_place_of_the_list(sidebar: Sidebar) -> None:
    asked: list[object] = []
    sidebar.conversation_chosen.connect(asked.append)
    sidebar.listing_chosen.connect(asked.append)
    sidebar.erase_requested.connect(lambda ids: asked.append(("erase", *ids)))
    sidebar.restore_requested.connect(lambda ids: asked.append(("restore", *ids)))
    sidebar.rename_requested.connect(lambda _id: asked.append("rename"))
    old = Conversation(id="old", title="Old", updated_at=1.0, archived=True)
    gone = Conversation(id="gone", title="Gone", updated_at=1.0, deleted_at=1e9)
    sidebar.set_conversations([old], Listing.ARCHIVE)
    sidebar.set_conversations([gone], Listing.TRASH)
    rows = view(sidebar)
    buttons = {b.accessibleName(): b for b in sidebar.findChildren(QPushButton)}
    assert rows.accessibleName() == "Conversations"
    assert sidebar.ids() == ["tea", "coffee", "water"]
    assert not buttons["Restore"].isVisible()

    sidebar.listing_choice._actions[Listing.ARCHIVE].trigger()
    assert rows.accessibleName() == "Archive"
    assert sidebar.ids() == ["old"]
    press(sidebar, 0)
    assert asked == [Listing.ARCHIVE, "old"]

    asked.clear()
    sidebar.listing_choice._actions[Listing.TRASH].trigger()
    assert rows.accessibleName() == "Trash"
    assert sidebar.ids() == []
    assert [buttons[n].isEnabled() for n in ("Restore", "Delete for good", "Empty trash")] == [
        False, False, True,
    ]  # fmt: skip
    # What is in the trash is not opened, and stays selected whatever is shown beside it.
    press(sidebar, 0)
    sidebar.select("tea")
    sidebar.select("tea")
    QTest.keyClick(rows, Qt.Key.Key_F2)
    press(sidebar, 0)
    sidebar.select("tea")
    sidebar.set_conversations([gone], Listing.TRASH)
    for name in ("Restore", "Delete for good", "Empty trash"):
        buttons[name].click()
    QTest.keyClick(rows, Qt.Key.Key_Delete)
    assert asked == [Listing.TRASH, ("restore", "gone"), ("erase", "gone"), ("erase",),
                     ("erase", "gone")]  # fmt: skip

    buttons["New conversation"].click()
    assert sidebar.listing is Listing.CONVERSATIONS


def test_an_empty_list_says_which_it_is(sidebar: Sidebar) -> None:
    said = []
    sidebar.set_conversations([])
    for listing in Listing:
        sidebar.show_listing(listing)
        said.append(next(label.text() for label in sidebar.findChildren(QLabel)))
    assert said == [
        "Your conversations will stand here.",
        "The archive is empty.",
        "The trash is empty. What is deleted stays here for 30 days.",
    ]


def test_tags_are_painted_and_searched_for(sidebar: Sidebar) -> None:
    plain = view(sidebar).viewport().grab().toImage()
    sidebar.set_conversations([TEA, replace(COFFEE, tags=("hot",)), WATER])
    assert view(sidebar).viewport().grab().toImage() != plain
    field = sidebar.findChild(LineInput)
    field.setText("#ho")
    assert sidebar.ids() == ["coffee"]


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
