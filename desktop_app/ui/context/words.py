"""What is said of requests: how full the window is, and why a piece is not sent.

Pure functions of their arguments, the language and the locale.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from desktop_app.chat.forecast import Forecast
from desktop_app.chat.outgoing import REASON_TEXTS, Break, Item, ItemKind, Reason
from desktop_app.chat.turns import begins_turn
from desktop_app.domain.message import Message
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.ui.conversation.usage_text import money

_CONTEXT: Final = "Outgoing"

_KINDS: Final = {
    ItemKind.SYSTEM: QT_TRANSLATE_NOOP("Outgoing", "System prompt"),
    ItemKind.TOOL: QT_TRANSLATE_NOOP("Outgoing", "Tool"),
    ItemKind.SUMMARY: QT_TRANSLATE_NOOP("Outgoing", "Summary"),
    ItemKind.QUESTION: QT_TRANSLATE_NOOP("Outgoing", "Message"),
    ItemKind.THINKING: QT_TRANSLATE_NOOP("Outgoing", "Thinking"),
    ItemKind.TEXT: QT_TRANSLATE_NOOP("Outgoing", "Answer"),
    ItemKind.CALL: QT_TRANSLATE_NOOP("Outgoing", "Tool call"),
    ItemKind.RESULT: QT_TRANSLATE_NOOP("Outgoing", "Tool result"),
}


def kind_text(kind: ItemKind) -> str:
    """Return what an item is called."""
    return said(_KINDS[kind])


def reason_text(reason: Reason) -> str:
    """Return the sentence for a reason."""
    return said(REASON_TEXTS[reason])


def fate_text(item: Item) -> str:
    """Return whether an item is sent, and if not as it came, why."""
    if item.reason is None:
        return said(QT_TRANSLATE_NOOP("Outgoing", "Sent"))
    state = (
        QT_TRANSLATE_NOOP("Outgoing", "Sent, changed: {reason}")
        if item.sent
        else QT_TRANSLATE_NOOP("Outgoing", "Not sent: {reason}")
    )
    return said(state).replace("{reason}", reason_text(item.reason))


def number(count: int) -> str:
    """Return a number as a person writes it."""
    return QLocale().toString(count)


def percent(share: float) -> str:
    """Return a share in whole percent; something is never nothing."""
    if 0 < share < 0.01:
        return "< 1%"
    return f"{number(round(share * 100))}%"


def meter_short(forecast: Forecast) -> str:
    """Return "12%", or how many tokens where nobody knows the window."""
    share = forecast.share
    if forecast.is_full and share is not None:
        full = said(QT_TRANSLATE_NOOP("Outgoing", "{share}, full"))
        return full.replace("{share}", percent(share))
    if share is not None:
        return percent(share)
    return _filled(QT_TRANSLATE_NOOP("Outgoing", "{tokens} tokens"), tokens=forecast.tokens)


def meter_long(forecast: Forecast) -> str:
    """Return "12% of 204,800 · about $0.004"."""
    share = forecast.share
    if forecast.room.window is not None and share is not None:
        whole = said(QT_TRANSLATE_NOOP("Outgoing", "{share} of {window}"))
        window = number(forecast.room.window)
        text = whole.replace("{share}", percent(share)).replace("{window}", window)
    else:
        text = meter_short(forecast)
    if forecast.is_full:
        text += " · " + said(QT_TRANSLATE_NOOP("Outgoing", "full"))
    if forecast.cost is not None:
        amount = money(forecast.cost.dollars)
        about = said(QT_TRANSLATE_NOOP("Outgoing", "about {cost}")).replace("{cost}", amount)
        text += f" · {amount if amount.startswith('<') else about}"
    return text


def head_text(forecast: Forecast) -> str:
    """Return "24,576 tokens · 12% of 204,800 · about $0.007"."""
    if forecast.share is None:
        return meter_long(forecast)
    tokens = _filled(QT_TRANSLATE_NOOP("Outgoing", "{tokens} tokens"), tokens=forecast.tokens)
    return f"{tokens} · {meter_long(forecast)}"


def meter_name(forecast: Forecast) -> str:
    """Return what a screen reader says of the meter."""
    text = said(QT_TRANSLATE_NOOP("Outgoing", "Context of the next request: {meter}"))
    text = text.replace("{meter}", meter_long(forecast))
    return f"{text}. {cut_text()}" if forecast.cut else text


def cut_text() -> str:
    """Return what stands at the place before which nothing is sent."""
    return said(QT_TRANSLATE_NOOP("Outgoing", "Earlier messages are not sent"))


def figures_text(forecast: Forecast) -> str:
    """Return how the counts are to be taken, and what is kept for the answer."""
    how = (
        QT_TRANSLATE_NOOP(
            "Outgoing", "Estimated, and corrected by what the server counted here: ±{error}%."
        )
        if forecast.error < 0.1
        else QT_TRANSLATE_NOOP(
            "Outgoing",
            "Estimated by the scripts of the texts: ±{error}% for English, Chinese and code, "
            "more for others.",
        )
    )
    parts = [_filled(how, error=round(forecast.error * 100))]
    if forecast.room.window is not None:
        kept = QT_TRANSLATE_NOOP("Outgoing", "{reserve} tokens are kept for the answer.")
        parts.append(_filled(kept, reserve=forecast.room.reserve))
    if forecast.cost is not None:
        parts.append(
            said(
                QT_TRANSLATE_NOOP(
                    "Outgoing", "The price is without the answer, and without the service’s cache."
                )
            )
        )
    if not forecast.fits:
        full = QT_TRANSLATE_NOOP("Outgoing", "There is no room for it: it would not be sent.")
        parts.insert(0, said(full))
    return " ".join(parts)


def chain_text(found: Break | None, turn: int) -> str:
    """Return whether the chain goes back whole, or where it is cut and because of what."""
    if found is None:
        return said(
            QT_TRANSLATE_NOOP("Outgoing", "Chain complete: all that was thought and said is sent.")
        )
    text = said(QT_TRANSLATE_NOOP("Outgoing", "Chain cut at turn {turn}: {reason}"))
    return text.replace("{turn}", number(turn)).replace("{reason}", reason_text(found.reason))


def turn_number(messages: Sequence[Message], message_id: str) -> int:
    """Return in which turn a message stands, counted from 1; 0 where it is not among them."""
    turn = 0
    for place, message in enumerate(messages):
        turn += begins_turn(message) or place == 0
        if message.id == message_id:
            return turn
    return 0


def said(template: str) -> str:
    """Return ``template`` in the language of the window."""
    return QCoreApplication.translate(_CONTEXT, template)


def _filled(template: str, **counts: int) -> str:
    text = said(template)
    for name, count in counts.items():
        text = text.replace(f"{{{name}}}", number(count))
    return text
