"""Files that are not what they seem: each is refused with its reason, or read for what is sound."""

import json
import sqlite3
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.chat.importing import (
    ImportCancelledError,
    ImportProblem,
    ImportRefusedError,
    LeftOut,
    Watch,
)
from desktop_app.domain.message import Role, Text
from desktop_app.importers import _source, read_import
from desktop_app.importers._nodes import Node, tree_of
from desktop_app.importers._shallow import elements, members
from desktop_app.importers._values import moment

DATA = Path(__file__).parents[1] / "data" / "imports"
CHATGPT = (DATA / "chatgpt.json").read_bytes()


def problem_of(path: Path) -> ImportProblem:
    with pytest.raises(ImportRefusedError) as refused:
        read_import(path, Watch())
    return refused.value.problem


def chat(mapping: object, **fields: object) -> bytes:
    value = {"title": "T", "conversation_id": "c", "mapping": mapping, **fields}
    return json.dumps([value]).encode()


def said(role: str, text: str, time: object = 1760000000) -> dict[str, object]:
    content = {"content_type": "text", "parts": [text]}
    return {"author": {"role": role}, "content": content, "create_time": time}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", ImportProblem.EMPTY),
        (b"  \n", ImportProblem.EMPTY),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", ImportProblem.WEB_PAGE),
        (b"\xef\xbb\xbf\n<html>", ImportProblem.WEB_PAGE),
        (b"just words", ImportProblem.NOT_JSON),
        (b"12", ImportProblem.NOT_JSON),
        (CHATGPT[:-200], ImportProblem.NOT_JSON),
        (CHATGPT[:-200] + b'"', ImportProblem.NOT_JSON),
        (b'[{"mapping": {"a": nonsense}}]', ImportProblem.NOT_JSON),
        (b'[{"mapping": {"a": %s}}]' % (b"9" * 5000), ImportProblem.NOT_JSON),
        (b'[{"mapping": ]}', ImportProblem.NOT_JSON),
        (b'{"mapping" 1}', ImportProblem.NOT_JSON),
        (b"[" * 100_000, ImportProblem.TOO_DEEP),
        (b'[{"mapping":' + b'{"a":' * 5000, ImportProblem.TOO_DEEP),
        (b'[{"mapping": {"a": "\xff\xfe"}}]', ImportProblem.BAD_ENCODING),
        (b"\x00[\x00]", ImportProblem.BAD_ENCODING),
        (b"\xff\xfe[\x00\x00", ImportProblem.BAD_ENCODING),
        (b"[]", ImportProblem.UNKNOWN),
        (b"[1, 2]", ImportProblem.UNKNOWN),
        (b'{"hello": 1}', ImportProblem.UNKNOWN),
        (chat({}), ImportProblem.NOTHING),
        (b'{"format": "interleave-conversations", "version": 2}', ImportProblem.NEWER),
        (b'{"format": "interleave-conversations", "version": "1"}', ImportProblem.DAMAGED),
        (b'{"format": "interleave-conversations", "version": 1}', ImportProblem.DAMAGED),
        (
            b'{"format": "interleave-conversations", "version": 1, "conversations": [{}]}',
            ImportProblem.DAMAGED,
        ),
    ],
)
def test_what_is_no_export_is_refused_with_its_reason(tmp_path, content, problem):
    path = tmp_path / "file.json"
    path.write_bytes(content)
    assert problem_of(path) is problem


def test_a_database_is_never_opened(tmp_path):
    path = tmp_path / "interleave.json"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE message (id)")
    connection.close()
    assert problem_of(path) is ImportProblem.DATABASE


def test_a_file_that_is_none_or_not_there(tmp_path):
    assert problem_of(tmp_path) is ImportProblem.UNREADABLE
    assert problem_of(tmp_path / "missing.json") is ImportProblem.UNREADABLE


def test_a_large_file_is_refused_unread(tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.write(b"[")
        file.truncate(_source.MOST_BYTES + 1)
    tracemalloc.start()
    assert problem_of(path) is ImportProblem.TOO_LARGE
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def archive_of(path: Path, **members_: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members_.items():
            archive.writestr(name.replace("_json", ".json"), content)
    return path


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = archive_of(tmp_path / "bomb.zip", conversations_json=b" " * 50_000_000)
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    assert problem_of(path) is ImportProblem.BOMB
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_an_archive_that_lies_about_its_sizes_is_refused(tmp_path):
    path = archive_of(tmp_path / "lie.zip", conversations_json=b" " * 3_000_000)
    content = bytearray(path.read_bytes())
    # The size of the member, in the list of members and before its data.
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", content, content.rfind(mark) + offset, 1000)
    path.write_bytes(content)
    assert problem_of(path) in {ImportProblem.BOMB, ImportProblem.BAD_ZIP}


def test_members_that_are_too_large_together_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_source, "MOST_BYTES", len(CHATGPT) * 3 // 2)
    members_ = {"conversations-0_json": CHATGPT, "conversations-1_json": CHATGPT}
    assert problem_of(archive_of(tmp_path / "two.zip", **members_)) is ImportProblem.TOO_LARGE


def test_a_list_of_members_without_end_is_refused_unread(tmp_path):
    path = archive_of(tmp_path / "many.zip", conversations_json=CHATGPT)
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, content.rfind(b"PK\x05\x06") + 10, 60_000)
    path.write_bytes(content)
    assert problem_of(path) is ImportProblem.BOMB


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 and nothing more", b"PK\x05\x06" + b"\x01" * 18, b"PK"]
)
def test_a_damaged_archive_is_refused(tmp_path, content):
    path = tmp_path / "damaged.zip"
    path.write_bytes(content)
    assert problem_of(path) in {ImportProblem.BAD_ZIP, ImportProblem.BOMB}


