"""Looks for a query: rows that may hold it from the index, and then into their texts.

Newest first, and no further than what is shown and counted, so that a single letter in a million
messages costs no more than in a thousand. Blocking.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import apsw

from desktop_app.domain.message import CONTINUATION
from desktop_app.domain.search import (
    ALL_SCOPES,
    MOST_COUNTED,
    ConversationHits,
    Hit,
    Scope,
    SearchQuery,
    SearchResult,
    Tally,
)
from desktop_app.domain.search_text import FoldedText, Term, excerpt, parse
from desktop_app.domain.text import storable
from desktop_app.storage.search_grams import expression
from desktop_app.storage.search_index import read_state, until
from desktop_app.storage.search_rows import searchable

_SCAN_SECONDS: Final = 0.2
"""How long texts are read that are not in the index yet, for one query."""

_PROGRESS_STEPS: Final = 2000
_END: Final = (1 << 63) - 1

_COLUMNS: Final = """
    SELECT part.id, CAST(part.kind AS BLOB), CAST(part.text AS BLOB), CAST(part.meta AS BLOB),
        CAST(message.role AS BLOB)
"""
_TABLES: Final = """
    CROSS JOIN {chat}.message ON message.seq = part.message
    CROSS JOIN {chat}.conversation ON conversation.seq = message.conversation
    WHERE conversation.deleted_at IS {no} NULL AND message.removed_at IS NULL
        AND (message.notices IS NULL OR instr(message.notices, :unwritten) = 0)
        AND (:model IS NULL OR coalesce(message.model, conversation.model) = :model)
        AND (:since IS NULL OR message.created_at >= :since)
        AND (:until IS NULL OR message.created_at < :until)
"""
_INDEXED: Final = (
    "FROM main.gram CROSS JOIN {chat}.part ON part.id = gram.rowid",
    "AND gram MATCH :expression ORDER BY gram.rowid DESC",
)
_PENDING: Final = (
    "FROM {chat}.part",
    "AND part.id IN (SELECT value FROM json_each(:parts)) ORDER BY part.id DESC",
)
_BELOW: Final = ("FROM {chat}.part", "AND part.id < :floor ORDER BY part.id DESC")

_SHOWN: Final = """
    SELECT part.id, part.position, message.created_at, CAST(message.id AS BLOB),
        CAST(conversation.id AS BLOB), CAST(conversation.title AS BLOB)
    FROM {chat}.part JOIN {chat}.message ON message.seq = part.message
    JOIN {chat}.conversation ON conversation.seq = message.conversation
    WHERE part.id IN (SELECT value FROM json_each(?))
