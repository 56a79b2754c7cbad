"""Heights add up, whatever was appended, changed and cut off before."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.ui.transcript.fenwick import Fenwick

heights = st.lists(st.integers(0, 500), max_size=60)


@given(heights, heights)
def test_sums_are_those_of_a_list(first, more):
    tree, values = Fenwick(first), list(first)
    for value in more:
        tree.append(value)
        values.append(value)
    assert [tree.prefix(n) for n in range(len(values) + 1)] == [
        sum(values[:n]) for n in range(len(values) + 1)
    ]
    assert tree.total == sum(values)


@given(heights.filter(bool), st.data())
def test_changed_and_truncated_trees_go_on_adding_up(values, data):
    tree = Fenwick(values)
    index = data.draw(st.integers(0, len(values) - 1))
    tree.set(index, 77)
    values[index] = 77
    count = data.draw(st.integers(0, len(values)))
    tree.truncate(count)
    values = [*values[:count], 9]
    tree.append(9)
    assert tree.prefix(len(values)) == sum(values)


@given(heights.filter(bool), st.integers(0, 40_000))
def test_find_gives_the_value_that_covers_an_offset(values, offset):
    index = Fenwick(values).find(offset)
    if offset < sum(values):
        assert sum(values[:index]) <= offset < sum(values[: index + 1])
    else:
        assert index == len(values) - 1


def test_an_empty_tree_finds_nothing_and_does_not_fail():
    assert Fenwick().find(10) == 0
    assert Fenwick().total == 0
