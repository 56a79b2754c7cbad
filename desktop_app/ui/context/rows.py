"""A request as the rows of the ledger: what stands before the turns, and the turns with their pieces.

Pure functions of their arguments and the language.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from desktop_app.chat.context_window import SUMMARY_HEAD
from desktop_app.chat.forecast import Forecast
from desktop_app.chat.outgoing import Item, ItemKind
from desktop_app.chat.turns import turns_of
from desktop_app.domain.message import DRAFT, Message, Role, Sending
from desktop_app.domain.text import one_line
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.ui.context import words

_LONGEST: Final = 80
_LOOKED_AT: Final = 400


@dataclass(frozen=True, slots=True)
class Row:
    """A row.

    Attributes:
        key: Tells it from all others, also after something changed.
        title: What it is.
        tokens: What it takes, or would take if it were sent.
        share: What part of the request that is; empty for what is not sent.
        fate: Whether it is sent, and why not.
        sent: Whether any of it is.
        message_id: The message that the person's wishes for it are kept with; empty for none.
        sending: What is wanted of it.
        pieces: The rows below it.
    """

    key: str
    title: str
    tokens: int
    share: str
    fate: str
    sent: bool
    message_id: str = ""
    sending: Sending = Sending.AUTO
    pieces: tuple["Row", ...] = ()


Sized = tuple[Item, int]


def ledger_rows(forecast: Forecast) -> tuple[Row, ...]:
    """Return the rows of a request."""
    return tuple(_rows(forecast))


def _rows(forecast: Forecast) -> Iterator[Row]:
    by_message: defaultdict[str, list[Sized]] = defaultdict(list)
    for item, size in zip(forecast.plan, forecast.sizes, strict=True):
        if item.text or item.sent or item.message_id != DRAFT:
            by_message[item.message_id].append((item, size))
    whole = max(1, forecast.tokens)
    known = sum(size for items in by_message.values() for item, size in items if item.sent)
    beside = by_message.pop("", [])
    for sized in beside:
        if sized[0].kind is not ItemKind.TOOL:
            yield _piece(sized, whole, "")
    if tools := [sized for sized in beside if sized[0].kind is ItemKind.TOOL]:
        title = words.said(QT_TRANSLATE_NOOP("Outgoing", "Tools ({count})"))
        pieces = tuple(_piece(sized, whole, "") for sized in tools)
        yield _group("tools", title.replace("{count}", words.number(len(tools))), pieces, whole)
    for number, turn in enumerate(turns_of(forecast.branch), start=1):
        summary = by_message.get(f"{turn[0].id}/summary", [])
        for sized in summary:
            yield _piece(sized, whole, turn[0].id)
        pieces = tuple(_pieces(turn, by_message, whole))
        if pieces:
            yield _group(
                turn[0].id, _title(number, turn), pieces, whole, turn[0].id, turn[0].sending
            )
    around = forecast.tokens - known
    if around > 0:
        title = words.said(QT_TRANSLATE_NOOP("Outgoing", "Around the messages"))
        sent = words.said(QT_TRANSLATE_NOOP("Outgoing", "Sent"))
        yield Row("around", title, around, words.percent(around / whole), sent, sent=True)


def _pieces(
    turn: Sequence[Message], by_message: dict[str, list[Sized]], whole: int
) -> Iterator[Row]:
    owner = turn[0]
    for message in turn:
        # The results of tools go and stay with the answer that asked for them.
        owner = owner if message.role is Role.TOOL else message
        for sized in by_message.get(message.id, ()):
            yield _piece(sized, whole, owner.id, owner.sending)


def _piece(sized: Sized, whole: int, owner: str, sending: Sending = Sending.AUTO) -> Row:
    item, size = sized
    name = item.name if item.kind in {ItemKind.TOOL, ItemKind.CALL, ItemKind.RESULT} else ""
    text = item.text[:_LOOKED_AT]
    if item.kind is ItemKind.SUMMARY:
        text = text.removeprefix(SUMMARY_HEAD)
    told = name if item.kind is ItemKind.TOOL else one_line(text, _LONGEST)
    title = " · ".join(
        filter(None, (words.kind_text(item.kind), name, told if told != name else ""))
    )
    share = words.percent(size / whole) if item.sent else ""
    key = f"{item.message_id}/{item.kind.value}/{item.call_id}/{name}"
    fate = words.fate_text(item)
    return Row(key, title, size, share, fate, item.sent, owner, sending)


def _group(
    key: str,
    title: str,
    pieces: tuple[Row, ...],
    whole: int,
    owner: str = "",
    sending: Sending = Sending.AUTO,
) -> Row:
    going = [piece for piece in pieces if piece.sent]
    tokens = sum(piece.tokens for piece in going or pieces)
    share = words.percent(tokens / whole) if going else ""
    fates = list(dict.fromkeys(piece.fate for piece in pieces))
    if len(fates) == 1:
        fate = fates[0]
    elif not going:
        fate = words.said(QT_TRANSLATE_NOOP("Outgoing", "Not sent"))
    elif len(going) < len(pieces):
        fate = words.said(QT_TRANSLATE_NOOP("Outgoing", "Partly sent"))
    else:
        fate = words.said(QT_TRANSLATE_NOOP("Outgoing", "Sent, changed"))
    if sending is Sending.PINNED:
        pinned = words.said(QT_TRANSLATE_NOOP("Outgoing", "pinned"))
        fate = f"{fate} · {pinned}"
    return Row(key, title, tokens, share, fate, bool(going), owner, sending, pieces)


def _title(number: int, turn: Sequence[Message]) -> str:
    text = one_line(turn[0].text[:_LOOKED_AT], _LONGEST)
    if turn[0].id == DRAFT:
        title = words.said(QT_TRANSLATE_NOOP("Outgoing", "Your next message: {text}"))
    else:
        title = words.said(QT_TRANSLATE_NOOP("Outgoing", "Turn {turn}: {text}"))
    return title.replace("{turn}", words.number(number)).replace("{text}", text)
