"""Custom endpoints in the settings file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.connection import ConnectionSource, EndpointError
from desktop_app.settings.endpoints import CustomEndpoint, endpoint_from_json

LOCAL = CustomEndpoint("e1", "Mine 茶", "http://localhost:8080/v1", reasoning_split=True)
GOOD = {"id": "e1", "name": "Mine", "base_url": "https://h/v1"}


@given(st.text(min_size=1), st.text(), st.booleans())
def test_what_is_written_is_read(identifier, name, split):
    endpoint = CustomEndpoint(identifier, f"n{name}".strip(), "https://h.example/v1", split)
    assert endpoint_from_json(json.loads(json.dumps(endpoint.as_json()))) == endpoint


def test_an_endpoint_is_a_connection():
    connection = LOCAL.connection
    assert connection.id == "e1"
    assert connection.name == "Mine 茶"
    assert connection.source is ConnectionSource.CUSTOM
    assert not connection.needs_key
    assert connection.reasoning_split
    assert connection.is_minimax


def test_a_strict_server_is_not_spoken_to_as_minimax():
    connection = endpoint_from_json(GOOD).connection
    assert not connection.reasoning_split
    assert not connection.is_minimax


def test_what_a_person_wrote_by_hand_is_tidied():
    endpoint = endpoint_from_json(GOOD | {"name": " Mine ", "base_url": " https://h/v1/ "})
    assert endpoint.name == "Mine"
    assert endpoint.base_url == "https://h/v1"


@pytest.mark.parametrize(
    "value",
    [
        None, [], "text", 1, {},
        *({key: value for key, value in GOOD.items() if key != missing} for missing in GOOD),
        *(GOOD | {key: bad} for key in GOOD for bad in (None, 1, True, [], "")),
        GOOD | {"name": "  "},
        GOOD | {"base_url": "http://example.com/v1"},
        GOOD | {"base_url": "ftp://h"},
        GOOD | {"reasoning_split": "yes"},
        GOOD | {"reasoning_split": 1},
        GOOD | {"reasoning_split": None},
    ],
    ids=repr,
)  # fmt: skip
def test_anything_else_is_refused(value):
    with pytest.raises(ValueError, match=r"\w"):
        endpoint_from_json(value)


def test_a_refused_address_says_why():
    with pytest.raises(EndpointError):
        endpoint_from_json(GOOD | {"base_url": "http://example.com/v1"})
