"""The line in the conversation before which nothing is sent, or the summary that goes in its place."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.message import Message
from desktop_app.ui.context import words
from desktop_app.ui.transcript.entry import Entry, EntryAction, EntryKind
from desktop_app.ui.transcript.view import BlockView

CUT_ID: Final = "context/cut"
OPEN_LEDGER: Final = "context-open"
SUM_UP: Final = "context-sum-up"
EDIT_SUMMARY: Final = "context-edit-summary"


class CutMark:
    """Keeps one entry in a view, before the first message that is sent.

    Args:
        view: The conversation.
    """

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._shown: Entry | None = None

    def place(self, message: Message | None, *, is_last: bool = False) -> None:
        """Show the mark before ``message``, or take it away.

        Args:
            message: The first that is sent; its entry has its id.
            is_last: Whether the mark stands at the end: no message that is there is sent.
        """
        items = self._view.stack.by_id
        wanted: Entry | None = None
        place = len(self._view.stack.items) - (CUT_ID in items)
        if message is not None and message.id in items:
            wanted = _entry(message)
            place = items[message.id].index - (CUT_ID in items and self._is_before(message.id))
        elif is_last:
            wanted = _entry(None)
        if CUT_ID in items:
            if wanted is not None and items[CUT_ID].index == place:
                if wanted != self._shown:
                    self._view.update_entry(wanted)
                self._shown = wanted
                return
            self._view.remove_entry(CUT_ID)
        self._shown = wanted
        if wanted is not None:
            self._view.insert(place, wanted)

    def _is_before(self, entry_id: str) -> bool:
        items = self._view.stack.by_id
        return items[CUT_ID].index < items[entry_id].index


def _entry(message: Message | None) -> Entry:
    if message is not None and message.summary:
        edit = QCoreApplication.translate("Outgoing", "Edit summary…")
        return Entry(
            id=CUT_ID,
            kind=EntryKind.ASSISTANT,
            name=QCoreApplication.translate("Outgoing", "Summary"),
            text=message.summary,
            actions=(EntryAction(EDIT_SUMMARY, edit), _open_action()),
            note=QCoreApplication.translate("Outgoing", "Sent in place of the earlier messages"),
        )
    sum_up = QCoreApplication.translate("Outgoing", "Summarise what is left out")
    return Entry(
        id=CUT_ID,
        kind=EntryKind.TURN,
        name=words.cut_text(),
        text="",
        actions=(_open_action(), *((EntryAction(SUM_UP, sum_up),) if message else ())),
        markdown=False,
    )


def _open_action() -> EntryAction:
    return EntryAction(OPEN_LEDGER, QCoreApplication.translate("Outgoing", "Context…"))
