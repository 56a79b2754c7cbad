"""Identifiers that sort by the time of their making."""

import time
import uuid

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain import ids


def test_an_identifier_is_a_uuid_of_version_7():
    made = ids.new_id()
    parsed = uuid.UUID(made)
    assert str(parsed) == made
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)


def test_no_two_are_the_same():
    assert len({ids.new_id() for _ in range(10_000)}) == 10_000


def test_it_carries_the_time():
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(ids.new_id()).int >> 80
    assert before <= made <= time.time_ns() // 1_000_000


@given(
    times=st.lists(st.integers(0, 2**48 - 1), min_size=2, max_size=2, unique=True).map(sorted),
    bits=st.lists(st.integers(0, 2**80 - 1), min_size=2, max_size=2),
)
def test_text_sorts_as_time_does(times, bits):
    made = []
    for milliseconds, random_bits in zip(times, bits, strict=True):
        with _frozen(milliseconds, random_bits):
            made.append(ids.new_id())
    assert made[0] < made[1]
    assert all(uuid.UUID(each).version == 7 for each in made)


class _frozen:  # noqa: N801
    """Time and chance as given; a context, since a fixture serves only the first example."""

    def __init__(self, milliseconds, random_bits):
        self.milliseconds, self.random_bits = milliseconds, random_bits

    def __enter__(self):
        self.saved = ids.time, ids.secrets
        ids.time = self
        ids.secrets = self

    def __exit__(self, *_):
        ids.time, ids.secrets = self.saved

    def time_ns(self):
        return self.milliseconds * 1_000_000 + 999_999

    def randbits(self, count):
        assert count == 80
        return self.random_bits
