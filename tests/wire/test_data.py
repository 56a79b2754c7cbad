"""Streams and answers in MiniMax's shapes, replayed from ``tests/data`` through the whole chain.

Each file is what a server sends; the ``expected.json`` beside it says what has to come of it: the
message, what the person reads of a failure, and the assistant's message in the next request. The
wording is this project's own.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from desktop_app.demo.framing import EVENT_STREAM, JSON_TYPE, Framing
from desktop_app.demo.http_answers import Http
from desktop_app.domain.message import Message, Part, Text, Thought, ToolCall
from desktop_app.domain.usage import Usage
from desktop_app.providers.openai_chat.history import NOT_ENDED
from desktop_app.ui.conversation.entries import chain_entries, message_entries
from desktop_app.ui.transcript.entry import EntryKind
from tests.providers.test_reading import Read
from tests.wire.chain import NEXT, QUESTION, Chain

FOLDER = Path(__file__).parents[1] / "data"
STREAMS = sorted((FOLDER / "streams").glob("*.sse"))
ANSWERS = sorted(f for f in (FOLDER / "answers").glob("*.json") if ".expected" not in f.name)


def expectation(path: Path) -> Any:
    return json.loads(path.with_suffix(".expected.json").read_text("utf-8"))


def part_of(said: list[str]) -> Part:
    kind, *fields = said
    return {"thought": Thought, "text": Text, "tool_call": ToolCall}[kind](*fields)


def without_times(message: Message) -> list[Part]:
    return [Thought(p.text) if isinstance(p, Thought) else p for p in message.parts]


async def prove(chain: Chain, answer: Http, expected: Any) -> None:
    """Play ``answer`` and compare the message, the screen, the file and the way back."""
    chain.server.enqueue(answer)
    connection = expected.get("connection", {})
    chain.use(**connection)
    message = await chain.ask()
    assert without_times(message) == [part_of(said) for said in expected["parts"]]
    assert message.state.value == expected["state"]
    assert message.finish_reason == expected["finish_reason"]
    assert message.usage == (expected["usage"] and Usage(**expected["usage"]))
    failure = expected["error"]
    errors = [entry for entry in message_entries(message) if entry.kind is EntryKind.ERROR]
    if failure is None:
        assert message.error is None
        assert errors == []
    else:
        assert message.error is not None
        assert (message.error.kind.value, message.error.code) == (failure["kind"], failure["code"])
        assert failure["says"] in errors[0].text
    steps = [step.text for step in chain_entries([message])]
    assert steps == [said[-1] for said in expected["parts"] if said[0] != "text"]
    chain.look_at_the_painting(message, kept=False)
    assert await chain.reopened() == chain.session.messages
    sent = (await chain.next_request(**connection))["messages"]
    if expected["sent_back"] is None:
        assert sent == [{"role": "user", "content": f"{QUESTION}\n\n{NEXT}"}]
    else:
        question, back, *results, again = sent
        assert (question["content"], again["content"]) == (QUESTION, NEXT)
        assert back == expected["sent_back"]
        # Nothing ran, so each call has the answer that nothing is known of it.
        assert results == [
            {"role": "tool", "tool_call_id": call["id"], "content": NOT_ENDED}
            for call in back.get("tool_calls", [])
        ]
    assert chain.server.posts.total == 2


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
async def test_a_stream(chain: Chain, path: Path, framing: Framing) -> None:
    body = path.read_bytes()  # noqa: ASYNC240 (before anything runs)
    answer = Http(body=body, content_type=EVENT_STREAM, framing=framing, split_every=311)
    await prove(chain, answer, expectation(path))


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
async def test_an_answer(chain: Chain, path: Path) -> None:
    expected = expectation(path)
    body = path.read_bytes()  # noqa: ASYNC240
    answer = Http(expected["status"], body=body, content_type=JSON_TYPE)
    await prove(chain, answer, expected)


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("path", STREAMS, ids=lambda path: path.stem)
def test_a_stream_in_small_pieces_is_the_same(path: Path, size: int) -> None:
    data = path.read_bytes()
    whole = Read(data)
    again = Read(*(data[start : start + size] for start in range(0, len(data), size)))
    assert whole.parts
    assert (again.parts, again.usage, again.finish) == (whole.parts, whole.usage, whole.finish)


def test_every_file_has_its_expectation_and_every_shape_its_file() -> None:
    kinds = (FOLDER / "streams", FOLDER / "answers")
    files = {path for folder in kinds for path in folder.iterdir() if path.is_file()}
    pairs = {p for path in (*STREAMS, *ANSWERS) for p in (path, path.with_suffix(".expected.json"))}
    assert files == pairs
    assert {
        "split_both_fields", "split_details_alone", "split_cumulative", "reasoning_content_alone",
        "inline_think", "inline_think_closing_apart", "inline_think_length",
        "call_whole_with_the_finish", "call_head_then_arguments", "call_name_then_arguments",
        "calls_parallel", "native_whole_message_last", "error_base_resp_in_stream",
        "self_hosted_reasoning",
    } == {path.stem for path in STREAMS}  # fmt: skip
