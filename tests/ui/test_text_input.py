"""Text boxes: Enter belongs to the input method while it composes; the send key; growing."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt
from PySide6.QtGui import QAction, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from desktop_app.ui.text_input import LineInput, SendKey, TextInput

ENTERS = [Qt.Key.Key_Return, Qt.Key.Key_Enter]


def compose(widget: QWidget, text: str) -> None:
    """An input method shows ``text`` as pre-edit."""
    QCoreApplication.sendEvent(widget, QInputMethodEvent(text, []))


def commit(widget: QWidget, text: str) -> None:
    """An input method ends the composition with ``text``."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QCoreApplication.sendEvent(widget, event)


@pytest.fixture(params=[LineInput, TextInput])
def box(request, qtbot):
    widget = request.param()
    qtbot.addWidget(widget)
    widget.show()
    widget.setFocus()
    widget.seen = []
    widget.submitted.connect(widget.seen.append)
    return widget


def text_of(box: LineInput | TextInput) -> str:
    return box.text() if isinstance(box, LineInput) else box.toPlainText()


@pytest.mark.parametrize("enter", ENTERS)
def test_enter_submits(box, enter):
    QTest.keyClicks(box, "hello")
    QTest.keyClick(box, enter)
    assert box.seen == ["hello"]


@pytest.mark.parametrize("enter", ENTERS)
def test_enter_during_a_composition_belongs_to_the_input_method(box, enter):
    QTest.keyClicks(box, "a")
    compose(box, "ni hao")
    assert box.is_composing
    QTest.keyClick(box, enter)
    assert box.seen == []
    assert text_of(box) == "a"
    commit(box, "你好")
    assert not box.is_composing
    assert text_of(box) == "a你好"
    QTest.keyClick(box, enter)
    assert box.seen == ["a你好"]


def test_a_cancelled_composition_gives_enter_back(box):
    compose(box, "ni")
    compose(box, "")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.seen == [""]


def test_a_held_enter_submits_once(box):
    for repeated in (False, True, True):
        press = QKeyEvent(
            QEvent.Type.KeyPress,
            Qt.Key.Key_Return,
            Qt.KeyboardModifier.NoModifier,
            "\r",
            repeated,
        )
        QCoreApplication.sendEvent(box, press)
    assert box.seen == [""]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab])
def test_composing_keys_reach_neither_shortcut_nor_dialog(qtbot, box, key):
    dialog = QDialog()
    qtbot.addWidget(dialog)
    button = QPushButton("OK", dialog)
    button.setDefault(True)
    pressed = []
    button.clicked.connect(lambda: pressed.append("button"))
    action = QAction(dialog)
    action.setShortcut(Qt.Key.Key_Escape)
    action.triggered.connect(lambda: pressed.append("shortcut"))
    dialog.addAction(action)
    layout = QVBoxLayout(dialog)
    layout.addWidget(box)
    layout.addWidget(button)
    dialog.show()
    dialog.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus, timeout=2000)

    compose(box, "ni")
    QTest.keyClick(box, key)
    assert pressed == []
    assert dialog.isVisible()
    assert box.hasFocus()
    compose(box, "")
    box.setParent(None)


def test_enter_in_a_line_does_not_press_a_default_button(qtbot):
    dialog = QDialog()
    qtbot.addWidget(dialog)
    line, button = LineInput(dialog), QPushButton("OK", dialog)
    button.setDefault(True)
    pressed = []
    button.clicked.connect(lambda: pressed.append(True))
    dialog.show()
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert pressed == []


@pytest.fixture
def area(qtbot):
    widget = TextInput()
    qtbot.addWidget(widget)
    widget.resize(300, 40)
    widget.show()
    widget.seen = []
    widget.submitted.connect(widget.seen.append)
    return widget


CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize(
    ("send_key", "modifier", "submits"),
    [
        (SendKey.ENTER, NONE, True),
        (SendKey.ENTER, SHIFT, False),
        (SendKey.ENTER, CTRL, False),
        (SendKey.CTRL_ENTER, NONE, False),
        (SendKey.CTRL_ENTER, SHIFT, False),
        (SendKey.CTRL_ENTER, CTRL, True),
        (SendKey.NEVER, NONE, False),
        (SendKey.NEVER, SHIFT, False),
        (SendKey.NEVER, CTRL, False),
    ],
)
@pytest.mark.parametrize("enter", ENTERS)
def test_send_key(area, send_key, modifier, submits, enter):
    area.set_send_key(str(send_key))
    QTest.keyClicks(area, "one")
    QTest.keyClick(area, enter, modifier)
    assert area.seen == (["one"] if submits else [])
    QTest.keyClicks(area, "two")
    assert area.toPlainText() == ("onetwo" if submits else "one\ntwo")
    assert "\u2028" not in area.document().toRawText()


def test_the_keypad_counts_as_enter(area):
    QTest.keyClick(area, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert area.seen == [""]


def test_an_unknown_send_key_is_refused(area):
    with pytest.raises(ValueError, match="tab"):
        area.set_send_key("tab")


def test_ctrl_enter_during_a_composition_sends_nothing(area):
    area.set_send_key(SendKey.CTRL_ENTER)
    compose(area, "ni")
    QTest.keyClick(area, Qt.Key.Key_Return, CTRL)
    assert area.seen == []


def test_paste_is_plain(area):
    source = QMimeData()
    source.setHtml("<b>bold</b><img src='file:///etc/hostname'>")
    source.setText("bold\r\nnext\0\u2029last")
    area.insertFromMimeData(source)
    assert area.toPlainText() == "bold\nnext\nlast"
    area.undo()
    assert area.toPlainText() == ""


def test_it_grows_with_its_lines_up_to_the_limit(area):
    area.set_most_height(150)
    one = area.sizeHint().height()
    area.setPlainText("1\n2\n3")
    three = area.sizeHint().height()
    line = area.fontMetrics().lineSpacing()
    assert abs((three - one) - 2 * line) <= 2
    area.setPlainText("\n" * 100)
    assert area.sizeHint().height() == 150
    assert area.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded
    area.clear()
    assert area.sizeHint().height() == one
    assert area.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff


def test_it_grows_when_it_gets_narrower(qtbot, area):
    area.setPlainText("word " * 30)
    area.resize(600, 40)
    wide = area.sizeHint().height()
    area.resize(200, 40)
    assert area.sizeHint().height() > wide


def test_the_layout_gives_it_the_height_it_asks_for(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    above, area = QWidget(), TextInput()
    layout.addWidget(above, 1)
    layout.addWidget(area)
    window.resize(400, 400)
    window.show()
    area.setPlainText("a\nb\nc\nd")
    qtbot.waitUntil(lambda: area.height() == area.sizeHint().height(), timeout=2000)
    assert area.height() > 4 * area.fontMetrics().lineSpacing()


def test_a_least_number_of_lines(area):
    area.set_least_lines(4)
    assert area.sizeHint().height() >= 4 * area.fontMetrics().lineSpacing()


def test_tab_moves_on(qtbot, area):
    assert area.tabChangesFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Z, Qt.Key.Key_Y])
def test_keys_of_undo_belong_to_the_box_once_something_was_written(box, key):
    def is_for_box() -> bool:
        event = QKeyEvent(
            QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.ControlModifier, ""
        )
        event.ignore()
        QCoreApplication.sendEvent(box, event)
        return event.isAccepted()

    assert not is_for_box()
    QTest.keyClicks(box, "a")
    assert is_for_box()
    QTest.keyClick(box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert text_of(box) == ""
    # What was undone can be done again, so it is still the box's.
    assert is_for_box()
    QTest.keyClick(box, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert text_of(box) == "a"