"""


class Cancelled(Exception):  # noqa: N818 - nothing went wrong: the answer is not wanted any more
    """Whoever asked went away."""


@dataclass(frozen=True, slots=True)
class _Found:
    part: int
    text: str
    scope: Scope


@dataclass(slots=True)
class _Counts:
    numbers: dict[Scope, int] = field(default_factory=lambda: dict.fromkeys(Scope, 0))
    least: set[Scope] = field(default_factory=set)

    def tallies(self) -> Mapping[Scope, Tally]:
        return {scope: Tally(number, scope in self.least) for scope, number in self.numbers.items()}


def search(
    connection: apsw.Connection,
    query: SearchQuery,
    is_cancelled: Callable[[], bool] = lambda: False,
    *,
    has_index: bool = True,
) -> SearchResult:
    """Return what ``query`` finds.

    Args:
        connection: An index with the conversations beside it; without ``has_index``, any
            connection to the conversations alone, whose texts are then read one after the other.
        query: What is looked for.
        is_cancelled: Asked often.
        has_index: Whether there is an index.

    Raises:
        Cancelled: When ``is_cancelled``.
        apsw.Error: When SQLite refuses.
    """
    terms = parse(storable(query.text))
    if not terms:
        return SearchResult(counts=_Counts().tallies())
    # Called by SQLite, for a query that gives no row for a while.
    connection.set_progress_handler(is_cancelled, _PROGRESS_STEPS)
    try:
        connection.execute("BEGIN")
        try:
            return _Search(connection, query, terms, is_cancelled, has_index=has_index).result()
        finally:
            connection.set_progress_handler(None)
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    except apsw.InterruptError as error:
        raise Cancelled from error


class _Search:
    """One search, within one transaction."""

    def __init__(
        self,
        connection: apsw.Connection,
        query: SearchQuery,
        terms: tuple[Term, ...],
        is_cancelled: Callable[[], bool],
        *,
        has_index: bool,
    ) -> None:
        self._connection = connection
        self._query = query
        self._terms = terms
        self._is_cancelled = is_cancelled
        self._has_index = has_index
        self._chat = "chat" if has_index else "main"
        self._is_complete = True
        self._counts = _Counts()
        self._floor = _END
        self._pending: list[int] = []
        self._times: tuple[float, float] | None = None
        if has_index:
            state = read_state(connection)
            self._floor = state.floor
            if query.since is not None or query.until is not None:
                first = query.since if query.since is not None else 0.0
                self._times = (first, query.until if query.until is not None else state.latest)
            changed = connection.execute(
                "SELECT DISTINCT part FROM chat.search_change WHERE seq > ? AND part >= ?",
                (state.applied, state.floor),
            )
            self._pending = [part for (part,) in changed]

    def result(self) -> SearchResult:
        query = self._query
        found = self._look(query.scopes, query.limit)
        if others := ALL_SCOPES - query.scopes:
            self._look(others, 0)
        return SearchResult(tuple(self._shown(found)), self._counts.tallies(), self._is_complete)

    def _look(self, scopes: frozenset[Scope], limit: int) -> list[_Found]:
        """Count what is found in ``scopes``; return the first ``limit`` of it."""
        if not scopes:
            return []
        most = max(limit, MOST_COUNTED)
        counts = self._counts
        kept: list[_Found] = []
        counted = 0
        for found in self._candidates(scopes):
            if found.scope not in scopes or not self._holds(found.text):
                continue
            if counted == most:
                counts.least.update(scopes)
                break
            counted += 1
            counts.numbers[found.scope] += 1
            if len(kept) < limit:
                kept.append(found)
        if not self._is_complete:
            counts.least.update(scopes)
        return kept

    def _holds(self, text: str) -> bool:
        folded = FoldedText(text)
        return all(term.is_in(folded) for term in self._terms)

    def _candidates(self, scopes: frozenset[Scope]) -> Iterator[_Found]:
        if self._pending:
            yield from self._in_time(self._rows(*_PENDING, parts=json.dumps(self._pending)))
        if self._has_index:
            wanted = expression(self._terms, scopes, self._times)
            pending = set(self._pending)
            for found in self._rows(*_INDEXED, expression=wanted):
                if found.part not in pending:
                    yield found
        if self._floor:
            yield from self._in_time(self._rows(*_BELOW, floor=self._floor))

    def _in_time(self, rows: Iterator[_Found]) -> Iterator[_Found]:
        is_over = until(_SCAN_SECONDS)
        for found in rows:
            yield found
            if is_over():
                self._is_complete = False
                return

    def _rows(self, source: str, condition: str, **bindings: object) -> Iterator[_Found]:
        query = self._query
        sql = f"{_COLUMNS} {source} {_TABLES} {condition}".format(
            chat=self._chat, no="NOT" if query.in_trash else ""
        )
        values: dict[str, Any] = {
            "model": query.model,
            "unwritten": f'"{CONTINUATION}"',
            "since": query.since,
            "until": query.until,
            **bindings,
        }
        for part, kind, text, meta, role in self._connection.execute(sql, values):
            if self._is_cancelled():
                raise Cancelled
            yield _Found(part, *searchable(kind, text, meta, role))

    def _shown(self, found: Iterable[_Found]) -> Iterator[ConversationHits]:
        found = tuple(found)
        details: dict[Any, Any] = {
            part: row
            for part, *row in self._connection.execute(
                _SHOWN.format(chat=self._chat), (json.dumps([item.part for item in found]),)
            )
        }
        titles: dict[str, str] = {}
        hits: dict[str, list[Hit]] = {}
        for item in found:
            position, created_at, *stored = details[item.part]
            message_id, conversation_id, title = (text.decode(errors="replace") for text in stored)
            line, ranges = excerpt(self._terms, item.text)
            hit = Hit(message_id, position, item.scope, created_at, line, ranges)
            titles[conversation_id] = title
            hits.setdefault(conversation_id, []).append(hit)
        for conversation_id, own in hits.items():
            yield ConversationHits(conversation_id, titles[conversation_id], tuple(own))
