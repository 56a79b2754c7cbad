"""Files of others, of the shapes that they have: what becomes of each message in them."""

import json
import zipfile
from pathlib import Path

import pytest

from desktop_app.chat.importing import ImportBatch, LeftOut, Watch
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.message import (
    Message,
    MessageState,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.usage import Usage
from desktop_app.importers import import_formats, read_import

DATA = Path(__file__).parents[1] / "data" / "imports"


def read(name: str) -> ImportBatch:
    batch = read_import(DATA / name, Watch())
    for tree in batch.trees:
        tree.check()
        assert all(message.is_final for message in tree.messages)
    return batch


def below(tree: ConversationTree, parent: Message | None) -> list[Message]:
    wanted = None if parent is None else parent.id
    return [message for message in tree.messages if message.parent == wanted]


def test_every_format_is_found():
    names = {form.id for form in import_formats()}
    assert names == {"interleave", "chatgpt", "claude", "cherry_studio", "open_webui"}


def test_chatgpt():
    batch = read("chatgpt.json")
    assert batch.format == "ChatGPT"
    assert batch.left_out == {LeftOut.PICTURES: 1, LeftOut.FILES: 1, LeftOut.EMPTY: 1}
    (tree,) = batch.trees
    assert tree.source == "chatgpt:68e00000-aaaa-8000-bbbb-000000000001"
    assert tree.conversation.title == "Tea and its temperature 茶"
    assert (tree.conversation.created_at, tree.conversation.updated_at) == (
        1760000000.5,
        1760000900.75,
    )
    (question,) = below(tree, None)
    assert question.role is Role.USER
    assert question.created_at == 1760000001.5
    assert question.text == "[File: leaf.jpg]\n\n[Image]\n\nHow hot should green tea be? 绿茶"
    chain = (
        Thought("**Recalling**\n\nGreen tea is delicate."),
        Thought("Compute a mean."),
        ToolCall("call1", "python", "print((70+80)/2)"),
        ToolResult("call1", "python", "75.0"),
    )
    first, second = below(tree, question)
    # Made anew from its middle there, each answer is whole here.
    assert first.parts == (*chain, Text("About **75 °C**."))
    assert second.parts == (*chain, Text("Between 70 and 80 °C."))
    assert {first.model, second.model} == {"gpt-5-thinking"}
    last = tree.branch[-1]
    assert [m.text for m in tree.branch[2:]] == ["And black tea?", "95 °C is"]
    assert (last.state, last.model) == (MessageState.STOPPED, "gpt-4o")


def test_claude():
    batch = read("claude.json")
    assert batch.format == "Claude"
    assert batch.left_out == {LeftOut.FILES: 1}
    tree, old = batch.trees
    assert tree.conversation.created_at == 1767323040.0
    (question,) = below(tree, None)
    assert question.text == (
        "[File: notes.txt]\n\n````\ntwo minutes\n```\nor so\n````\n\n[File: cup.png]\n\nHow long?"
    )
    first, second = below(tree, question)
    assert first.parts == (
        Thought("The notes say two.", 4.5),
        ToolCall("toolu_1", "web_search", '{"query": "steeping 茶"}'),
        ToolResult("toolu_1", "web_search", "2 min"),
        Text("Two minutes."),
    )
    assert second.text == "Three minutes."
    assert tree.branch == (question, second)
    assert [message.text for message in old.branch] == ["Old form", "Yes, old."]
    assert old.conversation.title == "Old form"


def test_cherry_studio():
    batch = read("cherry-studio.json")
    assert batch.format == "Cherry Studio"
    assert batch.left_out == {
        LeftOut.PICTURES: 1,
        LeftOut.FILES: 1,
        LeftOut.DAMAGED: 1,
        LeftOut.EMPTY: 1,
    }
    tree, older = batch.trees
    assert tree.source == "cherry-studio:t1"
    assert tree.conversation.title == "绿茶的温度"
    assert tree.conversation.parameters.system_prompt == "You know tea."
    (question,) = below(tree, None)
    assert question.text == "绿茶用多热的水？\n\n[Image]"
    one, other = below(tree, question)
    assert one.parts == (
        Thought("想一想", 1.5),
        ToolCall("call_9", "search", '{"q": "茶"}'),
        ToolResult("call_9", "search", "80 度"),
        Text("大约 **80 °C**。"),
    )
    assert (one.model, other.model, other.text) == ("MiniMax-M2", "deepseek-chat", "75 °C")
    assert [m.text for m in tree.branch] == [question.text, one.text, "红茶呢？", "95"]
    assert tree.branch[-1].state is MessageState.STOPPED
    assert older.conversation.title == "Older"
    assert [m.parts for m in older.branch] == [
        (Text("[File: a.pdf]\n\nOld question"),),
        (Thought("old thought"), Text("Old answer")),
    ]


def test_open_webui():
    batch = read("open-webui.json")
    assert batch.format == "Open WebUI"
    assert batch.left_out == {LeftOut.PICTURES: 1, LeftOut.FILES: 1}
    (tree,) = batch.trees
    assert tree.conversation.parameters.system_prompt == "Be kind."
    (question,) = below(tree, None)
    assert question.text == "Weather in 杭州?\n\n[Image]\n\n[File: plan.txt]"
    guess, answer = below(tree, question)
    assert guess.text == "Rain, I guess."
    assert answer.parts == (
        Thought("Tea is <hot>.\nReally.", 5.0),
        ToolCall("call_1", "weather", '{"city": "杭州"}'),
        ToolResult("call_1", "weather", '"sunny"'),
        Text("It is **sunny**. <details><summary>More</summary>kept</details>"),
    )
    assert answer.usage == Usage(11, 22)
    assert [m.text for m in tree.branch[2:]] == ["Thanks", "Connection refused"]
    assert tree.branch[-1].state is MessageState.INTERRUPTED


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("chatgpt.json", "conversations.json"),
        ("chatgpt.json", "export/conversations-000.json"),
        ("claude.json", "data-2026-01-02/conversations.json"),
        ("cherry-studio.json", "data.json"),
    ],
)
def test_in_an_archive_among_other_files(tmp_path, name, member):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("users.json", "[]")
        archive.writestr("chat.html", "<html></html>")
        archive.write(DATA / name, member)
        archive.writestr("../../outside.json", "[]")
    batch, alone = read_import(path, Watch()), read(name)
    assert batch.format == alone.format
    assert [t.source for t in batch.trees] == [t.source for t in alone.trees]


def test_an_export_cut_into_several_files_is_read_whole(tmp_path):
    whole = json.loads((DATA / "chatgpt.json").read_text())
    second = {**whole[0], "conversation_id": "second"}
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations-001.json", json.dumps([second]))
        archive.writestr("conversations-000.json", json.dumps(whole))
    sources = [tree.source for tree in read_import(path, Watch()).trees]
    assert sources == ["chatgpt:68e00000-aaaa-8000-bbbb-000000000001", "chatgpt:second"]


@pytest.mark.parametrize("name", ["chatgpt", "claude", "open-webui"])
def test_one_conversation_that_stands_alone(tmp_path, name):
    first = json.loads((DATA / f"{name}.json").read_text())[0]
    path = tmp_path / "one.json"
    path.write_text(json.dumps(first))
    (tree,) = read_import(path, Watch()).trees
    assert tree.source == read(f"{name}.json").trees[0].source
