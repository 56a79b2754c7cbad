import pytest

from desktop_app.domain.delta import TEXT_WAS_THINKING, NoticeDelta, TextDelta, ThinkingDelta
from desktop_app.providers.openai_chat.think_tags import StrayClosing, ThinkSplitter


def split(*pieces: str, reasoning: str = "") -> tuple[str, str, bool]:
    """Return thinking, text, and whether the text before was declared thinking."""
    splitter = ThinkSplitter(lambda: reasoning)
    if reasoning:
        splitter.stop_watching()
    deltas = [delta for piece in pieces for delta in splitter.feed(piece)]
    deltas += splitter.finish()
    thinking = text = ""
    recast = False
    for delta in deltas:
        match delta:
            case ThinkingDelta(more):
                thinking += more
            case TextDelta(more):
                text += more
            case NoticeDelta(word):
                assert word == TEXT_WAS_THINKING
                thinking, text, recast = text.rstrip(), "", True
    return thinking, text, recast


TABLE = [
    ("<think>\nhm\n</think>\n\nanswer", "hm", "answer"),
    ("<think>hm</think>\n\n\n\n\nanswer", "hm", "answer"),
    ("<think>hm</think>answer", "hm", "answer"),
    ("<think>hm</think> answer", "hm", "answer"),
    ("\n<think>hm</think>answer", "hm", "answer"),
    ("<mm:think>hm</mm:think>answer", "hm", "answer"),
    ("<think>hm</mm:think>answer", "hm", "answer"),
    ("<think></think>answer", "", "answer"),
    ("<think>\n\n</think>\n\nanswer", "", "answer"),
    ("<think>hm", "hm", ""),
    ("<think>\nhm\n</think>", "hm", ""),
    ("<think>hm</think>\n\n", "hm", ""),
    ("<think>a < b </ c\n\nd</think>answer", "a < b </ c\n\nd", "answer"),
    ("<think>a <think> b</think>answer", "a <think> b", "answer"),
    ("<think>hm</think>\n\n    code", "hm", "    code"),
    ("<think>hm</think>\n\n</think>\n\nanswer", "hm", "answer"),
    ("<think>hm</think>say <think>x</think>\nso", "hm", "say <think>x</think>\nso"),
    ("<think>\ninner\n</think>\n\ninner", "inner", "inner"),
    ("plain answer", "", "plain answer"),
    ("Use <think> and </think> tags", "", "Use <think> and </think> tags"),
    ("Use <think>\nx\n</think>\nso", "", "Use <think>\nx\n</think>\nso"),
    ("The `</think>` tag", "", "The `</think>` tag"),
    ("```\n</think>\n```", "", "```\n</think>\n```"),
    ("<", "", "<"),
    ("<thin", "", "<thin"),
    ("<thinking>hm</thinking>", "", "<thinking>hm</thinking>"),
    ("a </thi", "", "a </thi"),
    ("", "", ""),
    ("\n\n", "", ""),
]


@pytest.mark.parametrize(("content", "thinking", "text"), TABLE)
def test_the_block_at_the_start_is_thinking_wherever_it_is_cut(content, thinking, text):
    assert split(content) == (thinking, text, False)
    assert split(*content) == (thinking, text, False)
    for cut in range(1, len(content)):
        assert split(content[:cut], content[cut:]) == (thinking, text, False)


@pytest.mark.parametrize(
    ("content", "thinking", "text"),
    [
        ("I should greet.\n</think>\n\nHello", "I should greet.", "Hello"),
        ("I should greet.</think>\nHello", "I should greet.", "Hello"),
        ("hm\n</think>", "hm", ""),
        ("hm\n</mm:think>\n\nHi", "hm", "Hi"),
    ],
)
def test_a_closing_tag_alone_makes_thinking_of_what_came_before(content, thinking, text):
    """The template of llama.cpp begins inside the thinking."""
    assert split(content) == (thinking, text, True)
    for cut in range(1, len(content)):
        assert split(content[:cut], content[cut:]) == (thinking, text, True)


def test_a_closing_tag_at_the_very_start_is_dropped():
    assert split("</think>\n\nHello") == ("", "Hello", False)
    assert split(*"</think>\n\nHello") == ("", "Hello", False)


MIRRORS = [
    ("<think>\nhm, yes\n</think>\n\nanswer", "answer"),
    ("<think>hm,</think>answer", "answer"),
    ("<think>\nhm, yes", ""),
    ("<think>\nno\n</think>\n\nanswer", "<think>\nno\n</think>\n\nanswer"),
    ("<think> is a tag", "<think> is a tag"),
    ("answer </think>\n", "answer </think>\n"),
]


@pytest.mark.parametrize(("content", "text"), MIRRORS)
def test_a_block_beside_a_field_is_dropped_if_it_repeats_it_and_else_text(content, text):
    assert split(content, reasoning="hm, yes")[:2] == ("", text)
    assert split(*content, reasoning="hm, yes")[:2] == ("", text)


@pytest.mark.parametrize(
    ("thinking", "kept"),
    [
        ("hm\n</think>", "hm"),
        ("hm</think>\n", "hm"),
        ("hm</mm:think>", "hm"),
        ("hm </think> and more", "hm </think> and more"),
        ("a </think> b</think>", "a </think> b"),
        ("hm <", "hm <"),
        ("hm\n", "hm"),
        ("hm\n\n  x", "hm\n\n  x"),
        ("</think>", ""),
    ],
)
def test_a_stray_closing_tag_at_the_end_of_split_thinking_is_dropped(thinking, kept):
    for pieces in ([thinking], list(thinking)):
        stray = StrayClosing()
        out = "".join(map(stray.feed, pieces))
        assert out + stray.finish() == kept
