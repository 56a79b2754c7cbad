"""The dock that shows how a turn was thought: its thoughts, calls and results in their order."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

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

from desktop_app.ui.elided_title import ElidedTitle
from desktop_app.ui.icons import icon
from desktop_app.ui.placeholder import Placeholder
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme

# The window is painted first, with an empty pane: what shows a chain is loaded when there may be one.
if TYPE_CHECKING:
    from desktop_app.domain.delta import Delta
    from desktop_app.domain.message import Message
    from desktop_app.ui.conversation.tool_calls import Live
    from desktop_app.ui.thinking.timeline import Timeline
    from desktop_app.ui.transcript.view import BlockView

_LEAST_WIDTH: Final = 220

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
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        # The view stays there, for whoever looks for it by name; the placeholder lies on it.
        self._stack = QStackedLayout()
        self._stack.setStackingMode(QStackedLayout.StackingMode.StackAll)
        column.addLayout(self._stack)
        # In its place already: it shows what is added, and what has no parent is a window then.
        self._stack.addWidget(self._placeholder)
        body.setMinimumWidth(_LEAST_WIDTH)
        self.setWidget(body)
        self.topLevelChanged.connect(self._dress)
        self._retranslate()
        follow_theme(self, self._restyle)

    @cached_property
    def timeline(self) -> "Timeline":
        """What the view shows."""
        from desktop_app.ui.thinking.timeline import Timeline
        from desktop_app.ui.transcript.view import BlockView

        view = BlockView()
        view.setAccessibleName(self.tr("Thinking"))
        view.entry_selected.connect(self.step_chosen)
        view.action_activated.connect(self._on_action)
        self._stack.insertWidget(0, view)
        return Timeline(view)

    @property
    def view(self) -> "BlockView":
        """The timeline's view."""
        return self.timeline.view

    @property
    def turn_id(self) -> str:
        """The id of the first message of the turn that is shown; empty without one."""
        messages = self.timeline.messages
        return messages[0].id if messages else ""

    def show_turn(self, messages: "Iterable[Message]", live: "Live | None" = None) -> None:
        """Show the chain of a turn; its last message may still be streaming."""
        self.timeline.show(messages, live)
        self._show_view()

    def add_message(self, message: "Message") -> None:
        """Take another message of the turn that is shown, or a newer form of one."""
        self.timeline.add(message)
        self._show_view()

    def set_live(self, live: "Live") -> None:
        """Take how calls of the turn that is shown stand now."""
        self.timeline.set_live(live)

    def add_deltas(self, deltas: "Sequence[Delta]", so_far: "Callable[[], Message]") -> None:
        """Grow the chain by what arrived for its last message, see :meth:`Timeline.grow`."""
        self.timeline.grow(deltas, so_far)
        self._show_view()

    def show_step(self, step_id: str) -> None:
        """Bring a step into sight; nothing happens for an empty id."""
        if step_id:
            self.view.scroll_to_entry(step_id)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            if self._is_built:
                self.view.setAccessibleName(self.tr("Thinking"))
                self.timeline.retranslate()

    @property
    def _is_built(self) -> bool:
        return "timeline" in self.__dict__

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
        from desktop_app.domain.message import ToolCall
        from desktop_app.ui.thinking.steps import COPY_JSON, COPY_TEXT, JUMP, REQUEST

        part = self.timeline.part_of(step_id)
        if part is None:
            return
        if action == JUMP:
            self.step_chosen.emit(step_id)
        elif action == REQUEST:
            self.request_chosen.emit(self.timeline.message_of(step_id))
        elif action == COPY_TEXT:
            QGuiApplication.clipboard().setText(self.view.plain_text(step_id))
        elif action == COPY_JSON:
            raw = part.arguments if isinstance(part, ToolCall) else part.text
            QGuiApplication.clipboard().setText(raw)

    def _show_view(self) -> None:
        shown = not self.timeline.is_empty
        if self._placeholder.isHidden() is shown:
            return
        self._placeholder.setVisible(not shown)
        self._stack.setCurrentWidget(self.view if shown else self._placeholder)

    def _retranslate(self) -> None:
        # A dock takes its accessible name from its title; "Thinking" is the timeline's alone.
        self.setWindowTitle(self.tr("Thinking panel"))
        self._title.set_text(self.tr("Thinking"))
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
