"""The card of a question: everything is shown, nothing is allowed by accident."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.domain.tool import Approval, Decision, Risk, Tool
from desktop_app.ui.approval import card as card_module
from desktop_app.ui.approval.card import ApprovalCard
from desktop_app.ui.approval.words import question_entries, risk_text, tool_name
from desktop_app.ui.text_input import LineInput
from desktop_app.ui.translations import install_language

WRITE = Tool("files", "write_file", "Writes a file.", {}, Risk.WRITES)
ARGUMENTS = json.dumps({"path": "a.txt", "content": "one\ntwo"})


class Asked:
    """A card below a text box, and what was decided on it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        self.box = LineInput()
        self.card = ApprovalCard()
        self.decisions: list[tuple[str, Decision, str]] = []
        self.left = 0
        self.card.decided.connect(lambda *said: self.decisions.append(said))
        self.card.left.connect(self._on_left)
        column = QVBoxLayout(self.window)
        column.addWidget(self.box)
        column.addWidget(self.card)
        self.window.resize(700, 500)
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self.box.setFocus()

    def _on_left(self) -> None:
        self.left += 1

    def ask(self, *ids: str, **fields: object) -> None:
        wanted = {"tool": WRITE, "arguments": ARGUMENTS, **fields}
        self.card.show_questions([Approval(key, **wanted) for key in ids])  # type: ignore[arg-type]

    def words(self) -> str:
        return "\n".join(
            label.text() for label in self.card.findChildren(QLabel) if label.isVisible()
        )

    def click(self, button: QPushButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def asked(qtbot: QtBot) -> Iterator[Asked]:
    made = Asked(qtbot)
    yield made
    made.window.hide()


@pytest.fixture
def hears(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the buttons hear the mouse from the beginning."""
    monkeypatch.setattr(card_module, "DEAF_MILLISECONDS", 0)


@pytest.mark.usefixtures("hears")
@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("Allow once", Decision.ALLOW_ONCE),
        ("Allow for this conversation", Decision.ALLOW_HERE),
        ("Deny", Decision.DENY),
    ],
)
def test_each_button_says_its_word(asked: Asked, name: str, decision: Decision) -> None:
    asked.ask("c1")
    (button,) = [b for b in asked.card.findChildren(QPushButton) if b.accessibleName() == name]
    asked.click(button)
    assert asked.decisions == [("c1", decision, "")]


def test_a_click_where_the_card_appears_allows_nothing(asked: Asked) -> None:
    asked.ask("c1")
    asked.click(asked.card.once)
    QTest.mouseDClick(asked.card.once, Qt.MouseButton.LeftButton)
    assert asked.decisions == []
    # A screen reader's press is no accident of the hand.
    asked.card.once.click()
    assert len(asked.decisions) == 1


def test_whoever_types_allows_nothing_and_keeps_the_focus(asked: Asked) -> None:
    asked.ask("c1")
    assert QApplication.focusWidget() is asked.box
    QTest.keyClicks(asked.box, "a b")
    QTest.keyClick(asked.box, Qt.Key.Key_Return)
    assert asked.decisions == []
    assert asked.box.text() == "a b"
    # Enter presses nothing on the card either, wherever the focus is.
    for button in asked.card.findChildren(QPushButton):
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Return)
    assert asked.decisions == []


def test_every_button_is_reached_by_tab_and_shows_it(asked: Asked) -> None:
    asked.ask("c1")
    assert asked.card.take_focus()
    reached = []
    for _ in range(12):
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.append(focus.accessibleName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    for name in ("Allow once", "Allow for this conversation", "Deny", "Deny with a reason…"):
        assert name in reached
    before = asked.card.deny.grab().toImage()
    asked.card.deny.setFocus(Qt.FocusReason.TabFocusReason)
    assert asked.card.deny.grab().toImage() != before


def test_after_an_answer_the_next_question_has_no_button_under_the_keys(asked: Asked) -> None:
    asked.ask("c1", "c2")
    asked.card.once.setFocus()
    QTest.keyClick(asked.card.once, Qt.Key.Key_Space)
    asked.ask("c2")
    assert asked.card.view.hasFocus()
    QTest.keyClick(asked.card.view, Qt.Key.Key_Space)
    assert asked.decisions == [("c1", Decision.ALLOW_ONCE, "")]
    asked.ask()
    assert asked.left == 1
    assert asked.card.isHidden()


def test_the_focus_elsewhere_is_not_given_away(asked: Asked) -> None:
    asked.ask("c1")
    asked.ask()
    assert asked.left == 0
    assert asked.box.hasFocus()
    assert not asked.card.take_focus()


def test_several_questions_are_counted_and_turned_over(asked: Asked) -> None:
    asked.ask("c1")
    assert "Question" not in asked.words()
    asked.ask("c1", "c2", "c3")
    assert "Question 1 of 3" in asked.words()
    turn = {b.accessibleName(): b for b in asked.card.findChildren(QWidget)}
    turn["Next question"].click()  # type: ignore[attr-defined]
    assert "Question 2 of 3" in asked.words()
    # One that is settled elsewhere does not change what is read.
    asked.ask("c2", "c3")
    assert asked.card.shown is not None
    assert asked.card.shown.call_id == "c2"
    assert "Question 1 of 2" in asked.words()


def test_a_reason_is_written_with_an_input_method(asked: Asked) -> None:
    asked.ask("c1")
    asked.card.explain.click()
    reason = asked.card.reason
    assert reason.hasFocus()
    QApplication.sendEvent(reason, QInputMethodEvent("nihao", []))
    QTest.keyClick(reason, Qt.Key.Key_Return)
    QTest.keyClick(reason, Qt.Key.Key_Escape)
    assert asked.decisions == []
    assert reason.isVisible()
    commit = QInputMethodEvent()
    commit.setCommitString("不要")
    QApplication.sendEvent(reason, commit)
    QTest.keyClick(reason, Qt.Key.Key_Return)
    assert asked.decisions == [("c1", Decision.DENY, "不要")]


def test_escape_leaves_the_reason_and_denies_nothing(asked: Asked) -> None:
    asked.ask("c1")
    asked.card.explain.click()
    QTest.keyClicks(asked.card.reason, "no")
    QTest.keyClick(asked.card.reason, Qt.Key.Key_Escape)
    assert not asked.card.reason.isVisible()
    assert asked.card.explain.hasFocus()
    assert asked.decisions == []


@pytest.mark.parametrize("risk", Risk)
def test_the_risk_is_said_in_words(asked: Asked, risk: Risk) -> None:
    asked.ask("c1", tool=Tool("files", "x", "", {}, risk))
    assert risk_text(risk) in asked.words()
    assert "Server files" in asked.words()


def test_a_server_is_called_what_people_call_it(asked: Asked) -> None:
    asked.ask("c1", source_title="My\nfiles\u202e")
    assert "Server My files\u202e" not in asked.words()
    assert "Server My files" in asked.words()
    assert asked.card.accessibleDescription().startswith("Server My files")
    asked.card.set_most_height(240)
    asked.ask("c2", source_title="My files")
    assert asked.card.view.entries()[0].name == "Server My files"
    builtin = Tool("builtin", "clock", "", {}, Risk.READS)
    asked.card.set_most_height(420)
    asked.ask("c3", tool=builtin, source_title="Anything")
    assert "Built-in tools" in asked.words()


def test_a_built_in_tool_is_called_what_the_settings_call_it(
    asked: Asked, qapp: QApplication
) -> None:
    builtin = Tool("builtin", "read_file", "", {}, Risk.READS, "Read a file")
    install_language(qapp, "zh_CN")
    try:
        title = QCoreApplication.translate("Settings", "Read a file")
        assert title != "Read a file"
        assert tool_name(builtin) == f"{title} (read_file)"
        # A server's words stay as they are.
        assert tool_name(replace(builtin, source="files")) == "Read a file (read_file)"
    finally:
        install_language(qapp, "en")


def test_a_changed_tool_shows_what_it_says_of_itself_now(asked: Asked) -> None:
    asked.ask("c1")
    assert "not what it was" not in asked.words()
    asked.ask("c2", changed=True, tool=Tool("files", "x", "All new.\n" * 80, {}, Risk.UNKNOWN))
    assert "not what it was" in asked.words()
    entries = {entry.name: entry.text for entry in asked.card.view.entries()}
    assert entries["What the tool says of itself now"] == "All new.\n" * 80


def test_everything_is_shown_whole_and_hidden_characters_are_marked(asked: Asked) -> None:
    lines = {f"key{number}": f"value {number} \u202e\u200b" for number in range(200)}
    arguments = json.dumps(lines, ensure_ascii=False, indent=2)
    asked.ask("c1", arguments=arguments, preview="--- a\n+++ b\n" + "+line\n" * 300)
    names = [entry.name for entry in asked.card.view.entries()]
    assert names == ["Arguments", "What would change"]
    view = asked.card.view
    for item in view.stack.items:
        rows = view.stack.rows_of(item)
        assert "\n".join(row.block.source for row in rows) == item.entry.text
        # Nothing is folded away, and all of it can be scrolled to.
        assert not any(getattr(row, "is_folded", False) for row in rows)
    view.grab()
    rows = view.stack.rows_of(view.stack.items[0])
    assert rows[0].marks
    assert view.verticalScrollBar().maximum() > 0
    assert asked.card.height() <= 480


def test_it_takes_no_more_height_than_it_may(asked: Asked) -> None:
    asked.card.set_most_height(260)
    asked.ask("c1", arguments=json.dumps({f"k{n}": n for n in range(300)}))
    assert asked.card.view.height() < 200
    tall = asked.card.view.height()
    asked.card.set_most_height(420)
    assert asked.card.view.height() > tall


def test_in_a_low_window_everything_but_the_buttons_scrolls(asked: Asked) -> None:
    asked.card.set_most_height(240)
    asked.ask("c1", changed=True)
    assert asked.card.height() <= 240
    facts = asked.card.view.entries()[0]
    assert facts.name == "Server files"
    assert risk_text(WRITE.risk) in facts.text
    assert "not what it was" in facts.text
    assert asked.card.once.isVisible()
    asked.card.explain.click()
    assert asked.card.height() <= 240
    assert asked.card.reason.isVisible()
    QTest.keyClick(asked.card.reason, Qt.Key.Key_Escape)
    assert asked.card.once.isVisible()
    asked.card.set_most_height(400)
    assert asked.card.view.entries()[0].name == "What the tool says of itself now"
    assert risk_text(WRITE.risk) in asked.words()


def test_larger_text_takes_more_room(asked: Asked) -> None:
    asked.ask("c1")
    before = asked.card.view.height()
    asked.card.set_zoom(2.0)
    assert asked.card.view.height() > 1.5 * before


def test_arguments_that_are_no_json_are_shown_as_they_are(qapp: object) -> None:
    (entry,) = question_entries(Approval("c1", WRITE, "{broken"))
    assert (entry.text, entry.code, entry.markdown) == ("{broken", "text", False)
