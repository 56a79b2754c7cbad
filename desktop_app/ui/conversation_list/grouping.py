"""The groups under which conversations are listed: pinned, folders, and days."""

import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from PySide6.QtCore import QCoreApplication

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP


class Listing(StrEnum):
    """Which conversations are listed."""

    CONVERSATIONS = "conversations"
    ARCHIVE = "archive"
    TRASH = "trash"


LISTING_NAMES: Final = {
    Listing.CONVERSATIONS: QT_TRANSLATE_NOOP("Groups", "Conversations"),
    Listing.ARCHIVE: QT_TRANSLATE_NOOP("Groups", "Archive"),
    Listing.TRASH: QT_TRANSLATE_NOOP("Groups", "Trash"),
}

_PINNED: Final = QT_TRANSLATE_NOOP("Groups", "Pinned")
_TODAY: Final = QT_TRANSLATE_NOOP("Groups", "Today")
_YESTERDAY: Final = QT_TRANSLATE_NOOP("Groups", "Yesterday")
_WEEK: Final = QT_TRANSLATE_NOOP("Groups", "Previous 7 days")
_DAYS: Final = (_TODAY, _YESTERDAY, _WEEK)
_EARLIER: Final = QT_TRANSLATE_NOOP("Groups", "Earlier")


class Rank(NamedTuple):
    """Where a group stands: pinned, then folders by name, then all others as they come."""

    place: int
    folder: str = ""
    exact: str = ""


def rank_of(conversation: Conversation, listing: Listing) -> Rank:
    """Return by what the conversations of ``listing`` are sorted first."""
    if listing is Listing.CONVERSATIONS and conversation.pinned:
        return Rank(0)
    if folder := folder_of(conversation, listing):
        return Rank(1, folder.casefold(), folder)
    return Rank(2)


def folder_of(conversation: Conversation, listing: Listing) -> str:
    """Return the folder under whose heading a conversation stands; empty for another heading."""
    if listing is Listing.CONVERSATIONS and not conversation.pinned:
        return conversation.folder
    return ""


def group_of(conversation: Conversation, listing: Listing) -> str:
    """Return the heading of a conversation, in the language of the window."""
    if folder := folder_of(conversation, listing):
        return folder
    if listing is Listing.CONVERSATIONS and conversation.pinned:
        return translated(_PINNED)
    deleted_at = conversation.deleted_at
    moment = conversation.updated_at if deleted_at is None else deleted_at
    return translated(_day(moment))


def translated(text: str) -> str:
    """Return a name of this module in the language of the window."""
    return QCoreApplication.translate("Groups", text)


def _day(moment: float) -> str:
    now = time.localtime()
    today = date(now.tm_year, now.tm_mon, now.tm_mday)
    for name, begin in zip(_DAYS, _midnights(today, now.tm_gmtoff), strict=True):
        if moment >= begin:
            return name
    return _EARLIER


@lru_cache(maxsize=1)
def _midnights(today: date, offset: int) -> tuple[float, ...]:
    """Return when the days begin that have names, in seconds since the Unix epoch.

    Every row of a list asks for its group twice when it is laid out; looking two moments up in the
    time zone for each took a third of a second of 10,000 rows.

    Args:
        today: The day.
        offset: Seconds east of UTC, so that another time zone is noticed.
    """
    del offset
    days = (today - timedelta(days=back) for back in (0, 1, 6))
    return tuple(datetime.combine(day, clock_time()).timestamp() for day in days)
