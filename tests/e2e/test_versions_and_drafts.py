"""Versions of messages, and what is unsent, from outside: keyboard, screen reader, SIGKILL."""

import sqlite3
from pathlib import Path

import pytest

from desktop_app.demo.script import Gate, Reply, Say, Wait
from desktop_app.demo.server import DemoServer
from tests.e2e.conftest import Launch
from tests.e2e.driver import Application
from tests.servers.desktop_session import DesktopSession

pytestmark = pytest.mark.e2e


def say(app: Application, text: str) -> None:
    app.find("Message").focus()
    app.desktop.type(text)
    app.wait_text("Message", equals=text)
    app.desktop.key("Return")


def quit_by_keyboard(app: Application) -> None:
    app.desktop.key("ctrl+q")
    assert app.wait_ended() == 0


def stored_drafts(data_dir: Path) -> list[tuple[str, str]]:
    """What another process finds of drafts: the text and, as JSON, what waits."""
    connection = sqlite3.connect(f"{(data_dir / 'interleave.db').as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT text, coalesce(queue, '') FROM draft").fetchall()
    finally:
        connection.close()


def test_an_own_message_is_edited_sent_again_and_both_versions_are_there(
    desktop: DesktopSession, launch: Launch, server: DemoServer, to_server: dict[str, str]
) -> None:
    server.enqueue(Reply([Say("Green.")]), Reply([Say("Black.")]), Reply([Say("Milk.")]))
    with launch(desktop, environment=to_server) as app:
        say(app, "Which tea")
        app.wait_text("Conversation", contains="Green.")
        app.wait_text("Status", equals="ready")
        # Up in the empty box takes the last message back into it.
        app.find("Message").focus()
        desktop.key("Up")
        app.wait_text("Message", equals="Which tea")
        app.find("Leave editing", "push button")
        desktop.type(" at night")
        app.wait_text("Message", equals="Which tea at night")
        desktop.key("Return")
        app.wait_text("Conversation", contains="Black.", lacks="Green.")
        app.wait_text("Status", equals="ready")
        app.wait_until(lambda: app.find("Message").text == "", "an empty box")
        app.find("Previous version", "push button").press()
        app.wait_text("Conversation", contains="Green.", lacks="Black.")
        assert app.find("Next version", "push button").look().description == "1 / 2"
        say(app, "With what")
        app.wait_text("Conversation", contains="Milk.")
        app.wait_text("Status", equals="ready")
        app.find("Next version", "push button").press()
        app.wait_text("Conversation", contains="Black.", lacks="Milk.")
        quit_by_keyboard(app)
    contents = [message["content"] for message in server.posts[2].field("messages")]
    assert contents == ["Which tea", "Green.", "With what"]
    with launch(desktop, environment=to_server) as app:
        app.wait_text("Conversation", contains="Which tea at night", lacks="Green.")
        quit_by_keyboard(app)


def test_a_draft_and_what_waits_survive_a_kill(
    desktop: DesktopSession,
    launch: Launch,
    server: DemoServer,
    to_server: dict[str, str],
    data_dir: Path,
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("Half of it"), Wait(gate)]), Reply([Say("Second answer.")]))
    with launch(desktop, environment=to_server) as app:
        say(app, "First question")
        app.wait_text("Conversation", contains="Half of it")
        say(app, "Second question")
        app.find("Waiting messages")
        app.wait_until(lambda: app.find("Message").text == "", "an empty box")
        desktop.type("and a half-written")
        app.wait_text("Message", equals="and a half-written")
        app.wait_until(
            lambda: any(
                text == "and a half-written" and "Second question" in queue
                for text, queue in stored_drafts(data_dir)
            ),
            "the draft on the disk",
        )
        # Left without quitting, the program is killed.
    gate.open()
    with launch(desktop, environment=to_server, expected="was interrupted") as app:
        app.wait_text("Message", equals="and a half-written")
        app.wait_text("Conversation", contains="Interrupted")
        app.find("Continue", "push button")
        app.find("Retry", "push button")
        assert server.posts.total == 1
        app.find("Send now", "push button").press()
        app.wait_text("Conversation", contains="Second answer.")
        app.wait_text("Status", equals="ready")
        assert app.find("Message").text == "and a half-written"
        quit_by_keyboard(app)


def test_the_draft_of_a_conversation_that_is_not_stored_yet_survives_a_kill(
    desktop: DesktopSession,
    launch: Launch,
    to_server: dict[str, str],
    data_dir: Path,
) -> None:
    with launch(desktop, environment=to_server) as app:
        app.wait_text("Status", equals="ready")
        app.find("Message").focus()
        desktop.type("Never sent")
        app.wait_until(
            lambda: ("Never sent", "") in stored_drafts(data_dir), "the draft on the disk"
        )
    with launch(desktop, environment=to_server) as app:
        app.wait_text("Message", equals="Never sent")
        quit_by_keyboard(app)
