"""What a whole conversation can say of itself."""

from dataclasses import replace
from itertools import count

import pytest

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.conversation_tree import ConversationTree, TreeError
from desktop_app.domain.message import Message, Role

#  a - b - d
#    \ c
TREE = ConversationTree(
    Conversation("k", head="d"),
    (
        Message("a", Role.USER),
        Message("b", Role.ASSISTANT, parent="a"),
        Message("c", Role.ASSISTANT, parent="a"),
        Message("d", Role.USER, parent="b"),
    ),
    source="elsewhere:1",
)


def test_the_branch_leads_from_the_first_message_to_the_head():
    assert [message.id for message in TREE.branch] == ["a", "b", "d"]
    other = replace(TREE, conversation=replace(TREE.conversation, head="c"))
    assert [message.id for message in other.branch] == ["a", "c"]
    assert replace(TREE, conversation=Conversation("k")).branch == ()


def test_a_branch_ends_even_where_messages_answer_each_other():
    ring = (Message("a", Role.USER, parent="b"), Message("b", Role.USER, parent="a"))
    tree = ConversationTree(Conversation("k", head="a"), ring)
    assert [message.id for message in tree.branch] == ["b", "a"]
    with pytest.raises(TreeError):
        tree.check()


def test_branches_are_counted_by_their_ends():
    assert TREE.branch_count == 2
    assert ConversationTree(Conversation("k")).branch_count == 0


def test_a_copy_has_the_same_shape_and_no_id_in_common():
    numbers = count()
    copy = TREE.with_new_ids(lambda: f"new{next(numbers)}")
    copy.check()
    assert copy.source == TREE.source
    old, new = ([m.id for m in tree.messages] for tree in (TREE, copy))
    assert not {*old, "k"} & {*new, copy.conversation.id}
    position = dict(zip(new, old, strict=True))
    assert [position.get(m.parent or "") for m in copy.messages] == [None, "a", "a", "b"]
    assert position[copy.conversation.head or ""] == "d"
