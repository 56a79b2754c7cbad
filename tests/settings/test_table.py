"""Every row of the table of settings, and what a setting accepts."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.settings import table, tool_settings
from desktop_app.settings.table import PAGE_TITLES, PROXY_URL, SETTINGS, Page, Setting

ROWS = pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
NUMBERS = [s for s in SETTINGS if isinstance(s.default, int) and not isinstance(s.default, bool)]
TRAPS = [None, [], {}, (), b"", object(), math.nan, math.inf, -math.inf, 1 + 0j, "\N{BELL}"]

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.lists(st.text()),
)


def of_type(setting, value):
    """The type of the default, where a bool is no number and a float no whole number."""
    return type(value) is type(setting.default) or (
        isinstance(setting.default, float) and type(value) is int
    )


@ROWS
def test_a_row_is_sound(setting):
    assert re.fullmatch(r"[a-z][a-z_]*", setting.key)
    assert setting.key not in {"version", "endpoints"}, "these have their own place in the file"
    assert setting.accepts(setting.default)
    if setting.page is None:
        return
    assert setting.page in PAGE_TITLES
    assert setting.label
    assert setting.label[-1] not in ".:"
    assert setting.help.endswith(".")
    assert setting.label != setting.help


def test_keys_and_labels_are_unique():
    assert len({s.key for s in SETTINGS}) == len(SETTINGS)
    labels = [s.label for s in SETTINGS if s.page is not None]
    assert len(set(labels)) == len(labels)


def test_every_row_is_in_the_table():
    modules = (table, tool_settings)
    rows = {
        value for module in modules for value in vars(module).values() if isinstance(value, Setting)
    }
    assert rows == set(SETTINGS)


def test_every_page_has_a_title():
    assert set(PAGE_TITLES) == set(Page)
    assert all(PAGE_TITLES.values())


@ROWS
def test_choices_are_accepted_and_nothing_else(setting):
    values = [choice.value for choice in setting.choices]
    assert len(set(values)) == len(values)
    assert all(setting.accepts(value) for value in values)
    assert all(choice.label for choice in setting.choices)
    if values:
        assert isinstance(setting.default, str)
        for other in ("", "none of these", values[0] + " ", values[0].upper() + "x"):
            assert not setting.accepts(other)


@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.key)
def test_bounds(setting):
    assert setting.minimum is not None
    assert setting.maximum is not None
    assert setting.minimum < setting.maximum
    least, most = int(setting.minimum), int(setting.maximum)
    assert setting.accepts(least)
    assert setting.accepts(most)
    for value in (least - 1, most + 1, 10**400, -(10**400), float(setting.default), str(least)):
        assert not setting.accepts(value)


@ROWS
@pytest.mark.parametrize("value", TRAPS, ids=repr)
def test_traps(setting, value):
    free = isinstance(setting.default, str) and not setting.choices and setting is not PROXY_URL
    wanted = free and isinstance(value, str)
    assert setting.accepts(value) is wanted


@ROWS
@pytest.mark.parametrize("value", [True, False])
def test_a_bool_is_neither_a_number_nor_a_text(setting, value):
    assert setting.accepts(value) is isinstance(setting.default, bool)


@given(ANYTHING, st.sampled_from(SETTINGS))
def test_nothing_of_another_type_is_accepted(value, setting):
    if setting.accepts(value):
        assert of_type(setting, value)


@given(
    st.one_of(st.floats(), st.integers()),
    st.floats(allow_nan=False),
    st.floats(allow_nan=False),
)
def test_a_number_is_accepted_exactly_within_its_bounds(value, one, other):
    least, most = sorted((one, other))
    setting = Setting("x", 0.5, None, minimum=least, maximum=most)
    assert setting.accepts(value) is (least <= value <= most)
    assert not Setting("x", 1, None, minimum=least, maximum=most).accepts(float(value))


@given(st.floats())
def test_without_bounds_every_number_is_accepted(value):
    setting = Setting("x", 0.5, None)
    assert setting.accepts(value)


@given(ANYTHING)
def test_a_switch_takes_two_values(value):
    assert Setting("x", default=False, page=None).accepts(value) is (
        value is True or value is False
    )


@given(st.text(), st.lists(st.text(), min_size=1, max_size=4))
def test_a_text_with_choices_takes_these(value, values):
    choices = tuple(table.Choice(choice, choice) for choice in values)
    assert Setting("x", values[0], None, choices=choices).accepts(value) is (value in values)


@pytest.mark.parametrize("address", ["", "http://proxy.test:3128", "proxy.test", "socks5://[::1]"])
def test_addresses_of_proxies(address):
    assert PROXY_URL.problem is not None
    assert PROXY_URL.problem(address) == ""
    assert PROXY_URL.accepts(address)


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("http://ann:secret@proxy.test:3128", "password"),
        ("ftp://proxy.test", "socks5://"),
        ("http://proxy.test:99999", "port"),
        ("http://", "host"),
        ("  ", "missing"),
    ],
)
def test_an_address_that_is_refused_is_told_why(address, word):
    assert PROXY_URL.problem is not None
    assert word in PROXY_URL.problem(address)
    assert not PROXY_URL.accepts(address)
