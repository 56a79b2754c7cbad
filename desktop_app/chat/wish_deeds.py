"""Pinning, leaving out and summarising as deeds, which can be undone like any other."""

from collections.abc import Mapping

from desktop_app.chat.library import Library
from desktop_app.chat.undo import Deed, DeedKind, UndoStack
from desktop_app.chat.wishes import Wish


async def wish(
    library: Library,
    stack: UndoStack,
    kind: DeedKind,
    conversation_id: str,
    wanted: Mapping[str, Wish],
) -> None:
    """Want ``wanted`` of messages of a conversation, by their ids, and note how it is undone.

    Raises:
        StoreError: When the conversation cannot be read.
    """
    async with stack.doing() as note:
        before = await _apply(library, conversation_id, wanted)
        if not before:
            return

        async def undo() -> None:
            await _apply(library, conversation_id, before)

        async def redo() -> None:
            await _apply(library, conversation_id, {key: wanted[key] for key in before})

        note(Deed(kind, (conversation_id,), undo, redo))


async def _apply(
    library: Library, conversation_id: str, wanted: Mapping[str, Wish]
) -> Mapping[str, Wish]:
    session = library.session(conversation_id)
    if session is None:
        if library.find(conversation_id) is None:
            return {}
        session = await library.open(conversation_id)
    for message_id in wanted:
        # After it was opened anew, only the branch that is shown has been read.
        await session.branches.read_through(message_id)
    return session.wishes.apply(wanted)
