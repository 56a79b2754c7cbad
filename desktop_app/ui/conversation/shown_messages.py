"""The messages of a session as the entries of a view, in place, whatever of them changes."""

from collections.abc import Callable, Sequence

from desktop_app.chat.branches import Versions
from desktop_app.chat.session import ChatSession
from desktop_app.domain.message import Message, Role
from desktop_app.ui.conversation import entries
from desktop_app.ui.conversation.entry_list import MessageEntries
from desktop_app.ui.conversation.tool_calls import Live
from desktop_app.ui.conversation.turns import Place, number_of, place_in_turn, version_shown_at
from desktop_app.ui.transcript.view import BlockView


class ShownMessages:
    """Shows the branch of one session at a time.

    Args:
        view: Where.
        live: Says what is known of the turn that runs.
    """

    def __init__(self, view: BlockView, live: Callable[[], Live]) -> None:
        self._view = view
        self._live = live
        self._session: ChatSession | None = None
        # The entries by which messages are shown: as they were opened, and what changed since.
        self._opened = MessageEntries(())
        self._entry_ids: dict[str, tuple[str, ...]] = {}

    def show(self, session: ChatSession) -> None:
        """Show all messages of ``session``, and go to their end."""
        self._session = session
        self._view.set_entries(self.entries_of(session.messages))

    def entries_of(self, messages: Sequence[Message]) -> MessageEntries:
        """Return the entries of a branch that is about to be shown."""
        self._opened = MessageEntries(messages, self._versions, self._live)
        self._entry_ids = {}
        return self._opened

    def update(self, message_id: str) -> None:
        """Show a message as it is now: where it stands already, or else at the end."""
        messages = self._session.messages if self._session is not None else ()
        number = number_of(messages, message_id)
        if number is None:
            return
        message, place = messages[number], place_in_turn(messages, number)
        made = entries.message_entries(
            message, place=place, versions=self._versions(message, place), live=self._live()
        )
        wanted = {entry.id: entry for entry in made}
        shown = self.ids_of(message_id)
        for entry_id in shown:
            if entry_id not in wanted:
                self._view.remove_entry(entry_id)
        for entry_id, entry in wanted.items():
            if entry_id in shown:
                self._view.update_entry(entry)
            else:
                self._view.append_entry(entry)
        self._entry_ids[message_id] = tuple(wanted)

    def update_before(self, message_id: str) -> None:
        """Show the message before another one as it is now: it is the last one no more."""
        messages = self._session.messages if self._session is not None else ()
        number = number_of(messages, message_id)
        before = messages[: number or 0]
        for message in reversed(before[-2:]):
            if message.role is not Role.TOOL:
                self.update(message.id)
                return

    def update_end(self) -> None:
        """Show the last message of the model as it is now: its calls stand another way."""
        messages = self._session.messages if self._session is not None else ()
        for message in reversed(messages[-2:]):
            if message.role is Role.ASSISTANT and message.tool_calls:
                self.update(message.id)
                return

    def remove(self, message_id: str) -> None:
        """Take a message out that left the branch."""
        for entry_id in self.ids_of(message_id):
            self._view.remove_entry(entry_id)
        self._entry_ids[message_id] = ()

    def ids_of(self, message_id: str) -> tuple[str, ...]:
        """Return the ids of the entries by which a message is shown."""
        changed = self._entry_ids.get(message_id)
        return self._opened.ids_of(message_id) if changed is None else changed

    def owner_of_versions(self, message_id: str) -> str:
        """Return the message whose versions are shown at ``message_id``; empty for none."""
        messages = self._session.messages if self._session is not None else ()
        number = number_of(messages, message_id)
        if number is None:
            return ""
        place = place_in_turn(messages, number)
        return version_shown_at(messages[number], place, self._count_of)

    def _versions(self, message: Message, place: Place) -> Versions:
        owner = version_shown_at(message, place, self._count_of)
        if self._session is None or not owner:
            return entries.ALONE
        return self._session.branches.versions(owner)

    def _count_of(self, message_id: str) -> int:
        return len(self._session.branches.versions(message_id).ids) if self._session else 1
