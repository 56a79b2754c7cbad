"""The proxy of a Linux desktop: asked of its portal, over a real D-Bus."""

import shutil
import sys

import pytest

from desktop_app.domain.proxy import ProxyMode
from desktop_app.providers.openai_chat import desktop_proxy
from desktop_app.providers.openai_chat.desktop_proxy import DesktopPortal, chosen
from desktop_app.providers.openai_chat.route import Route

HOST = "api.server.test"
URL = f"https://{HOST}/"
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a portal is a thing of Linux")


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def portal(tmp_path, monkeypatch):
    if shutil.which("dbus-daemon") is None:
        pytest.skip("not installed: dbus-daemon")
    from tests.servers.portal import Portal, running
    from tests.servers.secret_service import private_session_bus

    monkeypatch.setattr(desktop_proxy, "PORTAL", DesktopPortal())
    with private_session_bus(tmp_path) as variables:
        address = variables["DBUS_SESSION_BUS_ADDRESS"]
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        with running(Portal(), address) as it:
            yield it


def way(host: str = HOST):
    return Route(ProxyMode.SYSTEM).proxy_for(host)


def test_the_desktops_proxy_is_taken(portal):
    portal.answers[URL] = ["http://ann:p%40ss@proxy.test:3128"]
    assert way().address == "http://proxy.test:3128"
    assert (way().user, way().password) == ("ann", "p@ss")
    portal.answers[URL] = ["socks5://socks.test:1080", "socks4a://socks.test:1080"]
    assert way().address == "socks5://socks.test:1080"
    portal.answers[URL] = ["direct://"]
    assert way() is None
    assert set(portal.asked) == {URL}


def test_an_address_of_version_6_is_asked_about(portal):
    portal.answers["https://[2001:db8::1]/"] = ["http://proxy.test:3128"]
    assert way("2001:db8::1").address == "http://proxy.test:3128"


def test_the_environment_goes_first(portal, monkeypatch):
    portal.answers[URL] = ["http://proxy.test:3128"]
    monkeypatch.setenv("https_proxy", "http://variable.test:1")
    assert way().address == "http://variable.test:1"
    monkeypatch.delenv("https_proxy")
    monkeypatch.setenv("no_proxy", "server.test")
    assert way() is None


@pytest.mark.parametrize("mode", [ProxyMode.NONE, ProxyMode.CUSTOM])
def test_it_is_asked_for_the_systems_proxy_alone(portal, mode):
    Route(mode, "http://own.test:1").proxy_for(HOST)
    assert way("127.0.0.1") is None
    assert portal.asked == []


def test_an_error_of_the_portal_is_the_straight_way(portal):
    """So is an automatic configuration that the desktop cannot evaluate."""
    assert way() is None
    assert portal.asked == [URL]


def test_a_silent_portal_is_asked_once(portal, caplog):
    portal.speaks = False
    silent = DesktopPortal(seconds=0.2)
    assert silent.proxy_for(HOST) is None
    assert silent.proxy_for(HOST) is None
    assert portal.asked == [URL]
    assert "does not say which proxy" in caplog.text


@pytest.mark.parametrize(
    "address", [None, "nonsense", "tcp:host=a,port=1", "unix:path=/nowhere/bus"]
)
def test_without_a_session_there_is_none(monkeypatch, address):
    if address is not None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert DesktopPortal().proxy_for(HOST) is None


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        ([], None),
        (["direct://", "http://p.test:1"], None),
        (["rtsp://p.test:1", "http://p.test:2"], "http://p.test:2"),
        (["socks4://p.test:1"], "socks4://p.test:1"),
    ],
)
def test_the_first_that_can_be_used(addresses, expected):
    """None that can be used is no reason to go straight: the route refuses it then."""
    assert chosen(addresses) == expected
