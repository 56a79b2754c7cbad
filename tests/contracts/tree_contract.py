"""What every ``ConversationStore`` keeps of whole conversations: run like ``StoreContract``."""

from dataclasses import replace

import pytest

from desktop_app.chat.ports import ConversationStore, StoreError
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.conversation_tree import ConversationTree, TreeError
from desktop_app.domain.delta import TextDelta
from desktop_app.domain.message import Message, Role, Text
from tests.contracts.stored_values import ANSWER, EXCHANGE, QUESTION, STREAMING, with_head

OTHER_ANSWER = Message("m3", Role.ASSISTANT, (Text("Or not."),), parent="m1", created_at=202.0)
FOLLOWING = Message("m4", Role.USER, (Text("Really? 真的"),), parent="m3", created_at=203.0)
TREE = ConversationTree(
    with_head("m4"), (QUESTION, ANSWER, OTHER_ANSWER, FOLLOWING), (EXCHANGE,), "elsewhere:1"
)
OLD = ConversationTree(
    Conversation("c0", "Old", updated_at=1.0, head="o1"), (Message("o1", Role.USER),)
)


class EnoughError(Exception):
    """Somebody does not want to go on."""


class TreeContract:
    """The tests; ``store`` starts empty."""

    async def test_a_tree_comes_back_with_all_its_branches(self, store: ConversationStore) -> None:
        await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
        await store.finish_message(ANSWER)
        await store.save_exchange(EXCHANGE)
        await store.add_messages(with_head("m4"), (OTHER_ANSWER, FOLLOWING))
        tree = await store.load_tree("c1")
        assert tree == replace(TREE, source="")
        assert tree.branch == await store.load_branch("c1") == (QUESTION, OTHER_ANSWER, FOLLOWING)
        assert tree.branch_count == 2

    async def test_what_streams_is_in_the_tree_as_far_as_it_has_come(
        self, store: ConversationStore
    ) -> None:
        await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
        await store.append_deltas("m2", (TextDelta("half"),))
        assert (await store.load_tree("c1")).messages[-1].text == "half"

    async def test_a_conversation_that_is_not_there_has_no_tree(
        self, store: ConversationStore
    ) -> None:
        with pytest.raises(StoreError):
            await store.load_tree("c1")

    async def test_what_was_imported_comes_back_as_it_was(self, store: ConversationStore) -> None:
        said: list[int] = []
        imported = await store.import_conversations((TREE, OLD), said.append)
        assert imported.conversation_ids == ("c1", "c0")
        assert imported.exchanges_left_out == 0
        assert said == [1, 2]
        assert await store.load_tree("c1") == TREE
        assert await store.load_tree("c0") == OLD
        assert await store.list_conversations() == (TREE.conversation, OLD.conversation)
        assert await store.list_sources() == {"elsewhere:1": "c1"}

    async def test_equally_old_ones_keep_their_order(self, store: ConversationStore) -> None:
        trees = [ConversationTree(Conversation(name, updated_at=5.0)) for name in "bac"]
        await store.import_conversations(trees)
        assert [c.id for c in await store.list_conversations()] == ["b", "a", "c"]

    @pytest.mark.parametrize("taken", ["conversation", "message", "exchange", "in the trash"])
    async def test_an_id_that_is_taken_makes_a_copy_with_new_ones(
        self, store: ConversationStore, taken: str
    ) -> None:
        if taken == "conversation":
            await store.save_conversation(Conversation("c1", "Mine"))
        elif taken == "message":
            await store.add_messages(
                Conversation("x", "Mine", head="m3"), (replace(OTHER_ANSWER, parent=None),)
            )
        elif taken == "exchange":
            await store.add_messages(
                Conversation("x", "Mine", head="y"), (Message("y", Role.USER),)
            )
            await store.save_exchange(replace(EXCHANGE, message_id="y"))
        else:
            await store.import_conversations((TREE,))
            await store.delete_conversation("c1")
        (copy_id,) = (await store.import_conversations((TREE,))).conversation_ids
        assert copy_id != "c1"
        copied = await store.load_tree(copy_id)
        assert [m.text for m in copied.branch] == [m.text for m in TREE.branch]
        ids = {
            m.id: original.id for m, original in zip(copied.messages, TREE.messages, strict=True)
        }
        assert not ids.keys() & set(ids.values())
        back = replace(
            copied,
            conversation=TREE.conversation,
            messages=tuple(
                replace(m, id=ids[m.id], parent=ids[m.parent] if m.parent else None)
                for m in copied.messages
            ),
            exchanges=tuple(
                replace(r, id="e1", message_id=ids[r.message_id]) for r in copied.exchanges
            ),
        )
        assert back == TREE
        assert copied.conversation.head is not None
        assert ids[copied.conversation.head] == "m4"

    async def test_the_same_twice_in_one_import_is_kept_twice(
        self, store: ConversationStore
    ) -> None:
        ids = (await store.import_conversations((TREE, TREE))).conversation_ids
        assert len(set(ids)) == 2
        assert len(await store.list_conversations()) == 2

    async def test_import_is_all_or_nothing(self, store: ConversationStore) -> None:
        def stop(done: int) -> None:
            if done == 2:
                raise EnoughError

        with pytest.raises(EnoughError):
            await store.import_conversations((OLD, TREE), stop)
        assert await store.list_conversations() == ()
        assert await store.list_sources() == {}
        with pytest.raises(StoreError):
            await store.load_tree("c1")
        await store.import_conversations((TREE, OLD))
        assert await store.load_tree("c1") == TREE

    @pytest.mark.parametrize(
        "tree",
        [
            replace(TREE, messages=(QUESTION, QUESTION)),
            replace(TREE, messages=(ANSWER, QUESTION)),
            replace(TREE, conversation=with_head("nobody")),
            replace(TREE, exchanges=(replace(EXCHANGE, message_id="nobody"),)),
            replace(TREE, exchanges=(EXCHANGE, EXCHANGE)),
        ],
        ids=["twice", "child first", "no head", "no message", "exchange twice"],
    )
    async def test_what_is_no_tree_is_refused(
        self, store: ConversationStore, tree: ConversationTree
    ) -> None:
        with pytest.raises(TreeError):
            await store.import_conversations((OLD, tree))
        assert await store.list_conversations() == ()

    async def test_what_still_streams_is_not_imported(self, store: ConversationStore) -> None:
        tree = ConversationTree(with_head("m2"), (QUESTION, STREAMING))
        with pytest.raises(ValueError, match="streaming"):
            await store.import_conversations((tree,))

    async def test_several_are_deleted_and_restored(self, store: ConversationStore) -> None:
        await store.import_conversations((TREE, OLD))
        await store.save_conversation(Conversation("stays"))
        await store.delete_conversations(("c1", "c0", "nobody"))
        assert [c.id for c in await store.list_conversations()] == ["stays"]
        assert await store.list_sources() == {}
        await store.restore_conversation("c1")
        assert await store.load_tree("c1") == TREE
        assert await store.list_sources() == {"elsewhere:1": "c1"}
