"""A question with a tool, from outside: asked, allowed by keyboard, read in the timeline, kept."""

import pytest

from desktop_app.demo.script import Call, Reply, Say, Think
from desktop_app.demo.server import DemoServer
from tests.e2e.conftest import Launch
from tests.e2e.driver import Application
from tests.servers.desktop_session import DesktopSession

pytestmark = pytest.mark.e2e

BUTTONS = ("Allow once", "Allow for this conversation", "Deny", "Deny with a reason…")


def say(app: Application, text: str) -> None:
    app.find("Message").focus()
    app.desktop.type(text)
    app.wait_text("Message", equals=text)
    app.desktop.key("Return")


def is_focused(app: Application, name: str) -> bool:
    return "focused" in app.find(name, "push button").look().states


def steps(app: Application) -> list[str]:
    return [child.name.split(",")[0] for child in app.find("Thinking", "list").children]


def test_a_round_is_allowed_by_keyboard_and_survives_a_kill(
    desktop: DesktopSession, launch: Launch, server: DemoServer, to_server: dict[str, str]
) -> None:
    formula = {"formula": "6 * 7"}
    server.enqueue(
        Reply([Think("I work it out."), Call("calculator", formula)]),
        Reply([Think("It is 42."), Say("That makes forty-two.")]),
    )
    with launch(desktop, environment=to_server) as app:
        say(app, "What is six times seven")
        app.wait_text("Status", contains="waiting for your permission")
        for name in BUTTONS:
            app.find(name, "push button")
        # The name of the tool and all of its arguments stand beside the buttons.
        asked = app.find("What the tool is to be given", "list")
        assert '{"formula": "6 * 7"}' in asked.whole_text
        assert app.find("Allow Calculator (calculator)?")
        # Whoever types on allows nothing.
        desktop.type("and then ")
        app.wait_text("Message", equals="and then ")
        assert app.find("Status").text.startswith("waiting for your permission")

        desktop.key("ctrl+shift+a")
        for _ in range(6):
            if is_focused(app, "Allow once"):
                break
            desktop.key("Tab")
        app.wait_until(lambda: is_focused(app, "Allow once"), "the focus on the button")
        desktop.key("space")
        app.wait_text("Conversation", contains="forty-two")
        app.wait_text("Status", equals="ready")
        app.wait_gone("Allow once", "push button")
        assert steps(app) == [
            "Thought",
            "Tool call calculator",
            "Tool result calculator",
            "Thought",
        ]
        shown = app.find("Thinking", "list").whole_text
        assert '{"formula": "6 * 7"}' in shown
        assert "42" in shown
        spoken = [child.name.split(",")[0] for child in app.find("Conversation", "list").children]
        assert spoken == ["You", "MiniMax", "MiniMax"]
        # Left without quitting, the program is killed.
    results = [m for m in server.posts[1].field("messages") if m["role"] == "tool"]
    assert "42" in results[0]["content"]
    with launch(desktop, environment=to_server) as app:
        app.wait_text("Conversation", contains="forty-two")
        assert app.find("Thinking", "list").whole_text == shown
        app.find("Called calculator", "push button").press()
        desktop.key("ctrl+q")
        assert app.wait_ended() == 0
