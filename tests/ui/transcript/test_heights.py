"""Heights add up, whatever was appended, changed, put between and cut off before."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.ui.transcript.heights import GROUP, Heights

one_height = st.integers(0, 500)
few = st.lists(one_height, max_size=60)
# Lists of any length around the size of a group, drawn as (unit, times).
many = st.builds(lambda unit, times: unit * times, few, st.integers(0, 8))


def sums(values):
    return [sum(values[:n]) for n in range(len(values) + 1)]


@given(many, few)
def test_sums_are_those_of_a_list(first, more):
    heights, values = Heights(first), list(first)
    for value in more:
        heights.append(value)
        values.append(value)
    assert [heights.prefix(n) for n in range(len(values) + 1)] == sums(values)
    assert heights.total == sum(values)
    assert len(heights) == len(values)


@given(many.filter(bool), few, st.data())
def test_changed_spliced_and_truncated_heights_go_on_adding_up(values, more, data):
    heights = Heights(values)
    index = data.draw(st.integers(0, len(values) - 1))
    heights.set(index, 77)
    values[index] = 77
    start = data.draw(st.integers(0, len(values)))
    count = data.draw(st.integers(0, len(values) - start))
    heights.splice(start, count, more)
    values[start : start + count] = more
    assert [heights.prefix(n) for n in range(len(values) + 1)] == sums(values)
    kept = data.draw(st.integers(0, len(values)))
    heights.truncate(kept)
    values = [*values[:kept], 9]
    heights.append(9)
    assert heights.total == heights.prefix(len(values)) == sum(values)
    assert heights[len(values) - 1] == 9


@given(many.filter(bool), st.integers(0, 40_000))
def test_find_gives_the_value_that_covers_an_offset(values, offset):
    index = Heights(values).find(offset)
    if offset < sum(values):
        assert sum(values[:index]) <= offset < sum(values[: index + 1])
    else:
        assert index == len(values) - 1


def test_no_heights_find_nothing_and_do_not_fail():
    assert Heights().find(10) == 0
    assert Heights().total == 0


def test_groups_are_filled_to_the_brim():
    heights = Heights([1] * (GROUP - 1))
    for _ in range(2):
        heights.append(1)
    assert heights.find(GROUP) == GROUP
    assert heights.prefix(GROUP) == GROUP
