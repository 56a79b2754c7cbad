from desktop_app.chat.outgoing import (
    HARMLESS,
    REASON_TEXTS,
    Break,
    Item,
    ItemKind,
    Reason,
    last_break,
)


def test_every_reason_has_a_sentence():
    assert set(REASON_TEXTS) == set(Reason)
    assert len(set(REASON_TEXTS.values())) == len(Reason)
    for sentence in REASON_TEXTS.values():
        assert sentence.endswith(".")


def item(message_id, reason=None):
    return Item(ItemKind.TEXT, message_id, "x", sent=reason is None, reason=reason)


def test_a_chain_that_goes_back_as_it_came_has_no_break():
    assert last_break([]) is None
    assert last_break([item("a"), *(item("b", reason) for reason in HARMLESS)]) is None


def test_the_last_break_counts_those_before_it():
    plan = [
        item("a", Reason.WINDOW_FULL),
        item("b", Reason.OTHER_SERVER),
        item("c"),
        item("d", Reason.EMPTY),
    ]
    assert last_break(plan) == Break("b", Reason.OTHER_SERVER, 2)


def test_what_is_on_its_way_is_no_break_yet():
    plan = [item("a", Reason.OTHER_SERVER), item("b", Reason.OTHER_SERVER)]
    assert last_break(plan, {"b"}) == Break("a", Reason.OTHER_SERVER, 1)
    assert last_break(plan, {"a", "b"}) is None
