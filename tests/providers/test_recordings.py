"""Answers as they were recorded from real servers, where somebody has them beside the project.

The recordings are other people's and stay outside; own data of the same shapes is in the other
tests of this folder.
"""

import json
from itertools import accumulate
from pathlib import Path

import pytest

from desktop_app.domain.errors import ErrorKind
from desktop_app.domain.usage import Usage
from tests.providers.conftest import events
from tests.providers.test_reading import Read

FOLDER = Path(__file__).parents[3] / "shared" / "recorded"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the recordings are no part of the project and not on this machine"
)


def datas(name: str) -> list[str]:
    text = (FOLDER / name).read_text("utf-8")
    lines = [line.removeprefix("data:").strip() for line in text.splitlines()]
    return [line for line in lines if line.startswith("{")]


def raw(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def pure_joined(lines: list[str]) -> tuple[str, str]:
    """Return thinking and content by simply appending what each chunk brings."""
    thinking = content = ""
    for line in lines:
        for choice in json.loads(line).get("choices") or ():
            delta = choice.get("delta") or {}
            thinking += delta.get("reasoning_content") or ""
            content += delta.get("content") or ""
    return thinking, content


SPLIT = "gomodel_live_m27_stream_reasoning_split.sse.txt"


def test_the_split_stream_and_its_snapshot_form():
    lines = datas(SPLIT)
    thinking, content = pure_joined(lines)
    result = Read(raw(SPLIT))
    assert (result.thinking, result.text) == (thinking, content)
    assert result.usage == Usage(769, 116, cached=443, reasoning=37)
    assert result.fault is None
    (item,) = result.message["reasoning_details"]
    assert item["text"] == thinking
    assert item["id"] == "reasoning-text-1"

    bodies = [json.loads(line) for line in lines]
    for field in ("content", "reasoning_content"):
        carriers = [
            b["choices"][0]["delta"]
            for b in bodies
            if b["choices"] and b["choices"][0]["delta"].get(field)
        ]
        wholes = list(accumulate(delta[field] for delta in carriers))
        for delta, whole in zip(carriers, wholes, strict=True):
            delta[field] = whole
            if field == "reasoning_content":
                delta["reasoning_details"][0]["text"] = whole
    snapshots = Read(events(*map(json.dumps, bodies)))
    assert (snapshots.thinking, snapshots.text) == (thinking, content)


@pytest.mark.parametrize(
    "name",
    [
        "gomodel_prod_m27_stream_inline_think.sse.txt",
        "closeclaw_MiniMax-M2.7_openai_streaming.unwrapped.sse.txt",
        "closeclaw_MiniMax-M3_openai_streaming.unwrapped.sse.txt",
        "halro_m3_stream_2026-08-31.sse.txt",
    ],
)
def test_streams_with_tags(name):
    _, content = pure_joined(datas(name))
    result = Read(raw(name))
    assert result.fault is None
    assert result.finish in {"stop", "length"}
    if "<think>" in content:
        inner, _, answer = content.partition("<think>")[2].partition("</think>")
        assert (result.thinking, result.text) == (inner.strip(), answer.lstrip())
        assert result.thinking
    else:
        assert result.text == content
    assert result.message["content"] == content
    for size in (1, 7):
        data = raw(name)
        again = Read(*(data[i : i + size] for i in range(0, len(data), size)))
        assert again.parts == result.parts


@pytest.mark.parametrize(
    "name", ["native_closeclaw_streaming.txt", "native_closeclaw_streaming-m2.7.txt"]
)
def test_the_whole_message_at_the_end_repeats_nothing(name):
    thinking, content = pure_joined(datas(name))
    result = Read(raw(name))
    assert (result.thinking, result.text) == (thinking, content)
    assert result.usage is not None
    assert result.fault is None


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("m27hs_toolcall_inline_think.chunks.jsonl", 1),
        ("closeclaw_MiniMax-M2.7_openai_tool-use-streaming.unwrapped.sse.txt", 1),
        ("closeclaw_MiniMax-M3_openai_tool-use-streaming.unwrapped.sse.txt", 1),
        ("opencode_venice_m27_excerpt.sse.txt", 1),
    ],
)
def test_tool_calls(name, calls):
    result = Read(events(*datas(name)))
    assert result.fault is None
    assert len(result.calls) == calls
    for call in result.calls:
        assert call.name
        assert call.call_id
        assert isinstance(json.loads(call.arguments), dict)
    assert result.thinking
    assert "think>" not in result.text + result.thinking


def test_parallel_calls_in_the_last_chunk():
    result = Read(events(*datas("rustclient_m27_parallel_toolcalls.chunks.jsonl")))
    assert result.finish == "tool_calls"
    assert result.calls[-1].name == "read_file"
    assert len(result.calls) == 2


@pytest.mark.parametrize(
    "name",
    ["gomodel_prod_m2_buffered_length.json", "gomodel_prod_m27_nested.json",
     "llmapi_m25_buffered_reasoning_split.json", "native_closeclaw_m2.7-chat.json",
     "native_closeclaw_simple-chat.json", "native_closeclaw_m2-her-chat.json"],
)  # fmt: skip
def test_whole_answers(name):
    result = Read(raw(name))
    assert result.fault is None
    assert result.finish in {"stop", "length"}
    assert result.text or result.finish == "length"
    assert "think>" not in result.text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("err_200_choices_null_2061.json", ErrorKind.PLAN_LACKS_MODEL),
        ("native_closeclaw_error-auth.json", ErrorKind.MISSING_KEY),
        ("native_closeclaw_error-invalid-model.json", ErrorKind.UNKNOWN_MODEL),
        ("native_closeclaw_error-empty-messages.json", ErrorKind.BAD_REQUEST),
    ],
)
def test_errors_with_status_200(name, kind):
    result = Read(raw(name))
    assert result.fault is not None
    assert result.fault.kind is kind


def test_a_chunk_without_id_and_role():
    (line,) = datas("issue_MiniMax-M2.5_2_empty_role.chunk.json")
    result = Read(events(line))
    assert result.usage is None
    assert result.fault is None or result.fault.kind is ErrorKind.CUT_OFF
