"""What every ``DraftStore`` keeps: run against the fake and against the real room.

A test module subclasses :class:`DraftContract` and provides the fixtures ``conversations`` and
``drafts``, which share what is stored.
"""

from desktop_app.chat.ports import ConversationStore, DraftStore
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.draft import Draft, Queued
from desktop_app.domain.message import Message, Role, Text

WHOLE = Draft("Half a 句子\n", (Queued("one 🍵", "q1"), Queued("two\n", "q2")), "m1", "Why coffee?")


class DraftContract:
    """The tests; both stores start empty."""

    async def test_there_is_none_at_first(self, drafts: DraftStore) -> None:
        assert await drafts.load_drafts() == {}

    async def test_a_draft_comes_back_with_its_conversation_or_without(
        self, drafts: DraftStore, conversations: ConversationStore
    ) -> None:
        await conversations.save_conversation(Conversation("c1"))
        await drafts.save_draft("c1", WHOLE)
        await drafts.save_draft("not stored yet", Draft("x"))
        assert await drafts.load_drafts() == {"c1": WHOLE, "not stored yet": Draft("x")}

    async def test_the_one_written_last_comes_first(self, drafts: DraftStore) -> None:
        for name in ("a", "b", "c", "a"):
            await drafts.save_draft(name, Draft("x"))
        assert list(await drafts.load_drafts()) == ["a", "c", "b"]

    async def test_saving_again_replaces_and_nothing_removes(self, drafts: DraftStore) -> None:
        await drafts.save_draft("c1", WHOLE)
        await drafts.save_draft("c1", Draft("other"))
        assert await drafts.load_drafts() == {"c1": Draft("other")}
        await drafts.save_draft("c1", Draft())
        await drafts.save_draft("c2", Draft())
        assert await drafts.load_drafts() == {}

    async def test_blanks_are_kept_as_they_are(self, drafts: DraftStore) -> None:
        await drafts.save_draft("c1", Draft(" \n"))
        assert await drafts.load_drafts() == {"c1": Draft(" \n")}

    async def test_an_edit_of_nothing_but_blanks_is_kept(self, drafts: DraftStore) -> None:
        await drafts.save_draft("c1", Draft(editing="m1"))
        assert await drafts.load_drafts() == {"c1": Draft(editing="m1")}

    async def test_a_deleted_conversation_keeps_its_draft_out_of_sight(
        self, drafts: DraftStore, conversations: ConversationStore
    ) -> None:
        await conversations.save_conversation(Conversation("c1"))
        await drafts.save_draft("c1", WHOLE)
        await conversations.delete_conversation("c1")
        assert await drafts.load_drafts() == {}
        await conversations.restore_conversation("c1")
        assert await drafts.load_drafts() == {"c1": WHOLE}

    async def test_what_was_sent_waits_no_more(
        self, drafts: DraftStore, conversations: ConversationStore
    ) -> None:
        sent = Message("q1", Role.USER, (Text("one"),))
        await conversations.add_messages(Conversation("c1", head="q1"), (sent,))
        await drafts.save_draft("c1", Draft(queue=WHOLE.queue))
        assert await drafts.load_drafts() == {"c1": Draft(queue=WHOLE.queue[1:])}
        await drafts.save_draft("c1", Draft(queue=WHOLE.queue[:1]))
        assert await drafts.load_drafts() == {}
