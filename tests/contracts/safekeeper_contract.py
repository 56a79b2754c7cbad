"""What every ``Safekeeper`` keeps: run against the fake and against the real room.

A test module subclasses :class:`SafekeeperContract` and provides the fixtures ``store`` and
``safekeeper``, which guards it.
"""

from dataclasses import replace

import pytest

from desktop_app.chat.ports import ConversationStore, Safekeeper, StoreError
from desktop_app.domain.backup import BackupReason, Damage
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import TextDelta
from desktop_app.domain.message import MessageState
from tests.contracts.stored_values import ANSWER, EXCHANGE, QUESTION, STREAMING, with_head


class SafekeeperContract:
    """The tests; ``store`` starts empty."""

    async def _fill(self, store: ConversationStore) -> None:
        await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
        await store.finish_message(ANSWER)
        await store.save_exchange(EXCHANGE)

    async def test_at_first_there_is_no_copy(self, safekeeper: Safekeeper) -> None:
        assert await safekeeper.list_backups() == ()

    async def test_a_copy_says_what_it_is(
        self, store: ConversationStore, safekeeper: Safekeeper
    ) -> None:
        await self._fill(store)
        await store.save_conversation(Conversation("c2"))
        await store.save_conversation(Conversation("c3"))
        await store.delete_conversation("c3")
        made = await safekeeper.back_up(BackupReason.MANUAL)
        assert made.reason is BackupReason.MANUAL
        assert made.conversations == 2
        assert made.size > 0
        assert not made.is_damaged
        assert await safekeeper.list_backups() == (made,)

    async def test_the_newest_comes_first_however_fast_they_follow(
        self, store: ConversationStore, safekeeper: Safekeeper
    ) -> None:
        await self._fill(store)
        made = [await safekeeper.back_up(BackupReason.MANUAL) for _ in range(3)]
        assert await safekeeper.list_backups() == tuple(reversed(made))
        assert len({backup.name for backup in made}) == 3

    async def test_an_automatic_copy_is_made_only_of_changes(
        self, store: ConversationStore, safekeeper: Safekeeper
    ) -> None:
        assert await safekeeper.back_up_changes() is None
        await self._fill(store)
        made = await safekeeper.back_up_changes()
        assert made is not None
        assert made.reason is BackupReason.AUTOMATIC
        assert await safekeeper.back_up_changes() is None
        await store.save_conversation(replace(with_head("m2"), title="Other"))
        assert await safekeeper.back_up_changes() is not None
        await store.load_branch("c1")
        assert await safekeeper.back_up_changes() is None
        await store.delete_conversation("c1")
        await safekeeper.back_up(BackupReason.MANUAL)
        assert await safekeeper.back_up_changes() is None

    async def test_restoring_brings_everything_back_and_can_be_undone(
        self, store: ConversationStore, safekeeper: Safekeeper
    ) -> None:
        await self._fill(store)
        made = await safekeeper.back_up(BackupReason.MANUAL)
        later = replace(STREAMING, id="n2", parent=None)
        await store.add_messages(Conversation("c9", head="n2"), (later,))
        await store.finish_message(replace(later, state=MessageState.COMPLETE))
        await store.delete_conversation("c1")
        now = await store.list_conversations()
        before = await safekeeper.restore(made.name)
        assert before.reason is BackupReason.BEFORE_RESTORE
        assert await store.list_conversations() == (with_head("m2"),)
        assert await store.load_branch("c1") == (QUESTION, ANSWER)
        assert await store.load_exchanges("m2") == (EXCHANGE,)
        assert await store.load_branch("c9") == ()
        assert await safekeeper.back_up_changes() is None
        assert {b.name for b in await safekeeper.list_backups()} >= {made.name, before.name}
        await safekeeper.restore(before.name)
        assert await store.list_conversations() == now
        await store.restore_conversation("c1")
        assert await store.load_branch("c1") == (QUESTION, ANSWER)

    async def test_after_restoring_it_is_written_as_before(
        self, store: ConversationStore, safekeeper: Safekeeper
    ) -> None:
        made = await safekeeper.back_up(BackupReason.MANUAL)
        await self._fill(store)
        await safekeeper.restore(made.name)
        assert await store.list_conversations() == ()
        with pytest.raises(StoreError):
            await store.append_deltas("m2", (TextDelta("of a message that is gone"),))
        await self._fill(store)
        assert await store.load_branch("c1") == (QUESTION, ANSWER)

    @pytest.mark.parametrize("name", ["", "nothing", "../interleave.db", "20261126"])
    async def test_what_is_no_copy_is_refused_and_changes_nothing(
        self, store: ConversationStore, safekeeper: Safekeeper, name: str
    ) -> None:
        await self._fill(store)
        with pytest.raises(StoreError):
            await safekeeper.restore(name)
        assert await store.load_branch("c1") == (QUESTION, ANSWER)

    async def test_where_all_is_well_nothing_is_found(
        self, store: ConversationStore, safekeeper: Safekeeper
    ) -> None:
        await self._fill(store)
        assert await safekeeper.find_damage() == Damage()
        assert not await safekeeper.find_damage()
