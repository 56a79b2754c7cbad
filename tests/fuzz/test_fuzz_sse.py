"""The fuzzer runs for a few seconds with every run of the tests, and finds what is planted."""

import random

import pytest

from desktop_app.providers.openai_chat.reading import AnswerReader
from tests.fuzz import fuzz_sse


def test_some_seconds_of_damaged_streams(capsys):
    seed = random.SystemRandom().randrange(2**32)
    tally = fuzz_sse.run(5, seed)
    print(f"seed {seed}: {tally}")
    assert tally.inputs > 500
    # Both sides are exercised: answers that read well, and faults that are named.
    assert 0.1 < tally.faults / tally.inputs < 0.95


def test_a_planted_fault_is_found_and_its_input_kept(monkeypatch, tmp_path):
    feed = AnswerReader.feed

    def broken(self: AnswerReader, data: bytes) -> list[object]:
        if b"\xff" in data:
            raise ZeroDivisionError
        return list(feed(self, data))

    monkeypatch.setattr(AnswerReader, "feed", broken)
    with pytest.raises(fuzz_sse.FindingError, match="of seed 7: ZeroDivisionError"):
        fuzz_sse.run(60, 7, tmp_path)
    (kept,) = tmp_path.iterdir()
    assert b"\xff" in kept.read_bytes()
