"""What every ``ConversationStore`` keeps of branches: run like ``StoreContract``."""

from dataclasses import replace

import pytest

from desktop_app.chat.ports import ConversationStore, StoreError
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, Role, Text
from desktop_app.domain.tree import TreeNode
from tests.contracts.stored_values import EXCHANGE, QUESTION, with_head


class BranchContract:
    """The tests; ``store`` starts empty."""

    async def _tree(self, store: ConversationStore) -> None:
        """Two questions; below the first two answers; below the second of them another question."""
        made = (
            QUESTION,
            Message("a1", Role.ASSISTANT, (Text("one"),), parent="m1"),
            Message("m1'", Role.USER, (Text("Why coffee?"),)),
            Message("a2", Role.ASSISTANT, (Text("two"),), parent="m1"),
            Message("q2", Role.USER, (Text("And?"),), parent="a2"),
            Message("a3", Role.ASSISTANT, (Text("three"),), parent="q2"),
        )
        for message in made:
            await store.add_messages(with_head(message.id), (message,))

    async def _outline(self, store: ConversationStore) -> list[tuple[str, str | None]]:
        return [(node.id, node.parent) for node in await store.load_outline("c1")]

    async def test_an_outline_has_every_branch_in_the_order_of_making(
        self, store: ConversationStore
    ) -> None:
        assert await store.load_outline("c1") == ()
        await self._tree(store)
        await store.add_messages(Conversation("c2", head="o1"), (Message("o1", Role.USER),))
        assert await self._outline(store) == [
            ("m1", None), ("a1", "m1"), ("m1'", None), ("a2", "m1"), ("q2", "a2"), ("a3", "q2"),
        ]  # fmt: skip

    async def test_a_branch_of_another_head_is_loaded(self, store: ConversationStore) -> None:
        await self._tree(store)
        assert [m.id for m in await store.load_branch("c1")] == ["m1", "a2", "q2", "a3"]
        assert [m.id for m in await store.load_branch("c1", "a1")] == ["m1", "a1"]
        assert [m.id for m in await store.load_branch("c1", "a2")] == ["m1", "a2"]
        assert [m.id for m in await store.load_branch("c1", "m1'")] == ["m1'"]
        assert await store.load_branch("c1", "nobody") == ()
        await store.save_conversation(Conversation("c2"))
        assert await store.load_branch("c2", "a1") == ()

    async def test_a_deleted_branch_is_gone_with_all_below_it_and_comes_back(
        self, store: ConversationStore
    ) -> None:
        await self._tree(store)
        branch = await store.load_branch("c1")
        outline = await store.load_outline("c1")
        await store.delete_branch(with_head("a1"), "a2")
        assert await self._outline(store) == [("m1", None), ("a1", "m1"), ("m1'", None)]
        assert [m.id for m in await store.load_branch("c1")] == ["m1", "a1"]
        assert await store.load_branch("c1", "a3") == ()
        assert await store.list_conversations() == (with_head("a1"),)
        await store.restore_branches(with_head("a3"), ("a2",))
        assert await store.load_branch("c1") == branch
        assert await store.load_outline("c1") == outline

    async def test_a_deleted_branch_is_no_part_of_the_whole_tree(
        self, store: ConversationStore
    ) -> None:
        await self._tree(store)
        await store.save_exchange(replace(EXCHANGE, message_id="a3"))
        await store.delete_branch(with_head("a1"), "a2")
        tree = await store.load_tree("c1")
        assert [message.id for message in tree.messages] == ["m1", "a1", "m1'"]
        assert tree.exchanges == ()

    async def test_restoring_brings_back_what_that_deletion_took(
        self, store: ConversationStore
    ) -> None:
        await self._tree(store)
        await store.delete_branch(with_head("a2"), "q2")
        await store.delete_branch(with_head("a1"), "a2")
        await store.restore_branches(with_head("a2"), ("a2",))
        assert [name for name, _ in await self._outline(store)] == ["m1", "a1", "m1'", "a2"]
        await store.restore_branches(with_head("a3"), ("q2",))
        assert len(await store.load_outline("c1")) == 6

    async def test_all_messages_are_deleted_and_come_back(self, store: ConversationStore) -> None:
        await self._tree(store)
        await store.delete_branch(with_head("a1"), "a2")
        branch, outline = await store.load_branch("c1"), await store.load_outline("c1")
        deleted = await store.delete_messages("c1")
        assert deleted == ("m1", "m1'")
        assert await store.load_branch("c1") == ()
        assert await store.load_outline("c1") == ()
        assert await store.list_conversations() == (replace(with_head("a1"), head=None),)
        assert await store.delete_messages("c1") == ()
        # What is written then begins anew.
        await store.add_messages(with_head("n1"), (Message("n1", Role.USER),))
        assert await self._outline(store) == [("n1", None)]
        await store.restore_branches(with_head("a1"), deleted)
        assert await store.load_branch("c1") == branch
        assert set(await store.load_outline("c1")) == {*outline, TreeNode("n1", None)}

    async def test_deleted_branches_are_erased_after_their_time(
        self, store: ConversationStore
    ) -> None:
        clock = [1_000.0]
        store._clock = lambda: clock[0]  # type: ignore[attr-defined]
        await self._tree(store)
        await store.save_exchange(replace(EXCHANGE, message_id="a3"))
        await store.delete_branch(with_head("a2"), "q2")
        clock[0] = 2_000.0
        await store.delete_branch(with_head("a1"), "a2")
        assert await store.erase_branches(1_000.0, 10) == 0
        assert await store.erase_branches(1_000.5, 10) == 2
        assert await store.load_exchanges("a3") == ()
        await store.restore_branches(with_head("a2"), ("a2",))
        with pytest.raises(StoreError):
            await store.restore_branches(with_head("a3"), ("q2",))
        assert [name for name, _ in await self._outline(store)] == ["m1", "a1", "m1'", "a2"]
        # Never more at a time than allowed, those below first.
        await store.delete_branch(with_head("m1'"), "m1")
        counts = [await store.erase_branches(2_001.0, 2) for _ in range(3)]
        assert counts == [2, 1, 0]
        assert await self._outline(store) == [("m1'", None)]

    async def test_what_is_shown_is_not_deleted(self, store: ConversationStore) -> None:
        await self._tree(store)
        outline = await store.load_outline("c1")
        with pytest.raises(StoreError):
            await store.delete_branch(replace(with_head("a3"), title="New"), "a2")
        assert await store.load_outline("c1") == outline
        assert await store.list_conversations() == (with_head("a3"),)

    async def test_only_branches_of_the_conversation_are_deleted_and_restored(
        self, store: ConversationStore
    ) -> None:
        await self._tree(store)
        other = Conversation("c2", head="o1")
        await store.add_messages(other, (Message("o1", Role.USER),))
        for message_id in ("a1", "nobody"):
            with pytest.raises(StoreError):
                await store.delete_branch(other, message_id)
            with pytest.raises(StoreError):
                await store.restore_branches(other, ("o1", message_id))
        await store.restore_branches(with_head("a3"), ("a2",))
        assert len(await store.load_outline("c1")) == 6
