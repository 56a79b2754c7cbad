"""One answer, in every form that a server may give it, cut at any byte: always the same message."""

import json
from itertools import accumulate, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.delta import NoticeDelta
from desktop_app.domain.errors import ErrorKind
from desktop_app.domain.message import Text, Thought, ToolCall
from desktop_app.domain.message_builder import MessageBuilder
from desktop_app.domain.text import storable
from desktop_app.domain.usage import Usage
from desktop_app.providers.openai_chat.faults import FaultNamer
from desktop_app.providers.openai_chat.reading import AnswerReader
from desktop_app.providers.openai_chat.secret import Secret
from tests.providers.conftest import chunk, details, events, usage_chunk

EXAMPLES = 400
SERVICE = Connection("r", "R", "https://api.example/v1", ConnectionSource.REGION)


class Read:
    """What a reader made of bytes."""

    def __init__(self, *parts: bytes):
        self.reader = AnswerReader("minimax", FaultNamer(SERVICE, Secret("")))
        builder = MessageBuilder(clock=lambda: 0.0)
        self.deltas = []
        for part in parts:
            self.deltas += self.reader.feed(part)
        self.deltas += self.reader.finish()
        builder.add(self.deltas)
        self.thinking = "\n\n".join(p.text for p in builder.parts if isinstance(p, Thought))
        self.text = "".join(p.text for p in builder.parts if isinstance(p, Text))
        self.calls = [p for p in builder.parts if isinstance(p, ToolCall)]
        self.parts = builder.parts
        self.finish = builder.finish_reason
        self.usage = builder.usage
        self.notices = builder.notices
        self.fault = self.reader.fault
        self.received = self.reader.received
        self.message = self.received["message"] if self.received else None


def read(*datas: str) -> Read:
    return Read(events(*datas))


