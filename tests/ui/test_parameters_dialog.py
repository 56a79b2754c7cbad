"""Parameters of a conversation: "not set" is a state, and only what was set is there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QWidget,
)

from desktop_app.domain.conversation import MAX_TOKENS_LIMIT, Parameters
from desktop_app.ui.parameters_dialog import ParametersDialog
from tests.ui.probes import tabbed_names

SOME = Parameters("Be brief.", 0.3, 0.8, 1000)


@pytest.fixture
def dialog(qtbot):
    widget = ParametersDialog(Parameters())
    qtbot.addWidget(widget)
    widget.seen = []
    widget.parameters_changed.connect(widget.seen.append)
    widget.open()
    return widget


def named(dialog, name, kind=QWidget):
    return next(w for w in dialog.findChildren(kind) if w.accessibleName() == name)


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def enter(box, text):
    box.setFocus()
    box.lineEdit().setText(text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def test_nothing_is_set_and_nothing_is_said(dialog):
    assert dialog.parameters == Parameters()
    assert dialog.seen == []
    words = [w.text() for w in dialog.findChildren(QLabel) if w.isVisible()]
    assert "Not set – server default 1.0" in words
    assert "Not set – server default 0.95" in words
    assert not named(dialog, "Temperature").isVisible()


@pytest.mark.parametrize(
    ("name", "field", "first"),
    [("Temperature", "temperature", 1.0), ("Top P", "top_p", 0.95), ("Max tokens", "max_tokens", 8192)],
)  # fmt: skip
def test_a_number_is_set_and_unset_by_its_switch(dialog, name, field, first):
    switch = named(dialog, f"Set {name}", QCheckBox)
    click(switch)
    assert getattr(dialog.seen[-1], field) == first
    assert named(dialog, name).isVisible()
    click(switch)
    assert dialog.seen[-1] == Parameters()


@pytest.mark.parametrize(
    ("typed", "kept"), [("0.5", 0.5), ("1.00", 1.0), ("0", 0.01), ("0.00", 0.01), ("7", 1.0)]
)
def test_temperature_stays_above_zero_and_up_to_one(dialog, typed, kept):
    click(named(dialog, "Set Temperature", QCheckBox))
    box = named(dialog, "Temperature")
    box.selectAll()
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert 0 < dialog.parameters.temperature <= 1
    if 0 < float(typed) <= 1:
        assert dialog.parameters.temperature == kept


def test_the_ends_of_the_ranges(dialog):
    for name in ("Temperature", "Top P"):
        box = named(dialog, name)
        assert (box.minimum(), box.maximum()) == (0.01, 1.0)
    tokens = named(dialog, "Max tokens", QSpinBox)
    assert (tokens.minimum(), tokens.maximum()) == (1, MAX_TOKENS_LIMIT)


def test_slider_and_number_move_together(dialog):
    click(named(dialog, "Set Temperature", QCheckBox))
    slider, box = named(dialog, "Temperature slider", QSlider), named(dialog, "Temperature")
    slider.setValue(25)
    assert box.value() == 0.25
    assert dialog.parameters.temperature == 0.25
    box.setValue(0.6)
    assert slider.value() == 60
    assert dialog.seen[-1].temperature == 0.6


def test_shown_parameters_are_those_given(qtbot):
    dialog = ParametersDialog(SOME)
    qtbot.addWidget(dialog)
    assert dialog.parameters == SOME
    assert named(dialog, "System prompt", QPlainTextEdit).toPlainText() == "Be brief."
    assert named(dialog, "Temperature").value() == 0.3
    assert named(dialog, "Top P").value() == 0.8
    assert named(dialog, "Max tokens").value() == 1000
    # A value finer than the editor's step is not rounded by being looked at.
    fine = Parameters(temperature=0.123456)
    dialog.set_parameters(fine)
    assert dialog.parameters == fine


def test_the_prompt_is_said_after_a_pause_or_on_closing(qtbot, dialog):
    prompt = named(dialog, "System prompt", QPlainTextEdit)
    QTest.keyClicks(prompt, "You are")
    QTest.keyClick(prompt, Qt.Key.Key_Return)
    QTest.keyClicks(prompt, "a poet.")
    assert dialog.seen == []
    qtbot.waitUntil(lambda: bool(dialog.seen), timeout=3000)
    assert dialog.seen == [Parameters(system_prompt="You are\na poet.")]
    QTest.keyClicks(prompt, " Always.")
    dialog.close()
    assert dialog.seen[-1].system_prompt == "You are\na poet. Always."


def test_a_blank_prompt_is_not_set(dialog):
    named(dialog, "System prompt", QPlainTextEdit).setPlainText(" \n ")
    dialog.close()
    assert dialog.parameters == Parameters()
    assert dialog.seen == []


def test_reset_all(qtbot):
    dialog = ParametersDialog(SOME)
    qtbot.addWidget(dialog)
    dialog.show()
    seen = []
    dialog.parameters_changed.connect(seen.append)
    reset = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Reset all")
    assert reset.isEnabled()
    reset.click()
    assert seen == [Parameters()]
    assert dialog.parameters == Parameters()
    assert not named(dialog, "Set Top P", QCheckBox).isChecked()
    assert not reset.isEnabled()
    dialog.close()
    assert seen == [Parameters()]


def test_tab_reaches_everything(qloop, dialog):
    async def scenario():
        dialog.set_parameters(SOME)
        names = await tabbed_names(dialog)
        for number in ("Temperature", "Top P", "Max tokens"):
            assert {number, f"Set {number}"} <= names
        assert {"System prompt", "Temperature slider", "Reset all", "Close"} <= names

    qloop(scenario())
