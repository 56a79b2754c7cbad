"""What every ``ConversationStore`` keeps: run against the fake and against the real room.

A test module subclasses :class:`StoreContract` and provides the fixture ``store``.
"""

from dataclasses import replace

import pytest

from desktop_app.chat.ports import ConversationStore, StoreError
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import (
    FinishDelta,
    NoticeDelta,
    TextDelta,
    ThinkingDelta,
    ToolCallDelta,
    UsageDelta,
)
from desktop_app.domain.message import Message, MessageState, Role, Sending, Text, ToolCall
from desktop_app.domain.usage import Usage
from tests.contracts.stored_values import (
    ANSWER,
    CONVERSATION,
    EXCHANGE,
    QUESTION,
    STREAMING,
    with_head,
)


class StoreContract:
    """The tests; ``store`` starts empty."""

    async def _stream(self, store: ConversationStore) -> None:
        await store.add_messages(with_head("m2"), (QUESTION, STREAMING))

    async def test_a_new_store_is_empty(self, store: ConversationStore) -> None:
        assert await store.list_conversations() == ()
        assert await store.load_branch("unknown") == ()

    async def test_a_conversation_comes_back_as_it_was_saved(
        self, store: ConversationStore
    ) -> None:
        await store.save_conversation(CONVERSATION)
        assert await store.list_conversations() == (CONVERSATION,)

    async def test_saving_again_replaces(self, store: ConversationStore) -> None:
        await store.save_conversation(CONVERSATION)
        bare = Conversation("c1", title="Coffee", created_at=1.0, updated_at=2.0)
        await store.save_conversation(bare)
        assert await store.list_conversations() == (bare,)

    async def test_the_newest_comes_first(self, store: ConversationStore) -> None:
        for name, updated in (("a", 5.0), ("b", 9.0), ("c", 1.0), ("d", 5.0)):
            await store.save_conversation(Conversation(name, updated_at=updated))
        assert [c.id for c in await store.list_conversations()] == ["b", "d", "a", "c"]

    async def test_messages_come_back_oldest_first(self, store: ConversationStore) -> None:
        await store.add_messages(with_head("m1"), (QUESTION,))
        answer = replace(ANSWER, state=MessageState.COMPLETE)
        await store.add_messages(with_head("m2"), (answer,))
        assert await store.load_branch("c1") == (QUESTION, answer)
        assert await store.list_conversations() == (with_head("m2"),)

    async def test_without_a_head_there_is_no_branch(self, store: ConversationStore) -> None:
        await store.add_messages(with_head(None), (QUESTION,))
        assert await store.load_branch("c1") == ()

    async def test_siblings_are_kept_and_the_head_decides(self, store: ConversationStore) -> None:
        first = Message("a1", Role.ASSISTANT, (Text("one"),), parent="m1")
        second = Message("a2", Role.ASSISTANT, (Text("two"),), parent="m1")
        await store.add_messages(with_head("a1"), (QUESTION, first))
        await store.add_messages(with_head("a2"), (second,))
        assert await store.load_branch("c1") == (QUESTION, second)
        await store.save_conversation(with_head("a1"))
        assert await store.load_branch("c1") == (QUESTION, first)

    async def test_a_whole_answer_comes_back_as_it_was_finished(
        self, store: ConversationStore
    ) -> None:
        await self._stream(store)
        await store.append_deltas("m2", (ThinkingDelta("Let"), ThinkingDelta(" me")))
        await store.finish_message(ANSWER)
        assert await store.load_branch("c1") == (QUESTION, ANSWER)

    async def test_the_host_comes_back(self, store: ConversationStore) -> None:
        await self._stream(store)
        answer = replace(ANSWER, host="api.minimax.io")
        await store.finish_message(answer)
        assert await store.load_branch("c1") == (QUESTION, answer)

    async def test_what_is_wanted_of_a_message_comes_back(self, store: ConversationStore) -> None:
        pinned = replace(QUESTION, sending=Sending.PINNED, summary="Tea was spoken of. 茶")
        await store.add_messages(with_head("m2"), (pinned, ANSWER))
        assert await store.load_branch("c1") == (pinned, ANSWER)
        # Nothing but the wishes is written, whatever else the value says.
        bare = replace(pinned, sending=Sending.AUTO, summary="", parts=())
        left_out = replace(ANSWER, sending=Sending.LEFT_OUT)
        unknown = replace(ANSWER, id="nobody", sending=Sending.LEFT_OUT)
        await store.save_wishes((bare, left_out, unknown))
        assert await store.load_branch("c1") == (QUESTION, left_out)
        copy = await store.copy_conversation("c1", replace(CONVERSATION, id="copy"))
        copied = await store.load_branch(copy.id)
        assert [message.sending for message in copied] == [Sending.AUTO, Sending.LEFT_OUT]

    async def test_the_received_message_keeps_its_order(self, store: ConversationStore) -> None:
        received = {"z": 1, "a": [0.1, 1e300, 10**30, None, True, ""], "m": {"b": 1, "a": "茶"}}
        await self._stream(store)
        await store.finish_message(replace(ANSWER, received=received))
        loaded = (await store.load_branch("c1"))[-1].received
        assert repr(loaded) == repr(received)

    async def test_what_streams_is_shown_as_far_as_it_has_come(
        self, store: ConversationStore
    ) -> None:
        await self._stream(store)
        await store.append_deltas("m2", (ThinkingDelta("Hm"), ThinkingDelta(", ")))
        await store.append_deltas(
            "m2",
            (
                ThinkingDelta("well"),
                TextDelta("Be"),
                TextDelta("cause"),
                ToolCallDelta(0, "call_1", "look", '{"a'),
                ToolCallDelta(0, arguments='":1}'),
                UsageDelta(Usage(1, 2, 3, 4)),
                NoticeDelta("odd"),
                FinishDelta("stop"),
            ),
        )
        loaded = (await store.load_branch("c1"))[-1]
        assert loaded.state is MessageState.STREAMING
        assert loaded.thinking == "Hm, well"
        assert loaded.text == "Because"
        assert loaded.tool_calls == (ToolCall("call_1", "look", '{"a":1}'),)
        assert loaded.usage == Usage(1, 2, 3, 4)
        assert loaded.finish_reason == "stop"
        assert loaded.notices == ("odd",)

    async def test_text_that_was_there_stays_before_what_streams(
        self, store: ConversationStore
    ) -> None:
        begun = replace(STREAMING, parts=(Text("Once"),))
        await store.add_messages(with_head("m2"), (QUESTION, begun))
        await store.append_deltas("m2", (TextDelta(" more"),))
        assert (await store.load_branch("c1"))[-1].text == "Once more"

    async def test_nothing_is_added_to_a_finished_message(self, store: ConversationStore) -> None:
        await self._stream(store)
        await store.finish_message(ANSWER)
        with pytest.raises(StoreError):
            await store.append_deltas("m2", (TextDelta("late"),))
        assert (await store.load_branch("c1"))[-1] == ANSWER

    async def test_finishing_twice_keeps_the_last(self, store: ConversationStore) -> None:
        await self._stream(store)
        await store.finish_message(ANSWER)
        last = replace(ANSWER, parts=(Text("other"),), received=None)
        await store.finish_message(last)
        assert (await store.load_branch("c1"))[-1] == last

    async def test_a_streaming_message_cannot_be_what_is_finished(
        self, store: ConversationStore
    ) -> None:
        await self._stream(store)
        with pytest.raises(ValueError, match="streaming"):
            await store.finish_message(STREAMING)

    async def test_no_deltas_are_no_work(self, store: ConversationStore) -> None:
        await store.append_deltas("unknown", ())

    async def test_a_message_that_is_not_there_is_refused(self, store: ConversationStore) -> None:
        with pytest.raises(StoreError):
            await store.append_deltas("m2", (TextDelta("x"),))
        with pytest.raises(StoreError):
            await store.finish_message(ANSWER)

    async def test_adding_is_all_or_nothing(self, store: ConversationStore) -> None:
        orphan = Message("m9", Role.USER, parent="nobody")
        with pytest.raises(StoreError):
            await store.add_messages(with_head("m1"), (QUESTION, orphan))
        assert await store.list_conversations() == ()
        await store.add_messages(with_head("m1"), (QUESTION,))
        with pytest.raises(StoreError):
            await store.add_messages(with_head("m1"), (QUESTION,))
        assert await store.load_branch("c1") == (QUESTION,)

    async def test_a_head_that_is_not_stored_leaves_the_one_that_is(
        self, store: ConversationStore
    ) -> None:
        await store.save_conversation(with_head("m1"))
        assert await store.list_conversations() == (with_head(None),)
        await store.add_messages(with_head("m1"), (QUESTION,))
        await store.save_conversation(replace(with_head("nobody"), title="New"))
        assert await store.list_conversations() == (replace(with_head("m1"), title="New"),)
        await store.save_conversation(Conversation("other", head="m1"))
        assert (await store.list_conversations())[-1] == Conversation("other")

    async def test_messages_are_added_with_a_head_among_them(
        self, store: ConversationStore
    ) -> None:
        with pytest.raises(StoreError):
            await store.add_messages(with_head("nobody"), (QUESTION,))
        assert await store.list_conversations() == ()

    async def test_deleted_and_restored(self, store: ConversationStore) -> None:
        await store.add_messages(with_head("m1"), (QUESTION,))
        await store.delete_conversation("c1")
        await store.delete_conversation("c1")
        assert await store.list_conversations() == ()
        await store.restore_conversation("c1")
        assert await store.list_conversations() == (with_head("m1"),)
        assert await store.load_branch("c1") == (QUESTION,)

    async def test_saving_does_not_take_out_of_the_trash(self, store: ConversationStore) -> None:
        await store.save_conversation(CONVERSATION)
        await store.delete_conversation("c1")
        await store.save_conversation(CONVERSATION)
        assert await store.list_conversations() == ()

    async def test_deleting_what_is_not_there_does_nothing(self, store: ConversationStore) -> None:
        await store.delete_conversation("c1")
        await store.restore_conversation("c2")
        await store.save_conversation(CONVERSATION)
        assert await store.list_conversations() == (CONVERSATION,)

    async def test_conversations_do_not_mix(self, store: ConversationStore) -> None:
        other = Message("o1", Role.USER, (Text("Other"),))
        await store.add_messages(with_head("m1"), (QUESTION,))
        await store.add_messages(Conversation("c2", head="o1"), (other,))
        assert await store.load_branch("c2") == (other,)
        with pytest.raises(StoreError):
            await store.add_messages(
                Conversation("c2", head="o2"), (Message("o2", Role.USER, parent="m1"),)
            )

    async def test_exchanges_come_back_as_they_were_the_newest_last(
        self, store: ConversationStore
    ) -> None:
        await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
        assert await store.load_exchanges("m2") == ()
        second = replace(EXCHANGE, id="e0", started_at=1.0, status=None, events=(), ended_at=None)
        await store.save_exchange(EXCHANGE)
        await store.save_exchange(second)
        assert await store.load_exchanges("m2") == (EXCHANGE, second)
        assert await store.load_exchanges("m1") == ()
        assert await store.load_exchanges("nobody") == ()

    async def test_an_exchange_that_is_saved_again_is_replaced(
        self, store: ConversationStore
    ) -> None:
        await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
        await store.save_exchange(replace(EXCHANGE, events=()))
        await store.save_exchange(EXCHANGE)
        assert await store.load_exchanges("m2") == (EXCHANGE,)

    async def test_an_exchange_of_no_message_is_refused(self, store: ConversationStore) -> None:
        with pytest.raises(StoreError):
            await store.save_exchange(EXCHANGE)
        assert await store.load_exchanges("m2") == ()

    async def test_its_place_in_the_list_comes_back(self, store: ConversationStore) -> None:
        placed = replace(
            CONVERSATION,
            named=True,
            pinned=True,
            archived=True,
            folder="Work 工作",
            tags=("tea", "绿茶", 'with "quotes"'),
        )
        await store.save_conversation(placed)
        assert await store.list_conversations() == (placed,)
        await store.save_conversation(CONVERSATION)
        assert await store.list_conversations() == (CONVERSATION,)

    async def test_the_trash_lists_what_was_deleted_last_first(
        self, store: ConversationStore
    ) -> None:
        assert await store.list_trash() == ()
        for name in ("a", "b", "c"):
            await store.save_conversation(Conversation(name))
        for name in ("b", "a"):
            await store.delete_conversation(name)
        trash = await store.list_trash()
        assert [c.id for c in trash] == ["a", "b"]
        moments = [c.deleted_at for c in trash]
        assert all(moment is not None for moment in moments)
        # Deleting it again is no second deletion.
        await store.delete_conversation("b")
        assert [c.deleted_at for c in await store.list_trash()] == moments
        # What the trash told of can be saved, and stays in the trash.
        await store.save_conversation(replace(trash[0], title="A"))
        assert [c.title for c in await store.list_trash()] == ["A", ""]
        await store.restore_conversation("a")
        assert [c.id for c in await store.list_trash()] == ["b"]
        assert [c.deleted_at for c in await store.list_conversations()] == [None, None]

    async def test_only_what_is_in_the_trash_is_erased(self, store: ConversationStore) -> None:
        await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
        await store.append_deltas("m2", (TextDelta("so"),))
        await store.save_exchange(EXCHANGE)
        await store.add_messages(
            Conversation("c2", head="o1"), (Message("o1", Role.USER, (Text("Other"),)),)
        )
        await store.erase_conversation("c1")
        assert len(await store.load_branch("c1")) == 2
        await store.delete_conversation("c1")
        await store.erase_conversation("c1")
        await store.erase_conversation("nobody")
        assert await store.list_trash() == ()
        await store.restore_conversation("c1")
        assert [c.id for c in await store.list_conversations()] == ["c2"]
        assert await store.load_branch("c1") == ()
        assert await store.load_exchanges("m2") == ()
        assert [m.text for m in await store.load_branch("c2")] == ["Other"]
        # Its ids are free again.
        await store.add_messages(with_head("m1"), (QUESTION,))
        assert await store.load_branch("c1") == (QUESTION,)

    async def test_a_copy_has_every_branch_under_new_ids(self, store: ConversationStore) -> None:
        other = Message("a1", Role.ASSISTANT, (Text("one"),), parent="m1")
        final = replace(ANSWER, host="api.minimax.io")
        await store.add_messages(with_head("a1"), (QUESTION, other))
        await store.add_messages(with_head("m2"), (final,))
        await store.save_exchange(EXCHANGE)
        wanted = replace(CONVERSATION, id="c2", title="Copy", tags=("t",), updated_at=300.0)
        copy = await store.copy_conversation("c1", wanted)
        assert copy == replace(wanted, head=copy.head)
        assert await store.list_conversations() == (copy, with_head("m2"))
        branch = await store.load_branch("c2")
        assert [replace(m, id="", parent=None) for m in branch] == [
            replace(m, id="", parent=None) for m in (QUESTION, final)
        ]
        assert branch[1].parent == branch[0].id
        assert not {m.id for m in branch} & {"m1", "m2", "a1"}
        assert await store.load_exchanges(branch[1].id) == ()
        # The branch that is not shown went along, and the copy is one of its own.
        await store.add_messages(
            replace(copy, head="n1"), (Message("n1", Role.USER, (Text("on"),), parent=copy.head),)
        )
        assert await store.load_branch("c1") == (QUESTION, final)
        assert len(await store.load_branch("c2")) == 3

    async def test_a_copy_leaves_out_what_streams(self, store: ConversationStore) -> None:
        await self._stream(store)
        await store.append_deltas("m2", (TextDelta("half"),))
        copy = await store.copy_conversation("c1", Conversation("c2"))
        assert [m.text for m in await store.load_branch("c2")] == ["Why tea?"]
        assert copy.head == (await store.load_branch("c2"))[0].id
        empty = await store.copy_conversation("c2", Conversation("c3"))
        assert empty.head not in {None, copy.head}

    async def test_a_copy_of_nothing(self, store: ConversationStore) -> None:
        await store.save_conversation(CONVERSATION)
        assert (await store.copy_conversation("c1", Conversation("c2"))).head is None
        assert await store.load_branch("c2") == ()
        with pytest.raises(StoreError):
            await store.copy_conversation("nobody", Conversation("c3"))
        assert len(await store.list_conversations()) == 2
