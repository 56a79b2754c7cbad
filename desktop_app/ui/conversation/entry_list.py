"""The messages of a conversation as a sequence of entries, each made when it is looked at.

Formatting ten thousand times of day and usage lines took a quarter of a second before anything was
painted.
"""

from collections.abc import Sequence
from typing import Final, overload

from desktop_app.domain.message import Message, Role, Text
from desktop_app.ui.conversation.entries import message_entries
from desktop_app.ui.transcript.entry import Entry, EntrySequence

_ERROR_LENGTH: Final = 200


class MessageEntries(EntrySequence):
    """What the transcript shows of `messages`, from the first to the last.

    Args:
        messages: The branch that is shown. Messages are values: nothing here changes.
    """

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = messages
        self._owners: list[int] = []
        """For each entry the number of its message."""
        for number, message in enumerate(messages):
            if message.role is Role.TOOL:
                continue
            self._owners.append(number)
            if message.error is not None and message.role is not Role.USER and message.text:
                # The answer so far, and its failure below it.
                self._owners.append(number)

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
        is_last = number == len(self._messages) - 1
        return message_entries(self._messages[number], is_last=is_last)

    def ids_of(self, message_id: str) -> tuple[str, ...]:
        """The ids of one message's entries; none for a message that is not here."""
        for number in reversed(range(len(self._messages))):
            if self._messages[number].id == message_id:
                return tuple(entry.id for entry in self.of(number))
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
        return [_length(self._messages[number]) for number in self._owners]


def _length(message: Message) -> int:
    """The length of the last part, which in an answer is nearly always its only text."""
    last = message.parts[-1] if message.parts else None
    if isinstance(last, Text):
        return len(last.text)
    return _ERROR_LENGTH if message.error is not None else len(message.text)