def test_a_member_whose_data_is_damaged_is_refused(tmp_path):
    path = archive_of(tmp_path / "damaged.zip", conversations_json=CHATGPT)
    content = bytearray(path.read_bytes())
    content[80:120] = bytes(40)
    path.write_bytes(content)
    assert problem_of(path) is ImportProblem.BAD_ZIP


def test_an_encrypted_archive_is_refused(tmp_path):
    path = archive_of(tmp_path / "secret.zip", conversations_json=CHATGPT)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        content[content.rfind(mark) + offset] |= 1
    path.write_bytes(content)
    assert problem_of(path) is ImportProblem.ENCRYPTED


def test_links_in_an_archive_are_not_followed(tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_bytes(CHATGPT)
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("conversations.json")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, str(secret))
    assert problem_of(path) is ImportProblem.UNKNOWN


def test_a_backup_of_a_browsers_database_is_named(tmp_path):
    path = tmp_path / "backup.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("IndexedDB/file__0.indexeddb.leveldb/000003.log", b"x")
    assert problem_of(path) is ImportProblem.RAW_BACKUP


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_how_the_text_is_encoded(tmp_path, encoding):
    path = tmp_path / "file.json"
    path.write_text(CHATGPT.decode(), encoding=encoding)
    assert read_import(path, Watch()).trees[0].conversation.title == "Tea and its temperature 茶"


def test_circles_and_missing_parents_still_give_a_tree(tmp_path):
    path = tmp_path / "file.json"
    nodes = {
        "a": {"parent": "b", "message": said("user", "one")},
        "b": {"parent": "a", "message": said("assistant", "two")},
        "c": {"parent": "c", "message": said("user", "three")},
        "d": {"parent": "nowhere", "message": said("user", "four")},
        "e": {"parent": "f", "message": None},
        "f": {"parent": "e", "message": None},
        "g": {"parent": "e", "message": said("user", "five")},
        "h": {"parent": 7, "message": said("user", "six")},
        "i": 12,
    }
    path.write_bytes(chat(nodes, current_node=["x"]))
    (tree,) = read_import(path, Watch()).trees
    tree.check()
    texts = {message.text for message in tree.messages}
    assert texts == {"one", "two", "three", "four", "five", "six"}


def test_a_long_chain_takes_no_recursion(tmp_path):
    nodes = {
        str(n): {
            "parent": str(n - 1),
            "message": said("user", f"{n}") if n % 3 == 0 else None,
        }
        for n in reversed(range(30_000))
    }
    path = tmp_path / "file.json"
    path.write_bytes(chat(nodes, current_node="29999"))
    (tree,) = read_import(path, Watch()).trees
    assert len(tree.branch) == 10_000


def test_halves_of_surrogate_pairs_and_nul_are_replaced(tmp_path):
    path = tmp_path / "file.json"
    path.write_bytes(chat({"a": {"message": said("user", "x\ud800y\x00")}}, title="\udfff"))
    (tree,) = read_import(path, Watch()).trees
    assert tree.messages[0].text == "x\ufffdy\ufffd"
    tree.conversation.title.encode()


@pytest.mark.parametrize(
    "time", [-1, 0, 1e300, float("inf"), "soon", None, True, [], 10**400, 1e21, 4e9]
)
def test_absurd_times_are_none(tmp_path, time):
    path = tmp_path / "file.json"
    nodes = {
        "a": {"message": said("user", "x", 1760000000)},
        "b": {"parent": "a", "message": said("user", "y", time)},
    }
    path.write_bytes(chat(nodes, create_time=time, update_time=time))
    (tree,) = read_import(path, Watch()).trees
    assert [message.created_at for message in tree.messages] == [1760000000.0] * 2
    assert tree.conversation.created_at == tree.conversation.updated_at == 1760000000.0


@pytest.mark.parametrize(
    "value",
    [
        1760000000,
        1760000000000,
        1760000000000000,
        1760000000000000000,
        "2025-10-09T08:53:20Z",
        "2025-10-09T10:53:20+02:00",
        "2025-10-09T08:53:20",
    ],
)
def test_times_in_every_usual_form(value):
    assert moment(value) == 1760000000.0


