"""The line in the conversation before which nothing is sent, and the summary that goes in its place."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.message import DRAFT, Message
from desktop_app.ui.context import words
from desktop_app.ui.transcript.entry import Entry, EntryAction, EntryKind
from desktop_app.ui.transcript.view import BlockView

CUT_ID: Final = "context/cut"
SUMMARY_ID: Final = "context/summary"
OPEN_LEDGER: Final = "context-open"
SUM_UP: Final = "context-sum-up"
EDIT_SUMMARY: Final = "context-edit-summary"


class Marks:
    """Keeps the marks in a view: the summary before its turn, and the line before what is sent.

    Args:
        view: The conversation.
    """

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._shown: dict[str, Entry] = {}

    def place(self, branch: Sequence[Message], cut: str) -> None:
        """Show what belongs there, and nothing else.

        Args:
            branch: The messages; the entry of one has its id.
            cut: The first after those that are not sent, if any are not for want of room or
                because a summary stands for them.
        """
        message = summarised(branch)
        self._place(SUMMARY_ID, message, _summary_entry)
        first = next((m for m in branch if m.id == cut), None)
        is_said = message is not None and message.id == cut
        self._place(CUT_ID, None if is_said else first, _cut_entry)

    def _place(self, mark: str, message: Message | None, make: Callable[[Message], Entry]) -> None:
        """Show a mark before a message, a draft's at the end; no message takes the mark away."""
        items = self._view.stack.by_id
        stands = items[mark].index if mark in items else None
        wanted = place = None
        if message is not None and (message.id in items or message.id == DRAFT):
            wanted = make(message)
            is_there = message.id in items
            place = items[message.id].index if is_there else len(self._view.stack.items)
            # Without the mark itself, where it stands before that.
            place -= stands is not None and stands < place
        if stands is not None and stands == place and wanted is not None:
            if wanted != self._shown.get(mark):
                self._view.update_entry(wanted)
        else:
            if stands is not None:
                self._view.remove_entry(mark)
            if wanted is not None and place is not None:
                self._view.insert(place, wanted)
        if wanted is not None:
            self._shown[mark] = wanted


def summarised(branch: Sequence[Message]) -> Message | None:
    """Return the message before which a summary is sent; of several the last."""
    return next((message for message in reversed(branch) if message.summary), None)


def _summary_entry(message: Message) -> Entry:
    edit = QCoreApplication.translate("Outgoing", "Edit summary…")
    return Entry(
        id=SUMMARY_ID,
        kind=EntryKind.ASSISTANT,
        name=QCoreApplication.translate("Outgoing", "Summary"),
        text=message.summary,
        actions=(EntryAction(EDIT_SUMMARY, edit), _open_action()),
        note=QCoreApplication.translate("Outgoing", "Sent in place of the earlier messages"),
    )


def _cut_entry(message: Message) -> Entry:
    sum_up = QCoreApplication.translate("Outgoing", "Summarise what is left out")
    actions = [_open_action()]
    if message.id != DRAFT:
        actions.append(EntryAction(SUM_UP, sum_up))
    name = words.cut_text()
    return Entry(id=CUT_ID, kind=EntryKind.ASSISTANT, name=name, text="", actions=tuple(actions))


def _open_action() -> EntryAction:
    return EntryAction(OPEN_LEDGER, QCoreApplication.translate("Outgoing", "Context…"))
