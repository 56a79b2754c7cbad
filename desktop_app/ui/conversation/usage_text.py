"""Tokens and their cost in words: a short line, and what stands behind it.

Pure functions of their arguments, the language and the locale.
"""

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop_app.chat.cost import Cost, tally
from desktop_app.domain.message import Message
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.domain.usage import Usage


def usage_line(answer: Iterable[Message]) -> str:
    """Return "1,204 tokens · $0.0006" for all rounds of an answer; empty when nothing was counted."""
    sums = tally(answer)
    return _line(sums.usage, None if sums.unpriced else sums.cost)


def usage_tip(answer: Iterable[Message]) -> str:
    """Return the counts one by one, and the date of the price; empty when there are none."""
    rounds = [message for message in answer if message.usage is not None and message.usage.total]
    sums = tally(rounds)
    if not rounds:
        return ""
    lines = _breakdown(sums.usage, None if sums.unpriced else sums.cost)
    if len(rounds) > 1:
        said = QT_TRANSLATE_NOOP("Usage", "{count} requests, added up")
        lines.insert(0, _counted(said, "{count}", len(rounds)))
    return "\n".join(lines)


def totals(messages: Iterable[Message]) -> tuple[str, str]:
    """Return the short line for several answers together, and what stands behind it.

    Behind it stand the sums one by one, and what is not in them.
    """
    sums = tally(messages)
    line = _line(sums.usage, sums.cost)
    if not sums.usage.total:
        return line, ""
    lines = [QCoreApplication.translate("Usage", "The answers of this conversation that are shown")]
    lines += _breakdown(sums.usage, sums.cost)
    if sums.unpriced:
        said = QCoreApplication.translate("Usage", "No price is known for {count} of the answers.")
        lines.append(said.replace("{count}", QLocale().toString(sums.unpriced)))
    return line, "\n".join(lines)


def money(dollars: float) -> str:
    """Return an amount with the digits that tell something."""
    if 0 < dollars < 0.0001:
        return f"< ${QLocale().toString(0.0001, 'f', 4)}"
    return f"${QLocale().toString(dollars, 'f', 2 if dollars >= 1 or not dollars else 4)}"


def _line(usage: Usage | None, cost: Cost | None) -> str:
    if usage is None or not usage.total:
        return ""
    tokens = _counted(QT_TRANSLATE_NOOP("Usage", "{total} tokens"), "{total}", usage.total)
    return f"{tokens} · {money(cost.dollars)}" if cost is not None else tokens


def _breakdown(usage: Usage, cost: Cost | None) -> list[str]:
    lines = []
    if usage.prompt is not None:
        lines.append(
            _counted(QT_TRANSLATE_NOOP("Usage", "Request: {count} tokens"), "{count}", usage.prompt)
        )
    if usage.cached:
        lines.append(
            _counted(
                QT_TRANSLATE_NOOP("Usage", "of these from the cache: {count}"),
                "{count}",
                usage.cached,
            )
        )
    if usage.completion is not None:
        lines.append(
            _counted(
                QT_TRANSLATE_NOOP("Usage", "Answer: {count} tokens"), "{count}", usage.completion
            )
        )
    # Zero is no measurement: some servers say it of long thinking.
    if usage.reasoning:
        lines.append(
            _counted(
                QT_TRANSLATE_NOOP("Usage", "of these thinking: {count}"), "{count}", usage.reasoning
            )
        )
    if cost is not None:
        said = QCoreApplication.translate("Usage", "Price list of {date}: {cost}").replace(
            "{date}", _day(cost.as_of)
        )
        lines.append(said.replace("{cost}", money(cost.dollars)))
    return lines


def _counted(template: str, placeholder: str, count: int) -> str:
    return QCoreApplication.translate("Usage", template).replace(
        placeholder, QLocale().toString(count)
    )


def _day(day: date) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.ShortFormat)
