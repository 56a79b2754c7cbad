"""An answer with tools in the readable formats, and whole in the lossless one."""

import json

import pytest

from desktop_app.chat.conversation_json import tree_from_value, tree_json
from desktop_app.chat.exporting import ExportOptions
from desktop_app.chat.readable import PieceKind, sections
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.message import (
    Message,
    MessageState,
    ResultImage,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.exporters import html, markdown
from tests.exporters.test_readable import written

PICTURE = ResultImage("image/png", "aGk=")
TREE = ConversationTree(
    Conversation("c", "Tools", 1.0, 1.0, "MiniMax-M2", head="m5"),
    (
        Message("m1", Role.USER, (Text("Where?"),)),
        Message(
            "m2",
            Role.ASSISTANT,
            (Thought("hm", 1.5), ToolCall("a", "look", "{}"), ToolCall("b", "draw", "{}")),
            "m1",
            model="MiniMax-M2",
        ),
        Message(
            "m3",
            Role.TOOL,
            (
                ToolResult("a", "look", "no such place", True, "[error] no", seconds=0.25),
                ToolResult("b", "draw", '{"a":1e2}', sent="[result]", images=(PICTURE, PICTURE)),
            ),
            "m2",
            state=MessageState.STOPPED,
        ),
        Message("m4", Role.USER, (Text("And?"),), "m3"),
        Message("m5", Role.ASSISTANT, (Text("Here."),), "m4"),
    ),
)


def test_an_answer_with_its_tools_is_one_section():
    shown = list(sections(TREE, ExportOptions()))
    assert [section.speaker for section in shown] == ["You", "Assistant", "You", "Assistant"]
    pieces = [(piece.kind, piece.title, piece.text) for piece in shown[1].pieces]
    assert pieces == [
        (PieceKind.THINKING, "Thinking · 1.5 s", "hm"),
        (PieceKind.TOOL, "Tool call look", "{}"),
        (PieceKind.TOOL, "Tool call draw", "{}"),
        (PieceKind.TOOL, "Tool error look · 0.2 s", "no such place"),
        (PieceKind.TOOL, "Tool result draw", '{"a":1e2}'),
        (PieceKind.NOTE, "", "Pictures: 2"),
        (PieceKind.NOTE, "", "Stopped"),
    ]
    assert "MiniMax-M2" in shown[1].caption


@pytest.mark.parametrize("form", [html, markdown])
def test_the_formats_show_calls_and_results(form):
    text = written(form, TREE)
    for words in ("Tool call look", "Tool error look", "no such place", "Pictures: 2"):
        assert words in text
    assert "[error] no" not in text  # what the model was given stays in the lossless format


def test_two_answers_in_a_row_are_two_sections():
    messages = (
        Message("m1", Role.ASSISTANT, (Text("One."),)),
        Message("m2", Role.ASSISTANT, (Text("Two."),), "m1"),
    )
    tree = ConversationTree(Conversation("c", head="m2"), messages)
    assert len(list(sections(tree, ExportOptions()))) == 2


def test_json_keeps_all_of_a_result():
    assert tree_from_value(json.loads(tree_json(TREE))) == TREE


def test_a_file_from_before_these_fields_is_read():
    value = json.loads(tree_json(TREE))
    for part in value["messages"][2]["parts"]:
        for name in ("sent", "images", "seconds"):
            part.pop(name, None)
    first, second = tree_from_value(value).messages[2].parts
    assert first == ToolResult("a", "look", "no such place", True)
    assert second == ToolResult("b", "draw", '{"a":1e2}')
