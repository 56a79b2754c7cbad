"""What every ``PermissionStore`` keeps: run against the fake and against the real room.

A test module subclasses :class:`PermissionContract` and provides the fixtures ``conversations`` and
``permissions``, which share what is stored.
"""

from dataclasses import replace

from desktop_app.chat.ports import ConversationStore
from desktop_app.chat.tool_ports import PermissionStore
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.permission import Permission

GIVEN = Permission("c1", "files", "读取 🍵", "ab" * 32, 1795410797.905451)


class PermissionContract:
    """The tests; both stores start empty."""

    async def test_there_is_none_at_first(self, permissions: PermissionStore) -> None:
        assert await permissions.permissions() == ()
        assert await permissions.permissions("c1") == ()

    async def test_it_comes_back_as_it_was_given(
        self, permissions: PermissionStore, conversations: ConversationStore
    ) -> None:
        await conversations.save_conversation(Conversation("c1"))
        await conversations.save_conversation(Conversation("c2"))
        other = replace(GIVEN, conversation="c2", tool="write", given_at=GIVEN.given_at + 1)
        await permissions.save_permission(GIVEN)
        await permissions.save_permission(other)
        assert await permissions.permissions() == (other, GIVEN)
        assert await permissions.permissions("c1") == (GIVEN,)

    async def test_a_later_one_takes_its_place(
        self, permissions: PermissionStore, conversations: ConversationStore
    ) -> None:
        await conversations.save_conversation(Conversation("c1"))
        await permissions.save_permission(GIVEN)
        later = replace(GIVEN, fingerprint="cd" * 32, given_at=GIVEN.given_at + 1)
        await permissions.save_permission(later)
        assert await permissions.permissions("c1") == (later,)

    async def test_it_is_removed_by_its_key(
        self, permissions: PermissionStore, conversations: ConversationStore
    ) -> None:
        await conversations.save_conversation(Conversation("c1"))
        other = replace(GIVEN, tool="write")
        for permission in (GIVEN, other):
            await permissions.save_permission(permission)
        await permissions.remove_permission(replace(GIVEN, fingerprint="", given_at=0.0))
        await permissions.remove_permission(GIVEN)
        assert await permissions.permissions() == (other,)

    async def test_nothing_is_kept_of_a_conversation_that_is_not_stored(
        self, permissions: PermissionStore
    ) -> None:
        await permissions.save_permission(GIVEN)
        assert await permissions.permissions() == ()

    async def test_the_trash_keeps_it_and_does_not_show_it(
        self, permissions: PermissionStore, conversations: ConversationStore
    ) -> None:
        await conversations.save_conversation(Conversation("c1"))
        await permissions.save_permission(GIVEN)
        await conversations.delete_conversation("c1")
        assert await permissions.permissions() == ()
        await conversations.restore_conversation("c1")
        assert await permissions.permissions() == (GIVEN,)

    async def test_it_ends_with_its_conversation(
        self, permissions: PermissionStore, conversations: ConversationStore
    ) -> None:
        await conversations.save_conversation(Conversation("c1"))
        await permissions.save_permission(GIVEN)
        await conversations.delete_conversation("c1")
        await conversations.erase_conversation("c1")
        await conversations.save_conversation(Conversation("c1"))
        assert await permissions.permissions() == ()
