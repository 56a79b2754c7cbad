"""A ``ConversationSearch`` in memory."""

from collections.abc import Callable

from desktop_app.domain.search import (
    MOST_COUNTED,
    ConversationHits,
    Hit,
    Scope,
    SearchQuery,
    SearchResult,
    Tally,
    scope_of,
    searched_text,
)
from desktop_app.domain.search_text import excerpt, matches, parse
from tests.fakes.conversation_store import MemoryConversationStore


class MemorySearch:
    """A ``ConversationSearch`` that reads every text of a ``MemoryConversationStore``."""

    def __init__(self, store: MemoryConversationStore) -> None:
        self.store = store
        self.listeners: list[Callable[[], None]] = []
        self.queries: list[SearchQuery] = []

    async def search(self, query: SearchQuery) -> SearchResult:
        self.queries.append(query)
        self.store._refuse()
        terms = parse(query.text)
        counts = dict.fromkeys(Scope, 0)
        hits: dict[str, list[Hit]] = {}
        left = query.limit
        for message in reversed(self.store.messages.values() if terms else ()):
            conversation = self.store.conversations[self.store._owners[message.id]]
            if (
                message.id in self.store._gone
                or message.is_continuation
                or (conversation.id in self.store.deleted) is not query.in_trash
                or query.model not in {None, message.model or conversation.model}
                or (query.since is not None and message.created_at < query.since)
                or (query.until is not None and message.created_at >= query.until)
            ):
                continue
            for position, part in reversed(list(enumerate(message.parts))):
                text = searched_text(part)
                if not matches(terms, text):
                    continue
                scope = scope_of(part, message.role)
                counts[scope] += 1
                if scope in query.scopes and left:
                    left -= 1
                    line, ranges = excerpt(terms, text)
                    hits.setdefault(conversation.id, []).append(
                        Hit(message.id, position, scope, message.created_at, line, ranges)
                    )
        return SearchResult(
            tuple(
                ConversationHits(key, self.store.conversations[key].title, tuple(own))
                for key, own in hits.items()
            ),
            {
                scope: Tally(min(number, MOST_COUNTED), number > MOST_COUNTED)
                for scope, number in counts.items()
            },
        )

    def note_change(self) -> None:
        for listener in tuple(self.listeners):
            listener()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)
