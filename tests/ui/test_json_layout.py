"""JSON as it is shown: the same JSON, in lines; nothing in a string can pose as structure."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.ui.json_layout import GUTTER, LONGEST, laid_out

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES.filter(lambda value: isinstance(value, list | dict)), st.booleans())
def test_it_is_the_same_json(value: object, escapes: bool) -> None:
    shown = laid_out(json.dumps(value, ensure_ascii=escapes))
    assert shown is not None
    assert json.loads(shown) == value


@given(VALUES.filter(lambda value: isinstance(value, list | dict)))
def test_broken_strings_are_told_by_their_gutter(value: object) -> None:
    shown = laid_out(json.dumps(value, ensure_ascii=False), breaks_strings=True)
    assert shown is not None
    # What is behind a gutter belongs to the line before; a line that begins one has no other.
    lines: list[str] = []
    for line in shown.split("\n"):
        if line.lstrip(" ").startswith(GUTTER):
            lines[-1] += line.lstrip(" ").removeprefix(GUTTER)
        else:
            lines.append(line)
    assert json.loads("\n".join(lines)) == value


def test_it_is_broken_into_lines() -> None:
    text = '{"path":"a.txt","range":[1,2,3],"more":{"deep":[{"x":null}]},"none":{},"empty":[]}'
    assert laid_out(text) == (
        '{\n  "path": "a.txt",\n  "range": [1, 2, 3],\n  "more": {\n    "deep": [\n      {"x": null}\n    ]\n  },\n  "none": {},\n  "empty": []\n}'
    )


def test_what_is_there_twice_stays_there_twice() -> None:
    shown = laid_out('{"path":"safe","path":"/etc/passwd","n":1.0000000000000000000001}')
    assert shown is not None
    assert shown.count('"path"') == 2
    assert "1.0000000000000000000001" in shown


@pytest.mark.parametrize(
    ("escaped", "shown"),
    [
        ("\\u4f60\\u597d", "你好"),
        ("\\ud83d\\ude00", "😀"),
        ("\\u202e", "\\u202e"),
        ("\\u0000", "\\u0000"),
        ("\\u200b", "\\u200b"),
        ("\\u0022", "\\u0022"),
        ("\\u005c", "\\u005c"),
        ("\\ud83d", "\\ud83d"),
        ("\\\\u4f60", "\\\\u4f60"),
        ("a\\tb", "a\\tb"),
    ],
)
def test_letters_are_read_and_what_is_hidden_stays_seen(escaped: str, shown: str) -> None:
    assert laid_out(f'["{escaped}"]') == f'["{shown}"]'


def test_a_string_that_looks_like_structure_does_not_become_it() -> None:
    text = json.dumps({"code": 'x\n  "path": "safe"\n}' + 60 * "y"})
    shown = laid_out(text, breaks_strings=True)
    assert shown is not None
    inside = [line for line in shown.split("\n") if "safe" in line]
    assert all(line.lstrip().startswith(GUTTER) for line in inside)


@pytest.mark.parametrize(
    "text", ["", "  ", "words", '"a string"', "12", "{", '{"a": }', "[1] and more", "[" * 100_000]
)
def test_what_is_no_json_object_or_list_is_left_alone(text: str) -> None:
    assert laid_out(text) is None


def test_what_is_too_long_is_left_alone() -> None:
    assert laid_out(json.dumps(["x" * LONGEST])) is None


def test_a_number_of_many_digits_is_no_reason_to_give_up() -> None:
    assert laid_out(f"[{'9' * 6_000}, {{}}]") is not None
