"""What is unsent, and when it reaches the store."""

import asyncio

import pytest

from desktop_app.chat import drafts as drafts_module
from desktop_app.chat.drafts import Drafts
from desktop_app.chat.ports import StoreError
from desktop_app.domain.draft import Draft, Queued
from tests.fakes.conversation_store import MemoryConversationStore
from tests.fakes.draft_store import MemoryDraftStore

NEVER = 3600.0


@pytest.fixture
def draft_store():
    return MemoryDraftStore(MemoryConversationStore())


@pytest.fixture
def unstored():
    """Ids of messages that the store has not taken yet."""
    return set()


@pytest.fixture
async def drafts(draft_store, unstored):
    drafts = Drafts(draft_store, lambda _, message_id: message_id not in unstored)
    yield drafts
    await drafts.close()


@pytest.fixture
def by_hand(monkeypatch):
    """Nothing is stored by the clock."""
    monkeypatch.setattr(drafts_module, "WRITE_SECONDS", NEVER)


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(drafts_module, "WRITE_SECONDS", 0.0)


def test_a_draft_may_be_a_second_old():
    assert drafts_module.WRITE_SECONDS == 1.0


async def test_what_is_typed_is_stored_by_itself(drafts, draft_store, at_once):
    drafts.keep("c1", Draft("x"))
    async with asyncio.timeout(10):
        await draft_store.saved.arrived(1)
    assert draft_store.drafts == {"c1": Draft("x")}


async def test_typing_is_stored_together(drafts, draft_store, by_hand):
    for end in range(1, 6):
        drafts.keep("c1", Draft("hello"[:end]))
    drafts.keep("c2", Draft("other"))
    assert draft_store.saved.total == 0
    assert drafts.of("c1") == Draft("hello")
    await drafts.flush()
    assert draft_store.saved.total == 2
    assert draft_store.drafts == {"c1": Draft("hello"), "c2": Draft("other")}
    await drafts.flush()
    drafts.keep("c1", Draft("hello"))
    await drafts.flush()
    assert draft_store.saved.total == 2


async def test_what_must_not_wait_does_not(drafts, draft_store, by_hand):
    drafts.keep("c1", Draft("x"))
    drafts.keep("c1", Draft("x", (Queued("y"),)), at_once=True)
    async with asyncio.timeout(10):
        await draft_store.saved.arrived(1)
    assert draft_store.drafts["c1"].text == "x"


async def test_closing_stores_what_waits(drafts, draft_store, by_hand):
    drafts.keep("c1", Draft("x"))
    await drafts.close()
    assert draft_store.drafts == {"c1": Draft("x")}


async def test_what_earlier_runs_left_is_there_and_what_is_newer_stays(
    drafts, draft_store, by_hand
):
    draft_store.drafts = {"c1": Draft("old"), "c2": Draft("two")}
    drafts.keep("c1", Draft("new"))
    await drafts.load()
    assert drafts.of("c1") == Draft("new")
    assert drafts.of("c2") == Draft("two")
    assert drafts.of("c3") == Draft()


async def test_the_newest_of_no_known_conversation_is_found(drafts, draft_store):
    draft_store.drafts = {"a": Draft("1"), "b": Draft("2"), "c": Draft("3")}
    await drafts.load()
    assert drafts.newest_without({"c"}) == "b"
    assert drafts.newest_without({"a", "b", "c"}) == ""


async def test_a_refusal_is_tried_again_with_the_next_change(drafts, draft_store, by_hand, caplog):
    draft_store.failure = StoreError("The disk is full.")
    drafts.keep("c1", Draft("x"))
    await drafts.flush()
    assert "The disk is full." in caplog.text
    draft_store.failure = None
    drafts.keep("c2", Draft("y"))
    await drafts.flush()
    assert draft_store.drafts == {"c1": Draft("x"), "c2": Draft("y")}


async def test_what_was_sent_is_kept_until_it_is_stored_elsewhere(
    drafts, draft_store, unstored, by_hand
):
    message = Queued("hello")
    unstored.add(message.id)
    drafts.note_sent("c1", message)
    drafts.keep("c1", Draft())
    await drafts.flush()
    assert draft_store.drafts == {"c1": Draft(queue=(message,))}
    # It is no draft for the person: it stands in the conversation.
    assert drafts.of("c1") == Draft()
    unstored.clear()
    drafts.keep("c1", Draft("next"))
    await drafts.flush()
    assert draft_store.drafts == {"c1": Draft("next")}


async def test_closing_forgets_what_is_stored_elsewhere(drafts, draft_store, unstored, by_hand):
    message = Queued("hello")
    unstored.add(message.id)
    drafts.note_sent("c1", message)
    await drafts.flush()
    assert draft_store.drafts == {"c1": Draft(queue=(message,))}
    unstored.clear()
    await drafts.close()
    assert draft_store.drafts == {}


async def test_marks_are_told_when_they_change_and_not_at_every_key(drafts, by_hand):
    heard = []
    leave = drafts.subscribe(lambda: heard.append(set(drafts.conversations)))
    drafts.keep("c1", Draft(" "))
    drafts.keep("c1", Draft("h"))
    drafts.keep("c1", Draft("he"))
    drafts.keep("c2", Draft(queue=(Queued("x"),)))
    drafts.keep("c1", Draft())
    assert heard == [{"c1"}, {"c1", "c2"}, {"c2"}]
    leave()
    drafts.keep("c2", Draft())
    assert len(heard) == 3


async def test_without_a_store_drafts_last_for_the_run():
    drafts = Drafts(None, lambda _, __: True)
    await drafts.load()
    drafts.keep("c1", Draft("x"), at_once=True)
    await drafts.close()
    assert drafts.of("c1") == Draft("x")
