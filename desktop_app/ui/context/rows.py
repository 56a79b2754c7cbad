"""A request as the rows of the ledger: what stands before the turns, and the turns with their pieces.

Pure functions of their arguments and the language.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
        below: Makes the rows below it; a turn of many is unfolded before its pieces are put in words.
    """

    key: str
    title: str
    tokens: int
    share: str
    fate: str
    sent: bool
    message_id: str = ""
    sending: Sending = Sending.AUTO
    below: "Callable[[], tuple[Row, ...]] | None" = field(default=None, compare=False)

    @property
    def pieces(self) -> tuple["Row", ...]:
        """The rows below it."""
        return () if self.below is None else self.below()


Sized = tuple[Item, int]
Owned = tuple[str, Sending, Sized]
"""A piece, with the message whose wishes decide on it, and what is wanted of that."""


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
    if tools := [("", Sending.AUTO, s) for s in beside if s[0].kind is ItemKind.TOOL]:
        title = words.said(QT_TRANSLATE_NOOP("Outgoing", "Tools ({count})"))
        yield _group("tools", title.replace("{count}", words.number(len(tools))), tools, whole)
    for number, turn in enumerate(turns_of(forecast.branch), start=1):
        for sized in by_message.get(f"{turn[0].id}/summary", ()):
            yield _piece(sized, whole, turn[0].id)
        if owned := list(_owned(turn, by_message)):
            first = turn[0]
            yield _group(first.id, _title(number, turn), owned, whole, first.id, first.sending)
    around = forecast.tokens - known
    if around > 0:
        title = words.said(QT_TRANSLATE_NOOP("Outgoing", "Around the messages"))
        sent = words.said(QT_TRANSLATE_NOOP("Outgoing", "Sent"))
        yield Row("around", title, around, words.percent(around / whole), sent, sent=True)


def _owned(turn: Sequence[Message], by_message: Mapping[str, list[Sized]]) -> Iterator[Owned]:
    owner = turn[0]
    for message in turn:
        # The results of tools go and stay with the answer that asked for them.
        owner = owner if message.role is Role.TOOL else message
        for sized in by_message.get(message.id, ()):
            yield owner.id, owner.sending, sized


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
    owned: Sequence[Owned],
    whole: int,
    owner: str = "",
    sending: Sending = Sending.AUTO,
) -> Row:
    items = [sized for _, _, sized in owned]
    going = [size for item, size in items if item.sent]
    tokens = sum(going) if going else sum(size for _, size in items)
    share = words.percent(tokens / whole) if going else ""
    whys = {(item.sent, item.reason) for item, _ in items}
    if len(whys) == 1:
        fate = words.fate_text(items[0][0])
    elif not going:
        fate = words.said(QT_TRANSLATE_NOOP("Outgoing", "Not sent"))
    elif len(going) < len(items):
        fate = words.said(QT_TRANSLATE_NOOP("Outgoing", "Partly sent"))
    else:
        fate = words.said(QT_TRANSLATE_NOOP("Outgoing", "Sent, changed"))
    if sending is Sending.PINNED:
        pinned = words.said(QT_TRANSLATE_NOOP("Outgoing", "pinned"))
        fate = f"{fate} · {pinned}"

    def below() -> tuple[Row, ...]:
        return tuple(_piece(sized, whole, by, wish) for by, wish, sized in owned)

    return Row(key, title, tokens, share, fate, bool(going), owner, sending, below)


def _title(number: int, turn: Sequence[Message]) -> str:
    text = one_line(turn[0].text[:_LOOKED_AT], _LONGEST)
    if turn[0].id == DRAFT:
        title = words.said(QT_TRANSLATE_NOOP("Outgoing", "Your next message: {text}"))
    else:
        title = words.said(QT_TRANSLATE_NOOP("Outgoing", "Turn {turn}: {text}"))
    return title.replace("{turn}", words.number(number)).replace("{text}", text)
