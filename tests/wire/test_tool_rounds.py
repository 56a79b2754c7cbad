"""Turns with tools over a real socket: what goes out in each round, looked at in the bytes."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.chat.permissions import Permissions
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tool_box import ToolBox
from desktop_app.chat.tool_use import ToolLimits, ToolUse
from desktop_app.demo.chunks import Backend
from desktop_app.demo.events import Call, CallShape, Delta, Think
from desktop_app.demo.forms import Form
from desktop_app.demo.framing import EVENT_STREAM, Framing
from desktop_app.demo.http_answers import Http
from desktop_app.demo.pacing import coarse
from desktop_app.demo.rules import LENIENT, Rules
from desktop_app.demo.script import Reply
from desktop_app.demo.server import DemoServer
from desktop_app.domain.call_ids import calls_of
from desktop_app.domain.message import Message, MessageState, Role
from desktop_app.domain.tool import Risk, ToolOutcome
from desktop_app.providers.openai_chat.history import NOT_ENDED
from tests.tool_fakes import FakeSource
from tests.wire.chain import PATIENCE, Chain
from tests.wire.test_branches import chain_sent
from tests.wire.test_recordings import FOLDER as RECORDINGS

SCHEMA = {"properties": {"at": {"type": "string"}}, "required": ["at"]}
THOUGHT = "Look “there” 茶 first. "


class Rounds(Chain):
    """A chain with a source of tools whose calls are all allowed."""

    tools: FakeSource

    def body(self, number: int) -> Any:
        return self.server.posts[number].json

    def sent(self, number: int) -> list[Any]:
        """The messages of a request, which continue those of the one before it to the byte."""
        if number:
            assert chain_sent(self, number).startswith(chain_sent(self, number - 1))
        return list(self.body(number)["messages"])


@pytest.fixture
def limits() -> ToolLimits:
    return ToolLimits()


@pytest.fixture
async def rounds(
    server: DemoServer, tmp_path: Path, qapp: object, limits: ToolLimits
) -> AsyncIterator[Rounds]:
    source = FakeSource("builtin")
    permissions = Permissions(reading_is_allowed=lambda: True)
    use = ToolUse(ToolBox([source]), permissions, lambda: limits)
    chain = await Rounds.begin(server, tmp_path / "conversations.db", use)
    assert isinstance(chain, Rounds)
    chain.tools = source
    server.rules = Rules()
    source.give("look", _answers, schema=SCHEMA, risk=Risk.READS)
    yield chain
    await chain.end()


async def _answers(arguments: Any, on_progress: object) -> ToolOutcome:
    return ToolOutcome(f"At {arguments['at']}: leaves “green” 茶\n[x]")


def call(at: str, **options: Any) -> Call:
    return Call("look", {"at": at}, **options)


SHAPES = [
    ("whole, with the finish", [call("tea", shape=CallShape.WHOLE)], Backend.MAIN, False),
    ("whole, finish apart", [call("tea", shape=CallShape.WHOLE)], Backend.MAIN, True),
    ("head, then arguments", [call("tea", shape=CallShape.ARGUMENTS_SPLIT)], Backend.MAIN, False),
    ("name first", [call("tea", shape=CallShape.NAME_FIRST, pieces=4)], Backend.SMALL, True),
    ("parallel", [call("tea"), call("coffee")], Backend.MAIN, False),
    ("parallel, one index", [call("tea", index=0), call("coffee", index=0)], Backend.MAIN, False),
    ("no index", [call("tea", index=None), call("coffee", index=None)], Backend.SMALL, False),
    ("self-hosted", [call("tea")], Backend.SELF_HOSTED, True),
]


@pytest.mark.parametrize(
    ("calls", "backend", "apart"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES]
)
@pytest.mark.parametrize("split", [True, False])
async def test_whatever_the_form_the_answer_goes_back_as_it_was_received(
    rounds: Rounds, calls: list[Call], backend: Backend, apart: bool, split: bool
):
    rounds.use(reasoning_split=split)
    rounds.server.enqueue(
        Reply([Think(THOUGHT), *calls], backend=backend, finish_apart=apart, pieces=coarse),
        Reply([Think("So."), "Green."]),
    )
    answer = await rounds.ask()
    assert answer.text == "Green."
    question, back, *results = rounds.sent(1)
    assert back["role"] == "assistant"
    if split and backend is not Backend.SELF_HOSTED:
        (item,) = back["reasoning_details"]
        assert item["text"] == THOUGHT
        assert back["content"] == ""
    if not split:
        assert THOUGHT in back["content"]
        assert "reasoning_details" not in back
    wanted = [json.loads(call._arguments_text())["at"] for call in calls]
    assert [
        json.loads(made["function"]["arguments"])["at"] for made in back["tool_calls"]
    ] == wanted
    ids = [made["id"] for made in back["tool_calls"]]
    assert [call_id for call_id in ids if call_id.startswith("call_") or "tool-" in call_id] == ids
    received = rounds.session.messages[1].received
    assert received is not None
    assert back["tool_calls"] == received["message"]["tool_calls"]
    assert [result["tool_call_id"] for result in results] == ids
    for result, at in zip(results, wanted, strict=True):
        assert result["role"] == "tool"
        assert f"\nAt {at}: leaves “green” 茶\n[x]\n" in result["content"]
    assert question["role"] == "user"
    assert await rounds.reopened() == rounds.session.messages


async def test_many_rounds_each_continue_the_bytes_of_the_one_before(rounds: Rounds):
    for number in range(6):
        rounds.server.enqueue(Reply([Think(f"{THOUGHT}{number}"), call(f"place {number}")]))
    rounds.server.enqueue(Reply([Think("Enough."), "Done."]))
    await rounds.ask()
    for number in range(7):
        sent = rounds.sent(number)
        assert [message["role"] for message in sent] == ["user", *["assistant", "tool"] * number]
    assert [
        message["reasoning_details"][0]["text"]
        for message in rounds.sent(6)
        if message["role"] == "assistant"
    ] == [f"{THOUGHT}{number}" for number in range(6)]
    # And so does the next turn, also in another run of the program.
    rounds.server.enqueue(Reply(["Yes."]))
    await rounds.ask("Sure?")
    rounds.sent(7)
    messages = await rounds.reopened()
    again = ChatSession(rounds.session.conversation, messages, rounds.store, rounds._source)
    rounds.server.enqueue(Reply(["Really."]))
    assert again.send("Really?")
    async with asyncio.timeout(PATIENCE):
        await again.settled()
    assert chain_sent(rounds, 8).startswith(chain_sent(rounds, 7))
    await again.close()


async def test_the_tools_are_in_every_request_in_the_same_words(rounds: Rounds):
    rounds.server.enqueue(Reply([call("tea")]), Reply(["Green."]))
    await rounds.ask()
    first, second = rounds.body(0), rounds.body(1)
    assert first["tools"] == second["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "look",
                "description": "Does look",
                "parameters": {**SCHEMA, "type": "object"},
            },
        }
    ]  # fmt: skip
    assert "tool_choice" not in first
    assert list(first) == list(second)


async def test_without_tools_a_request_says_nothing_of_them(chain: Chain):
    chain.server.enqueue(Reply(["Hello"]))
    await chain.ask()
    assert not {"tools", "tool_choice"} & chain.server.posts[0].json.keys()


@pytest.mark.parametrize("limits", [ToolLimits(rounds=1)])
async def test_at_the_end_of_the_rounds_the_tools_stay_and_may_not_be_called(rounds: Rounds):
    rounds.server.enqueue(Reply([call("tea")]), Reply(["Green."]))
    await rounds.ask()
    rounds.sent(1)
    assert rounds.body(1)["tools"] == rounds.body(0)["tools"]
    assert rounds.body(1)["tool_choice"] == "none"


@pytest.mark.parametrize("arguments", ['{"at": "te', "[1]", '{"at": 5}', "", "null", '{"at": NaN}'])
async def test_broken_arguments_poison_nothing(rounds: Rounds, arguments: str):
    rounds.server.enqueue(
        Reply([Think("hm"), Call("look", arguments)]), Reply(["I see."]), Reply(["Still well."])
    )
    await rounds.ask()
    answer = await rounds.ask("And now?")  # the server refuses broken ones on every later turn
    assert (answer.text, answer.state) == ("Still well.", MessageState.COMPLETE)
    assert rounds.tools.calls == []
    _, back, result, *_ = rounds.sent(2)
    sent = json.loads(back["tool_calls"][0]["function"]["arguments"])
    assert sent == ({"at": 5} if "5" in arguments else {})
    assert "The call was not made." in result["content"]


async def test_ids_that_are_missing_or_used_before_are_replaced(rounds: Rounds):
    def without_id(at: str) -> Delta:
        function = {"name": "look", "arguments": json.dumps({"at": at})}
        return Delta({"tool_calls": [{"index": 0, "type": "function", "function": function}]})

    rounds.server.enqueue(
        Reply([without_id("a")]),
        Reply([call("b", id="same"), call("c", id="same")]),
        Reply([call("d", id="same")]),
        Reply(["Done."]),
    )
    answer = await rounds.ask()
    assert answer.text == "Done."
    assert [made.arguments["at"] for made in rounds.tools.calls] == ["a", "b", "c", "d"]
    sent = rounds.sent(3)
    calls = [made for message in sent for made in message.get("tool_calls", ())]
    ids = [made["id"] for made in calls]
    assert len(set(ids)) == 4
    assert ids[1] == "same"
    results = {m["tool_call_id"]: m["content"] for m in sent if m["role"] == "tool"}
    for made in calls:
        at = json.loads(made["function"]["arguments"])["at"]
        assert f"At {at}:" in results[made["id"]]


async def test_an_unknown_tool_is_told_and_the_turn_goes_on(rounds: Rounds):
    rounds.server.enqueue(Reply([Call("loook", {})]), Reply(["Sorry."]))
    await rounds.ask()
    assert "There is: look." in rounds.sent(1)[-1]["content"]


async def test_tool_xml_in_the_text_is_shown_and_not_run(rounds: Rounds):
    leak = '<minimax:tool_call><invoke name="look"><parameter name="at">x</parameter></invoke>'
    rounds.server.enqueue(Reply([Think("hm"), leak]))
    answer = await rounds.ask()
    assert answer.text == leak
    assert rounds.tools.calls == []
    assert rounds.server.posts.total == 1


@pytest.mark.parametrize("reason", ["tool_call", "stop", "tool_calls"])
async def test_whatever_word_ends_it_the_calls_are_made(rounds: Rounds, reason: str):
    rounds.server.enqueue(Reply([call("tea")], finish_reason=reason), Reply(["Green."]))
    assert (await rounds.ask()).text == "Green."


async def test_a_strict_server_gets_calls_and_results_and_no_field_of_minimax(rounds: Rounds):
    rounds.server.rules = LENIENT
    rounds.use(is_minimax=False, reasoning_split=False)
    rounds.server.enqueue(
        Reply([Think("hm"), call("tea")], form=Form.THINK_TAGS, backend=Backend.SELF_HOSTED),
        Reply(["Green."]),
    )
    await rounds.ask()
    _, back, result = rounds.sent(1)
    assert set(back) == {"role", "content", "tool_calls"}
    assert set(result) == {"role", "tool_call_id", "content"}


async def test_after_stop_in_a_round_the_history_is_valid(rounds: Rounds):
    started = asyncio.Event()

    async def hang(arguments: object, on_progress: object) -> str:
        started.set()
        await asyncio.Event().wait()
        return "never"

    rounds.tools.give("hang", hang, risk=Risk.READS)
    rounds.server.enqueue(Reply([call("tea"), Call("hang", {})]), Reply(["Well."]))
    assert rounds.session.send("Go")
    async with asyncio.timeout(PATIENCE):
        await started.wait()
        rounds.session.stop()
        await rounds.session.settled()
    assert (await rounds.ask("Are you there?")).text == "Well."
    _, back, first, second, _ = rounds.sent(1)
    assert len(back["tool_calls"]) == 2
    assert "leaves" in first["content"]
    assert "stopped" in second["content"]


async def test_what_a_kill_left_open_is_answered_in_the_same_words_each_time(rounds: Rounds):
    rounds.server.enqueue(Reply([Think("hm"), call("tea"), call("coffee")]), Reply(["Green."]))
    await rounds.ask()
    question, called, results, _ = rounds.session.messages
    one = Message(
        results.id, Role.TOOL, results.parts[1:], results.parent, state=MessageState.INTERRUPTED
    )
    for kept in ((question, called, one), (question, called)):
        session = ChatSession(rounds.session.conversation, kept, rounds.store, rounds._source)
        requests = []
        for text in ("And?", "So?"):
            rounds.server.enqueue(Reply(["Well."]))
            assert session.send(text)
            async with asyncio.timeout(PATIENCE):
                await session.settled()
            requests.append(rounds.server.posts.total - 1)
            assert session.messages[-1].state is MessageState.COMPLETE
        first, second = requests
        assert chain_sent(rounds, second).startswith(chain_sent(rounds, first))
        _, back, tea, coffee, *_ = rounds.body(first)["messages"]
        assert back == rounds.body(1)["messages"][1]
        assert tea["content"] == NOT_ENDED
        assert (coffee["content"] == NOT_ENDED) == (len(kept) == 2)
        await session.close()


# Streams as they are kept in files

CALLING = sorted((Path(__file__).parents[1] / "data" / "streams").glob("call*.sse"))
RECORDED = [
    path
    for path in (sorted(RECORDINGS.iterdir()) if RECORDINGS.is_dir() else ())
    if path.name.endswith((".sse.txt", ".chunks.jsonl")) and b'"tool_calls":' in path.read_bytes()
]
"""Other people's recordings, which are no part of the project, where they are at hand."""


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("path", [*CALLING, *RECORDED], ids=lambda path: path.name)
async def test_a_stream_from_a_file_is_run_and_goes_back_as_it_came(
    rounds: Rounds, path: Path, framing: Framing
):
    body = path.read_bytes()  # noqa: ASYNC240 (before anything runs)
    if path.suffix == ".jsonl":
        body = b"".join(b"data: " + line + b"\n\n" for line in body.splitlines() if line.strip())
    for name in set(re.findall(rb'"name":\s*"(\w+)"', body)):
        rounds.tools.give(name.decode(), "found", risk=Risk.READS)
    expected: Any = {}
    if path.suffix == ".sse":
        expected = json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    connection = expected.get("connection", {})
    rounds.use(**connection)
    rounds.server.rules = Rules(key_needed=False)
    rounds.server.enqueue(
        Http(body=body, content_type=EVENT_STREAM, framing=framing, split_every=97),
        Reply(["Done."]),
    )
    answer = await rounds.ask()
    called = rounds.session.messages[1]
    assert called.tool_calls
    assert (answer.text, answer.state) == ("Done.", MessageState.COMPLETE)
    # An excerpt may begin in the middle of a call, which then is none.
    sound = [call for call in called.tool_calls if _is_object(call.arguments)]
    made = [(call.tool.name, dict(call.arguments)) for call in rounds.tools.calls]
    assert made == [(call.name, json.loads(call.arguments)) for call in sound]
    assert made
    _, back, *results = rounds.sent(1)
    assert called.received is not None
    if len(sound) == len(called.tool_calls):
        assert back["tool_calls"] == called.received["message"]["tool_calls"]
    assert back == expected.get("sent_back", back)
    calls = calls_of(called)
    assert [result["tool_call_id"] for result in results] == [call.call_id for call in calls]
    for call, result in zip(called.tool_calls, results, strict=True):
        told = "\nfound\n" if call in sound else "no tool with the name"
        assert told in result["content"]


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
