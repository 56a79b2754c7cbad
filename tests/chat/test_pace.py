"""The pace of writing, from texts and times that the test gives."""

import pytest

from desktop_app.chat.pace import WritingPace, estimated_tokens

ENGLISH = "The river kept its own counsel that winter. "
CHINESE = "这是一个关于河流的故事，冬天来得很早。"


def test_chinese_has_more_tokens_to_a_letter():
    assert 9 < estimated_tokens(ENGLISH) < 12
    assert 10 < estimated_tokens(CHINESE) < 13
    assert estimated_tokens("") == 0


def test_the_pace_is_known_after_a_second():
    pace = WritingPace()
    assert pace.tokens_per_second() is None
    for tenth in range(10):
        pace.add("x" * 42, tenth / 10)
        assert pace.tokens_per_second() is None
    pace.add("x" * 42, 1.0)
    assert pace.tokens_per_second() == pytest.approx(100)


def test_only_the_last_seconds_count_and_a_new_stream_begins_anew():
    pace = WritingPace()
    for second in range(20):
        pace.add("x" * 42, float(second))
    for tenth in range(200, 260):
        pace.add("x" * 42, tenth / 10)
    assert pace.tokens_per_second() == pytest.approx(100, rel=0.02)
    pace.begin()
    assert pace.tokens_per_second() is None
