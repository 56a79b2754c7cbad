"""Even showing of text that comes in lumps: complete, in order, in time, never half a character."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.ui.transcript.pacing import COARSE, LAG_SECONDS, STEP_SECONDS, Pacer

LUMP = "The river kept its own counsel that winter, and the town learned to do the same, slowly. "


def played(pacer: Pacer, arrivals: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """What is shown when, with a step every `STEP_SECONDS`."""
    shown, waiting, now = [], list(arrivals), 0.0
    while waiting or pacer.is_waiting:
        while waiting and waiting[0][0] <= now:
            pacer.put(waiting.pop(0)[1], now)
        text = pacer.take(now)
        if text:
            shown.append((now, text))
        now += STEP_SECONDS
    return shown


def test_small_pieces_are_shown_at_once():
    pacer = Pacer(is_smooth=True)
    pacer.put("a word ", 1.0)
    assert pacer.take(1.0) == "a word "
    assert not pacer.is_waiting


def test_a_lump_comes_out_in_even_steps_of_whole_words():
    shown = played(Pacer(is_smooth=True), [(0.0, LUMP)])
    assert "".join(text for _, text in shown) == LUMP
    assert len(shown) >= 5
    assert max(len(text) for _, text in shown) < len(LUMP) / 2
    assert all(text.endswith(" ") for _, text in shown)


def test_the_pace_follows_the_lumps():
    arrivals = [(0.13 * number, LUMP) for number in range(12)]
    shown = played(Pacer(is_smooth=True), arrivals)
    settled = [len(text) for now, text in shown if 0.6 < now < 1.3]
    pauses = [b - a for (a, _), (b, _) in pairwise(shown) if a > 0.6]
    assert max(settled) <= 3 * len(LUMP) * STEP_SECONDS / 0.13
    assert max(pauses) <= 3 * STEP_SECONDS


def test_text_that_streams_fast_is_not_held_back():
    arrivals = [(0.01 * number, LUMP) for number in range(100)]
    shown = played(Pacer(is_smooth=True), arrivals)
    assert shown[-1][0] <= arrivals[-1][0] + 2 * STEP_SECONDS


def test_without_smoothness_text_is_shown_as_it_comes():
    pacer = Pacer(is_smooth=False)
    pacer.put(LUMP * 3, 1.0)
    assert pacer.take(1.0) == LUMP * 3


@given(
    st.lists(
        st.tuples(st.floats(0.0, 0.6), st.text(min_size=1, max_size=180)), min_size=1, max_size=12
    )
)
def test_everything_is_shown_in_order_and_within_the_lag(pauses_and_texts):
    arrivals, now = [], 0.0
    for pause, text in pauses_and_texts:
        now += pause
        arrivals.append((now, text))
    shown = played(Pacer(is_smooth=True), arrivals)
    assert "".join(text for _, text in shown) == "".join(text for _, text in arrivals)
    arrived = 0
    for at, text in arrivals:
        arrived += len(text)
        by_then = sum(
            len(part) for when, part in shown if when <= at + LAG_SECONDS + 2 * STEP_SECONDS
        )
        assert by_then >= arrived


CLUSTERS = ["👩\u200d👩\u200d👧", "🇨🇳", "🇩🇪", "👍🏽", "é", "한", "汉", "नि", "❤️\u200d🔥"]


@given(st.lists(st.sampled_from(CLUSTERS), min_size=COARSE, max_size=90))
def test_a_step_never_ends_inside_a_character(clusters):
    ends, length = {0}, 0
    for cluster in clusters:
        length += len(cluster)
        ends.add(length)
    shown, place = played(Pacer(is_smooth=True), [(0.0, "".join(clusters))]), 0
    for _, text in shown:
        place += len(text)
        assert place in ends


@pytest.mark.parametrize(
    ("first", "rest"),
    [("👩", "\u200d👩"), ("👩\u200d", "👧"), ("🇨", "🇳"), ("👍", "🏽"), ("❤️", "\u200d🔥")],
)
def test_a_character_that_comes_in_two_pieces_is_shown_whole(first, rest):
    pacer = Pacer(is_smooth=True)
    pacer.put(f"so {first}", 0.0)
    assert pacer.take(0.0) == "so "
    pacer.put(f"{rest} and", 0.05)
    assert pacer.take(0.05) == f"{first}{rest} and"


def test_what_may_still_grow_does_not_wait_for_ever():
    pacer = Pacer(is_smooth=True)
    pacer.put("done 🎉", 0.0)
    assert pacer.take(0.0) == "done "
    assert pacer.take(LAG_SECONDS) == "🎉"
