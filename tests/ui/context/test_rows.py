"""The ledger's rows: everything of a request, once, with what it takes and what becomes of it."""

from dataclasses import replace

from desktop_app.chat.forecast import Forecaster
from desktop_app.chat.ports import ChatRequest
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Parameters
from desktop_app.domain.message import (
    DRAFT,
    Message,
    Role,
    Sending,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.tool import ToolSpec
from desktop_app.providers.openai_chat.request import explain
from desktop_app.ui.context.rows import ledger_rows

REGION = Connection("r", "R", "https://api.minimax.io/v1", ConnectionSource.REGION)
LONG = "a fairly long word " * 20_000


def user(name, text, **more):
    return Message(name, Role.USER, (Text(text),), **more)


def answer(name, text, **more):
    return Message(name, Role.ASSISTANT, (Thought("hm"), Text(text)), **more)


TOOL_TURN = (
    user("q1", "What time is it?"),
    Message("a1", Role.ASSISTANT, (Thought("hm"), ToolCall("c1", "now", "{}"))),
    Message("t1", Role.TOOL, (ToolResult("c1", "now", "noon"),)),
    answer("b1", "Noon."),
)


def rows_of(*messages, draft="", **parameters):
    tools = (ToolSpec("now", "the time", {"type": "object"}),)
    request = ChatRequest(
        "MiniMax-M2",
        (*messages, user(DRAFT, draft)),
        Parameters(system_prompt="Be kind.", **parameters),
        tools,
    )
    forecast = Forecaster(explain).forecast(request, REGION)
    return forecast, ledger_rows(forecast)


def test_all_of_a_request_stands_there_once_and_adds_up():
    forecast, rows = rows_of(*TOOL_TURN, draft="And now?")
    assert [row.title for row in rows] == [
        "System prompt · Be kind.",
        "Tools (1)",
        "Turn 1: What time is it?",
        "Your next message: And now?",
        "Around the messages",
    ]
    assert [piece.title for piece in rows[2].pieces] == [
        "Message · What time is it?",
        "Thinking · hm",
        "Tool call · now · {}",
        "Tool result · now · noon",
        "Thinking · hm",
        "Answer · Noon.",
    ]
    assert sum(row.tokens for row in rows) == forecast.tokens
    assert {row.fate for row in rows} == {"Sent"}
    assert rows[1].pieces[0].title == "Tool · now"


def test_what_a_tool_found_belongs_to_the_answer_that_asked():
    _, rows = rows_of(*TOOL_TURN)
    owners = [piece.message_id for piece in rows[2].pieces]
    assert owners == ["q1", "a1", "a1", "a1", "b1", "b1"]


def test_an_empty_draft_is_no_row():
    _, rows = rows_of(*TOOL_TURN)
    assert not any("next message" in row.title for row in rows)


def test_what_is_not_sent_says_why_and_has_no_share():
    left = (replace(TOOL_TURN[0], sending=Sending.LEFT_OUT), *TOOL_TURN[1:])
    _, rows = rows_of(*left, user("q2", "Long", sending=Sending.PINNED), answer("a2", "Yes."))
    turns = [row for row in rows if row.title.startswith("Turn")]
    assert turns[0].fate == "Not sent: You left it out."
    assert (turns[0].share, turns[0].sent) == ("", False)
    assert turns[0].tokens > 0
    assert turns[1].fate == "Sent · pinned"


def test_a_turn_of_which_a_part_is_left_out():
    left = (*TOOL_TURN[:1], replace(TOOL_TURN[1], sending=Sending.LEFT_OUT), *TOOL_TURN[2:])
    _, rows = rows_of(*left)
    assert rows[2].fate == "Partly sent"
    fates = [piece.fate for piece in rows[2].pieces]
    assert fates == ["Sent", *["Not sent: You left it out."] * 3, "Sent", "Sent"]


def test_a_summary_stands_before_its_turn():
    _, rows = rows_of(*TOOL_TURN, user("q2", "More", summary="It was noon."), answer("a2", "Yes."))
    titles = [row.title for row in rows]
    place = titles.index("Summary · It was noon.")
    assert titles[place + 1] == "Turn 2: More"
    assert rows[place].message_id == "q2"
    assert rows[place - 1].fate == "Not sent: The summary is sent in its place."
