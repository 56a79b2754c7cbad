"""Addresses of proxies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.proxy import (
    Proxy,
    ProxyAddressError,
    ProxyProblem,
    can_be_password,
    can_be_user,
    problem_of_kept_address,
    proxy_at,
)


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("http://proxy.test:3128", Proxy("http", "proxy.test", 3128)),
        ("proxy.test:3128", Proxy("http", "proxy.test", 3128)),
        (" HTTP://Proxy.Test/ ", Proxy("http", "proxy.test", 80)),
        ("https://proxy.test", Proxy("https", "proxy.test", 443)),
        ("socks5://127.0.0.1", Proxy("socks5", "127.0.0.1", 1080)),
        ("socks5h://[::1]:9", Proxy("socks5", "::1", 9)),
        ("socks://p.test:9", Proxy("socks5", "p.test", 9)),
        ("http://ann:p%40ss@p.test:1", Proxy("http", "p.test", 1, "ann", "p@ss")),
    ],
)
def test_addresses(text, proxy):
    assert proxy_at(text) == proxy


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ProxyProblem.EMPTY),
        ("  ", ProxyProblem.EMPTY),
        ("socks4://p.test", ProxyProblem.BAD_SCHEME),
        ("ftp://p.test", ProxyProblem.BAD_SCHEME),
        ("http://", ProxyProblem.BAD_HOST),
        ("http://p.test/pac.js", ProxyProblem.BAD_HOST),
        ("http://p.test?x", ProxyProblem.BAD_HOST),
        ("http://p te.st", ProxyProblem.BAD_HOST),
        ("http://[::1", ProxyProblem.BAD_HOST),
        ("http://p.test:0", ProxyProblem.BAD_PORT),
        ("http://p.test:65536", ProxyProblem.BAD_PORT),
        ("http://p.test:x", ProxyProblem.BAD_PORT),
    ],
)
def test_what_is_refused(text, problem):
    with pytest.raises(ProxyAddressError) as raised:
        proxy_at(text)
    assert raised.value.problem is problem
    if text:
        assert problem_of_kept_address(text) is problem


def test_a_password_is_not_kept_and_not_shown():
    assert problem_of_kept_address("http://ann:secret@p.test:1") is ProxyProblem.LOGIN
    assert problem_of_kept_address("http://ann@p.test:1") is ProxyProblem.LOGIN
    assert problem_of_kept_address("http://p.test:1") is None
    assert problem_of_kept_address("") is None
    proxy = proxy_at("http://ann:secret@p.test:1")
    assert "secret" not in repr(proxy) + proxy.place
    assert "ann" not in repr(proxy)
    assert proxy.address == "http://p.test:1"
    assert "ann" not in proxy.password_account


def test_a_password_belongs_to_one_address():
    addresses = ("http://p.test:1", "https://p.test:1", "http://p.test:2", "http://q.test:1")
    assert len({proxy_at(address).password_account for address in addresses}) == 4
    # However it is written.
    accounts = {proxy_at(text).password_account for text in ("p.test:1", "HTTP://ann:x@P.test:1/")}
    assert accounts == {"proxy http://p.test:1"}


@pytest.mark.parametrize(
    ("text", "user", "password"),
    [
        ("", True, True),
        ("ann", True, True),
        ("DOMÄNE\\änn 茶", True, True),
        ("a:b", False, True),
        ("a\r\nX: y", False, False),
        ("a\x7f", False, False),
        ("\ud83d", False, False),
        ("x" * 255, True, True),
        ("茶" * 86, False, False),
    ],
)
def test_what_a_proxy_can_be_told(text, user, password):
    assert (can_be_user(text), can_be_password(text)) == (user, password)


def test_the_place_of_an_address_of_version_6():
    assert proxy_at("http://[::1]:3128").place == "[::1]:3128"


@given(st.text())
def test_any_text_is_an_address_or_named(text):
    try:
        proxy = proxy_at(text)
    except ProxyAddressError:
        return
    assert proxy.host.isascii()
    assert 0 < proxy.port < 65536
