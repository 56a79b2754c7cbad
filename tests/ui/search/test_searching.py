"""Searching in the real window: from a letter that is typed to the place in a conversation."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QToolButton

from desktop_app.chat.ports import StoreError
from desktop_app.demo.script import Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, Role, Text, Thought, ToolCall
from desktop_app.domain.search import Scope
from desktop_app.ui.search.hits_model import HIT_ROLE
from tests.ui.conftest import QLoop
from tests.ui.window_kit import Rig, open_window, until

LONG = "\n\n".join(f"Paragraph {number} of a long answer." for number in range(80))


def message(name: str, role: Role, parent: str | None, *parts: object) -> Message:
    return Message(name, role, tuple(parts), parent, 1e9, model="MiniMax-M2")  # type: ignore[arg-type]


TEA = (
    message("q1", Role.USER, None, Text("Why green tea?")),
    message("a1", Role.ASSISTANT, "q1", Thought("Think of 绿茶", 1.0), Text(LONG)),
    message("q2", Role.USER, "a1", Text("And black?")),
    message(
        "a2",
        Role.ASSISTANT,
        "q2",
        Thought("First", 1.0),
        ToolCall("call", "look_up", '{"what": "leaves"}'),
        Text("Oxidised <b>leaves</b>. 红茶"),
    ),
    message("a1b", Role.ASSISTANT, "q1", Text("Another answer on jasmine.")),
    message("q3", Role.USER, "a1b", Text("More of it.")),
)


async def fill(rig: Rig) -> None:
    await rig.store.add_messages(Conversation("tea", "Tea", 1.0, 2.0, "MiniMax-M2", head="a2"), TEA)
    coffee = message("c1", Role.USER, None, Text("Coffee leaves nothing to wish."))
    await rig.store.add_messages(
        Conversation("coffee", "Coffee", 1.0, 3.0, "MiniMax-M2", head="c1"), (coffee,)
    )
    await rig.library.load()


def field(rig: Rig) -> QLineEdit:
    return rig.named("Search conversations", QLineEdit)


def excerpts(rig: Rig) -> list[str]:
    model = rig.window.sidebar.results.hits.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


async def look_for(rig: Rig, text: str, expected: int) -> None:
    field(rig).setText(text)
    looking = rig.window.work.searching._looking
    assert looking is not None
    await until(looking.done)
    assert len(excerpts(rig)) == expected


async def open_row(rig: Rig, row: int) -> None:
    hits = rig.window.sidebar.results.hits
    hits.activated.emit(hits.model().index(row, 0))
    await until(
        lambda: rig.window.work.searching._going is None and rig.session.conversation.id, "opening"
    )


def is_in_sight(view: object, entry_id: str) -> bool:
    item = view.stack.by_id[entry_id]  # type: ignore[attr-defined]
    top = view.stack.top_of(item) - view.scrolling.value  # type: ignore[attr-defined]
    return -1 <= top < view.viewport().height()  # type: ignore[attr-defined]


def test_words_in_texts_are_found_as_they_are_typed(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            results = rig.window.sidebar.results
            assert not results.isVisible()
            field(rig).setFocus()
            QTest.keyClicks(field(rig), "leav")
            await until(lambda: len(excerpts(rig)) == 3)
            assert results.isVisible()
            assert rig.titles == []
            assert "Oxidised <b>leaves</b>. 红茶" in excerpts(rig)
            field(rig).setText("红茶")
            await until(lambda: excerpts(rig) == ["Oxidised <b>leaves</b>. 红茶"])
            field(rig).setText("tea")
            assert rig.titles == ["Tea"]
            await until(lambda: excerpts(rig) == ["Why green tea?"])
            field(rig).clear()
            assert not results.isVisible()
            assert rig.titles == ["Coffee", "Tea"]

    qloop(scenario())


def test_an_answer_is_found_as_soon_as_it_is_there(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario(server: DemoServer) -> None:
        async with open_window(tmp_path, server) as rig:
            await look_for(rig, "杀青", 0)
            # Not by keys: the test library has none for Chinese.
            assert rig.session.send("绿茶为什么是绿色的？")
            await rig.settled()
            # Without a further letter: the list of conversations changed, so it is looked up again.
            await until(lambda: excerpts(rig) == ["因为经过杀青。"])
            await look_for(rig, "绿茶", 2)
            hits = rig.window.sidebar.results.hits.model()
            assert [hits.index(row, 0).data(HIT_ROLE).scope for row in range(2)] == [
                Scope.THINKING,
                Scope.MINE,
            ]

    with DemoServer() as server:
        server.otherwise(Reply([Think("用户问绿茶。"), Say("因为经过杀青。")]))
        qloop(scenario(server))


def test_keys_lead_down_into_the_hits_and_back(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            box = field(rig)
            box.setFocus()
            await until(box.hasFocus)
            await look_for(rig, "tea", 1)
            titles = rig.named("Conversations", QListView)
            hits = rig.named("Search results", QListView)
            QTest.keyClick(box, Qt.Key.Key_Down)
            assert titles.hasFocus()
            QTest.keyClick(titles, Qt.Key.Key_Down)
            assert hits.hasFocus()
            assert hits.currentIndex().row() == 0
            QTest.keyClick(hits, Qt.Key.Key_Down)
            assert hits.hasFocus()
            QTest.keyClick(hits, Qt.Key.Key_Up)
            assert titles.hasFocus()
            QTest.keyClick(titles, Qt.Key.Key_Up)
            assert box.hasFocus()
            QTest.keyClick(box, Qt.Key.Key_Up)
            assert box.hasFocus()
            QTest.keyClick(box, Qt.Key.Key_Down)
            QTest.keyClick(titles, Qt.Key.Key_Down)
            QTest.keyClick(hits, Qt.Key.Key_Return)
            await until(lambda: rig.session.conversation.id == "tea")
            assert hits.hasFocus()
            QTest.keyClick(hits, Qt.Key.Key_Escape)
            assert box.text() == ""
            assert box.hasFocus()
            assert rig.titles == ["Coffee", "Tea"]
            QTest.keyClick(box, Qt.Key.Key_Escape)
            QTest.keyClick(titles, Qt.Key.Key_Down)
            assert box.text() == ""

    qloop(scenario())


def test_enter_in_the_field_opens_the_first(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            QTest.keyClick(field(rig), Qt.Key.Key_Return)
            await look_for(rig, "wish", 1)
            QTest.keyClick(field(rig), Qt.Key.Key_Return)
            await until(lambda: rig.session.conversation.id == "coffee")
            await look_for(rig, "tea", 1)
            QTest.keyClick(field(rig), Qt.Key.Key_Return)
            await until(lambda: rig.session.conversation.id == "tea")

    qloop(scenario())


def test_a_hit_is_brought_into_sight(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            await look_for(rig, "why green", 1)
            await open_row(rig, 0)
            await until(lambda: rig.texts[:1] == ["Why green tea?"])
            assert is_in_sight(rig.window.work.page.view, "q1")
            assert not rig.window.work.page.view.is_at_end()

    qloop(scenario())


def test_a_hit_in_the_thinking_shows_its_chain(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            rig.window.thinking.hide()
            await look_for(rig, "绿茶", 1)
            await open_row(rig, 0)
            await until(rig.window.thinking.isVisible)
            assert [step.text for step in rig.steps] == ["Think of 绿茶"]
            assert is_in_sight(rig.window.work.page.view, "a1")
            await look_for(rig, "look_up", 1)
            await open_row(rig, 0)
            assert [step.text for step in rig.steps] == ["First", '{"what": "leaves"}']
            assert is_in_sight(rig.window.thinking.view, "a2/call0")

    qloop(scenario())


def test_a_hit_on_another_branch_shows_that_branch(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            await look_for(rig, "jasmine", 1)
            await open_row(rig, 0)
            shown = ["Why green tea?", "Another answer on jasmine.", "More of it."]
            await until(lambda: rig.texts == shown)
            await rig.session.settled()
            branch = await rig.store.load_branch("tea")
            assert [stored.id for stored in branch] == ["q1", "a1b", "q3"]

    qloop(scenario())


def test_scopes_narrow_and_widening_gives_everything_back(
    qloop: QLoop[None], tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            await look_for(rig, "leaves", 3)
            rig.named("Mine", QToolButton).click()
            await until(lambda: len(excerpts(rig)) == 2)
            rig.named("Answers", QToolButton).click()
            await until(lambda: len(excerpts(rig)) == 1)
            hits = rig.window.sidebar.results.hits.model()
            assert hits.index(0, 0).data(HIT_ROLE).scope is Scope.TOOLS
            assert rig.named("Mine", QToolButton).text() == "Mine 1"
            rig.named("Tools", QToolButton).click()
            await until(lambda: excerpts(rig) == [])
            rig.click("Search everything")
            await until(lambda: len(excerpts(rig)) == 3)

    qloop(scenario())


def test_the_trash_is_searched_and_given_back(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            await look_for(rig, "wish", 1)
            await rig.library.delete("coffee")
            await until(lambda: excerpts(rig) == [])
            rig.window.sidebar.results.filter._trash.click()
            await until(lambda: len(excerpts(rig)) == 1)
            await open_row(rig, 0)
            await until(lambda: rig.session.conversation.id == "coffee")
            assert "Coffee" in [c.title for c in rig.library.conversations]
            await until(lambda: excerpts(rig) == [])

    qloop(scenario())


def test_what_the_database_refuses_is_said(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            await look_for(rig, "wish", 1)
            searching = rig.window.work.searching
            real_search, real_open = searching._search, searching._library.open_at

            class Refusing:
                async def search(self, _query: object) -> None:
                    raise StoreError("The disk is gone.")

            searching._search = Refusing()  # type: ignore[assignment]

            async def refuse(*_: object) -> None:
                raise StoreError("Not to be opened.")

            searching._library.open_at = refuse  # type: ignore[method-assign,assignment]
            hits = rig.window.sidebar.results.hits
            hits.activated.emit(hits.model().index(0, 0))
            await until(lambda: rig.window.banners.has("storage"))
            field(rig).setText("wish ")
            await until(lambda: excerpts(rig) == [])
            searching._search, searching._library.open_at = real_search, real_open  # type: ignore[method-assign]
            field(rig).setText("wish")
            await until(lambda: len(excerpts(rig)) == 1)

    qloop(scenario())


def test_another_choice_wins_over_a_hit_that_opens_slowly(
    qloop: QLoop[None], tmp_path: Path
) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            await look_for(rig, "wish", 1)
            never = asyncio.Event()

            async def wait(*_: object) -> None:
                await never.wait()

            rig.window.work.searching._library.open_at = wait  # type: ignore[method-assign,assignment]
            hits = rig.window.sidebar.results.hits
            hits.activated.emit(hits.model().index(0, 0))
            going = rig.window.work.searching._going
            assert going is not None
            rig.window.sidebar.conversation_chosen.emit("tea")
            await until(lambda: rig.session.conversation.id == "tea")
            await until(going.cancelled)
            del rig.window.work.searching._library.open_at

    qloop(scenario())


def test_a_branch_that_cannot_be_shown_now_is_said(qloop: QLoop[None], tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_window(tmp_path, "http://127.0.0.1:9/v1") as rig:
            await fill(rig)
            await look_for(rig, "jasmine", 1)
            session = await rig.library.open("tea")
            session.show_branch = lambda _messages: False  # type: ignore[method-assign]
            await open_row(rig, 0)
            await until(rig.window.work.toast.isVisible)
            assert "another branch" in rig.window.work.toast.accessibleName()

    qloop(scenario())
