"""Finding in the conversation and in the thinking beside it: one search, a bar in each view.

The bar opens in the view that has the focus. What is found in the other view is counted there too,
and the count leads over to it.
"""

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.ui.find_bar import FindBar
from desktop_app.ui.transcript.matching import Query
from desktop_app.ui.transcript.view import BlockView


class Finding(QObject):
    """Opens and closes the bars of two views, and keeps their searches the same.

    Signals:
        thinking_requested(): The thinking pane is wanted, and hidden.
    """

    thinking_requested = Signal()

    def __init__(self, conversation: BlockView, thinking: BlockView, parent: QWidget) -> None:
        super().__init__(parent)
        self._conversation = conversation
        self._thinking = thinking
        self._came_from: QWidget | None = None
        self.conversation_bar = FindBar(conversation)
        self.thinking_bar = FindBar(thinking)
        for view, bar in self._bars():
            bar.closed.connect(self.close)
            bar.query_changed.connect(self._on_query_changed)
            bar.elsewhere_chosen.connect(self._on_elsewhere_chosen)
            view.find_requested.connect(lambda view=view: self._open_in(view))
            view.finder.changed.connect(self._show_elsewhere)
        self.conversation_bar.language_changed.connect(self._retranslate)
        self._retranslate()

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the window's actions for finding do."""
        return {
            "find": self.open,
            "find_next": lambda: self.step(forwards=True),
            "find_previous": lambda: self.step(forwards=False),
        }

    def open(self) -> None:
        """Open the bar where the focus is: in the thinking, or else in the conversation."""
        is_thinking = self._holds_focus(self._thinking) and self._thinking.isVisible()
        self._open_in(self._thinking if is_thinking else self._conversation)

    def mark(self, words: str, *, in_thinking: bool) -> None:
        """Find `words` from what is in sight on; the focus stays where it is."""
        if words:
            view = self._thinking if in_thinking else self._conversation
            self._open_in(view, Query(words), takes_focus=False)

    def step(self, *, forwards: bool) -> None:
        """Go to the next hit or the one before; without a search, ask for one."""
        bar = self._open_bar()
        if bar is not None and bar.query.folded:
            bar.step(forwards)
        else:
            self.open()

    def close(self) -> None:
        """End the search: the last hit stays selected, and the focus goes back to where it was."""
        bar = self._open_bar()
        if bar is None:
            return
        view = self._view_of(bar)
        self._select_current(view)
        back, self._came_from = self._came_from, None
        is_there = back is not None and shiboken6.isValid(back) and back.isVisible()
        # Before the bar goes: with the focus still in it, Qt would pass that on as if by Tab.
        (back if is_there and back is not None else view).setFocus()
        for each, its_bar in self._bars():
            each.finder.close()
            its_bar.hide()

    def _open_in(
        self, view: BlockView, query: Query | None = None, *, takes_focus: bool = True
    ) -> None:
        if not view.isVisible() or not view.stack.items:
            return
        focus = QApplication.focusWidget()
        if focus is not None and not any(bar.isAncestorOf(focus) for _, bar in self._bars()):
            self._came_from = focus
        bar = self._bar_of(view)
        other = next(each for _, each in self._bars() if each is not bar)
        if query is None and other.isVisible():
            query = other.query
        bar.open(query, takes_focus=takes_focus)
        if other.isVisible():
            other.hide()
            self._on_query_changed(bar.query)

    def _on_query_changed(self, query: Query) -> None:
        for view, bar in self._bars():
            if not bar.isVisible():
                view.finder.search(query, leads=False)
        self._show_elsewhere()

    def _on_elsewhere_chosen(self) -> None:
        bar = self._open_bar()
        if bar is None:
            return
        query = bar.query
        if bar is self.thinking_bar:
            self._open_in(self._conversation, query)
            return
        if not self._thinking.isVisible():
            self.thinking_requested.emit()
        self._open_in(self._thinking, query)

    def _show_elsewhere(self) -> None:
        in_thinking, in_conversation = self._thinking.finder.count, self._conversation.finder.count
        text = self.tr("Thinking: {count}").replace("{count}", str(in_thinking))
        self.conversation_bar.set_elsewhere(text if in_thinking else "")
        text = self.tr("Conversation: {count}").replace("{count}", str(in_conversation))
        self.thinking_bar.set_elsewhere(text if in_conversation else "")

    def _select_current(self, view: BlockView) -> None:
        found = view.finder.current
        if found is not None:
            item, hit = found
            start, end = (hit.row, hit.start), (hit.end_row, hit.end)
            view.selection.set((item.index, *start), (item.index, *end))
            view.caret.show()

    def _bars(self) -> tuple[tuple[BlockView, FindBar], ...]:
        return (
            (self._conversation, self.conversation_bar),
            (self._thinking, self.thinking_bar),
        )

    def _bar_of(self, view: BlockView) -> FindBar:
        return self.thinking_bar if view is self._thinking else self.conversation_bar

    def _view_of(self, bar: FindBar) -> BlockView:
        return self._thinking if bar is self.thinking_bar else self._conversation

    def _open_bar(self) -> FindBar | None:
        return next((bar for _, bar in self._bars() if not bar.isHidden()), None)

    def _holds_focus(self, view: BlockView) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and (focus is view or view.isAncestorOf(focus))

    def _retranslate(self) -> None:
        self.conversation_bar.set_name(self.tr("Find in conversation"))
        self.thinking_bar.set_name(self.tr("Find in thinking"))
        self._show_elsewhere()
