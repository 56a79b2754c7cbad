"""Versions, ways and branches of a conversation's tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.tree import Tree, TreeNode

#     q ── a ── q2 ── b          The numbers of making: q 0, a 1, q' 2, a' 3, q2 4, b 5, a'' 6.
#     │    a'
#     │    a''
#     q'
NODES = (
    TreeNode("q", None),
    TreeNode("a", "q"),
    TreeNode("q'", None),
    TreeNode("a'", "q"),
    TreeNode("q2", "a"),
    TreeNode("b", "q2"),
    TreeNode("a''", "q"),
)


@pytest.fixture
def tree():
    return Tree(NODES)


@pytest.mark.parametrize(
    ("message_id", "versions"),
    [
        ("q", ("q", "q'")),
        ("q'", ("q", "q'")),
        ("a'", ("a", "a'", "a''")),
        ("q2", ("q2",)),
    ],
)
def test_versions_are_in_the_order_of_making(tree, message_id, versions):
    assert tree.versions(message_id) == versions


def test_a_path_leads_from_the_first_message(tree):
    assert tree.path("b") == ("q", "a", "q2", "b")
    assert tree.path("q'") == ("q'",)


@pytest.mark.parametrize(
    ("message_id", "leaf"), [("q", "a''"), ("a", "b"), ("q2", "b"), ("b", "b"), ("q'", "q'")]
)
def test_the_newest_leaf_is_what_was_made_last_below(tree, message_id, leaf):
    assert tree.newest_leaf(message_id) == leaf


def test_a_subtree_has_all_below(tree):
    assert set(tree.subtree("a")) == {"a", "q2", "b"}
    assert set(tree.subtree("q")) == {node.id for node in NODES} - {"q'"}


def test_what_is_added_is_the_newest(tree):
    tree.add(TreeNode("c", "a'"))
    tree.add(TreeNode("c", "b"))
    assert tree.newest_leaf("q") == "c"
    assert tree.path("c") == ("q", "a'", "c")


def test_unknown_messages_are_refused(tree):
    with pytest.raises(KeyError):
        tree.add(TreeNode("x", "nobody"))
    for asked in (tree.versions, tree.path, tree.subtree, tree.newest_leaf, tree.hide):
        with pytest.raises(KeyError):
            asked("nobody")
    assert "x" not in tree


def test_what_hangs_on_nothing_is_left_out():
    tree = Tree((TreeNode("x", "gone"), TreeNode("y", "x"), TreeNode("z", None)))
    assert [name in tree for name in "xyz"] == [False, False, True]


def test_what_is_hidden_is_found_no_more_and_comes_back_at_its_place(tree):
    inner = tree.hide("q2")
    assert inner == {"q2", "b"}
    outer = tree.hide("a")
    assert outer == {"a"}
    assert tree.versions("a'") == ("a'", "a''")
    assert "b" not in tree
    assert tree.newest_leaf("q") == "a''"
    tree.unhide(outer)
    assert tree.versions("a'") == ("a", "a'", "a''")
    assert tree.newest_leaf("a") == "a"
    tree.unhide(inner)
    assert tree.newest_leaf("a") == "b"


@given(st.lists(st.integers(min_value=-1, max_value=30), max_size=30))
def test_every_message_is_on_the_way_to_a_leaf_and_among_its_own_versions(parents):
    nodes = []
    for number, parent in enumerate(parents):
        known = number and parent >= 0
        nodes.append(TreeNode(str(number), str(parent % number) if known else None))
    tree = Tree(nodes)
    for node in nodes:
        leaf = tree.newest_leaf(node.id)
        assert node.id in tree.path(leaf)
        assert tree.subtree(leaf) == (leaf,)
        assert node.id in tree.versions(node.id)
        assert all(node.id in tree.path(below) for below in tree.subtree(node.id))


def test_a_conversation_of_many_thousand_messages_is_walked_without_recursion():
    count = 20_000
    tree = Tree(TreeNode(str(n), str(n - 1) if n else None) for n in range(count))
    assert tree.newest_leaf("0") == str(count - 1)
    assert len(tree.path(str(count - 1))) == count
