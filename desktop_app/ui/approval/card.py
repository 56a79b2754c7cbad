"""The card that asks whether a tool may be called, one question at a time.

It takes no focus by itself and has no default button: whoever types, or clicks where it appears,
must not have allowed anything. So for a moment after a question appeared its buttons do not hear
the mouse.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.tool import Approval, Decision, Risk
from desktop_app.ui.approval.words import (
    changed_text,
    question_entries,
    risk_text,
    source_name,
    tool_name,
)
from desktop_app.ui.elided_title import ElidedTitle
from desktop_app.ui.flow_layout import FlowLayout
from desktop_app.ui.form_style import KIND, style_sheet
from desktop_app.ui.forms import muted_label, plain_label, primary_button, secondary_button
from desktop_app.ui.icons import icon, pixmap
from desktop_app.ui.text_input import LineInput
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme
from desktop_app.ui.transcript.view import BlockView

DEAF_MILLISECONDS: Final = 450
"""How long a question has been there before its buttons hear the mouse."""
_ICON: Final = 18
_INSET: Final = 6
_LEAST_TEXT: Final = 56
_LOW: Final = 300
_ZOOM: Final = 0.92
_PRESSES: Final = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TouchBegin}
)


class ApprovalCard(QFrame):
    """Shows the questions of one session.

    Signals:
        decided(str, Decision, str): What the person says to a call, and why not.
        left(): The last question was answered from within the card; the focus is free.
    """

    decided = Signal(str, object, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Approval")
        self._questions: tuple[Approval, ...] = ()
        self._shown = ""
        self._most_height = 400
        self._age = QElapsedTimer()
        self._age.start()
        self._icon = QLabel()
        self._title = ElidedTitle()
        self._title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._source = QLabel()
        self._source.setTextFormat(Qt.TextFormat.PlainText)
        self._source.setProperty(KIND, "muted")
        self._count = QLabel()
        self._back, self._on = QToolButton(), QToolButton()
        self._back.clicked.connect(lambda: self._turn(-1))
        self._on.clicked.connect(lambda: self._turn(1))
        self._risk = muted_label()
        self._warning = plain_label()
        self._warning.setObjectName("Warning")
        self.view = BlockView()
        self.view.set_zoom(_ZOOM)
        self.view.set_smooth(is_smooth=False)
        self.once, self.here = primary_button(), secondary_button()
        self.deny, self.explain = secondary_button(), secondary_button()
        self.reason = LineInput()
        self._send_reason = secondary_button()
        for button, decision in (
            (self.once, Decision.ALLOW_ONCE),
            (self.here, Decision.ALLOW_HERE),
            (self.deny, Decision.DENY),
        ):
            button.clicked.connect(lambda _=False, decision=decision: self._decide(decision))
        self.explain.clicked.connect(self._begin_reason)
        self.reason.submitted.connect(self._deny_with_reason)
        self._send_reason.clicked.connect(lambda: self._deny_with_reason(self.reason.text()))
        self.reason.installEventFilter(self)
        for button in self._buttons():
            button.installEventFilter(self)
        self._lay_out()
        self._retranslate()
        follow_theme(self, self._restyle)
        self.hide()

    @property
    def questions(self) -> tuple[Approval, ...]:
        """What is asked, in the order of asking."""
        return self._questions

    @property
    def shown(self) -> Approval | None:
        """The question that is shown."""
        return next((each for each in self._questions if each.call_id == self._shown), None)

    def show_questions(self, questions: Sequence[Approval]) -> None:
        """Show ``questions``; the one that is shown stays while it stands."""
        had_focus = self._has_focus()
        known = {each.call_id for each in self._questions}
        self._questions = tuple(questions)
        self.setVisible(bool(questions))
        if not questions:
            self._shown = ""
            self._end_reason()
            if had_focus:
                self.left.emit()
            return
        if self.shown is None:
            self._show(questions[0].call_id)
            if had_focus:
                # Not on a button: the key that answered one question must not answer the next.
                self.view.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._show_count()
        if any(each.call_id not in known for each in questions):
            self._announce()

    def take_focus(self) -> bool:
        """Put the focus on what is to be read, for whoever asked for it; false without a question."""
        if self.isHidden():
            return False
        self.view.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def set_zoom(self, factor: float) -> None:
        """Scale what is to be read by ``factor``."""
        self.view.set_zoom(factor * _ZOOM)
        self._fit()

    def set_most_height(self, pixels: int) -> None:
        """Take ``pixels`` at most; what does not fit is scrolled."""
        was_low, self._most_height = self._is_low, pixels
        if was_low is not self._is_low and self.shown is not None:
            self._show(self._shown)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            if self.shown is not None:
                self._show(self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width sets the text another way."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the buttons deaf at first; Esc leaves the reason as it is."""
        if watched is self.reason:
            return self._filter_reason(event)
        is_press = event.type() in _PRESSES
        return is_press and self._age.elapsed() < DEAF_MILLISECONDS

    # What is shown

    def _show(self, call_id: str) -> None:
        is_another = call_id != self._shown
        self._shown = call_id
        approval = self.shown
        if approval is None:
            return
        if is_another:
            self._age.restart()
            self._end_reason()
        tool = approval.tool
        asked = self.tr("Allow {tool}?").replace("{tool}", tool_name(tool))
        self._title.set_text(asked)
        self._title.setToolTip(asked)
        self._source.setText(source_name(approval))
        self._risk.setText(risk_text(tool.risk))
        self._risk.setProperty("risk", tool.risk.value)
        self._risk.style().polish(self._risk)
        self._warning.setText(changed_text())
        self._warning.setVisible(approval.changed and not self._is_low)
        for label in (self._source, self._risk):
            label.setVisible(not self._is_low)
        self.setAccessibleName(asked)
        self.setAccessibleDescription(f"{source_name(approval)}. {risk_text(tool.risk)}")
        self.view.set_entries(question_entries(approval, with_facts=self._is_low))
        self.view.verticalScrollBar().setValue(0)
        self.view.scrolling.is_following = False
        self._colour_icon(tool.risk)
        self._show_count()
        self._fit()

    @property
    def _is_low(self) -> bool:
        """Whether there is so little room that all that is to be read must scroll."""
        return self._most_height < _LOW

    def _show_count(self) -> None:
        ids = [each.call_id for each in self._questions]
        place = ids.index(self._shown)
        words = self.tr("Question {number} of {count}").replace("{number}", str(place + 1))
        self._count.setText(words.replace("{count}", str(len(ids))))
        for widget in (self._count, self._back, self._on):
            widget.setVisible(len(ids) > 1)
        self._back.setEnabled(place > 0)
        self._on.setEnabled(place + 1 < len(ids))

    def _turn(self, step: int) -> None:
        ids = [each.call_id for each in self._questions]
        self._show(ids[max(0, min(len(ids) - 1, ids.index(self._shown) + step))])

    def _announce(self) -> None:
        """Say that there is a question: to a screen reader, and to whoever is in another window."""
        QApplication.alert(self.window())
        approval = self.shown
        if approval is None or not QAccessible.isActive():
            return
        words = self.tr("{question} {source}. {risk}")
        words = words.replace("{question}", self.accessibleName())
        words = words.replace("{source}", source_name(approval))
        words = words.replace("{risk}", risk_text(approval.tool.risk))
        event = QAccessibleAnnouncementEvent(self, words)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    # What is answered

    def _decide(self, decision: Decision, reason: str = "") -> None:
        if self.shown is not None:
            self.decided.emit(self._shown, decision, reason)

    def _begin_reason(self) -> None:
        self._reason_row.show()
        self._answers.setVisible(not self._is_low)
        self._fit()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_reason(self) -> None:
        self.reason.clear()
        self._reason_row.hide()
        self._answers.show()
        self._fit()

    def _deny_with_reason(self, reason: str) -> None:
        self._decide(Decision.DENY, reason.strip())

    def _filter_reason(self, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if not is_escape or self.reason.is_composing:
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() is QEvent.Type.KeyPress:
            self._end_reason()
            self.explain.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    # Looks

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (self.once, self.here, self.deny, self.explain)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._source)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(names, 1)
        turning = QHBoxLayout()
        turning.setSpacing(2)
        for widget in (self._back, self._count, self._on):
            turning.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addLayout(turning)
        head.setAlignment(turning, Qt.AlignmentFlag.AlignTop)
        self._answers = QWidget()
        flow = FlowLayout(self._answers)
        for button in self._buttons():
            flow.addWidget(button)
        self._reason_row = QWidget()
        row = QHBoxLayout(self._reason_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.reason, 1)
        row.addWidget(self._send_reason)
        self._reason_row.hide()
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(14 - _INSET, 12, 14 - _INSET, 12)
        column.setSpacing(8)
        # The view's words stand as far inside it, for its focus ring.
        for part in (head, self._risk, self._warning, self._answers, self._reason_row):
            part.setContentsMargins(_INSET, 0, _INSET, 0)
        column.addLayout(head)
        column.addWidget(self._risk)
        column.addWidget(self._warning)
        column.addWidget(self.view)
        column.addWidget(self._answers)
        column.addWidget(self._reason_row)

    def _fit(self) -> None:
        """Give the text as much height as it needs, and the card as much as it may have."""
        if not self._shown:
            return
        rest = self._column.heightForWidth(self.width()) - self.view.height()
        room = max(_LEAST_TEXT, self._most_height - rest)
        stack = self.view.stack
        stack.measure(0, room)
        self.view.setFixedHeight(max(_LEAST_TEXT, min(room, stack.total)))
        self.setFixedHeight(rest + self.view.height())

    def _colour_icon(self, risk: Risk) -> None:
        tokens = self._tokens
        colour = tokens.text_muted if risk is Risk.READS else tokens.warning
        name = "tool" if risk is Risk.READS else "warning"
        self._icon.setPixmap(pixmap(name, _ICON, colour, self.devicePixelRatioF()))

    def _retranslate(self) -> None:
        self.once.setText(self.tr("Allow once"))
        self.here.setText(self.tr("Allow for this conversation"))
        self.deny.setText(self.tr("Deny"))
        self.explain.setText(self.tr("Deny with a reason…"))
        self._send_reason.setText(self.tr("Deny and tell"))
        for answer in (*self._buttons(), self._send_reason):
            answer.setAccessibleName(answer.text())
        self.reason.setPlaceholderText(self.tr("Why not? The model is told."))
        self.reason.setAccessibleName(self.tr("Reason for the denial"))
        self.view.setAccessibleName(self.tr("What the tool is to be given"))
        for button, words in (
            (self._back, self.tr("Previous question")),
            (self._on, self.tr("Next question")),
        ):
            button.setAccessibleName(words)
            button.setToolTip(words)

    def _restyle(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._back.setIcon(icon("chevron-left", tokens.text_muted))
        self._on.setIcon(icon("chevron-right", tokens.text_muted))
        for button in (self._back, self._on):
            button.setIconSize(QSize(14, 14))
        if self.shown is not None:
            self._colour_icon(self.shown.tool.risk)
        edge = mix(tokens.border, tokens.warning, 0.45).name()
        self.setStyleSheet(
            style_sheet(tokens)
            + f"""
#Approval {{ background: {tokens.surface.name()}; border: 1px solid {edge};
  border-radius: 12px; }}
#Approval QLabel[risk="executes"], #Approval QLabel[risk="unknown"],
#Approval QLabel[risk="writes"] {{ color: {tokens.warning.name()}; }}
#Approval #Warning {{ color: {tokens.error.name()}; font-weight: 600; }}
#Approval QToolButton {{ border: none; border-radius: 6px; padding: 4px; background: transparent; }}
#Approval QToolButton:hover {{ background: {tokens.hover.name()}; }}
#Approval QToolButton:focus {{ border: 1px solid {tokens.accent.name()}; padding: 3px; }}
"""
        )
