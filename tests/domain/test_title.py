"""The title that a text gives: its first sentence, without Markdown, never too long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.text import TITLE_LENGTH
from desktop_app.domain.title import title_of

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", ""),
        (" \n\t ", ""),
        ("Why tea?", "Why tea?"),
        ("Explain tea.", "Explain tea"),
        ("请解释一下茶道。然后呢？", "请解释一下茶道"),
        ("茶？为什么要喝茶呢？好", "茶？为什么要喝茶呢？"),
        ("Why is the sky blue? I ask for a friend.", "Why is the sky blue?"),
        ("Hi. Why is the sky blue? Thanks.", "Hi. Why is the sky blue?"),
        ("And then he said...", "And then he said..."),
        ("Version 3.11 against 3.12", "Version 3.11 against 3.12"),
        ("\n\nfirst\nsecond", "first"),
        ("# A *big* **heading**", "A big heading"),
        ("> - 1. quoted `code` in a list", "quoted code in a list"),
        ("see [the docs](https://a.example/b_c) and ![a cat](c.png)", "see the docs and a cat"),
        ("snake_case, __init__ and 2 * 3 * 4", "snake_case, init and 2 * 3 * 4"),
        ("*.py and _private_", "*.py and private"),
        ("```python\nprint(1)\n```", "print(1)"),
        ("---\nBelow", "Below"),
        ("###", "###"),
        ("```", "```"),
        ("-5 degrees, #1 of 3", "-5 degrees, #1 of 3"),
        (FAMILY * 20, FAMILY * 11 + "…"),
        ("e\u0301" * 50, "e\u0301" * 29 + "…"),
    ],
)
def test_the_title_of_a_text(text, title):
    assert title_of(text) == title


@given(st.text(alphabet=st.sampled_from("ab *_`#>[]()!.。\n-1"), max_size=80) | st.text())
def test_it_is_one_short_line_and_only_empty_for_nothing(text):
    title = title_of(text)
    assert len(title) <= TITLE_LENGTH
    assert len(title.splitlines()) <= 1
    assert bool(title) == bool(text.strip())


def test_hostile_lines_cost_no_more_than_their_beginning(monkeypatch):
    import desktop_app.domain.title as module

    seen = []
    plain = module._plain
    monkeypatch.setattr(module, "_plain", lambda line: seen.append(len(line)) or plain(line))
    title_of("*a [" * 1_000_000)
    assert seen == [module._LOOKED_AT]
