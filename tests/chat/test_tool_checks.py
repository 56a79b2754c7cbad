"""Calls that are never run: broken arguments, broken schemas, tools that are not there."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.chat.tool_arguments import LONGEST, ArgumentsError, read_arguments
from desktop_app.domain.message import MessageState
from tests.chat.conftest import COMPLETE
from tests.chat.tool_stage import it as it  # noqa: PLC0414 - a fixture
from tests.tool_fakes import calling

PATH = {
    "type": "object",
    "properties": {"path": {"type": "string"}, "depth": {"type": "integer", "minimum": 0}},
    "required": ["path"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("text", "schema", "expected"),
    [
        ('{"path": "a"}', PATH, {"path": "a"}),
        ("", {"type": "object"}, {}),
        (" \n", {}, {}),
        ('{"a": 1}', {}, {"a": 1}),
        ('{"n": {"n": {}}}', {"properties": {"n": {"$ref": "#"}}}, {"n": {"n": {}}}),
        ('{"a": 2}', {"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"minimum": 2}}}, {"a": 2}),
        ('{"a": null}', {"properties": {"a": {"type": ["string", "null"]}}}, {"a": None}),
    ],
)  # fmt: skip
def test_what_fits_is_taken(text, schema, expected):
    assert read_arguments(text, schema) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"path": ', "not valid JSON: Expecting value at line 1, column 10"),
        ("nonsense", "not valid JSON"),
        ('{"path": "a"} {"path": "b"}', "Extra data"),
        ("[1]", "one JSON object, not an array"),
        ('"path"', "not a string"),
        ("null", "not null"),
        ("true", "not a boolean"),
        ('{"path": NaN}', "NaN is no JSON value"),
        ("[" * 100_000, "nested too deeply"),
        (f'{{"path": {"9" * 5_000}}}', "not valid JSON"),
        ("{" + " " * LONGEST, "characters"),
        ("{}", "$: 'path' is a required property"),
        ('{"path": 1}', "$.path: 1 is not of type 'string'"),
        ('{"path": "a", "depth": -1}', "$.depth: -1 is less than the minimum of 0"),
        ('{"path": "a", "more": 1}', "('more' was unexpected)"),
        ('{"path": "a", "depth": true}', "True is not of type 'integer'"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(text, problem):
    with pytest.raises(ArgumentsError) as caught:
        read_arguments(text, PATH)
    assert problem in str(caught.value)
    assert len(str(caught.value)) < 2_500


def test_many_problems_are_told_in_short():
    wrong = {f"key{number}" * 20: "x" * 9_000 for number in range(100)}
    schema = {"additionalProperties": {"type": "integer"}}
    with pytest.raises(ArgumentsError) as caught:
        read_arguments(json.dumps(wrong), schema)
    assert str(caught.value).count("$.") == 5
    assert len(str(caught.value)) < 2_500


def doubling(levels):
    """A schema whose check takes two steps to the power of its levels."""
    last = {f"a{levels}": {"type": "string"}}
    either = {f"a{n}": {"anyOf": [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(levels)}
    return {"properties": {"x": {"$ref": "#/$defs/a0"}}, "$defs": either | last}


def nested(levels):
    schema = {}
    for _ in range(levels):
        schema = {"properties": {"x": schema}}
    return schema


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "http://127.0.0.1:1/schema.json"}, "refers to 'http://127.0.0.1:1/schema.json'"),
        ({"$ref": "file:///etc/passwd"}, "refers to"),
        ({"properties": {"x": {"$ref": "#/$defs/nothing"}}}, "refers to '/$defs/nothing'"),
        ({"$ref": "#"}, "too many steps"),
        ({"allOf": [{"$ref": "#"}]}, "too many steps"),
        (doubling(40), "too many steps"),
        ({"type": "banana"}, "no valid schema"),
        ({"properties": {"x": 5}}, "no valid schema"),
        ({"properties": 5}, "no valid schema"),
        ({"required": 7}, "no valid schema"),
        (nested(3_000), "too many steps"),
    ],
)
def test_a_schema_that_cannot_be_used_lets_nothing_through(schema, reason):
    with pytest.raises(ArgumentsError, match="cannot be used") as caught:
        read_arguments('{"x": 1}', schema)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    "keyword",
    [
        {"pattern": "^(a+)+$"},
        {"$schema": "http://json-schema.org/draft-07/schema#", "pattern": "^(a+)+$"},
        {"propertyNames": {"pattern": "^(a+)+$"}, "patternProperties": {"^(a+)+$": False}},
        {"patternProperties": {"^(a+)+$": {}}, "additionalProperties": False},
        {"patternProperties": {"^(a+)+$": {}}, "unevaluatedProperties": False},
    ],
)
def test_no_pattern_of_a_stranger_is_run(keyword):
    hostile = "a" * 60 + "!"
    for arguments in ({"x": hostile}, {"x": {hostile: 1}}):
        assert read_arguments(json.dumps(arguments), {"properties": {"x": keyword}}) == arguments


def test_uniqueness_of_many_items_is_left_to_the_tool():
    items = [[number, {"a": [number]}] for number in range(20_000)]
    schema = {"properties": {"x": {"uniqueItems": True}}}
    assert read_arguments(json.dumps({"x": items}), schema) == {"x": items}
    with pytest.raises(ArgumentsError, match="non-unique"):
        read_arguments('{"x": [1, 1]}', schema)


def test_the_dialect_of_a_schema_is_heeded():
    old = {"properties": {"a": {"maximum": 1, "exclusiveMaximum": True}}}
    with pytest.raises(ArgumentsError, match="maximum of 1"):
        read_arguments('{"a": 1}', {"$schema": "http://json-schema.org/draft-04/schema#", **old})


KEYWORDS = [
    "$ref", "$defs", "$id", "$schema", "$anchor", "$dynamicRef", "type", "properties", "required",
    "items", "prefixItems", "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "enum", "const",
    "minimum", "multipleOf", "maxLength", "pattern", "patternProperties", "additionalProperties",
    "unevaluatedProperties", "dependentRequired", "dependentSchemas", "contains", "uniqueItems", "x",
]  # fmt: skip
WORDS = [
    "object",
    "string",
    "#",
    "#/$defs/x",
    "#/properties/x",
    "http://json-schema.org/schema#",
    "x",
]
SCHEMAS = st.recursive(
    st.sampled_from(WORDS) | st.booleans() | st.none() | st.integers(-1, 2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYWORDS), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(KEYWORDS), SCHEMAS, max_size=5))
def test_whatever_stands_in_a_schema_a_call_is_taken_or_refused(schema):
    for text in ('{"x": 1}', '{"x": {"x": ["x", "x"]}}', "{}"):
        try:
            taken = read_arguments(text, schema)
        except ArgumentsError:
            continue
        assert taken == json.loads(text)


# In the loop


@pytest.mark.parametrize("arguments", ['{"path": ', "[1]", '{"path": 1}', "{}"])
async def test_such_a_call_is_never_run_and_the_turn_goes_on(it, arguments):
    it.give("read", schema=PATH)
    answer = await it.ask("Go", calling((it.name("read"), arguments)), COMPLETE)
    assert it.calls == it.asked == []
    (result,) = it.results
    assert result.is_error
    assert result.text.endswith("The call was not made.")
    assert answer.state is MessageState.COMPLETE
    # What the model wrote stays, for the person to see.
    assert it.session.messages[1].tool_calls[0].arguments == arguments


async def test_of_parallel_calls_the_sound_ones_run(it):
    it.give("read", schema=PATH)
    calls = [(it.name("read"), text) for text in ('{"path": "a"}', "{", '{"path": "b"}')]
    await it.ask("Go", calling(*calls), COMPLETE)
    assert [call.arguments for call in it.source_of_tools.calls] == [{"path": "a"}, {"path": "b"}]
    assert [result.is_error for result in it.results] == [False, True, False]


async def test_an_unknown_tool_names_what_there_is(it):
    it.give("read")
    it.give("list")
    await it.ask("Go", calling(("files__raed", "{}"), ("", "{}")), COMPLETE)
    for result in it.results:
        assert result.is_error
        assert "There is: files__read, files__list." in result.text
    assert "'files__raed'" in it.results[0].text


async def test_when_there_are_no_tools_that_is_said(it):
    await it.ask("Go", calling(("x" * 10_000, "{}")), COMPLETE)
    assert "There are no tools now." in it.results[0].text
    assert len(it.results[0].text) < 300


async def test_a_tool_that_vanished_between_the_rounds(it):
    it.give("read")

    async def look(arguments, on_progress):
        it.source_of_tools.take("read")
        return "done"

    it.give("look", look)
    await it.ask(
        "Go",
        calling((it.name("look"), "{}")),
        calling((it.name("read"), "{}")),
        COMPLETE,
    )
    assert it.calls == ["look"]
    assert [spec.name for spec in it.model.requests[1].tools] == ["files__look"]
    assert it.results[1].is_error


async def test_a_tool_that_vanished_while_the_model_wrote(it):
    it.give("read")
    answer = calling((it.name("read"), "{}"))

    async def source():
        it.source_of_tools.take("read")

    it.source = source
    await it.ask("Go", answer, COMPLETE)
    assert it.calls == []
    assert "gone or not what you were told" in it.results[0].text


async def test_a_source_that_was_removed(it):
    it.give("read")
    answer = calling((it.name("read"), "{}"))

    async def source():
        it.box.remove("files")

    it.source = source
    await it.ask("Go", answer, COMPLETE)
    assert it.calls == []
    assert it.results[0].is_error


@pytest.mark.parametrize("ids", [["", ""], ["x", "x"], ["x", "", "x", ""]])
async def test_calls_without_an_id_of_their_own_each_get_their_result(it, ids):
    it.give("echo", lambda arguments, on_progress: _echo(arguments))
    calls = [(it.name("echo"), json.dumps({"n": n}), call_id) for n, call_id in enumerate(ids)]
    await it.ask("Go", calling(*calls), COMPLETE)
    assert [result.text for result in it.results] == [str(n) for n in range(len(ids))]
    found = [result.call_id for result in it.results]
    assert len(set(found)) == len(ids)
    assert all(found)


async def _echo(arguments):
    return str(arguments["n"])
