"""A newer version is asked for once a day, and only where the person wants it."""

import pytest

from desktop_app.chat.update_check import DAY, UpdateCheck
from desktop_app.domain.release import Release

NEWER = Release("0.2.0", "https://example.test/releases/tag/v0.2.0")


class Feed:
    """A feed, the setting, and a clock, as the check sees them."""

    def __init__(self, release: Release | None = NEWER) -> None:
        self.release = release
        self.asked: list[float] = []
        self.is_wanted = True
        self.now = 1_000_000.0
        self.noted = 0.0
        self.check = UpdateCheck(
            self.newest,
            is_wanted=lambda: self.is_wanted,
            asked_at=lambda: self.noted,
            note_asked=self.note,
            version="0.1.0",
            clock=lambda: self.now,
        )

    async def newest(self) -> Release | None:
        assert self.noted == self.now, "the asking is noted before"
        self.asked.append(self.now)
        return self.release

    def note(self, at: float) -> None:
        self.noted = at


async def test_a_newer_version_is_told() -> None:
    assert await Feed().check.look() == NEWER


@pytest.mark.parametrize("version", ["0.1.0", "0.0.9"])
async def test_a_version_that_is_not_newer_is_not_told(version: str) -> None:
    assert await Feed(Release(version, "")).check.look() is None


async def test_no_word_of_a_version_is_nothing_to_tell() -> None:
    assert await Feed(None).check.look() is None


async def test_nobody_is_asked_unless_the_person_wants_it() -> None:
    feed = Feed()
    feed.is_wanted = False

    assert await feed.check.look() is None
    assert (feed.asked, feed.noted) == ([], 0.0)


async def test_it_is_asked_once_a_day() -> None:
    feed = Feed()
    begin = feed.now
    for hours in (0, 1, 23, 25):
        feed.now = begin + hours * 3600
        await feed.check.look()

    assert feed.asked == [begin, begin + DAY + 3600]


async def test_a_clock_that_was_wrong_silences_nothing_for_years() -> None:
    feed = Feed()
    feed.noted = feed.now + 1000 * DAY

    assert await feed.check.look() == NEWER
