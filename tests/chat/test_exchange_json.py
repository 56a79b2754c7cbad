"""An exchange as a file: back without loss, and anything else refused in words."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.chat import exchange_json
from desktop_app.chat.exchange_json import ExchangeFormatError, as_json, from_json
from desktop_app.domain.exchange import ExchangeRecord, WireEvent
from tests.contracts.stored_values import EXCHANGE

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SECONDS = st.floats(0, 1e12)
MAYBE = st.none() | SECONDS
NAME = st.text(st.sampled_from("abcXYZ-_09"), min_size=1)
VALUE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"))
HEADERS = st.lists(st.tuples(NAME, VALUE), max_size=5).map(tuple)
RECORDS = st.builds(
    ExchangeRecord,
    id=TEXT,
    message_id=TEXT,
    started_at=SECONDS,
    method=TEXT,
    url=st.just("https://api.minimax.io/v1/chat/completions"),
    request_headers=HEADERS,
    request_body=TEXT,
    status=st.none() | st.integers(100, 999),
    response_headers=HEADERS,
    events=st.lists(st.builds(WireEvent, SECONDS, TEXT), max_size=5).map(tuple),
    body=TEXT,
    sent_at=MAYBE,
    first_byte_at=MAYBE,
    ended_at=MAYBE,
    error=TEXT,
    truncated=st.booleans(),
)


@given(RECORDS)
def test_nothing_is_lost(record):
    assert from_json(as_json(record)) == record


def test_it_is_json_that_people_can_read():
    text = as_json(EXCHANGE)
    value = json.loads(text)
    assert (value["format"], value["version"]) == ("interleave-exchange", 1)
    assert value["events"] == [[event.at, event.text] for event in EXCHANGE.events]
    assert "茶" in text
    assert text.endswith("\n")


def changed(**fields: object) -> str:
    return json.dumps({**json.loads(as_json(EXCHANGE)), **fields})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 200_000, "nested too deeply"),
        ('{"a": NaN}', "no JSON"),
        (f'{{"a": {"9" * 5000}}}', "no JSON"),
        ("[]", "no exported exchange"),
        ("7", "no exported exchange"),
        ('{"format": "har"}', "no exported exchange"),
        (changed(version=2), "version 2"),
        (changed(version=None), "version None"),
    ],
)
def test_what_is_no_exchange_is_refused_in_words(text, words):
    with pytest.raises(ExchangeFormatError, match=words):
        from_json(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", 7),
        ("url", "file:///etc/passwd"),
        ("url", "javascript:alert(1)"),
        ("url", "http://x/\n--upload-file"),
        ("url", "http://[::1"),
        ("url", "http:///path"),
        ("request_body", None),
        ("request_body", "\ud83d"),
        ("status", "200"),
        ("status", True),
        ("status", 20),
        ("truncated", 1),
        ("started_at", None),
        ("started_at", "now"),
        ("sent_at", -1),
        ("sent_at", True),
        ("ended_at", 10**400),
        ("request_headers", {"a": "b"}),
        ("request_headers", [["a"]]),
        ("request_headers", [["a b", "c"]]),
        ("request_headers", [["@file", "c"]]),
        ("response_headers", [["a", "b\r\nc: d"]]),
        ("response_headers", [["a", "b"]] * 1_001),
        ("events", None),
        ("events", [{"at": 1, "text": ""}]),
        ("events", [[None, "x"]]),
        ("events", [[1, 2]]),
        ("events", [[1, "a", "b"]]),
        ("events", [[0, ""]] * 100_001),
    ],
)
def test_a_field_that_is_wrong_is_named(field, value):
    with pytest.raises(ExchangeFormatError, match=f"{field} is missing or wrong"):
        from_json(changed(**{field: value}))


@pytest.mark.parametrize("field", list(ExchangeRecord.__slots__))
def test_a_field_that_is_missing_is_refused_or_unknown(field):
    value = json.loads(as_json(EXCHANGE))
    del value[field]
    if field in {"status", "sent_at", "first_byte_at", "ended_at"}:
        assert getattr(from_json(json.dumps(value)), field) is None
    else:
        with pytest.raises(ExchangeFormatError, match=field):
            from_json(json.dumps(value))


def test_what_is_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr(exchange_json, "MAX_CHARACTERS", 1_000)
    with pytest.raises(ExchangeFormatError, match="too large"):
        from_json(as_json(replace(EXCHANGE, body="x" * 1_000)))
