"""What is known already, what a conversation from elsewhere is continued with, and the way back."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.chat.importing import (
    ImportBatch,
    ImportCancelledError,
    Importing,
    ImportProblem,
    ImportRefusedError,
    Watch,
)
from desktop_app.chat.library import Library
from desktop_app.chat.ports import StoreError
from desktop_app.domain.conversation_tree import ConversationTree
from tests.contracts.tree_contract import OLD, TREE
from tests.fakes.conversation_store import MemoryConversationStore
from tests.fakes.model import ScriptedModel

FILE = Path("file.json")


@pytest.fixture
def store() -> MemoryConversationStore:
    return MemoryConversationStore()


@pytest.fixture
def library(store) -> Library:
    async def model() -> ScriptedModel:
        return ScriptedModel()

    return Library(store, model, lambda: "MiniMax-M2")


def importing(store, library, *trees: ConversationTree) -> Importing:
    batch = ImportBatch("Test", trees)
    return Importing(store, library, lambda path, watch: batch, lambda: "MiniMax-M2")


async def known(work: Importing) -> list[bool]:
    _, candidates = await work.preview(FILE, Watch())
    return [candidate.is_known for candidate in candidates]


async def test_what_was_imported_is_known_by_its_source(store, library):
    work = importing(store, library, TREE)
    assert await known(work) == [False]
    await work.store((TREE,), Watch())
    assert await known(work) == [True]
    # Read again, it has other ids.
    assert await known(importing(store, library, TREE.with_new_ids(iter("abcdefgh").__next__))) == [
        True
    ]


async def test_an_own_conversation_is_known_by_its_id_and_so_is_its_copy(store, library):
    work = importing(store, library, OLD)
    await work.store((OLD,), Watch())
    assert await store.load_tree("c0") == replace(
        OLD, conversation=replace(OLD.conversation, model="MiniMax-M2")
    )
    copied = await work.store((OLD,), Watch())
    await library.delete("c0")
    assert await known(work) == [True]
    await library.delete(copied.conversation_ids[0])
    assert await known(work) == [False]


async def test_a_foreign_conversation_is_continued_with_the_usual_model(store, library):
    foreign = replace(TREE, conversation=replace(TREE.conversation, model=""))
    await importing(store, library).store((foreign,), Watch())
    (conversation,) = library.conversations
    assert conversation.model == "MiniMax-M2"


async def test_an_import_is_undone_as_a_whole_even_where_it_is_open(store, library):
    work = importing(store, library, TREE, OLD)
    imported = await work.store((TREE, OLD), Watch())
    session = await library.open("c1")
    await work.undo(imported)
    assert library.conversations == ()
    assert library.session("c1") is None
    assert not session.send("more")
    await library.restore("c1")
    assert [c.id for c in library.conversations] == ["c1"]


async def test_undoing_is_refused_as_a_whole(store, library):
    work = importing(store, library, TREE, OLD)
    imported = await work.store((TREE, OLD), Watch())
    store.failure = StoreError("full")
    with pytest.raises(StoreError):
        await work.undo(imported)
    assert len(library.conversations) == 2
    store.failure = None


async def test_a_cancelled_import_stores_nothing(store, library):
    watch = Watch()
    watch.cancel()
    with pytest.raises(ImportCancelledError):
        await importing(store, library).store((TREE, OLD), watch)
    assert await store.list_conversations() == ()


async def test_progress_is_told(store, library):
    watch = Watch()
    await importing(store, library).store((TREE, OLD), watch)
    assert watch.share == 1.0


async def test_a_refusal_reaches_whoever_asked(store, library):
    def refuse(path: Path, watch: Watch) -> ImportBatch:
        raise ImportRefusedError(ImportProblem.EMPTY, "nothing")

    with pytest.raises(ImportRefusedError, match="empty: nothing"):
        await Importing(store, library, refuse, lambda: "").preview(FILE, Watch())
