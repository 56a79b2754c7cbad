"""The dock that shows how a turn was thought: its thoughts, calls and results in their order."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.delta import Delta
from desktop_app.domain.message import Message, Role, ToolCall
from desktop_app.ui.conversation.tool_calls import AT_REST, Live
from desktop_app.ui.elided_title import ElidedTitle
from desktop_app.ui.icons import icon
from desktop_app.ui.placeholder import Placeholder
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme
from desktop_app.ui.thinking.steps import COPY_JSON, COPY_TEXT, JUMP, REQUEST
from desktop_app.ui.thinking.timeline import Timeline
from desktop_app.ui.transcript.view import BlockView

_STEP: Final = QPoint(24, 40)
"""How far a pane of its own stands off, so that it is seen to be one."""

_FRAME: Final = QSize(24, 64)
"""Room for the frame that the system draws around it."""


class ThinkingPane(QDockWidget):
    """Shows the chain of one turn; grows while it streams.

    Signals:
        step_chosen(str): What the step with this id led to is wanted.
        request_chosen(str): What was sent for the message with this id is wanted.
    """

    step_chosen = Signal(str)
    request_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ThinkingDock")
        self.setAllowedAreas(
            Qt.DockWidgetArea.RightDockWidgetArea | Qt.DockWidgetArea.LeftDockWidgetArea
        )
        self._view = BlockView()
        self._view.setMinimumWidth(220)
        self._view.entry_selected.connect(self.step_chosen)
        self._view.action_activated.connect(self._on_action)
        self._timeline = Timeline(self._view)
        self._placeholder = Placeholder("thinking")
        self._title = ElidedTitle()
        self._float = QToolButton()
        self._float.setAutoRaise(True)
        self._float.clicked.connect(self._change_place)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.close)
        self._bar = QWidget()
        self._bar.setObjectName("ThinkingBar")
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(16, 12, 10, 8)
        row.setSpacing(2)
        row.addWidget(self._title, 1)
        row.addWidget(self._float)
        row.addWidget(self._close)
        self.setTitleBarWidget(self._bar)
        body = QWidget()
        body.setObjectName("ThinkingBody")
        # The timeline is always there, for whoever looks for it by name; the placeholder lies on it.
        self._stack = QStackedLayout()
        self._stack.setStackingMode(QStackedLayout.StackingMode.StackAll)
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._placeholder)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._stack)
        self.setWidget(body)
        self.topLevelChanged.connect(self._dress)
        self._show_view()
        self._retranslate()
        follow_theme(self, self._restyle)

    @property
    def view(self) -> BlockView:
        """The timeline."""
        return self._view

    @property
    def timeline(self) -> Timeline:
        """What the view shows."""
        return self._timeline

    @property
    def turn_id(self) -> str:
        """The id of the first message of the turn that is shown; empty without one."""
        messages = self._timeline.messages
        return messages[0].id if messages else ""

    def show_turn(self, messages: Iterable[Message], live: Live = AT_REST) -> None:
        """Show the chain of a turn; its last message may still be streaming."""
        self._timeline.show((m for m in messages if m.role is not Role.USER), live)
        self._show_view()

    def add_message(self, message: Message) -> None:
        """Take another message of the turn that is shown, or a newer form of one."""
        self._timeline.add(message)
        self._show_view()

    def set_live(self, live: Live) -> None:
        """Take how calls of the turn that is shown stand now."""
        self._timeline.set_live(live)

    def add_deltas(self, deltas: Sequence[Delta], so_far: Callable[[], Message]) -> None:
        """Grow the chain by what arrived for its last message, see :meth:`Timeline.grow`."""
        self._timeline.grow(deltas, so_far)
        self._show_view()

    def show_step(self, step_id: str) -> None:
        """Bring a step into sight; nothing happens for an empty id."""
        if step_id:
            self._view.scroll_to_entry(step_id)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self._timeline.retranslate()

    def _change_place(self) -> None:
        if self.isFloating():
            self.setFloating(False)
            self._float.setFocus()
            return
        beside = self._place_beside_window()
        self.setFloating(True)
        self.setGeometry(beside)
        self.activateWindow()

    def _place_beside_window(self) -> QRect:
        """Where the pane covers as little of the window as the screen allows, and stands out from it."""
        window = self.window().frameGeometry()
        screen = self.screen().availableGeometry()
        place = QRect(QPoint(), self.size().boundedTo(screen.size() - _FRAME))
        place.moveTopLeft(window.topRight() + _STEP)
        if place.right() > screen.right():
            place.moveTopRight(window.topLeft() - QPoint(_STEP.x(), -_STEP.y()))
        if place.left() < screen.left():
            place.moveTopLeft(self.mapToGlobal(QPoint()) + _STEP)
        place.moveRight(min(place.right(), screen.right() - _FRAME.width() // 2))
        place.moveBottom(min(place.bottom(), screen.bottom() - _FRAME.height() // 2))
        return place

    def _dress(self, floating: bool) -> None:
        """Give the pane the frame of a window of its own; a dock with a bar of its own has none."""
        if floating:
            shown = self.isVisible()
            # While a window of this type is the active one, its parent's shortcuts work.
            self.setWindowFlags(Qt.WindowType.Tool)
            self.setVisible(shown)

    def _on_action(self, step_id: str, action: str) -> None:
        part = self._timeline.part_of(step_id)
        if part is None:
            return
        if action == JUMP:
            self.step_chosen.emit(step_id)
        elif action == REQUEST:
            self.request_chosen.emit(self._timeline.message_of(step_id))
        elif action == COPY_TEXT:
            QGuiApplication.clipboard().setText(self._view.plain_text(step_id))
        elif action == COPY_JSON:
            raw = part.arguments if isinstance(part, ToolCall) else part.text
            QGuiApplication.clipboard().setText(raw)

    def _show_view(self) -> None:
        shown = not self._timeline.is_empty
        if self._placeholder.isHidden() is shown:
            return
        self._placeholder.setVisible(not shown)
        self._stack.setCurrentWidget(self._view if shown else self._placeholder)

    def _retranslate(self) -> None:
        # A dock takes its accessible name from its title; "Thinking" is the timeline's alone.
        self.setWindowTitle(self.tr("Thinking panel"))
        self._title.set_text(self.tr("Thinking"))
        self._view.setAccessibleName(self.tr("Thinking"))
        self._placeholder.set_text(
            self.tr("What the model thinks appears here, step by step, while it works.")
        )
        self._float.setToolTip(self.tr("Put into a window of its own, or back"))
        self._float.setAccessibleName(self.tr("Detach the thinking panel"))
        self._close.setToolTip(self.tr("Hide the thinking"))
        self._close.setAccessibleName(self.tr("Hide the thinking panel"))

    def _restyle(self, tokens: Tokens) -> None:
        self._float.setIcon(icon("external-link", tokens.text_muted))
        self._close.setIcon(icon("close", tokens.text_muted))
        self.setStyleSheet(
            f"""
#ThinkingBar, #ThinkingBody {{ background: {tokens.surface.name()}; }}
#ThinkingBar QToolButton {{ border: none; border-radius: 6px; padding: 5px; }}
#ThinkingBar QToolButton:hover {{ background: {tokens.hover.name()}; }}
#ThinkingBar QToolButton:focus {{ border: 1px solid {tokens.accent.name()}; padding: 4px; }}
"""
        )
