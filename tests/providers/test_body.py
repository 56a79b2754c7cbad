"""JSON off the wire: the fast parser decides nothing that the library's own would decide otherwise."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.providers.openai_chat.body import parse_json, parse_json_bytes

ODD = [
    b'{"a": 1, "a": 2}',
    b'{"a": NaN, "b": Infinity, "c": [-Infinity]}',
    b'["\\ud83d", "\\ude00", "\\ud83d\\ude00"]',
    b'{"a": "\xff", "b": "\xed\xa0\xbd"}',
    b'"\\u0000"',
    b"  [1, -0, 1.5, 1e999, 123456789012345678901234567890]  ",
    b'{"a": ' + b"9" * 4_000 + b"}",
    b"[" * 300 + b"]" * 300,
    b"null",
]
BROKEN = [
    b"",
    b"   ",
    b'{"a": ',
    b"{} x",
    b"{'a': 1}",
    b'"a\x01b"',
    b"\xef\xbb\xbf{}",
    b"nul",
    b'{"a": ' + b"9" * 5_000 + b"}",
    b"[" * 200_000 + b"]" * 200_000,
    b'{"a":' * 100_000,
]


@pytest.mark.parametrize("data", ODD)
def test_odd_json_is_read(data):
    assert parse_json_bytes(data) == parse_json(data.decode("utf-8", "replace"))


def test_what_is_no_number_is_null():
    assert parse_json_bytes(ODD[1]) == {"a": None, "b": None, "c": [None]}
    assert parse_json_bytes(b"[1e999]") == [math.inf]


@pytest.mark.parametrize("data", BROKEN)
def test_broken_json_is_a_value_error(data):
    with pytest.raises(ValueError):  # noqa: PT011 (whatever it says)
        parse_json_bytes(data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(json_values, st.booleans())
def test_both_parsers_agree(value, ascii_only):
    data = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert parse_json_bytes(data) == parse_json(data.decode("utf-8", "replace"))
