"""The dock that shows how a turn was thought: its thoughts, calls and results in their order."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.delta import Delta, TextDelta, ThinkingDelta, ToolCallDelta
from desktop_app.domain.message import Message, Thought
from desktop_app.ui.conversation.entries import chain_entries, thought_entry, thought_id
from desktop_app.ui.elided_title import ElidedTitle
from desktop_app.ui.icons import icon
from desktop_app.ui.placeholder import Placeholder
from desktop_app.ui.theme import Tokens
from desktop_app.ui.theming import follow_theme
from desktop_app.ui.transcript.view import BlockView


class ThinkingPane(QDockWidget):
    """Shows the chain of one turn; grows while it streams."""

    step_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ThinkingDock")
        self.setAllowedAreas(
            Qt.DockWidgetArea.RightDockWidgetArea | Qt.DockWidgetArea.LeftDockWidgetArea
        )
        self._message_id = ""
        self._thoughts = 0
        self._in_thought = False
        self._view = BlockView()
        self._view.setMinimumWidth(220)
        self._view.entry_selected.connect(self.step_chosen)
        self._placeholder = Placeholder("thinking")
        self._title = ElidedTitle()
        self._float = QToolButton()
        self._float.setAutoRaise(True)
        self._float.clicked.connect(lambda: self.setFloating(not self.isFloating()))
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
        self._show_view(shown=False)
        self._retranslate()
        follow_theme(self, self._restyle)

    @property
    def view(self) -> BlockView:
        """The timeline."""
        return self._view

    @property
    def message_id(self) -> str:
        """The id of the last message of the turn that is shown."""
        return self._message_id

    def show_chain(self, messages: Iterable[Message]) -> None:
        """Show the chain of a turn; the last message may still be streaming."""
        messages = tuple(messages)
        last = messages[-1] if messages else None
        thoughts = [part for part in last.parts if isinstance(part, Thought)] if last else []
        self._message_id = last.id if last else ""
        self._thoughts = len(thoughts)
        self._in_thought = bool(
            last and not last.is_final and last.parts and isinstance(last.parts[-1], Thought)
        )
        steps = chain_entries(messages)
        self._view.set_entries(steps)
        self._show_view(shown=bool(steps))

    def add_deltas(self, message_id: str, deltas: Iterable[Delta]) -> None:
        """Grow the chain by what arrived for ``message_id``, if it is the one that is shown."""
        if message_id != self._message_id:
            return
        for delta in deltas:
            match delta:
                case ThinkingDelta(text):
                    self._grow_thought(text)
                case TextDelta() | ToolCallDelta():
                    self._end_thought()
                case _:
                    pass

    def finish(self, message: Message) -> None:
        """Bring the chain of a message that streamed to its final form, in place."""
        if message.id != self._message_id:
            return
        self._end_thought()
        shown = {entry.id for entry in self._view.entries()}
        for step in chain_entries((message,)):
            if step.id in shown:
                self._view.update_entry(step)
            else:
                self._view.append_entry(step)
        self._show_view(shown=bool(self._view.entries()))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _grow_thought(self, text: str) -> None:
        if not self._in_thought:
            self._in_thought = True
            self._thoughts += 1
            self._view.append_entry(thought_entry(self._open_thought, "", None))
            self._show_view(shown=True)
        self._view.append_text(self._open_thought, text)

    @property
    def _open_thought(self) -> str:
        return thought_id(self._message_id, self._thoughts - 1)

    def _end_thought(self) -> None:
        if self._in_thought:
            self._in_thought = False
            self._view.finish_entry(self._open_thought)

    def _show_view(self, *, shown: bool) -> None:
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
