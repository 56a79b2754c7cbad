"""Addresses that people type and paste, and what is refused."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop_app.domain.connection import (
    Connection,
    ConnectionSource,
    EndpointError,
    EndpointProblem,
    is_loopback,
    normalised_base_url,
    origin_of,
)


@pytest.mark.parametrize(
    ("text", "base_url"),
    [
        ("https://api.minimax.io/v1", "https://api.minimax.io/v1"),
        ("  https://api.minimax.io/v1/ \n", "https://api.minimax.io/v1"),
        ("HTTPS://API.MiniMax.IO/v1", "https://api.minimax.io/v1"),
        ("https://api.minimax.io:443/v1", "https://api.minimax.io/v1"),
        ("https://api.minimax.io:8443/v1", "https://api.minimax.io:8443/v1"),
        ("https://api.minimax.io/v1/chat/completions", "https://api.minimax.io/v1"),
        ("https://api.minimax.io/v1/chat/completions/", "https://api.minimax.io/v1"),
        (
            "https://api.minimax.io/v1/chat/completions/chat/completions",
            "https://api.minimax.io/v1",
        ),
        ("https://api.minimax.io/v1/models", "https://api.minimax.io/v1"),
        ("https://me.services.ai.azure.com/models", "https://me.services.ai.azure.com/models"),
        (
            "https://me.services.ai.azure.com/models/chat/completions",
            "https://me.services.ai.azure.com/models",
        ),
        ("https://gateway.example", "https://gateway.example"),
        ("https://gateway.example//", "https://gateway.example"),
        ("https://gateway.example/v1?", "https://gateway.example/v1"),
        ("https://gateway.example/V1/Path", "https://gateway.example/V1/Path"),
        ("https://my_host-1.example:8443", "https://my_host-1.example:8443"),
        ("https://xn--fsqu00a.example/v1", "https://xn--fsqu00a.example/v1"),
        ("http://localhost:8000/v1", "http://localhost:8000/v1"),
        ("http://LOCALHOST:80", "http://localhost"),
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.2", "http://127.0.0.2"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
        ("https://[2001:db8::1]/v1", "https://[2001:db8::1]/v1"),
    ],
)
def test_accepted(text, base_url):
    assert normalised_base_url(text) == base_url


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", EndpointProblem.EMPTY),
        (" \t\n", EndpointProblem.EMPTY),
        ("api.minimax.io/v1", EndpointProblem.NO_SCHEME),
        ("localhost:8000/v1", EndpointProblem.NO_SCHEME),
        ("https:/api.minimax.io", EndpointProblem.NO_SCHEME),
        ("//api.minimax.io", EndpointProblem.NO_SCHEME),
        ("://api.minimax.io", EndpointProblem.NO_SCHEME),
        ("api.minimax.io/v1?x=https://a", EndpointProblem.NO_SCHEME),
        ("ftp://api.minimax.io", EndpointProblem.BAD_SCHEME),
        ("file:///etc/passwd", EndpointProblem.BAD_SCHEME),
        ("javascript://alert", EndpointProblem.BAD_SCHEME),
        ("https://", EndpointProblem.NO_HOST),
        ("https:///v1", EndpointProblem.NO_HOST),
        ("https://:443/v1", EndpointProblem.NO_HOST),
        ("https://[::1", EndpointProblem.NO_HOST),
        ("https://user@api.minimax.io", EndpointProblem.USER_IN_URL),
        ("https://user:pw@api.minimax.io", EndpointProblem.USER_IN_URL),
        ("https://@api.minimax.io", EndpointProblem.USER_IN_URL),
        ("https://api.minimax.io@evil.example/v1", EndpointProblem.USER_IN_URL),
        ("https://api.minimax.io%2f@evil.example", EndpointProblem.USER_IN_URL),
        ("https://api.minimax.io/v1?group=1", EndpointProblem.QUERY_IN_URL),
        ("https://api.minimax.io/v1#top", EndpointProblem.QUERY_IN_URL),
        ("https://api.minimax.io:0", EndpointProblem.BAD_PORT),
        ("https://api.minimax.io:99999", EndpointProblem.BAD_PORT),
        ("https://api.minimax.io:-1", EndpointProblem.BAD_PORT),
        ("https://api.minimax.io:https", EndpointProblem.BAD_PORT),
        ("http://api.minimax.io/v1", EndpointProblem.PLAIN_HTTP),
        ("http://localhost.evil.example", EndpointProblem.PLAIN_HTTP),
        ("http://127.0.0.1.evil.example", EndpointProblem.PLAIN_HTTP),
        ("http://127.1", EndpointProblem.PLAIN_HTTP),
        ("http://2130706433", EndpointProblem.PLAIN_HTTP),
        ("http://0.0.0.0:8000", EndpointProblem.PLAIN_HTTP),
        ("http://192.168.1.2:8000", EndpointProblem.PLAIN_HTTP),
        ("https://api.minimax.io/v 1", EndpointProblem.BAD_CHARACTER),
        ("https://api.minimax.io\\@evil.example", EndpointProblem.BAD_CHARACTER),
        ("https://api.minimax.io/\x00", EndpointProblem.BAD_CHARACTER),
        ("https://api.mini\nmax.io", EndpointProblem.BAD_CHARACTER),
        ("https://api.mini\tmax.io", EndpointProblem.BAD_CHARACTER),
        ("https://api。minimax。io", EndpointProblem.BAD_CHARACTER),
        ("https://аpi.minimax.io", EndpointProblem.BAD_CHARACTER),
        ("https://api.minimax.io\u200b", EndpointProblem.BAD_CHARACTER),
        ("https://api.minimax.io%2eevil.example", EndpointProblem.BAD_CHARACTER),
        ("https://api.minimax.io;evil.example", EndpointProblem.BAD_CHARACTER),
        ("https://api.minimax.io,evil.example", EndpointProblem.BAD_CHARACTER),
        ("https://<host>/v1", EndpointProblem.BAD_CHARACTER),
        ("https://{region}.example/v1", EndpointProblem.BAD_CHARACTER),
        ("https://a..b", EndpointProblem.BAD_CHARACTER),
        ("https://.", EndpointProblem.BAD_CHARACTER),
        ("https://-a", EndpointProblem.BAD_CHARACTER),
        (f"https://{'a' * 64}.example", EndpointProblem.BAD_CHARACTER),
        (f"https://{'a.' * 200}example", EndpointProblem.BAD_CHARACTER),
        ("https://[v1.abc]/v1", EndpointProblem.BAD_CHARACTER),
        ("https://[fe80::1%25eth0]/v1", EndpointProblem.BAD_CHARACTER),
    ],
    ids=repr,
)
def test_refused(text, problem):
    with pytest.raises(EndpointError) as refused:
        normalised_base_url(text)
    assert refused.value.problem is problem


_FRAGMENTS = st.sampled_from(
    [
        "https://",
        "http://",
        "api.minimax.io",
        "localhost",
        "[::1]",
        ":",
        "443",
        "0",
        "/",
        "//",
        "v1",
        "/v1/models",
        "/models",
        "/chat/completions",
        "@",
        "?",
        "#",
        "%",
        "\\",
        "[",
        "]",
        "é",
        " ",
        "\n",
    ]
)


@given(st.one_of(st.text(), st.lists(_FRAGMENTS, max_size=8).map("".join)))
@example("https://a/chat/completions//v1/models///chat/completions/")
def test_an_address_is_refused_or_normal(text):
    try:
        base_url = normalised_base_url(text)
    except EndpointError:
        return
    assert normalised_base_url(base_url) == base_url
    assert base_url.isascii()
    assert not base_url.endswith("/")
    host = urlsplit(base_url).hostname or ""
    assert base_url.startswith("https://") or is_loopback(host)
    assert origin_of(base_url) == origin_of(base_url + "/chat/completions")


def test_long_addresses_are_no_trouble():
    assert normalised_base_url("https://a.example/v1" + "/chat/completions" * 2_000).endswith("/v1")
    slashes = "/" * 300_000
    assert normalised_base_url(f"https://a.example/v1{slashes}") == "https://a.example/v1"
    assert normalised_base_url(f"https://a.example/v1{slashes}x").endswith("/x")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LocalHost", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("localhost.", False),
        ("127.0.0.1.nip.io", False),
        ("", False),
        ("example.com", False),
    ],
)
def test_loopback(host, expected):
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://api.minimax.io/v1", "https://api.minimax.io:443"),
        ("https://api.minimax.io:8443/v1", "https://api.minimax.io:8443"),
        ("http://localhost/v1", "http://localhost:80"),
        ("http://[::1]:8000/v1", "http://[::1]:8000"),
    ],
)
def test_origin(url, origin):
    assert origin_of(url) == origin


def connection(base_url, identifier="intl"):
    return Connection(identifier, "International", base_url, ConnectionSource.REGION)


def test_a_key_is_bound_to_the_origin_and_not_to_the_path():
    account = connection("https://api.minimax.io/v1").key_account
    assert account == "intl https://api.minimax.io:443"
    assert connection("https://api.minimax.io/v2").key_account == account
    others = {
        connection("https://api.minimaxi.com/v1").key_account,
        connection("https://api.minimax.io:8443/v1").key_account,
        connection("https://api.minimax.io/v1", "mine").key_account,
    }
    assert len({account, *others}) == 4


def test_the_host_that_a_person_is_told():
    assert connection("https://api.minimax.io/v1").host == "api.minimax.io"
    assert connection("http://[::1]:8000/v1").host == "[::1]:8000"
