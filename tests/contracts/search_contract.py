"""What every ``ConversationSearch`` keeps: run against the fake and against the real room.

A test module subclasses :class:`SearchContract` and provides the fixtures ``store`` and ``search``.
"""

import asyncio
from dataclasses import replace

import pytest

from desktop_app.chat.ports import ConversationSearch, ConversationStore
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import (
    CONTINUATION,
    Message,
    MessageState,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.search import (
    ALL_SCOPES,
    MOST_COUNTED,
    Scope,
    SearchQuery,
    SearchResult,
    Tally,
)

TEA = Conversation("c1", title="Tea 茶", updated_at=2.0, model="MiniMax-M2", head="m2")
QUESTION = Message("m1", Role.USER, (Text("Why green tea?"),), created_at=100.0)
ANSWER = Message(
    "m2",
    Role.ASSISTANT,
    (
        Thought("The user likes green", 1.0),
        ToolCall("call_1", "weather_in", '{"city": "Hangzhou green"}'),
        ToolResult("call_1", "weather_in", "green hills"),
        Text("Because 绿茶 is **green** and get_user_name() says so."),
    ),
    parent="m1",
    created_at=200.0,
    model="MiniMax-M2",
)
COFFEE = Conversation("c2", title="Coffee", updated_at=1.0, model="MiniMax-M2.1", head="n2")
OTHER = (
    Message("n1", Role.USER, (Text("Coffee, green or roasted?"),), created_at=300.0),
    Message(
        "n2",
        Role.ASSISTANT,
        (Text("Roasted. 咖啡"),),
        parent="n1",
        created_at=400.0,
        model="MiniMax-M2.1",
    ),
)


def found(result: SearchResult) -> list[tuple[str, int]]:
    """The hits as messages and positions, in the order in which they are shown."""
    return [(hit.message_id, hit.position) for group in result.conversations for hit in group.hits]


class SearchContract:
    """The tests; ``store`` starts empty, and ``search`` searches it."""

    @pytest.fixture
    async def filled(self, store: ConversationStore) -> ConversationStore:
        await store.add_messages(TEA, (QUESTION, ANSWER))
        await store.add_messages(COFFEE, OTHER)
        return store

    async def test_nothing_is_found_in_nothing(self, search: ConversationSearch) -> None:
        result = await search.search(SearchQuery("green"))
        assert result.conversations == ()
        assert [result.count(scope) for scope in Scope] == [Tally()] * len(Scope)

    async def test_a_blank_query_finds_nothing(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        for text in ("", "  ", "\u200b"):
            assert (await search.search(SearchQuery(text))).conversations == ()

    async def test_hits_are_grouped_and_the_newest_come_first(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        result = await search.search(SearchQuery("GREEN"))
        assert [(group.conversation_id, group.title) for group in result.conversations] == [
            ("c2", "Coffee"),
            ("c1", "Tea 茶"),
        ]
        assert found(result) == [("n1", 0), ("m2", 3), ("m2", 2), ("m2", 1), ("m2", 0), ("m1", 0)]
        assert result.is_complete

    async def test_a_hit_says_who_when_and_where(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        (group,) = (await search.search(SearchQuery("绿茶"))).conversations
        (hit,) = group.hits
        assert (hit.scope, hit.created_at) == (Scope.ANSWERS, 200.0)
        assert [hit.excerpt[start:end] for start, end in hit.ranges] == ["绿茶"]
        assert "**green**" in hit.excerpt

    async def test_a_version_that_was_deleted_is_not_found_until_it_is_restored(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        shorter = replace(TEA, head="m1")
        await filled.delete_branch(shorter, "m2")
        result = await search.search(SearchQuery("green"))
        assert found(result) == [("n1", 0), ("m1", 0)]
        assert result.count(Scope.ANSWERS) == Tally()
        await filled.restore_branches(TEA, ("m2",))
        assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]

    async def test_what_nobody_wrote_is_not_found(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        """A request for the rest of an answer is the program's, in the person's name."""
        asked = Message("m9", Role.USER, (Text("More green"),), parent="m2")
        asked = replace(asked, notices=("other", CONTINUATION))
        await filled.add_messages(replace(TEA, head="m9"), (asked,))
        everywhere = SearchQuery("more green", scopes=ALL_SCOPES)
        assert found(await search.search(everywhere)) == []

    async def test_every_word_is_needed_in_one_part(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        assert found(await search.search(SearchQuery("so rName"))) == []
        assert found(await search.search(SearchQuery("so r_nam"))) == [("m2", 3)]
        assert found(await search.search(SearchQuery("why 绿茶"))) == []
        assert found(await search.search(SearchQuery('"likes green"'))) == [("m2", 0)]
        assert found(await search.search(SearchQuery('"green likes"'))) == []

    async def test_tools_are_found_by_name_too(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        assert found(await search.search(SearchQuery("weather"))) == [("m2", 2), ("m2", 1)]

    async def test_scopes_choose_and_all_are_counted(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        for scopes, expected in (
            ({Scope.THINKING}, [("m2", 0)]),
            ({Scope.TOOLS}, [("m2", 2), ("m2", 1)]),
            ({Scope.MINE}, [("n1", 0), ("m1", 0)]),
            ({Scope.ANSWERS, Scope.THINKING}, [("m2", 3), ("m2", 0)]),
            ((), []),
        ):
            result = await search.search(SearchQuery("green", frozenset(scopes)))
            assert found(result) == expected
            assert {scope: result.count(scope) for scope in ALL_SCOPES} == {
                Scope.ANSWERS: Tally(1),
                Scope.THINKING: Tally(1),
                Scope.TOOLS: Tally(2),
                Scope.MINE: Tally(2),
            }

    async def test_model_and_dates_narrow(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        query = SearchQuery("green", frozenset({Scope.MINE, Scope.ANSWERS}))
        for narrowed, expected in (
            (replace(query, model="MiniMax-M2"), [("m2", 3), ("m1", 0)]),
            (replace(query, model="MiniMax-M2.1"), [("n1", 0)]),
            (replace(query, model="another"), []),
            (replace(query, since=200.0), [("n1", 0), ("m2", 3)]),
            (replace(query, until=200.0), [("m1", 0)]),
            (replace(query, since=150.0, until=300.0), [("m2", 3)]),
        ):
            assert found(await search.search(narrowed)) == expected

    async def test_the_trash_is_searched_apart(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        await filled.delete_conversation("c2")
        mine = SearchQuery("green", frozenset({Scope.MINE}))
        assert found(await search.search(mine)) == [("m1", 0)]
        assert found(await search.search(replace(mine, in_trash=True))) == [("n1", 0)]
        await filled.restore_conversation("c2")
        assert found(await search.search(mine)) == [("n1", 0), ("m1", 0)]
        assert found(await search.search(replace(mine, in_trash=True))) == []

    async def test_the_limit_limits_hits_and_not_the_count(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        result = await search.search(SearchQuery("green", limit=2))
        assert found(result) == [("n1", 0), ("m2", 3)]
        assert sum(result.count(scope).number for scope in Scope) == 6

    async def test_counting_ends(
        self, store: ConversationStore, search: ConversationSearch
    ) -> None:
        messages = [Message(f"m{n}", Role.USER, (Text("e"),)) for n in range(MOST_COUNTED + 1)]
        await store.add_messages(Conversation("c", head="m1"), messages[1:])
        assert (await search.search(SearchQuery("e"))).count(Scope.MINE) == Tally(MOST_COUNTED)
        await store.add_messages(Conversation("c", head="m0"), messages[:1])
        result = await search.search(SearchQuery("e"))
        assert result.count(Scope.MINE) == Tally(MOST_COUNTED, is_least=True)

    async def test_a_finished_message_is_found_as_it_is_then(
        self, store: ConversationStore, search: ConversationSearch
    ) -> None:
        begun = replace(ANSWER, parts=(), state=MessageState.STREAMING)
        await store.add_messages(TEA, (QUESTION, begun))
        assert found(await search.search(SearchQuery("绿茶"))) == []
        await store.finish_message(ANSWER)
        assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]
        await store.finish_message(replace(ANSWER, parts=(Text("红茶"),)))
        assert found(await search.search(SearchQuery("绿茶"))) == []
        assert found(await search.search(SearchQuery("红茶"))) == [("m2", 0)]

    async def test_a_change_is_told_when_it_can_be_found(
        self, filled: ConversationStore, search: ConversationSearch
    ) -> None:
        told = asyncio.Event()
        end = search.subscribe(told.set)
        search.note_change()
        async with asyncio.timeout(20):
            await told.wait()
        assert found(await search.search(SearchQuery("绿茶"))) == [("m2", 3)]
        end()
        told.clear()
        search.note_change()
        await search.search(SearchQuery("绿茶"))
        assert not told.is_set()