# The property.


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    """Cut ``text`` between any two UTF-16 units, which parts surrogate pairs."""
    units = text.encode("utf-16-le")
    places = sorted({0, len(units), *(2 * (cut % (len(units) // 2 + 1)) for cut in cuts)})
    cut = [units[a:b].decode("utf-16-le", "surrogatepass") for a, b in pairwise(places)]
    return [piece for piece in cut if piece]


def looks_cumulative(pieces: list[str]) -> bool:
    """Whether pieces of new text happen to look like snapshots, which nobody could tell apart."""
    return any(len(a) >= 12 and b.startswith(a) for a, b in pairwise(pieces[:4]))


def content_chunks(pieces):
    return [{"content": piece} for piece in pieces]


def tagged(opening, closing):
    def form(thinking, text):
        joined = [opening, *thinking, closing, *text] if thinking else text
        return content_chunks(joined)

    return form


FORMS = {
    "details and content": lambda t, a: [details(p) for p in t] + content_chunks(a),
    "details alone": lambda t, a: (
        [{"reasoning_details": details(p)["reasoning_details"]} for p in t] + content_chunks(a)
    ),
    "reasoning_content": lambda t, a: [{"reasoning_content": p, "content": None} for p in t] + content_chunks(a),
    "reasoning": lambda t, a: [{"reasoning": p, "role": ""} for p in t] + content_chunks(a),
    "tags": tagged("<think>\n", "\n</think>\n\n"),
    "mm tags": tagged("<mm:think>", "</mm:think>"),
    "stray closing": lambda t, a: (
        [details(p) for p in t] + [details(p) for p in ("\n</th", "ink>") if t] + content_chunks(a)
    ),
    "mirrored": lambda t, a: (
        [{**details(p), "content": ("<think>\n" if i == 0 else "") + p} for i, p in enumerate(t)]
        + content_chunks(["\n</think>\n\n"] if t else [])
        + content_chunks(a)
    ),
    "snapshots": lambda t, a: [details(p) for p in accumulate(t)] + content_chunks(accumulate(a)),
    "snapshots with tags": lambda t, a: content_chunks(
        accumulate(["<think>\n", *t, "\n</think>\n\n", *a] if t else a)
    ),
}  # fmt: skip

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
prose = st.one_of(
    words,
    st.lists(st.sampled_from(["no ", "</", "<th", "ink", "😀", "é", "中文", "a"])).map("".join),
)
clean = prose.map(str.strip).filter(lambda text: "think>" not in text)
cuts = st.lists(st.integers(0, 500), max_size=8)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=EXAMPLES // 8, deadline=None)
@given(
    thinking=clean,
    text=clean,
    thinking_cuts=cuts,
    text_cuts=cuts,
    calls=st.lists(st.tuples(st.text("abc", min_size=1), st.dictionaries(words, words, max_size=2)), max_size=3),
    byte_cuts=st.lists(st.integers(0, 5000), max_size=10),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
    escaped=st.booleans(),
    done=st.booleans(),
)  # fmt: skip
def test_every_form_gives_the_same_message(
    form, thinking, text, thinking_cuts, text_cuts, calls, byte_cuts, newline, escaped, done
):
    if "snapshots" in form:
        # The rule needs two growths, the last over a dozen characters, in one of the fields.
        text = f"Begins like this: {text}".strip()
        text_cuts = [*text_cuts, 13, 15]
    thoughts, texts = pieces_of(thinking, thinking_cuts), pieces_of(text, text_cuts)
    # A field that begins with half a character has nothing yet for the content to repeat.
    assume(form != "mirrored" or not thoughts or storable(thoughts[0]) in thinking)
    if "snapshots" not in form:
        assume(not looks_cumulative(thoughts))
        assume(not looks_cumulative(texts))
    assume(not text.startswith("<"))
    deltas = FORMS[form](thoughts, texts)
    for position, (name, arguments) in enumerate(calls):
        raw = json.dumps(arguments)
        middle = len(raw) // 2
        head = {"index": position, "id": f"call-{position}", "type": "function"}
        first = {**head, "function": {"name": name, "arguments": raw[:middle]}}
        rest = {"index": position, "function": {"arguments": raw[middle:]}}
        deltas += [{"tool_calls": [first]}, {"tool_calls": [rest]}]
    bodies = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    bodies.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    datas = [json.dumps(body) if escaped else dumps(body) for body in bodies]
    stream = events(*datas, *["[DONE]"] * done, newline=newline)
    places = sorted({0, len(stream), *(min(cut, len(stream)) for cut in byte_cuts)})
    result = Read(*(stream[a:b] for a, b in pairwise(places)))

    assert result.fault is None
    assert result.finish == "stop"
    assert (result.thinking, result.text) == (thinking, text)
    assert [(c.name, json.loads(c.arguments)) for c in result.calls] == calls
    if result.message and form in {"details and content", "snapshots"}:
        kept = result.message.get("reasoning_details", [])
        assert [item["text"] for item in kept] == [thinking] * bool(thinking)
        assert result.message["content"] == text


def dumps(body) -> str:
    """Write JSON with characters as they are, but halves of surrogate pairs as escapes."""
    raw = json.dumps(body, ensure_ascii=False)
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in raw)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(
                    ["choices", "delta", "message", "index", "content", "reasoning_details", "text",
                     "reasoning_content", "tool_calls", "function", "arguments", "name", "id",
                     "finish_reason", "usage", "prompt_tokens", "error", "base_resp", "status_code"]
                ),
                inner,
                max_size=6,
            ),
        ),
        max_leaves=25,
    ),
    st.booleans(),
)  # fmt: skip
def test_any_json_is_survived(value, in_choice):
    body = {"choices": [{"index": 0, "delta": value}]} if in_choice else value
    result = read(chunk({"content": "Hel"}), dumps(body), chunk({"content": "lo"}))
    json.dumps(result.received).encode()
    assert result.fault is not None or result.finish is not None


# Single rules.


