"""Lengths of time, moments and counts of tokens in words, in the language and by the locale."""

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale


def duration(seconds: float) -> str:
    """Return a length of time as a person says it."""
    if seconds < 9.95:
        return f"{QLocale().toString(float(seconds), 'f', 1)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def took(seconds: float | None) -> str:
    """Return how long something took; nothing where that is not known, or not worth a word."""
    return "" if seconds is None or seconds < 0.05 else duration(seconds)


def time_text(seconds: float) -> str:
    """Return a moment as a person says it: the time alone where it was today."""
    if not seconds:
        return ""
    moment = QDateTime.fromSecsSinceEpoch(int(seconds))
    locale = QLocale()
    if moment.date() == QDateTime.currentDateTime().date():
        return locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    return locale.toString(moment, QLocale.FormatType.ShortFormat)


def tokens_text(count: float, *, is_estimate: bool) -> str:
    """Return a number of tokens; an estimate is said to be one. Empty for none."""
    whole = round(count)
    if whole < 1:
        return ""
    if is_estimate:
        digits = max(0, len(str(whole)) - 2)
        whole = round(whole, -digits)
        said = QCoreApplication.translate("Usage", "about {total} tokens")
    else:
        said = QCoreApplication.translate("Usage", "{total} tokens")
    return said.replace("{total}", QLocale().toString(whole))
