"""The messages of a conversation as a sequence of entries, each made when it is looked at.

Formatting ten thousand times of day and usage lines took a quarter of a second before anything was
painted.
"""

from collections.abc import Callable, Sequence
from typing import overload

from desktop_app.chat.branches import Versions
from desktop_app.domain.message import Message, Role, Text
from desktop_app.ui.conversation.entries import ALONE, message_entries
from desktop_app.ui.conversation.tool_calls import AT_REST, Live
from desktop_app.ui.conversation.turns import Place, place_in_turn
from desktop_app.ui.transcript.entry import Entry, EntrySequence


class MessageEntries(EntrySequence):
    """What the transcript shows of `messages`, from the first to the last.

    Args:
        messages: The branch that is shown. Messages are values: nothing here changes.
        versions: Says where a message, or the answer that it ends, stands among those in its place.
        live: Says what is known of a turn that runs: that of the last message.
    """

    def __init__(
        self,
        messages: Sequence[Message],
        versions: Callable[[Message, Place], Versions] = lambda _message, _place: ALONE,
        live: Callable[[], Live] = lambda: AT_REST,
    ) -> None:
        self._messages = messages
        self._versions = versions
        self._live = live
        tool, user = Role.TOOL, Role.USER
        self._owners = [number for number, m in enumerate(messages) if m.role is not tool]
        """For each entry the number of its message."""
        failed = {
            number
            for number in self._owners
            if messages[number].error is not None and messages[number].role is not user
        }
        if failed:
            # The answer so far, and its failure below it.
            twice = {number for number in failed if messages[number].text}
            self._owners = [n for n in self._owners for _ in range(2 if n in twice else 1)]

    def __len__(self) -> int:
        return len(self._owners)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...

    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self._owners)))]
        number = self._owners[index]
        place = range(len(self._owners))[index]
        is_second = place > 0 and self._owners[place - 1] == number
        return self.of(number)[1 if is_second else 0]

    def of(self, number: int) -> tuple[Entry, ...]:
        """The entries of one message."""
        message = self._messages[number]
        place = place_in_turn(self._messages, number)
        live = self._live() if place.is_last else AT_REST
        versions = self._versions(message, place)
        return message_entries(message, place=place, versions=versions, live=live)

    def ids_of(self, message_id: str) -> tuple[str, ...]:
        """The ids of one message's entries; none for a message that is not here."""
        for number in reversed(range(len(self._messages))):
            if self._messages[number].id == message_id:
                # Versions do not change ids, and a message that was just deleted has none.
                made = message_entries(self._messages[number])
                return tuple(entry.id for entry in made)
        return ()

    def ids(self) -> list[str]:
        """The ids of all entries, without making them."""
        found = []
        for place, number in enumerate(self._owners):
            message = self._messages[number]
            if message.error is None or message.role is Role.USER:
                found.append(message.id)
            else:
                found.append(self[place].id)
        return found

    def text_lengths(self) -> list[int]:
        """About how many characters each entry's text has."""
        messages = self._messages
        # In an answer the last part is nearly always its only text.
        return [
            len(parts[-1].text) if (parts := messages[n].parts) and type(parts[-1]) is Text else 200
            for n in self._owners
        ]