def test_usage_all_zero_or_absent_is_none_and_the_last_counts():
    zero = {"usage": {"total_tokens": 0, "total_characters": 0}}
    assert read(chunk({"content": "a"}, "stop", **zero)).usage is None
    result = read(chunk({"content": "a"}, "stop", **zero), usage_chunk(7, 3), usage_chunk(8, 4))
    assert result.usage == Usage(prompt=8, completion=4)
    full = {
        "prompt_tokens": 769,
        "completion_tokens": 116,
        "completion_tokens_details": {"reasoning_tokens": 37},
        "prompt_tokens_details": {"cached_tokens": 443},
    }
    result = read(chunk({"content": "a"}, "stop"), json.dumps({"choices": [], "usage": full}))
    assert result.usage == Usage(769, 116, cached=443, reasoning=37)
    odd = {"prompt_tokens": "7", "completion_tokens": True, "prompt_tokens_details": []}
    assert read(chunk({"content": "a"}, "stop", usage=odd)).usage is None


def test_a_last_chunk_with_the_whole_message_repeats_nothing():
    message = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"content": "Hello", **details("hm")},
    }
    last = json.dumps({"object": "chat.completion", "choices": [message]})
    streamed = read(chunk(details("hm")), chunk({"content": "Hello"}, "stop"), last)
    assert (streamed.thinking, streamed.text) == ("hm", "Hello")
    unfinished = read(chunk(details("hm")), chunk({"content": "Hello"}), last)
    assert (unfinished.thinking, unfinished.text, unfinished.finish) == ("hm", "Hello", "stop")
    alone = read(last)
    assert (alone.thinking, alone.text, alone.finish) == ("hm", "Hello", "stop")
    after_nothing = read(chunk({"role": "assistant", "content": ""}, "stop"), last)
    assert (after_nothing.thinking, after_nothing.text) == ("hm", "Hello")


def test_only_the_first_choice_and_nothing_after_the_end():
    second = json.dumps({"choices": [{"index": 1, "delta": {"content": "B"}}]})
    both = json.dumps(
        {
            "choices": [
                {"index": 1, "delta": {"content": "B"}},
                {"index": 0, "delta": {"content": "A"}},
            ]
        }
    )
    result = read(both, second, chunk({}, "stop"), chunk({"content": "LATE"}), chunk({}, "length"))
    assert (result.text, result.finish) == ("A", "stop")


@pytest.mark.parametrize(
    "junk",
    [
        '{"choices": null}', '{"choices": [null]}', '{"choices": [{"index": 0}]}', "{}", "null",
        '{"choices": [{"index": 0, "delta": null}]}', '{"choices": [{"delta": []}]}', '"x"', "[]", "7",
        '{"choices": [{"delta": {"content": 5}}]}', '{"choices": [{"delta": {"content": ["a"]}}]}',
        '{"choices": [{"delta": {"reasoning_details": "x", "tool_calls": "y"}}]}',
        '{"choices": [{"delta": {"reasoning_details": [null, 5, {}], "tool_calls": [null, {}]}}]}',
        '{"choices": {"a": 1}}', '{"choices": [{"index": [], "delta": {}}]}',
    ],
)  # fmt: skip
def test_what_means_nothing_is_passed_over(junk):
    result = read(chunk({"content": "Hel"}), junk, chunk({"content": "lo"}, "stop"))
    assert result.fault is None
    assert result.text == "Hello"


def test_the_first_field_with_thinking_is_the_one_that_counts():
    result = read(
        chunk({"reasoning_content": "", "reasoning": "hm"}),
        chunk({"reasoning_content": "hm, yes", "reasoning": ", yes"}),
        chunk({"content": "Hello"}, "stop"),
    )
    assert (result.thinking, result.text) == ("hm, yes", "Hello")


def test_thinking_in_tags_is_not_taken_a_second_time_from_a_field():
    result = read(
        chunk({"content": "<think>h"}),
        chunk({"content": "m</think>Hello", "reasoning_content": "hm"}),
        chunk({}, "stop"),
    )
    assert (result.thinking, result.text) == ("hm", "Hello")


