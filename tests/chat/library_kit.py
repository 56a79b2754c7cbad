"""A library as the tests look at it."""

from desktop_app.chat.library import Library

DAY = 86_400.0


def titles(library):
    return [conversation.title for conversation in library.conversations]


async def filled(store, *conversations):
    """A library that has read ``conversations``, none of them open."""
    for conversation in conversations:
        await store.save_conversation(conversation)
    again = Library(store, lambda: None, lambda: "m", clock=lambda: 1000.0 * DAY)
    await again.load()
    return again
