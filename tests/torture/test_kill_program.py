"""Some kills of the real program with every run of the tests; ``make torture`` does many more."""

import random
import sys

import pytest

from desktop_app.domain.message import Message, MessageState, Role, Text
from tests.torture.kill_program import Shown, expected, lost_since, torture


@pytest.mark.e2e
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
@pytest.mark.logs_errors("was interrupted")
def test_the_program_is_killed_in_the_middle_of_answers(capsys):
    seed = random.SystemRandom().randrange(2**32)
    tally = torture(20, seed)
    print(f"seed {seed}: {tally}")
    assert tally.kills == 20
    assert tally.in_stream >= 1


def test_what_was_lost_is_seen():
    message = Message("m", Role.ASSISTANT, (Text("12345"),), state=MessageState.INTERRUPTED)
    shown = [Shown(10.0, 0, 3), Shown(10.5, 0, 5), Shown(11.0, 0, 6), Shown(11.5, 0, 9)]
    assert lost_since(shown[:2], message, 12.0) == 0.0
    assert lost_since(shown, message, 12.0) == 1.0
    assert lost_since([Shown(11.0, 1, 0)], message, 12.0) == 1.0


def test_the_words_of_an_answer_tell_their_turn_and_place():
    thinking, text = expected(3)
    assert text.startswith("3.0 3.1 3.2 ")
    assert thinking.startswith("t3.0 t3.1 ")
    assert len(set(text.split())) == len(text.split())