def test_interleaved_thinking_stays_where_it_came():
    result = read(
        chunk(details("first")), chunk({"content": "One. "}), chunk(details("second")),
        chunk({"content": "Two."}, "stop"),
    )  # fmt: skip
    assert [type(part).__name__ for part in result.parts] == ["Thought", "Text", "Thought", "Text"]
    assert result.message["content"] == "One. Two."
    assert [item["text"] for item in result.message["reasoning_details"]] == ["firstsecond"]


def test_a_closing_tag_alone_is_told_by_a_notice():
    result = read(chunk({"content": "I greet.\n</thi"}), chunk({"content": "nk>\n\nHello"}, "stop"))
    assert NoticeDelta("text_was_thinking") in result.deltas
    assert result.message["content"] == "I greet.\n</think>\n\nHello"


def test_flags_are_told_once():
    flagged = {"output_sensitive": True, "input_sensitive": False}
    result = read(chunk({"content": "a"}, **flagged), chunk({}, "stop", **flagged))
    assert result.notices == ["output_sensitive"]


def test_details_are_merged_by_id_and_index_with_every_field():
    def item(**fields):
        return chunk({"reasoning_details": [fields]})

    result = read(
        item(type="reasoning.text", id="r1", index=0, format="f", text="a"),
        item(type="reasoning.text", id="r1", index=0, format="f", text="b"),
        item(type="reasoning.text", index=0, signature="sig"),
        item(type="reasoning.encrypted", id="r2", index=1, data="zzz"),
        chunk({"content": "x"}, "stop"),
    )
    assert result.message["reasoning_details"] == [
        {
            "type": "reasoning.text",
            "id": "r1",
            "index": 0,
            "format": "f",
            "signature": "sig",
            "text": "ab",
        },
        {"type": "reasoning.encrypted", "id": "r2", "index": 1, "data": "zzz"},
    ]


def test_what_is_received_can_be_had_at_any_moment():
    reader = AnswerReader("openai", FaultNamer(SERVICE, Secret("")))
    assert reader.received is None
    reader.feed(events(chunk({"role": "assistant"})))
    assert reader.received is None
    reader.feed(events(chunk(details("a"))))
    reader.feed(events(chunk(details("and"))))
    message = reader.received["message"]
    assert message["reasoning_details"][0]["text"] == "aand"
    assert message["content"] == ""
    assert reader.received["dialect"] == "openai"
    reader.feed(events(chunk(details(" so"))))
    assert reader.received["message"]["reasoning_details"][0]["text"] == "aand so"


@pytest.mark.parametrize(
    ("datas", "kind"),
    [
        ([chunk({"content": "a"})], ErrorKind.CUT_OFF),
        ([chunk({"content": "a"}), "[DONE]"], ErrorKind.CUT_OFF),
        ([chunk({"role": "assistant"})], ErrorKind.CUT_OFF),
        (["[DONE]"], ErrorKind.EMPTY_ANSWER),
        ([], ErrorKind.EMPTY_ANSWER),
        (
            [chunk({"content": "a"}), '{"broken', chunk({"content": "b"}, "stop")],
            ErrorKind.BAD_DATA,
        ),
    ],
)
def test_an_end_that_is_none(datas, kind):
    result = read(*datas)
    assert result.fault is not None
    assert result.fault.kind is kind


def test_nul_and_half_characters_are_replaced():
    result = read(
        chunk({"content": "a\x00b"}),
        '{"choices":[{"delta":{"content":"\\ud83d"}}]}',
        chunk({}, "stop"),
    )
    assert result.text == "a\ufffdb\ufffd"
    assert result.message["content"] == result.text


# Tool calls.

M = "tool_calls"
CALL = {"index": 0, "id": "call_1", "type": "function"}


