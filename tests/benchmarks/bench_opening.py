"""What opening, scrolling, resizing and zooming cost, and what a long conversation takes in memory.

Opening ten thousand messages must cost what opening ten does, and a message of half a million
characters what one of a thousand does: only what is in sight is read and laid out. Every operation
stays within a frame. Run by `make bench`; see `bench_transcript` for how to read the figures.
"""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop_app.chat.library import Library
from desktop_app.chat.ports import Model
from desktop_app.chat.session import ChatSession
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.domain.message import Message, MessageState, Role, Text
from desktop_app.domain.usage import Usage
from desktop_app.ui.conversation.page import ConversationPage
from desktop_app.ui.thinking.pane import ThinkingPane
from desktop_app.ui.transcript import BlockView
from tests.benchmarks.transcript_kit import (
    MIXED,
    SHAPES,
    answer,
    application,
    conversation,
    cpu,
    cpu_to_paint,
    discard,
    heading,
    limit_row,
    ratio_row,
    settle,
    shown_view,
    text_of,
)
from tests.fakes.conversation_store import MemoryConversationStore

ROUNDS = 9
FEW, MANY = 10, 10_000
SHORT, FULL, LONG = 1_000, 5_000, 500_000
FRAME = 16.0
REST_SECONDS = 0.4


def main() -> None:
    """Print every figure."""
    app = application()
    heading(f"opening, to the first paint: {MANY:,} messages against {FEW}")
    print_conversations(app)
    print_pages(app)
    heading(f"... one message of {LONG:,} characters against one of {SHORT:,}")
    for shape in SHAPES:
        print_message(app, shape)
    heading(f"a conversation of {MANY:,} messages against {FEW}")
    print_changes(app)
    heading("the longest of the steps of each operation")
    print_operations(app)
    heading(f"memory of {MANY:,} messages beyond their text")
    print_memory(app)


def in_turns(*acts: Callable[[], float]) -> list[float]:
    """The median of each figure, taken in turns."""
    rounds = [[act() for act in acts] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds, strict=True)]


def opening(app: QApplication, view: BlockView, entries: list) -> float:
    view.clear()
    app.processEvents()
    gc.collect()
    return cpu_to_paint(app, view, partial(view.set_entries, entries))


def print_conversations(app: QApplication) -> None:
    view = shown_view()
    few, many = conversation(FEW), conversation(MANY)
    small, large = in_turns(lambda: opening(app, view, few), lambda: opening(app, view, many))
    ratio_row("the view alone", large, small, 2)
    discard(view)


async def stored_sessions(*counts: int) -> tuple[Library, list[ChatSession]]:
    """Sessions as they are when a person opens them: of stored messages, read from the store."""
    store = MemoryConversationStore()
    usage = Usage(prompt=100, completion=200)
    for count in counts:
        head = f"{count}-{count - 1}" if count else None
        conversation = Conversation(f"c{count}", "A long one", model="MiniMax-M2", head=head)
        messages = tuple(
            Message(
                id=f"{count}-{number}",
                parent=f"{count}-{number - 1}" if number else None,
                role=Role.ASSISTANT if number % 2 else Role.USER,
                parts=(Text(f"{number}. {MIXED}"),),
                created_at=1.7e9 + 60 * number,
                state=MessageState.COMPLETE,
                model="MiniMax-M2" if number % 2 else None,
                usage=usage if number % 2 else None,
            )
            for number in range(count)
        )
        await store.save_conversation(conversation)
        if messages:
            await store.add_messages(conversation, messages)
    library = Library(store, no_model, lambda: "MiniMax-M2")
    await library.load()
    return library, [await library.open(f"c{count}") for count in counts]


async def no_model() -> Model:
    raise AssertionError("nobody is asked")


async def no_exchanges(_: str) -> tuple[ExchangeRecord, ...]:
    return ()


