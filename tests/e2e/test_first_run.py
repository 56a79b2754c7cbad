"""A person without a key: the card, the system's keyring, and where the key goes."""

from collections.abc import Callable
from contextlib import closing, suppress

import pytest
import secretstorage
from jeepney.io.blocking import open_dbus_connection

from desktop_app.demo.rules import Rules
from desktop_app.demo.script import Reply, Say
from desktop_app.demo.server import DemoServer
from tests.e2e.conftest import Launch
from tests.e2e.test_chat import quit_by_keyboard, say
from tests.servers.desktop_session import DesktopSession

pytestmark = [pytest.mark.e2e, pytest.mark.keyring]

KEY = "sk-e2e-0123456789abcdefghijklmnop"


def stored_keys(desktop: DesktopSession) -> dict[str, str]:
    """What the desktop's keyring holds: key by account."""
    address = desktop.environment["DBUS_SESSION_BUS_ADDRESS"]
    keys = {}
    with closing(open_dbus_connection(address)) as bus:
        for item in secretstorage.Collection(bus).get_all_items():
            # The program may take one away while this looks at it.
            with suppress(secretstorage.exceptions.ItemNotFoundException):
                keys[item.get_attributes()["username"]] = item.get_secret().decode()
    return keys


def test_the_card_keeps_a_key_in_the_system_keyring(
    desktop_with_keyring: DesktopSession, launch: Launch
) -> None:
    desktop = desktop_with_keyring
    with launch(desktop) as app:
        app.find("Try the demo", "push button")
        field = app.find("API key", "password text")
        field.focus()
        desktop.type(KEY)
        app.find("Save", "push button").press()
        app.find("Message")
        app.wait_text("Status", equals="ready")
        quit_by_keyboard(app)
    (account,) = stored_keys(desktop)
    assert account == "international https://api.minimax.io:443"
    assert stored_keys(desktop)[account] == KEY

    with launch(desktop) as app:
        app.find("Message")
        assert app.all("Try the demo") == []
        quit_by_keyboard(app)


def test_a_key_is_taken_out_of_the_system_keyring(
    desktop_with_keyring: DesktopSession, launch: Launch
) -> None:
    desktop = desktop_with_keyring
    with launch(desktop) as app:
        app.find("API key", "password text").set_text(KEY)
        app.find("Save", "push button").press()
        app.find("Message")
        quit_by_keyboard(app)
    assert list(stored_keys(desktop).values()) == [KEY]

    with launch(desktop) as app:
        app.find("Message")
        desktop.key("ctrl+comma")
        dialog = app.find("Settings", "dialog")
        dialog.find("Remove key", "push button").press()
        app.find("Remove the key for International?", "label")
        app.find(role="alert").find("Remove key", "push button").press()
        app.wait_until(lambda: not stored_keys(desktop), "an empty keyring")
        desktop.key("Escape")
        # A key that comes while the dialog closes is heard by nobody.
        app.find("Message").focus()
        quit_by_keyboard(app)

    with launch(desktop) as app:
        app.find("Try the demo", "push button")
        quit_by_keyboard(app)


def test_the_key_of_another_vendor_in_the_environment_is_not_used(
    desktop: DesktopSession, launch: Launch
) -> None:
    with launch(desktop, environment={"OPENAI_API_KEY": "sk-another-vendors-key"}) as app:
        app.find("Try the demo", "push button")
        assert app.find("API key", "password text").text == ""
        quit_by_keyboard(app)


def test_the_demo_is_one_press_away(desktop: DesktopSession, launch: Launch) -> None:
    with launch(desktop) as app:
        app.find("Try the demo", "push button").press()
        app.find("Message")
        say(app, "Hello")
        app.wait_text("Conversation", contains="I'm the built-in demo of this program")
        quit_by_keyboard(app)


def test_a_key_from_the_settings_goes_to_its_own_server_from_the_keyring(
    desktop_with_keyring: DesktopSession,
    launch: Launch,
    server: DemoServer,
    write_settings: Callable[..., None],
) -> None:
    desktop = desktop_with_keyring
    server.rules = Rules(keys=frozenset({KEY}))
    endpoint = {"id": "e2e", "name": "Test server", "base_url": server.base_url}
    write_settings(connection="e2e", endpoints=[{**endpoint, "reasoning_split": True}])
    server.enqueue(Reply([Say("Welcome.")]), Reply([Say("Welcome back.")]))

    with launch(desktop) as app:
        say(app, "Hello")
        app.wait_text("Conversation", contains="API key")
        app.wait_text("Status", contains="error")
        desktop.key("ctrl+comma")
        dialog = app.find("Settings", "dialog")
        dialog.find("API key", "password text").set_text(KEY)
        dialog.find("Test key", "push button").press()
        app.wait_until(lambda: "The key works." in app.outline(), "the outcome of the test")
        dialog.find("Save", "push button").press()
        app.wait_until(lambda: stored_keys(desktop), "the key in the keyring")
        desktop.key("Escape")
        app.find("Retry", "push button").press()
        app.wait_text("Conversation", contains="Welcome.")
        quit_by_keyboard(app)
    assert list(stored_keys(desktop).values()) == [KEY]

    with launch(desktop) as app:
        say(app, "Do you know me?")
        app.wait_text("Conversation", contains="Welcome back.")
        quit_by_keyboard(app)
    assert server.posts[-1].header("authorization") == f"Bearer {KEY}"
