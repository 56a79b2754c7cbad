from itertools import accumulate

import pytest

from desktop_app.providers.openai_chat.growth import GrowthJudge, Piece

LONG = ("The", " user wants", " a proof that", " the sum is even", ".")


def run(*pieces: tuple[str, str]) -> tuple[list[Piece], list[Piece]]:
    """Return what came out on the fly, and what came out at the end."""
    judge = GrowthJudge()
    on_the_fly = [new for field, text in pieces for new in judge.add(field, text)]
    return on_the_fly, list(judge.settle())


def joined(pieces: list[Piece], field: str) -> str:
    return "".join(piece.text for piece in pieces if piece.field == field)


def whole(*texts: str) -> str:
    fly, end = run(*(("f", text) for text in texts))
    return joined([*fly, *end], "f")


def test_incremental_text_comes_out_as_it_came_at_once():
    fly, end = run(*(("f", text) for text in LONG))
    assert [piece.text for piece in fly] == list(LONG)
    assert end == []


def test_cumulative_text_comes_out_once():
    assert whole(*accumulate(LONG)) == "".join(LONG)


def test_cumulative_text_is_known_while_it_streams():
    fly, end = run(*(("f", text) for text in accumulate(LONG)))
    assert joined(fly, "f") == "".join(LONG)
    assert end == []


@pytest.mark.parametrize(
    "texts",
    [
        ("a", "and"),
        ("a", "and", " so"),
        ("ha", "ha"),
        ("ha", "ha", "ha", "ha", "!"),
        ("1", "10", "100", "1000"),
        ("a", "ab", "abc", "x"),
        ("The", "There", " it is"),
        ("-" * 20, "-" * 20, "-" * 20),
        ("No, no, no, no", "No, no, no, no", "!"),
        ("x",),
    ],
)
def test_repetition_by_accident_is_incremental(texts):
    assert whole(*texts) == "".join(texts)


@pytest.mark.parametrize(
    "texts",
    [
        ("The user wants this", "The user wants this now"),
        ("The user wants", "The user wants", "The user wants to", "The user wants to go"),
        ("T", "The user wants", "The user wants to go"),
    ],
)
def test_snapshots_are_known_by_their_length(texts):
    assert whole(*texts) == texts[-1]


def test_a_short_field_is_judged_by_the_company_it_keeps():
    """One growth of three characters proves nothing; the answer that follows does."""
    answer = list(accumulate(LONG))
    fly, end = run(("thinking", "The"), ("thinking", "The user"), *(("content", t) for t in answer))
    assert joined(fly, "thinking") == "The user"
    assert joined(fly, "content") == answer[-1]
    assert [piece.field for piece in fly[:2]] == ["thinking", "thinking"]
    assert end == []


def test_order_is_kept_while_pieces_wait():
    fly, end = run(("t", "a"), ("t", "and"), ("c", "Yes"), ("c", ", sure"))
    assert [*fly, *end] == [
        Piece("t", "a"),
        Piece("t", "and"),
        Piece("c", "Yes"),
        Piece("c", ", sure"),
    ]


def test_a_repeated_or_shorter_snapshot_adds_nothing():
    texts = [*accumulate(LONG)]
    assert whole(*texts, texts[-1], texts[2], texts[-1] + "!") == texts[-1] + "!"


def test_a_snapshot_that_corrects_itself_does_not_repeat_the_text():
    texts = [*accumulate(LONG)]
    corrected = texts[-1].replace("even", "Even")
    assert whole(*texts, corrected + " Done") == texts[-1] + " Done"


def test_a_server_that_changes_its_mind_loses_nothing():
    texts = [*accumulate(LONG)]
    assert whole(*texts, " And more.", " Yes.") == texts[-1] + " And more. Yes."


def test_waiting_is_bounded():
    fly, _ = run(*(("f", "a line of repeated text") for _ in range(1000)))
    assert len(fly) > 700


def test_the_preview_decides_nothing():
    judge = GrowthJudge()
    list(judge.add("f", "a"))
    list(judge.add("f", "and"))
    assert [piece.text for piece in judge.preview()] == ["and"]
    assert [piece.text for piece in judge.add("f", " so")] == ["and", " so"]
    assert judge.preview() == []
