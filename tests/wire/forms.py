"""One answer in every wire form, cut anywhere: what the property tests draw from."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Deltas = list[Json]

TELLING = 12
"""From this length on a text that is repeated tells snapshots from new text."""


@dataclass(frozen=True)
class Spoken:
    """An answer as the model means it.

    Attributes:
        thinking: Without white space at its ends, which some forms cannot carry.
        text: Likewise.
        calls: Name and arguments of each.
    """

    thinking: str
    text: str
    calls: tuple[tuple[str, Json], ...]


@dataclass(frozen=True)
class Wire:
    """How it travels.

    Attributes:
        form: A name among ``FORMS``.
        seed: Decides every cut, of texts and of bytes.
        newline: The line end.
        escaped: Whether JSON escapes everything beyond ASCII, halves of characters included.
        done: Whether ``[DONE]`` is sent.
        shape: How calls are cut.
        comments: Whether keep-alives stand in between.
    """

    form: str
    seed: int
    newline: str
    escaped: bool
    done: bool
    shape: str
    comments: bool


def item(text: str) -> Json:
    """One element of ``reasoning_details``."""
    kind = {"type": "reasoning.text", "id": "reasoning-text-1", "format": "MiniMax-response-v1"}
    return {**kind, "index": 0, "text": text}


def split(text: str) -> Json:
    """A delta of thinking as the live host sends it."""
    return {"role": "assistant", "reasoning_content": text, "reasoning_details": [item(text)]}


def contents(pieces: list[str]) -> Deltas:
    """Deltas of content."""
    return [{"content": piece} for piece in pieces]


def tagged(opening: str, closing: str) -> Callable[[list[str], list[str]], Deltas]:
    """Everything in the content, the tags as pieces of their own."""
    return lambda t, a: contents([opening, *t, closing, *a] if t else a)


def glued(t: list[str], a: list[str]) -> Deltas:
    """Tags in one piece with what follows them, as the main back end sends them."""
    if not t:
        return contents(a)
    first = ["<think>\n" + t[0], *t[1:]]
    return contents([*first, "\n</think>\n\n" + (a[0] if a else ""), *a[1:]])


def halved(t: list[str], a: list[str]) -> Deltas:
    """Tags cut in two."""
    return contents(["<thi", "nk>", *t, "\n</th", "ink>\n", "\n", *a] if t else a)


FORMS: dict[str, Callable[[list[str], list[str]], Deltas]] = {
    "split": lambda t, a: [split(p) for p in t] + contents(a),
    "details": lambda t, a: [{"reasoning_details": [item(p)]} for p in t] + contents(a),
    "reasoning_content": lambda t, a: [
        {"reasoning_content": p, "content": None, "role": None, "tool_calls": None} for p in t
    ] + contents(a),
    "reasoning": lambda t, a: [{"reasoning": p, "role": ""} for p in t] + contents(a),
    "tags": tagged("<think>\n", "\n</think>\n\n"),
    "mm tags": tagged("<mm:think>", "</mm:think>"),
    "glued tags": glued,
    "halved tags": halved,
    "stray closing": lambda t, a: [split(p) for p in [*t, *(["\n</th", "ink>"] if t else [])]]
    + contents(a),
    "mirrored": lambda t, a: [
        {**split(p), "content": "<think>\n" * (not i) + p} for i, p in enumerate(t)
    ] + contents(["\n</think>\n\n", *a] if t else a),
    "snapshots": lambda t, a: [split(p) for p in accumulate(t)] + contents(list(accumulate(a))),
    "tagged snapshots": lambda t, a: contents(
        list(accumulate(["<think>\n", *t, "\n</think>\n\n", *a] if t else a))
    ),
}  # fmt: skip

_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
_telling = st.sampled_from(
    ["a", "no ", "</", "<th", "ink", "<", "\n", "\n\n", "```", "😀", "👩‍💻", "e\u0301", "नि", "中文", "한",
     "\u202e", "\u2028", "\ufeff", '"', "\\", "data: ", "[DONE]"]
)  # fmt: skip
_prose = st.one_of(
    st.text(_characters, max_size=40),
    st.lists(_telling, max_size=12).map("".join),
    st.lists(st.one_of(_telling, st.text(_characters, max_size=6)), max_size=8).map("".join),
)
# A text that begins or ends with what one form strips, or with a tag, is another text there.
_whole = _prose.map(str.strip).filter(lambda text: "think>" not in text and text[:1] != "<")
_arguments = st.dictionaries(st.text(_characters, max_size=8), st.text(_characters, max_size=8),
                             max_size=2)  # fmt: skip
_calls = st.lists(st.tuples(st.sampled_from(["search", "read", "搜索"]), _arguments), max_size=2)

spoken = st.builds(Spoken, _whole, _whole, _calls.map(tuple))
wires = st.builds(
    Wire,
    form=st.sampled_from(sorted(FORMS)),
    seed=st.integers(0, 2**32),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    escaped=st.booleans(),
    done=st.booleans(),
    shape=st.sampled_from(["whole", "split", "name first", "same index", "no index"]),
    comments=st.booleans(),
)


def prepared(said: Spoken, wire: Wire) -> Spoken:
    """Return ``said`` such that ``wire`` can carry it.

    Snapshots can be told from new text only once a piece repeats a dozen characters and grows twice.
    """
    if "snapshots" in wire.form:
        return Spoken(said.thinking, f"It begins like this: {said.text}.", said.calls)
    return said


def cut(text: str, draw: random.Random, *, snapshots: bool = False) -> list[str]:
    """Cut ``text`` between any two UTF-16 units, which parts surrogate pairs."""
    units = text.encode("utf-16-le")
    length = len(units) // 2
    places = {draw.randint(0, length) for _ in range(draw.randint(0, 6))}
    if snapshots:
        places |= {TELLING + 1, TELLING + 3}
    ends = sorted({0, length, *places})
    pieces = [units[2 * a : 2 * b].decode("utf-16-le", "surrogatepass") for a, b in pairwise(ends)]
    return [piece for piece in pieces if piece]


def misleads(pieces: list[str]) -> bool:
    """Whether pieces of new text happen to look like snapshots, which nobody could tell apart."""
    return any(len(a) >= TELLING and b.startswith(a) for a, b in pairwise(pieces[:4]))


def stream(said: Spoken, wire: Wire) -> bytes | None:
    """Return the body of the answer; ``None`` where it would mean something else as well."""
    draw = random.Random(wire.seed)
    snapshots = "snapshots" in wire.form
    thoughts = cut(said.thinking, draw)
    pieces = cut(said.text, draw, snapshots=snapshots)
    if not snapshots and (misleads(thoughts) or misleads(pieces)):
        return None
    # A mirror that begins with half a character repeats nothing that could be compared yet.
    if wire.form == "mirrored" and thoughts and "\ud800" <= thoughts[0][-1] <= "\udfff":
        return None
    deltas = FORMS[wire.form](thoughts, pieces)
    for position, (name, arguments) in enumerate(said.calls):
        deltas += _call(position, name, json.dumps(arguments), wire.shape, draw)
    bodies: list[Json] = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    bodies.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    end = wire.newline * 2
    events = [f"data: {_dumps(body, escaped=wire.escaped)}{end}" for body in bodies]
    if wire.comments:
        events = [f": keep-alive{end}{event}id: 7{end}" for event in events]
    return "".join([*events, f"data: [DONE]{end}" * wire.done]).encode()


def reads(body: bytes, seed: int) -> Iterator[bytes]:
    """Cut ``body`` into network reads: everything at once, byte by byte, or anything between."""
    draw = random.Random(seed)
    most = draw.choice([1, 2, 7, 60, 1000, len(body)])
    start = 0
    while start < len(body):
        size = draw.randint(1, most)
        yield body[start : start + size]
        start += size


def _call(position: int, name: str, raw: str, shape: str, draw: random.Random) -> Deltas:
    place: Json = {} if shape == "no index" else {"index": 0 if shape == "same index" else position}
    head = {**place, "id": f"call-{position}", "type": "function"}
    middle = {"whole": len(raw), "name first": 0}.get(shape, draw.randint(0, len(raw)))
    fragments = [{**head, "function": {"name": name, "arguments": raw[:middle]}}]
    if raw[middle:]:
        fragments.append({**place, "function": {"arguments": raw[middle:]}})
    return [{"tool_calls": [fragment], "content": ""} for fragment in fragments]


def _dumps(body: Json, *, escaped: bool) -> str:
    """Write JSON with characters as they are, but halves of surrogate pairs as escapes."""
    raw = json.dumps(body, ensure_ascii=escaped)
    if raw.isascii():
        return raw
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in raw)
