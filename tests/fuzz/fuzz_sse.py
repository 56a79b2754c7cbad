"""Random and damaged streams into the reader: no crash, no hang, nothing that cannot be stored.

Whatever bytes come, the reader gives deltas or a named fault, within a deadline for each input, and
what it keeps can be written as JSON in UTF-8. A finding is written to the folder as a file and ends
the run; the seed in the first line plays the run again.

    python -m tests.fuzz.fuzz_sse --seconds 300 [--seed N] [--keep FOLDER]
"""

import argparse
import faulthandler
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.providers.openai_chat.faults import FaultNamer
from desktop_app.providers.openai_chat.reading import AnswerReader
from desktop_app.providers.openai_chat.secret import Secret

DEADLINE = 2.0
"""Seconds of processor time for one input; the slowest takes some hundredths."""

HANGING = 30.0
"""Seconds after which an input that does not end at all ends the run, with a trace."""

NAMER = FaultNamer(
    Connection("f", "F", "http://127.0.0.1:1/v1", ConnectionSource.CUSTOM), Secret("sk-canary")
)

TOKENS = [
    b"data: ", b"data:", b"data", b"event: error\n", b"event: ping\n", b"id: 1\n", b": \n", b"\n",
    b"\n\n", b"\r\n\r\n", b"\r", b"\xef\xbb\xbf", b"[DONE]", b"<html><title>x</title>", b"\x00",
    b"\xff", b"\\ud83d", b"\\ude00", b"<think>", b"</think>", b"</mm:think>", b"null", b"true",
    b"{", b"}", b"[", b"]", b'"', b":", b",", b"-1", b"1e999", b"NaN", b"9" * 5000, b"[" * 3000,
    b'"choices":', b'"delta":', b'"message":', b'"content":', b'"reasoning_details":', b'"text":',
    b'"reasoning_content":', b'"tool_calls":', b'"function":', b'"arguments":', b'"index":',
    b'"finish_reason":"stop"', b'"usage":', b'"error":', b'"base_resp":', b'"status_code":1008',
]  # fmt: skip

SHAPES = [
    path.read_bytes()
    for path in sorted(Path(__file__).parents[1].joinpath("data", "streams").glob("*.sse"))
]
"""Each shape that the service has, as it is sent."""

WORDS = [
    "a",
    "and",
    "Hello ",
    "<think>",
    "</think>",
    "\n",
    "中文",
    "😀",
    "\ud83d",
    "\x00",
    "x" * 40,
]
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    2**31,
    10**30,
    1.5,
    "",
    "x",
    [],
    {},
    [None],
    {"a": []},
    "\ud83d",
]
FIELDS = ["content", "reasoning_content", "reasoning", "role", "name"]


class FindingError(Exception):
    """Something that a stream must not be able to do."""


@dataclass
class Tally:
    """What a run has tried."""

    inputs: int = 0
    size: int = 0
    faults: int = 0
    slowest: float = 0.0


def delta(draw: random.Random) -> dict[str, Any]:
    """A delta that is mostly well-formed."""
    made: dict[str, Any] = {
        field: draw.choice(WORDS) if draw.random() < 0.9 else draw.choice(ODD)
        for field in draw.sample(FIELDS, draw.randint(0, 2))
    }
    if draw.random() < 0.3:
        item = {"id": draw.choice(["a", "b"]), "index": 0, "text": draw.choice([*WORDS, *ODD])}
        odd = {draw.choice(WORDS): draw.choice(ODD)} if draw.random() < 0.2 else {}
        made["reasoning_details"] = [{**item, **odd}]
    if draw.random() < 0.2:
        function = {"name": draw.choice(WORDS), "arguments": draw.choice(['{"a"', ": 1}", *WORDS])}
        call = {"index": draw.choice([0, 1, *ODD]), "id": draw.choice(["", "c", *ODD])}
        made["tool_calls"] = [{**call, "function": draw.choice([function, *ODD])}]
    return made


def valid(draw: random.Random) -> bytes:
    """A stream in the service's shape, oddities among its values."""
    newline = draw.choice(["\n", "\r\n", "\r"])
    datas: list[Any] = [
        {"choices": [{"index": 0, "delta": delta(draw)}]} for _ in range(draw.randint(1, 12))
    ]
    if draw.random() < 0.8:
        finish = "stop" if draw.random() < 0.8 else draw.choice(["length", "tool_calls", *ODD])
        datas.append({"choices": [{"delta": {}, "finish_reason": finish}], "usage": {}})
    if draw.random() < 0.1:
        datas.insert(draw.randrange(len(datas)), draw.choice([{"error": "no"}, *ODD]))
    lines = [f"data: {json.dumps(data)}{newline * 2}" for data in datas]
    return "".join(lines).encode()


