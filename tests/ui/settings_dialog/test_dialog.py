"""The settings dialog: every row of the table, the search, the keyboard, languages and widths."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QWidget,
)

from desktop_app.chat.connections import ConnectionBook
from desktop_app.mcp_client.parts import Parts as McpParts
from desktop_app.mcp_client.servers import ConfiguredServers
from desktop_app.paths import app_paths
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import (
    FOLLOW,
    IDLE_TIMEOUT,
    NAME_BY_MODEL,
    PAGE_TITLES,
    PROXY_URL,
    SEND_KEY,
    SETTINGS,
    THEME,
    ZOOM,
    Choice,
    Page,
    Setting,
    Value,
)
from desktop_app.ui.settings_dialog.dialog import SettingsDialog
from tests.fakes.key_store import MemoryKeyStore
from tests.ui.probes import FakeProbe, tabbed_names

SHOWN = [setting for setting in SETTINGS if setting.page is not None and not setting.is_list]

# One row of every kind, so that kinds which the table does not use yet are tried too.
KINDS = [
    Setting("a_switch", False, Page.CHAT, "A switch", "Turns it."),
    Setting("a_choice", "x", Page.CHAT, "A choice", "", (Choice("x", "Ex"), Choice("y", "Why"))),
    Setting("a_whole", 5, Page.CHAT, "A whole number", "", (), 1, 9, " s"),
    Setting("a_decimal", 0.5, Page.CHAT, "A decimal", "", (), 0.1, 0.9),
    Setting("a_text", "default", Page.CHAT, "A text"),
]

SERVERS = Path(__file__).parents[2] / "data" / "mcp"


@pytest.fixture
def store() -> SettingsStore:
    return SettingsStore(None)


def make(qtbot, store, rows=SETTINGS) -> SettingsDialog:
    keys = MemoryKeyStore()
    book = ConnectionBook(store, keys)
    paths = app_paths(Path("data"))
    servers = ConfiguredServers(SERVERS, McpParts(keys=keys))
    servers._file.load()
    dialog = SettingsDialog(store, book, keys, FakeProbe(), rows=rows, paths=paths, servers=servers)
    qtbot.addWidget(dialog)
    return dialog


@pytest.fixture
def dialog(qtbot, store) -> SettingsDialog:
    return make(qtbot, store)


def row_of(dialog: SettingsDialog, setting: Setting):
    return next(row for row in dialog.rows if row.setting is setting)


def another_value(setting: Setting) -> Value:
    if setting.choices:
        return next(c.value for c in setting.choices if c.value != setting.default)
    if isinstance(setting.default, bool):
        return not setting.default
    if isinstance(setting.default, int):
        return int(setting.maximum) if setting.maximum is not None else setting.default + 1
    if isinstance(setting.default, float):
        return setting.maximum if setting.maximum is not None else setting.default + 1
    return "something-else"


def enter(editor: QWidget, value: Value) -> None:
    """Do what a person does to choose ``value``."""
    if isinstance(editor, QCheckBox):
        QTest.mouseClick(editor, Qt.MouseButton.LeftButton)
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(value))
        editor.activated.emit(editor.currentIndex())
    elif isinstance(editor, QSpinBox | QDoubleSpinBox):
        editor.lineEdit().setText(editor.locale().toString(value))
        QTest.keyClick(editor, Qt.Key.Key_Return)
    else:
        assert isinstance(editor, QLineEdit)
        editor.setText(str(value))
        QTest.keyClick(editor, Qt.Key.Key_Return)


def shown_value(editor: QWidget) -> Value:
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, QComboBox):
        return editor.currentData()
    if isinstance(editor, QSpinBox | QDoubleSpinBox):
        return editor.value()
    return editor.text()


def test_every_row_of_the_table_has_a_place(dialog):
    assert [row.setting for row in dialog.rows] == SHOWN


@pytest.mark.parametrize("setting", SHOWN + KINDS, ids=lambda s: s.key)
def test_every_row_round_trips_and_can_be_reset(qtbot, store, setting):
    dialog = make(qtbot, store, [setting])
    row = row_of(dialog, setting)
    editor = row.editor.widget
    assert shown_value(editor) == setting.default
    assert row._reset.isHidden()
    value = another_value(setting)
    enter(editor, value)
    assert store.value(setting) == value
    assert shown_value(editor) == value
    assert not row._reset.isHidden()
    row._reset.click()
    assert store.value(setting) == setting.default
    assert shown_value(editor) == setting.default
    assert row._reset.isHidden()


def test_a_refused_text_stays_to_be_corrected_and_is_told_why(qtbot, store):
    row = row_of(make(qtbot, store, [PROXY_URL]), PROXY_URL)
    enter(row.editor.widget, "ftp://proxy.test:3128")
    assert store.value(PROXY_URL) == ""
    assert shown_value(row.editor.widget) == "ftp://proxy.test:3128"
    assert "has to begin with http://" in row._help.text()
    enter(row.editor.widget, "http://proxy.test:3128")
    assert store.value(PROXY_URL) == "http://proxy.test:3128"
    assert row._help.text() == PROXY_URL.help


@pytest.mark.parametrize("setting", SHOWN + KINDS, ids=lambda s: s.key)
def test_every_row_is_named_for_screen_readers(qtbot, store, setting):
    row = row_of(make(qtbot, store, [setting]), setting)
    assert row.editor.widget.accessibleName() == setting.label
    assert row.editor.widget.accessibleDescription() == setting.help
    assert row._label.buddy() is row.editor.widget
    assert row._reset.accessibleName() == f"Reset {setting.label}"


@pytest.mark.parametrize("typed", ["99999", "1801", "1", "0", "-7", "", "abc"])
def test_numbers_stay_within_their_bounds(dialog, store, typed):
    box = row_of(dialog, IDLE_TIMEOUT).editor.widget
    box.setFocus()
    box.lineEdit().selectAll()
    box.lineEdit().clear()
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert IDLE_TIMEOUT.accepts(store.value(IDLE_TIMEOUT))


def test_an_empty_text_is_the_default(qtbot, store):
    setting = KINDS[-1]
    editor = row_of(make(qtbot, store, [setting]), setting).editor.widget
    enter(editor, "other")
    enter(editor, "   ")
    assert store.value(setting) == "default"
    assert editor.text() == "default"


def test_a_change_made_elsewhere_is_shown(qloop, dialog, store):
    async def scenario():
        dialog.show()
        store.set(ZOOM, 150)
        assert row_of(dialog, ZOOM).editor.widget.value() == 150
        dialog.hide()
        store.set(ZOOM, 90)
        dialog.show()
        assert row_of(dialog, ZOOM).editor.widget.value() == 90
        await dialog.aclose()

    qloop(scenario())


def pages(dialog) -> QListWidget:
    return dialog.findChild(QListWidget)


def visible_rows(dialog) -> set[str]:
    return {row.setting.key for row in dialog.rows if row.isVisibleTo(dialog)}


def search(dialog, text: str) -> None:
    field = next(
        f for f in dialog.findChildren(QLineEdit) if f.accessibleName().startswith("Search")
    )
    field.setText(text)


def test_pages_show_their_own_settings(dialog):
    assert [pages(dialog).item(i).text() for i in range(pages(dialog).count())] == [
        PAGE_TITLES[page] for page in Page
    ]
    for number, page in enumerate(Page):
        pages(dialog).setCurrentRow(number)
        assert visible_rows(dialog) == {s.key for s in SHOWN if s.page is page}
        assert dialog.key_block.isVisibleTo(dialog) == (page is Page.CONNECTION)


def test_show_page(dialog):
    search(dialog, "zoom")
    dialog.show_page(Page.NETWORK)
    assert pages(dialog).currentItem().text() == "Network"
    assert "idle_timeout" in visible_rows(dialog)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("theme", {THEME.key}),
        ("  DARK ", {THEME.key}),
        ("ctrl enter", {SEND_KEY.key}),
        ("idle_timeout", {IDLE_TIMEOUT.key}),
        (
            "network",
            {s.key for s in SHOWN if s.page is Page.NETWORK or "network" in f"{s.label}{s.help}"},
        ),
    ],
)
def test_search_goes_through_all_pages(dialog, text, found):
    search(dialog, text)
    assert visible_rows(dialog) == found
    assert not dialog.key_block.isVisibleTo(dialog)
    assert pages(dialog).currentRow() == -1


def test_search_finds_the_key_and_the_endpoints(dialog):
    search(dialog, "keyring")
    assert dialog.key_block.isVisibleTo(dialog)
    assert not dialog.endpoints_block.isVisibleTo(dialog)
    search(dialog, "vllm")
    assert not dialog.key_block.isVisibleTo(dialog)
    assert dialog.endpoints_block.isVisibleTo(dialog)


def test_search_without_a_hit_says_so(dialog):
    search(dialog, "qqq")
    assert visible_rows(dialog) == set()
    words = [w.text() for w in dialog.findChildren(QLabel) if w.isVisibleTo(dialog)]
    assert "No setting has “qqq” in its name or description." in words


def test_choosing_a_page_ends_the_search(dialog):
    search(dialog, "theme")
    pages(dialog).setCurrentRow(2)
    assert visible_rows(dialog) == {SEND_KEY.key, FOLLOW.key, NAME_BY_MODEL.key}
    search(dialog, "theme")
    search(dialog, "")
    assert pages(dialog).currentRow() == 0


def focusable(dialog: QWidget) -> Iterator[QWidget]:
    for widget in dialog.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            if isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox):
                continue
            yield widget


def test_the_keyboard_reaches_everything_and_everything_is_named(qloop, dialog):
    async def scenario():
        dialog.show()
        for number in range(len(Page)):
            pages(dialog).setCurrentRow(number)
            await dialog.key_block.key_form._tasks.join()
            wanted = set(focusable(dialog))
            assert wanted
            for widget in wanted:
                named = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
                assert named, widget
            names = {w.accessibleName() or getattr(w, "text", str)() for w in wanted}
            assert await tabbed_names(dialog) == names
        await dialog.aclose()

    qloop(scenario())


def test_names_of_the_contract(dialog):
    assert dialog.accessibleName() == "Settings"
    assert pages(dialog).accessibleName() == "Pages"
    names = {w.accessibleName() for w in dialog.findChildren(QWidget)}
    names |= {b.text() for b in dialog.findChildren(QAbstractButton)}
    assert {"Region", "API key", "Test key", "Save", "Search settings"} <= names


def test_no_button_is_pressed_by_enter_in_a_field(dialog):
    assert not any(button.autoDefault() for button in dialog.findChildren(QPushButton))


def test_escape_ends_the_search_then_closes(qloop, dialog):
    async def scenario():
        dialog.show()
        search(dialog, "theme")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        assert pages(dialog).currentRow() == 0
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        await dialog.aclose()

    qloop(scenario())


@pytest.mark.parametrize("width", [400, 860, 1500])
def test_no_page_is_cut_at_any_width(qloop, dialog, width):
    async def scenario():
        dialog.show()
        dialog.resize(width, 500)
        for number in range(len(Page)):
            pages(dialog).setCurrentRow(number)
            await dialog.key_block.key_form._tasks.join()
            area = dialog._area
            assert area.widget().minimumSizeHint().width() <= area.viewport().width()
        await dialog.aclose()

    qloop(scenario())


def test_another_language_at_once(dialog, qapp):
    class Chinese(QTranslator):
        def translate(self, _context, text, _hint=None, _n=-1):
            words = {"Network": "网络", "Theme": "主题", "Dark": "深色", "Settings": "设置"}
            return words.get(text)

        def isEmpty(self):  # noqa: N802 (Qt's name)
            return False

    translator = Chinese()
    qapp.installTranslator(translator)
    try:
        for widget in (dialog, *dialog.findChildren(QWidget)):
            qapp.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
        assert dialog.windowTitle() == "设置"
        assert pages(dialog).item(list(Page).index(Page.NETWORK)).text() == "网络"
        theme = row_of(dialog, THEME)
        assert theme.editor.widget.accessibleName() == "主题"
        assert theme.editor.widget.itemText(2) == "深色"
        search(dialog, "深色")
        assert visible_rows(dialog) == {THEME.key}
        search(dialog, "dark")
        assert visible_rows(dialog) == {THEME.key}
    finally:
        qapp.removeTranslator(translator)
