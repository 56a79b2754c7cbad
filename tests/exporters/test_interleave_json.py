"""Our own format: out, in and out again is the same to the byte, whatever the conversation."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.chat.conversation_json import (
    ConversationFormatError,
    as_json,
    tree_from_value,
    tree_json,
)
from desktop_app.chat.exporting import ExportOptions
from desktop_app.chat.importing import Watch
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.message import Message, MessageState, Role, Text
from desktop_app.exporters.interleave_json import FORMAT
from desktop_app.importers import read_import
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import open_in_memory
from tests.contracts.tree_contract import TREE
from tests.trees import trees


def written(*all_trees: ConversationTree) -> bytes:
    file = BytesIO()
    writing = FORMAT.begin(file, ExportOptions())
    for tree in all_trees:
        writing.add(tree)
    writing.close()
    return file.getvalue()


@given(st.lists(trees(), min_size=1, max_size=3))
def test_out_in_and_out_again_is_the_same(tmp_path_factory, several):
    path = tmp_path_factory.mktemp("export") / "all.interleave.json"
    content = written(*several)
    path.write_bytes(content)
    batch = read_import(path, Watch())
    assert list(batch.trees) == several
    assert written(*batch.trees) == content
    assert content.decode() == as_json(several)


@given(trees())
async def test_through_a_database_too(tree):
    opening = await open_in_memory()
    store = SqliteConversationStore(opening.database)
    await store.import_conversations((tree,))
    try:
        assert written(await store.load_tree(tree.conversation.id)) == written(tree)
    finally:
        await opening.database.aclose()


def test_what_it_looks_like():
    value = json.loads(written(TREE))
    assert (value["format"], value["version"]) == ("interleave-conversations", 1)
    (conversation,) = value["conversations"]
    assert conversation["head"] == "m4"
    assert conversation["temperature"] == 0.7
    assert [message["id"] for message in conversation["messages"]] == ["m1", "m2", "m3", "m4"]
    answer = conversation["messages"][1]
    assert answer["received"] == TREE.messages[1].received
    assert answer["parts"][0] == {"kind": "thought", "text": "Let me see", "seconds": 1.25}
    assert conversation["exchanges"][0]["format"] == "interleave-exchange"


def test_an_answer_on_its_way_is_written_as_far_as_it_is():
    message = Message("m", Role.ASSISTANT, (Text("half"),), state=MessageState.STREAMING)
    tree = ConversationTree(Conversation("c", head="m"), (message,))
    back = tree_from_value(json.loads(tree_json(tree)))
    assert back.messages == (replace(message, state=MessageState.INTERRUPTED),)


def test_without_a_conversation_it_is_still_json():
    assert json.loads(written()) == {
        "format": "interleave-conversations",
        "version": 1,
        "conversations": [],
    }


VALUE = json.loads(tree_json(TREE))


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("id",), ""),
        (("id",), "x" * 201),
        (("id",), None),
        (("title",), 7),
        (("created_at",), -1.0),
        (("created_at",), 1e12),
        (("created_at",), True),
        (("created_at",), float("nan")),
        (("temperature",), 7.0),
        (("max_tokens",), True),
        (("max_tokens",), 1.5),
        (("head",), "nobody"),
        (("messages",), {}),
        (("messages", 0), []),
        (("messages", 0, "parent"), "m4"),
        (("messages", 1, "id"), "m1"),
        (("messages", 0, "role"), "system"),
        (("messages", 0, "state"), "streaming"),
        (("messages", 0, "parts"), None),
        (("messages", 0, "parts", 0, "kind"), "picture"),
        (("messages", 0, "parts", 0, "text"), None),
        (("messages", 1, "usage", "prompt"), 2**70),
        (("messages", 1, "error", "kind"), "no such kind"),
        (("messages", 1, "received"), []),
        (("messages", 1, "notices"), [1]),
        (("exchanges", 0, "message_id"), "nobody"),
        (("exchanges", 0, "url"), "file:///etc/passwd"),
    ],
)
def test_a_wrong_field_is_refused(where, value):
    damaged = json.loads(json.dumps(VALUE))
    place = damaged
    for step in where[:-1]:
        place = place[step]
    place[where[-1]] = value
    with pytest.raises(ConversationFormatError):
        tree_from_value(damaged)


def test_halves_of_surrogate_pairs_are_replaced_but_in_what_was_received():
    damaged = json.loads(json.dumps(VALUE))
    damaged["messages"][0]["parts"][0]["text"] = "x\ud83c"
    damaged["messages"][1]["received"] = {"content": "y\ud83c"}
    tree = tree_from_value(damaged)
    assert tree.messages[0].text == "x\ufffd"
    assert tree.messages[1].received == {"content": "y\ud83c"}
    again = tree_json(tree)
    again.encode()
    assert tree_from_value(json.loads(again)) == tree
