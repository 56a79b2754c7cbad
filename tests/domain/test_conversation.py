"""Parameters of a conversation: only what the service takes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.conversation import (
    DEFAULT_TEMPERATURE,
    MAX_TOKENS_LIMIT,
    TEMPERATURE_RANGE,
    Conversation,
    ParameterError,
    Parameters,
)


def test_nothing_is_set_at_first():
    parameters = Conversation("id").parameters
    assert parameters == Parameters("", None, None, None)


@pytest.mark.parametrize("name", ["temperature", "top_p"])
@pytest.mark.parametrize("value", [0.0, -0.0, -1, 1.0000001, 2, math.inf, -math.inf, math.nan])
def test_shares_outside_their_range_are_refused(name, value):
    with pytest.raises(ParameterError, match="above 0 and at most 1") as refused:
        Parameters(**{name: value})
    assert refused.value.field == name


@pytest.mark.parametrize("value", [0, -1, MAX_TOKENS_LIMIT + 1, math.nan])
def test_lengths_outside_their_range_are_refused(value):
    with pytest.raises(ParameterError, match="from 1 to") as refused:
        Parameters(max_tokens=value)
    assert refused.value.field == "max_tokens"


@given(
    st.none() | st.floats(0, 1, exclude_min=True),
    st.none() | st.floats(0, 1, exclude_min=True),
    st.none() | st.integers(1, MAX_TOKENS_LIMIT),
)
def test_what_is_in_range_is_kept_as_it_is(temperature, top_p, max_tokens):
    parameters = Parameters("be brief", temperature, top_p, max_tokens)
    assert (parameters.temperature, parameters.top_p) == (temperature, top_p)
    assert parameters.max_tokens == max_tokens


def test_the_default_temperature_is_one_that_may_be_sent():
    assert Parameters(temperature=DEFAULT_TEMPERATURE)
    assert TEMPERATURE_RANGE[0] < DEFAULT_TEMPERATURE <= TEMPERATURE_RANGE[1]