@pytest.mark.parametrize(
    ("fragments", "calls"),
    [
        ([[{**CALL, "function": {"name": "f", "arguments": "{}"}}]], [("call_1", "f", "{}")]),
        (
            [[{**CALL, "function": {"name": "f", "arguments": '{"a":'}}],
             [{"index": 0, "type": "function", "function": {"arguments": "1}"}}]],
            [("call_1", "f", '{"a":1}')],
        ),
        (
            [[{**CALL, "function": {"name": "f", "arguments": ""}}],
             [{"index": 0, "function": {"arguments": "{"}}], [{"index": 0, "function": {"arguments": "}"}}]],
            [("call_1", "f", "{}")],
        ),
        (
            [[{**CALL, "function": {"name": "f", "arguments": "{}"}},
              {"index": 1, "id": "call_2", "function": {"name": "g", "arguments": "[]"}}]],
            [("call_1", "f", "{}"), ("call_2", "g", "[]")],
        ),
        (
            [[{**CALL, "function": {"name": "f", "arguments": "{}"}}],
             [{"index": 0, "id": "call_2", "function": {"name": "g", "arguments": "{"}}],
             [{"index": 0, "function": {"arguments": "}"}}]],
            [("call_1", "f", "{}"), ("call_2", "g", "{}")],
        ),
        (
            [[{"id": "a", "function": {"name": "f", "arguments": "{"}}], [{"function": {"arguments": "}"}}],
             [{"id": "b", "function": {"name": "g", "arguments": "{}"}}]],
            [("a", "f", "{}"), ("b", "g", "{}")],
        ),
        (
            [[{**CALL, "function": {"name": "f", "arguments": "{"}}],
             [{**CALL, "function": {"name": "f", "arguments": "}"}}]],
            [("call_1", "f", "{}")],
        ),
        (
            [[{"index": 2**31, "id": "z", "function": {"name": "f", "arguments": {"a": "é"}}}]],
            [("z", "f", '{"a": "é"}')],
        ),
        ([[{"index": 0, "id": "a", "function": None}], [{"index": 0, "function": {"name": "f"}}]],
         [("a", "f", "")]),
    ],
)  # fmt: skip
def test_tool_calls_in_every_cut(fragments, calls):
    datas = [chunk({"content": "", M: part}) for part in fragments]
    result = read(chunk(details("I call.")), *datas, chunk({}, "tool_calls"))
    assert [(call.call_id, call.name, call.arguments) for call in result.calls] == calls
    assert result.message[M] == [
        {"id": i, "type": "function", "function": {"name": n, "arguments": a}} for i, n, a in calls
    ]
    assert result.thinking == "I call."


def test_the_number_of_tool_calls_is_bounded():
    many = [
        {"index": i, "id": str(i), "function": {"name": "f", "arguments": "{}"}} for i in range(500)
    ]
    assert len(read(chunk({M: many}, "tool_calls")).calls) == 128


def test_tool_markup_that_leaks_into_the_text_is_text():
    leaked = '<minimax:tool_call><invoke name="f"></invoke></minimax:tool_call>'
    result = read(chunk({"content": leaked}, "stop"))
    assert (result.text, result.calls) == (leaked, [])


def test_what_no_store_and_no_request_takes_is_not_kept():
    """Found by the fuzzer: half a character in a key, and a number that JSON has no word for."""
    item = (
        '{"id": "a", "text": "hm", "\\ud83dkey": 1, "deep": [{"\\ud83d": "\\ude00"}], "n": 1e999}'
    )
    delta = f'{{"choices": [{{"index": 0, "delta": {{"reasoning_details": [{item}]}}}}]}}'
    result = read(delta, chunk({"content": "Hi"}, "stop"))
    (kept,) = result.message["reasoning_details"]
    assert kept == {
        "id": "a", "\ufffdkey": 1, "deep": [{"\ufffd": "\ufffd"}], "n": None, "text": "hm"
    }  # fmt: skip
    json.dumps(result.received, ensure_ascii=False, allow_nan=False).encode()