@pytest.mark.parametrize("name", ["chatgpt", "claude", "cherry-studio", "open-webui"])
@given(data=st.data())
def test_any_value_in_any_place_is_taken_or_refused(tmp_path_factory, name, data):
    value = json.loads((DATA / f"{name}.json").read_text())
    junk = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["type", "id", "content", "text"]), inner, max_size=2)
        ),
        max_leaves=4,
    )
    for _ in range(data.draw(st.integers(1, 4))):
        place = value
        while isinstance(place, dict | list) and place:
            keys = sorted(place) if isinstance(place, dict) else range(len(place))
            key = data.draw(st.sampled_from(list(keys)))
            if not isinstance(place[key], dict | list) or not place[key]:
                break
            if data.draw(st.integers(0, 7)) == 0:
                break
            place = place[key]
        if isinstance(place, dict | list) and place:
            place[key] = data.draw(junk)
    path = tmp_path_factory.mktemp("junk") / "file.json"
    path.write_text(json.dumps(value))
    try:
        batch = read_import(path, Watch())
    except ImportRefusedError:
        return
    for tree in batch.trees:
        tree.check()
        for message in tree.messages:
            message.text.encode()


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 12), st.booleans(), st.booleans())))
def test_any_pointing_gives_a_tree_with_every_text(links):
    nodes = [
        Node(
            str(key),
            str(parent) if parent < 11 else None,
            Role.USER if is_user else Role.ASSISTANT,
            [Text(f"<{key}>")] if has_text else [],
        )
        for key, parent, is_user, has_text in links
    ]
    tree = tree_of(nodes, "3", source="s", title="t", created_at=None, updated_at=None)
    first = {}
    for node in nodes:
        first.setdefault(node.id, bool(node.parts))
    wanted = {f"<{key}>" for key, has_text in first.items() if has_text}
    if tree is None:
        assert not wanted
        return
    tree.check()
    everything = "".join(message.text for message in tree.messages)
    assert all(text in everything for text in wanted)
    assert tree.conversation.head is not None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    ),
    st.sampled_from([None, 1]),
)
def test_the_outermost_level_is_what_a_parser_sees(value, indent):
    text = json.dumps([value, {"k": value}], indent=indent, ensure_ascii=False).encode(
        errors="replace"
    )
    whole = json.loads(text)
    parts = [json.loads(text[begin:end]) for begin, end in elements(text, 0, Watch())]
    assert parts == whole
    wrapped = b" { " + b'"a\\"]" : ' + text + b' , "b":1 } '
    found = {
        name: json.loads(wrapped[begin:end]) for name, (begin, end) in members(wrapped, 0, Watch())
    }
    assert found == {'a\\"]': whole, "b": 1}


def test_a_cancelled_reading_ends(tmp_path):
    path = tmp_path / "file.json"
    path.write_bytes(CHATGPT)
    watch = Watch()
    watch.cancel()
    with pytest.raises(ImportCancelledError):
        read_import(path, watch)


def test_a_reading_that_takes_too_long_is_given_up(tmp_path):
    path = tmp_path / "file.json"
    path.write_bytes(CHATGPT)
    with pytest.raises(ImportRefusedError) as refused:
        read_import(path, Watch(deadline=-1.0))
    assert refused.value.problem is ImportProblem.TOO_LONG


def test_folds_that_never_end_cost_no_more_than_their_length(tmp_path):
    fold = '<details type="reasoning">' * 100_000
    message = {"id": "a", "role": "assistant", "content": fold, "parentId": None}
    value = [{"id": "x", "chat": {"history": {"messages": {"a": message}}}}]
    path = tmp_path / "file.json"
    path.write_text(json.dumps(value))
    (tree,) = read_import(path, Watch()).trees
    assert tree.messages[0].text == fold


def test_answers_that_share_their_beginning_again_and_again_do_not_multiply(tmp_path):
    long = "x" * 1_000_000
    nodes = {
        "q": {"message": said("user", "?")},
        "0": {"parent": "q", "message": said("assistant", long)},
    }
    for n in range(1, 30):
        nodes[str(n)] = {"parent": str(n - 1), "message": said("assistant", f"{n}")}
        nodes[f"{n}b"] = {"parent": str(n - 1), "message": said("assistant", "other")}
    path = tmp_path / "file.json"
    path.write_bytes(chat(nodes))
    (tree,) = read_import(path, Watch()).trees
    tree.check()
    assert sum(len(message.text) for message in tree.messages) < 8_000_000


def test_unknown_parts_are_counted(tmp_path):
    node = {"message": {**said("assistant", ""), "content": {"content_type": "hologram"}}}
    path = tmp_path / "file.json"
    path.write_bytes(chat({"a": {"message": said("user", "x")}, "b": {"parent": "a", **node}}))
    assert read_import(path, Watch()).left_out == {LeftOut.UNKNOWN_PARTS: 1}
