"""The PDF: what stands on its pages, in which order, and how pages are cut."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from PySide6.QtGui import QTextCursor, QTextDocument

from desktop_app.chat.exporting import ExportOptions, ThinkingForm
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from desktop_app.domain.message import Message, Role, Text, Thought, ToolCall
from desktop_app.ui.transfer.pdf import PDF, _cut, boxes_of
from desktop_app.ui.transfer.pdf_boxes import Box, code_boxes, markdown_boxes
from tests.trees import trees

ANSWER = Message(
    "m2",
    Role.ASSISTANT,
    (Thought("Let me see", 1.0), ToolCall("c", "look", '{"a": 1}'), Text("**Yes**, 茶.")),
    parent="m1",
    error=ErrorRecord(ErrorKind.RATE_LIMIT),
)
TREE = ConversationTree(
    Conversation("c", "Tea 茶", updated_at=1.7e9, model="MiniMax-M2", head="m2"),
    (Message("m1", Role.USER, (Text("One\ntwo"),)), ANSWER),
)


@pytest.fixture(autouse=True)
def _application(qapp) -> None:
    """Fonts need one."""


def text_of(box: Box) -> str:
    document = QTextDocument()
    box.fill(QTextCursor(document))
    return document.toPlainText().strip()


def written(tree: ConversationTree, **options: object) -> bytes:
    file = BytesIO()
    writing = PDF.begin(file, ExportOptions(**options))
    writing.add(tree)
    writing.close()
    return file.getvalue()


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", content))


def test_everything_stands_on_the_pages_in_order():
    texts = [text_of(box) for box in boxes_of(TREE, ExportOptions())]
    assert texts == [
        "Tea 茶",
        "2023-11-14 22:13 UTC · MiniMax-M2",
        "You",
        "One\ntwo",
        "Assistant",
        "Thinking · 1.0 s",
        "Let me see",
        "Tool call look",
        '{\n  "a": 1\n}',
        "Yes, 茶.",
        texts[-1],
    ]
    assert texts[-1].startswith("Error: Too many requests")


def test_thinking_can_be_left_out():
    texts = [text_of(box) for box in boxes_of(TREE, ExportOptions(thinking=ThinkingForm.NONE))]
    assert "Let me see" not in texts


def test_lists_quotes_and_code_keep_their_places():
    text = "> quoted\n> - one\n>   1. in\n\n2. two\n\n   ```python\n   x = 1\n   ```\n"
    found = [(text_of(b), b.marker, b.indent, b.bars) for b in markdown_boxes(text)]
    assert found == [
        ("quoted", "", 0, (0,)),
        ("one", "•", 1, (0,)),
        ("in", "1.", 2, (0,)),
        ("two", "2.", 1, ()),
        ("x = 1", "", 1, ()),
    ]


def test_a_line_break_is_the_one_tag_that_is_read():
    (box,) = markdown_boxes("one<br>two <b>three</b>")
    assert text_of(box) == "one\ntwo <b>three</b>"


def test_tasks_have_boxes():
    assert [text_of(b) for b in markdown_boxes("- [x] done\n- [ ] not")] == ["☑ done", "☐ not"]


def test_a_table_is_laid_out_in_pieces_and_a_very_wide_one_as_lines():
    rows = "\n".join(f"| {n} | b |" for n in range(100))
    boxes = list(markdown_boxes(f"| a | b |\n|---|--:|\n{rows}\n"))
    assert len(boxes) == 3
    assert [box.stays for box in boxes] == [True, False, False]
    assert text_of(boxes[0]).split()[:4] == ["a", "b", "0", "b"]
    assert text_of(boxes[-1]).split()[-2:] == ["99", "b"]
    wide = "|".join("abcdefghijklmnopqrstuvw")
    line = "|".join("-" * 23)
    assert "a | b | c" in text_of(next(iter(markdown_boxes(f"|{wide}|\n|{line}|\n|{wide}|\n"))))


def test_long_code_and_long_lines_are_cut_into_boxes():
    boxes = list(code_boxes("x\n" * 200, "text"))
    assert len(boxes) == 4
    assert sum(text_of(box).count("x") for box in boxes) == 200


def test_a_page_is_cut_between_lines():
    lines = [(n * 10.0, n * 10.0 + 10.0) for n in range(10)]
    assert _cut(lines, 0.0, 35.0) == 30.0
    assert _cut(lines, 0.0, 40.0) == 40.0
    assert _cut(lines, 30.0, 35.0) == 30.0
    # Two columns whose lines do not stand side by side.
    assert _cut([*lines, (25.0, 45.0)], 0.0, 42.0) == 20.0


def test_short_and_long_conversations_take_the_pages_they_need():
    assert pages(written(TREE)) == 1
    long = replace(
        ANSWER, parts=(Text("A line of text.\n\n" * 120 + "```\n" + "x\n" * 200 + "```"),)
    )
    assert 5 <= pages(written(replace(TREE, messages=(TREE.messages[0], long)))) <= 12


def test_what_is_higher_than_a_page_goes_on_on_the_next():
    long = replace(ANSWER, parts=(Text("字" * 6000),))
    assert pages(written(replace(TREE, messages=(TREE.messages[0], long)))) >= 3


def test_pieces_without_an_end_are_written_too():
    for text in ("x" * 60_000, " " * 60_000 + "x", "[" * 300_000, "> " * 300 + "deep"):
        long = replace(ANSWER, parts=(Text(text),))
        assert pages(written(replace(TREE, messages=(TREE.messages[0], long)))) >= 1


@settings(max_examples=25)
@given(trees())
def test_any_conversation_makes_a_file(tree):
    content = written(tree)
    assert content.startswith(b"%PDF-")
    assert pages(content) >= 1