def mutated(draw: random.Random) -> bytes:
    """A valid stream, or one of the whole shapes, with bytes changed, dropped, doubled, put in."""
    data = bytearray(draw.choice(SHAPES) if draw.random() < 0.3 else valid(draw))
    for _ in range(draw.randint(1, 8)):
        place = draw.randrange(len(data) + 1)
        length = draw.choice([1, 1, 2, 8, 60])
        match draw.randrange(5):
            case 0:
                data[place : place + length] = draw.randbytes(length)
            case 1:
                del data[place : place + length]
            case 2:
                data[place:place] = data[place : place + length]
            case 3:
                data[place:place] = draw.choice(TOKENS)
            case _:
                data = data[:place]
    return bytes(data)


def tokens(draw: random.Random) -> bytes:
    """Words of the wire in any order."""
    return b"".join(draw.choices(TOKENS, k=draw.randint(0, 60)))


def noise(draw: random.Random) -> bytes:
    """Any bytes."""
    return draw.randbytes(draw.choice([0, 1, 10, 200, 3000]))


KINDS: Sequence[Callable[[random.Random], bytes]] = (valid, mutated, mutated, tokens, noise)


def check(data: bytes, draw: random.Random) -> bool:
    """Read ``data`` in random pieces; return whether the reader found fault with it.

    Raises:
        FindingError: When the outcome is none that a person could be shown or a store could take.
    """
    reader = AnswerReader(draw.choice(["minimax", "openai"]), NAMER)
    builder = MessageBuilder(clock=lambda: 0.0)
    most = draw.choice([1, 3, 50, 1000, len(data) + 1])
    start = 0
    while start < len(data):
        size = draw.randint(1, most)
        builder.add(reader.feed(data[start : start + size]))
        start += size
        if reader.done:
            break
    builder.add(reader.finish())
    # Only a whole document may say nothing: the turn calls that an empty answer.
    is_document = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    if reader.fault is None and reader.finish_reason is None and not is_document:
        raise FindingError("neither an answer nor a fault")
    try:
        kept = json.dumps(reader.received, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise FindingError("something that no request can carry") from None
    for text in (kept, repr(reader.fault), *map(repr, builder.parts)):
        try:
            text.encode()
        except UnicodeEncodeError:
            raise FindingError("something that cannot be stored") from None
    if any("\x00" in text for text in strings(reader.received)):
        raise FindingError("a NUL is kept")
    return reader.fault is not None


def strings(value: Any) -> Iterator[str]:
    """Yield every text inside a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)


def run(seconds: float, seed: int, keep: Path | None = None) -> Tally:
    """Try inputs for ``seconds``; the ``n``-th depends on ``seed`` and ``n`` alone.

    Raises:
        FindingError: At the first input that is not dealt with; it lies in ``keep``.
    """
    tally = Tally()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        draw = random.Random(f"{seed} {tally.inputs}")
        data = draw.choice(KINDS)(draw)
        faulthandler.dump_traceback_later(HANGING, exit=True, file=sys.__stderr__)
        before = time.process_time()
        try:
            tally.faults += check(data, draw)
            spent = time.process_time() - before
            if spent > DEADLINE:
                raise FindingError(f"took {spent:.1f} s")
        except Exception as error:
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                keep.joinpath(f"finding-{seed}-{tally.inputs}.sse").write_bytes(data)
            raise FindingError(f"input {tally.inputs} of seed {seed}: {error!r}") from error
        finally:
            faulthandler.cancel_dump_traceback_later()
        tally.inputs += 1
        tally.size += len(data)
        tally.slowest = max(tally.slowest, spent)
    return tally


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="damaged streams into the reader")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    parser.add_argument("--keep", type=Path, default=Path("build") / "fuzz")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.seconds:g} s", flush=True)
    try:
        tally = run(options.seconds, options.seed, options.keep)
    except FindingError as error:
        print(f"{error}\nthe input is in {options.keep}", file=sys.stderr)
        return 1
    print(
        f"{tally.inputs} inputs, {tally.size / 1e6:.1f} MB, {tally.faults} with a named fault,"
        f" the slowest {tally.slowest * 1e3:.0f} ms: no crash, no hang"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