def print_pages(app: QApplication) -> None:
    """The page with header, counts and thinking, from sessions as they are when they are read."""
    library, (few, many, none) = asyncio.run(stored_sessions(FEW, MANY, 0))
    page = ConversationPage(ThinkingPane(), library, no_exchanges)
    page.resize(900, 800)
    page.show()
    settle(app)

    def open_one(session: ChatSession) -> float:
        page.show_session(none)
        app.processEvents()
        gc.collect()
        return cpu_to_paint(app, page, partial(page.show_session, session))

    small, large = in_turns(lambda: open_one(few), lambda: open_one(many))
    ratio_row("the page, from stored messages", large, small, 2)
    discard(page)


def print_message(app: QApplication, shape: str) -> None:
    view = shown_view()
    entries = [[answer(text_of(shape, length))] for length in (SHORT, FULL, LONG)]
    small, full, large = in_turns(*(partial(opening, app, view, each) for each in entries))
    ratio_row(shape, large, small, 2)
    ratio_row(f"{shape}: against one that fills the view", large, full, 2)
    discard(view)


def print_changes(app: QApplication) -> None:
    views = [shown_view(conversation(count)) for count in (FEW, MANY)]
    settle(app, 1.0)

    def resized(view: BlockView) -> float:
        wide = cpu(app, partial(view.resize, 700, 800))
        return (wide + cpu(app, partial(view.resize, 900, 800))) / 2

    def zoomed(view: BlockView) -> float:
        larger = cpu(app, partial(view.set_zoom, 1.3))
        return (larger + cpu(app, partial(view.set_zoom, 1.0))) / 2

    for name, act in (("resize", resized), ("zoom", zoomed)):
        small, large = in_turns(partial(act, views[0]), partial(act, views[1]))
        ratio_row(name, large, small, 1.2)
    for view in views:
        discard(view)


def longest(app: QApplication, act: Callable[[], object]) -> float:
    """The longest turn of the loop from `act` on, until the work ahead has run out."""
    steps = [cpu(app, act)]
    deadline = time.perf_counter() + REST_SECONDS
    while time.perf_counter() < deadline:
        steps.append(cpu(app, lambda: None))
    return max(steps)


def print_operations(app: QApplication) -> None:
    entries = conversation(2_000)
    entries.insert(1_000, answer(text_of("mixed", LONG), "long"))

    def operations(view: BlockView) -> dict[str, Callable[[], object]]:
        bar = view.verticalScrollBar()
        return {
            "open": lambda: view.set_entries(entries),
            "a wheel step": lambda: bar.setValue(bar.value() - 120),
            "a page up, warmed": lambda: bar.setValue(bar.value() - 760),
            "jump to the start": lambda: bar.setValue(0),
            "jump to the middle": lambda: bar.setValue(bar.maximum() // 2),
            "jump to the end": lambda: view.scroll_to_end(),
            "resize": lambda: view.resize(700 if view.width() == 900 else 900, 800),
            "zoom": lambda: view.set_zoom(1.3 if view.width() == 900 else 1.1),
            "select all": view.select_all,
        }

    view = shown_view(entries)
    settle(app, 1.0)
    worst: dict[str, list[float]] = {}
    for _ in range(5):
        for name, act in operations(view).items():
            worst.setdefault(name, []).append(longest(app, act))
    for name, costs in worst.items():
        limit_row(name, statistics.median(costs), FRAME)
    discard(view)
    # The same once more where nothing was done ahead: twelve pages in one go.
    view = shown_view(entries)
    settle(app, 1.0)
    bar = view.verticalScrollBar()
    costs = [cpu(app, lambda: bar.setValue(bar.value() - 760)) for _ in range(12)]
    limit_row("pages up without a rest (median)", statistics.median(costs), FRAME)
    discard(view)


def resident() -> float:
    """Megabytes of memory that the process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def print_memory(app: QApplication) -> None:
    entries = conversation(MANY)
    view = shown_view(conversation(FEW))
    settle(app, 0.5)
    gc.collect()
    before = resident()
    view.set_entries(entries)
    settle(app, 0.5)
    gc.collect()
    limit_row("opened", resident() - before, 40, "MB")
    bar = view.verticalScrollBar()
    while bar.value() > 0:
        bar.setValue(bar.value() - 700)
        app.processEvents()
    gc.collect()
    limit_row("scrolled through, page by page", resident() - before, 40, "MB")
    discard(view)


if __name__ == "__main__":
    main()
