"""The names by which a screen reader, or a test from outside, finds the parts of the window."""

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.test_chat import quit_by_keyboard
from tests.servers.desktop_session import DesktopSession

pytestmark = pytest.mark.e2e

NAMES = (
    ("Conversations", "list"),
    ("Search conversations", "text"),
    ("New conversation", "push button"),
    ("Settings", "push button"),
    ("Message", "text"),
    ("Send", "push button"),
    ("Status", "text"),
    ("Thinking", "list"),
    ("Model", "combo box"),
    ("Region", "combo box"),
)


def test_every_part_answers_to_its_name(desktop: DesktopSession, launch: Launch) -> None:
    with launch(desktop, "--demo") as app:
        for name, role in NAMES:
            app.find(name, role)
        assert app.find("Region", "combo box").look().description == "Demo"
        assert app.find("Model", "combo box").look().description == "MiniMax-M2"
        assert app.find("Model", "text").text == "MiniMax-M2"
        assert [element.look().role for element in app.all("Thinking")] == ["list"]
        quit_by_keyboard(app)
