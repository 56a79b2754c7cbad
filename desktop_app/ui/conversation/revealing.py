"""The way to one part of a message: which entry shows it, in the conversation or in the thinking."""

from collections.abc import Sequence

from desktop_app.domain.message import Message, ToolCall
from desktop_app.ui.conversation.entries import message_entries
from desktop_app.ui.conversation.turns import turn_with


def entry_of(messages: Sequence[Message], message_id: str) -> str:
    """Return the entry of the conversation at which to look for a message; empty for none.

    What has no entry of its own, such as the answer of a tool, is looked for at what came of it.
    """
    turn = turn_with(messages, message_id)
    ids = [message.id for message in turn]
    following = turn[ids.index(message_id) :] if message_id in ids else ()
    shown = [entry.id for message in following for entry in message_entries(message)]
    return next(iter(shown), ids[0] if ids else "")


def words_to_mark(messages: Sequence[Message], message_id: str, position: int, query: str) -> str:
    """Return what to look for near a hit: the whole query where it stands there, or a word of it."""
    whole = query.strip().strip('"“”')
    message = next((message for message in messages if message.id == message_id), None)
    parts = message.parts if message is not None else ()
    part = parts[position] if position < len(parts) else None
    text = part.arguments if isinstance(part, ToolCall) else part.text if part is not None else ""
    if whole.casefold() in text.casefold():
        return whole
    words = whole.replace('"', " ").replace("“", " ").replace("”", " ").split()
    return max(words, key=len, default="")
