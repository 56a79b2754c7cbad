"""Collecting tools: their names on the wire, what a request says, switches, changes."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.chat.tool_box import ToolBox, parameters_of
from desktop_app.chat.tool_names import wire_name
from desktop_app.chat.tool_switches import ToolSwitches
from desktop_app.domain.tool import Risk, Tool
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.tool_settings import TOOLS_OFF
from tests.tool_fakes import FakeSource, changed

VALID = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)


def tool(source="files", name="read"):
    return Tool(source, name, "", {"type": "object"}, Risk.UNKNOWN)


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("builtin", "current_time", "current_time"),
        ("files", "read", "files__read"),
        ("my-server", "read_file", "my-server__read_file"),
    ],
)
def test_names_that_are_valid_stay_readable(source, name, expected):
    assert wire_name(tool(source, name)) == expected


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("My server", "read file"),
        ("服务器", "读取"),
        ("a" * 40, "b" * 40),
        ("x", ""),
        ("", ""),
        ("builtin", "two words"),
        ("builtin", "a__b"),
        ("a", "b\n"),
        ("a_", "b"),
        ("a", "_b"),
        ("a__b", "c"),
    ],
)
def test_other_names_are_made_valid_and_told_apart_by_a_hash(source, name):
    made = wire_name(tool(source, name))
    assert VALID.fullmatch(made)
    assert re.search(r"_[0-9a-f]{8}$", made)
    assert made == wire_name(tool(source, name))


@given(st.sets(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=20))
def test_names_are_valid_and_tell_tools_apart(pairs):
    names = {wire_name(tool(source, name)) for source, name in pairs}
    assert len(names) == len(pairs)
    assert all(VALID.fullmatch(name) for name in names)


@given(
    st.sets(
        st.tuples(
            st.text(string.ascii_lowercase[:2] + "_", max_size=4),
            st.text(string.ascii_lowercase[:2] + "_", max_size=4),
        ),
        max_size=30,
    )
)
def test_names_of_a_few_letters_do_not_meet(pairs):
    assert len({wire_name(tool(source, name)) for source, name in pairs}) == len(pairs)


def test_the_built_in_come_first_and_names_do_not_hang_on_what_else_there_is():
    files, clock = FakeSource("files"), FakeSource("builtin")
    files.give("read")
    clock.give("time")
    box = ToolBox([files, clock])
    assert box.offer().names == ("time", "files__read")
    box.add(FakeSource("a", tools=(tool("a", "b"),)))
    assert box.offer().names == ("time", "a__b", "files__read")
    box.remove("a")
    box.remove("a")
    assert box.offer().names == ("time", "files__read")


def test_one_name_listed_twice_counts_once_and_names_that_meet_all_the_same_are_told_apart():
    twice = FakeSource("a", tools=(tool("a", "b"), changed(tool("a", "b"), description="other")))
    assert [item.tool.description for item in ToolBox([twice]).offer()] == [""]
    hashed = wire_name(tool("x y", "b"))
    meeting = FakeSource("builtin", tools=(tool("builtin", hashed),))
    spaced = FakeSource("x y", tools=(tool("x y", "b"),))
    names = ToolBox([meeting, spaced]).offer().names
    assert len(set(names)) == 2
    assert all(VALID.fullmatch(name) for name in names)


@pytest.mark.parametrize(
    ("schema", "parameters"),
    [
        ({}, {"type": "object", "properties": {}}),
        ({"type": "object"}, {"type": "object", "properties": {}}),
        ({"type": "string"}, {"type": "object", "properties": {}}),
        ({"properties": {"a": {}}}, {"type": "object", "properties": {"a": {}}}),
        ({"properties": 5}, {"type": "object", "properties": {}}),
        (
            {"$ref": "#/$defs/x", "$defs": {"x": {}}},
            {"$ref": "#/$defs/x", "$defs": {"x": {}}, "type": "object", "properties": {}},
        ),
    ],
)
def test_parameters_are_never_empty_and_always_an_objects(schema, parameters):
    assert parameters_of(schema) == parameters


def test_a_request_says_name_description_and_parameters():
    source = FakeSource("files")
    source.give("read", description="Reads", schema={"properties": {"path": {}}})
    (spec,) = ToolBox([source]).offer().specs()
    assert (spec.name, spec.description) == ("files__read", "Reads")
    assert spec.parameters == {"type": "object", "properties": {"path": {}}}


def test_changes_are_told_and_what_was_offered_is_current_or_not():
    source = FakeSource("files")
    read = source.give("read")
    box = ToolBox([source])
    told = []
    end = box.subscribe(lambda: told.append(box.offer().names))
    (offered,) = box.offer()
    assert box.is_current(offered)
    source.give("list")
    assert box.is_current(offered)
    source.give("read", description="other")
    assert not box.is_current(offered)
    source.tools = (read,)
    assert box.is_current(offered)
    box.add(FakeSource("files", tools=(read,)))  # another server of that name
    assert not box.is_current(offered)
    assert source.listeners == []
    box.remove("files")
    assert not box.is_current(offered)
    end()
    box.add(source)
    assert len(told) == 4


def test_a_listener_that_fails_keeps_nobody_from_hearing(expect_error_log):
    expect_error_log("a listener failed on a change of tools")
    box = ToolBox()
    told = []
    box.subscribe(lambda: 1 / 0)
    box.subscribe(lambda: told.append(1))
    box.add(FakeSource())
    assert told == [1]


def test_switches_are_kept_and_heeded(tmp_path):
    settings = SettingsStore(tmp_path / "settings.json")
    switches = ToolSwitches(settings)
    source = FakeSource("files")
    read, write = source.give("read"), source.give("write")
    box = ToolBox([source], switches.is_on)
    (offered, _) = box.offer()
    told = []
    switches.subscribe(lambda: told.append(1))
    switches.set_on(read, False)
    assert box.offer().names == ("files__write",)
    assert box.everything().names == ("files__read", "files__write")
    assert not box.is_current(offered)
    again = ToolSwitches(SettingsStore(tmp_path / "settings.json"))
    assert (again.is_on(read), again.is_on(write)) == (False, True)
    switches.set_on(read, True)
    assert settings.text(TOOLS_OFF) == ""
    assert told == [1, 1]


@pytest.mark.parametrize("text", ["{", "5", '[["a"]]', '[["a", 1]]', "[" * 100_000, '"files"'])
def test_what_others_wrote_into_the_file_turns_nothing_off(text):
    settings = SettingsStore(None)
    settings.set(TOOLS_OFF, text)
    assert ToolSwitches(settings).is_on(tool())
