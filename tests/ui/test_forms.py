"""Pieces of forms: the wheel, the switch, headings, notices, colours that follow the theme."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton, QWidget

from desktop_app.ui.appearance import palette_of
from desktop_app.ui.form_style import style_sheet, wear_form_style
from desktop_app.ui.forms import (
    Choice,
    DecimalInput,
    Heading,
    IntegerInput,
    SideBySide,
    Switch,
    confirm,
    muted_label,
)
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.theme import DARK, LIGHT


@pytest.fixture(params=[Choice, IntegerInput, DecimalInput])
def field(request, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    widget = request.param(window)
    if isinstance(widget, Choice):
        widget.addItems(["a", "b", "c"])
    widget.window_ = window
    window.show()
    return widget


def scroll(widget) -> bool:
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    widget.wheelEvent(event)
    return event.isAccepted()


def test_scrolling_over_a_field_changes_nothing(qtbot, field):
    before = field.currentIndex() if isinstance(field, Choice) else field.value()
    field.clearFocus()
    assert not scroll(field)
    assert (field.currentIndex() if isinstance(field, Choice) else field.value()) == before
    field.grab()


def test_a_switch_is_a_check_box_to_the_keyboard(qtbot):
    switch = Switch()
    qtbot.addWidget(switch)
    switch.show()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert switch.isChecked()
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert not switch.isChecked()
    off = switch.grab().toImage()
    switch.setChecked(True)
    assert switch.grab().toImage() != off
    switch.setText("with words")
    assert switch.sizeHint().width() > 60


def test_a_heading_scales_with_the_font_of_the_application(qtbot, qapp):
    heading = Heading(2.0)
    qtbot.addWidget(heading)
    font = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(font.pointSizeF() * 2)
    before = heading.font().pointSizeF()
    assert before == pytest.approx(font.pointSizeF() * 2)
    try:
        qapp.setFont(larger)
        qtbot.waitUntil(
            lambda: heading.font().pointSizeF() == pytest.approx(before * 2), timeout=2000
        )
    finally:
        qapp.setFont(font)


def test_labels_never_read_markup(qtbot):
    label = muted_label()
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_parts_stand_below_each_other_when_there_is_no_room(qtbot):
    pair = SideBySide(40)
    qtbot.addWidget(pair)
    first, second = QLabel("first"), QLabel("second")
    pair.row.addWidget(first)
    pair.row.addWidget(second)
    pair.resize(900, 100)
    pair.show()
    assert first.y() == second.y()
    pair.resize(120, 100)
    qtbot.waitUntil(lambda: second.y() > first.y(), timeout=2000)


def test_the_style_follows_the_palette(qtbot, qapp):
    root = QWidget()
    qtbot.addWidget(root)
    wear_form_style(root)
    root.show()
    before = qapp.palette()
    try:
        for tokens in (DARK, LIGHT, DARK):
            qapp.setPalette(palette_of(tokens))
            qtbot.waitUntil(lambda t=tokens: root.styleSheet() == style_sheet(t), timeout=2000)
    finally:
        qapp.setPalette(before)


def test_a_notice_says_icon_sentence_advice_and_offers_what_can_be_done(qtbot):
    notice = Notice()
    qtbot.addWidget(notice)
    pressed = []
    notice.show_message(
        NoticeKind.ERROR,
        "It failed.",
        "Do this.",
        details="code: 7",
        action=("Again", lambda: pressed.append(True)),
    )
    assert notice.isVisible()
    assert notice.accessibleName() == "It failed."
    assert notice.accessibleDescription() == "Do this."
    notice.action_button.click()
    assert pressed == [True]
    details = next(w for w in notice.findChildren(QLabel) if w.text() == "code: 7")
    assert not details.isVisible()
    next(b for b in notice.findChildren(QPushButton) if b.text() == "Details").click()
    assert details.isVisible()
    notice.show_message(NoticeKind.SUCCESS, "Done.")
    assert notice.text == "Done."
    assert not notice.action_button.isVisible()
    notice.clear()
    assert not notice.isVisible()


def test_confirm_returns_at_once_and_calls_back_on_consent(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    done = []
    box = confirm(window, "Really?", "It is gone then.", "Remove", lambda: done.append(True))
    assert box.isVisible()
    assert done == []
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert done == []
    box = confirm(window, "Really?", "It is gone then.", "Remove", lambda: done.append(True))
    next(b for b in box.buttons() if b.text() == "Remove").click()
    assert done == [True]
    assert not any(isinstance(w, QMessageBox) and w.isVisible() for w in QApplication.allWidgets())
