"""The painted view over the real accessibility bus, read and worked from another process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.driver import PYATSPI, SYSTEM_PYTHON, Application, ElementError, running_program
from tests.servers.desktop_session import desktop_session, missing_programs

CHILD = Path(__file__).with_name("at_spi_child.py")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def app(tmp_path) -> Iterator[Application]:
    """The window of `at_spi_child.py` on a desktop of its own."""
    missing = missing_programs()
    missing += [str(file) for file in (SYSTEM_PYTHON, PYATSPI) if not file.exists()]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"make system installs what is missing here: {', '.join(missing)}")
    with (
        desktop_session(tmp_path) as desktop,
        running_program(
            desktop,
            log=tmp_path / "output.txt",
            environment={"PYTHONPATH": str(ROOT)},
            command=(sys.executable, "-X", "faulthandler", str(CHILD)),
        ) as running,
    ):
        yield running


def entries(app):
    return [child.look() for child in app.find("Conversation").children]


def names(app):
    return [entry.name for entry in entries(app)]


@pytest.mark.e2e
def test_entries_and_buttons_over_the_bus(app):
    conversation = app.find("Conversation")
    assert conversation.look().role == "list"
    you, answer, error = entries(app)
    assert (you.name, you.role, you.words) == ("You, 14:03", "list item", "Hello")
    assert answer.name == "MiniMax, 14:04"
    assert answer.words == answer.description == "An answer with code\n\n• one\n• two"
    assert error.extents[3] > 40
    buttons = [button.look() for button in conversation.children[2].children]
    assert [button.name for button in buttons] == ["Grow", "Shrink", "Replace", "Details"]
    assert {button.role for button in buttons} <= {"push button", "button"}

    app.find("Details").press()
    app.wait_until(lambda: "500" in app.find("Conversation").children[2].text, "the details")


@pytest.mark.e2e
def test_entries_come_and_go_under_a_readers_hands(app):
    held = app.find("Conversation").children
    held += [button for child in held for button in child.children]
    for turn in range(1, 4):
        app.find("Grow").press()
        app.wait_until(lambda turn=turn: f"grown {turn}" in names(app), "a new entry")
        app.wait_until(lambda: entries(app)[-1].words == "Streamed words", "its text")
        app.find("Shrink").press()
        app.wait_until(lambda: "MiniMax, 14:04" not in names(app), "the end of an entry")
        held += app.find("Conversation").children
        app.find("Replace").press()
        app.wait_until(
            lambda: names(app) == ["You, 14:03", "MiniMax, 14:04", "Error"], "the first entries"
        )
        gone = 0
        for element in held:
            try:
                gone += not element.look().name
            except ElementError:
                gone += 1
        assert gone
    assert not app.has_ended
    assert "Traceback" not in app.log
