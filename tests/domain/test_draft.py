"""What is unsent."""

import pytest

from desktop_app.domain.draft import Draft, Queued


@pytest.mark.parametrize(
    ("draft", "empty"),
    [
        (Draft(), True),
        (Draft(edited="left over"), True),
        (Draft(" "), False),
        (Draft(queue=(Queued("x"),)), False),
        (Draft(editing="m1"), False),
    ],
)
def test_a_draft_is_empty_when_there_is_nothing_to_keep(draft, empty):
    assert draft.is_empty is empty


def test_each_message_that_waits_has_an_id_of_its_own():
    assert Queued("same").id != Queued("same").id
