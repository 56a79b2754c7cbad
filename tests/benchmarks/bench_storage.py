"""What storing costs as messages and conversations grow; prints ratios of one run.

CPU time of the whole process, so the worker counts; a ratio near 1 means that size does not matter.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import TextDelta
from desktop_app.domain.message import Message, MessageState, Role, Text, Thought
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import open_database

WORDS = "The pot is warmed, the leaves are given room, the water is poured. 茶是一种文化。 "
BATCH = tuple(TextDelta("leaves ") for _ in range(40))


async def measured(action: Callable[[], Awaitable[object]], rounds: int) -> tuple[float, float]:
    """Median CPU and elapsed milliseconds of one ``action``."""
    cpu, wall = [], []
    for _ in range(rounds):
        began = time.process_time_ns(), time.perf_counter_ns()
        await action()
        cpu.append(time.process_time_ns() - began[0])
        wall.append(time.perf_counter_ns() - began[1])
    return statistics.median(cpu) / 1e6, statistics.median(wall) / 1e6


def show(name: str, small: tuple[float, float], large: tuple[float, float], per: int = 1) -> None:
    ratio = large[0] / per / max(small[0], 1e-6)
    print(
        f"{name}: CPU {small[0]:.3f} ms -> {large[0]:.3f} ms, elapsed {small[1]:.3f} ms ->"
        f" {large[1]:.3f} ms, CPU ratio {ratio:.2f}{f' per item ({per} times as many)' * (per > 1)}"
    )


async def appends(folder: Path) -> None:
    database = (await open_database(folder / "appends.db")).database
    store = SqliteConversationStore(database)
    answer = Message("a", Role.ASSISTANT, state=MessageState.STREAMING)
    await store.add_messages(Conversation("c", head="a"), (answer,))
    await store.append_deltas("a", (TextDelta("x" * 1000),))
    short = await measured(lambda: store.append_deltas("a", BATCH), 300)
    for _ in range(245):
        await store.append_deltas("a", (TextDelta("x" * 2000),))
    long = await measured(lambda: store.append_deltas("a", BATCH), 300)
    show("append 280 characters at 1k / 500k characters", short, long)
    await database.aclose()


def branch(name: str, length: int) -> tuple[Conversation, tuple[Message, ...]]:
    messages = tuple(
        Message(
            f"{name}{i}",
            Role.ASSISTANT if i % 2 else Role.USER,
            (Thought(WORDS * 3, 1.0), Text(WORDS * 5)) if i % 2 else (Text(WORDS),),
            parent=f"{name}{i - 1}" if i else None,
            received={"role": "assistant", "content": WORDS * 5} if i % 2 else None,
        )
        for i in range(length)
    )
    return Conversation(name, name, updated_at=length, head=messages[-1].id), messages


async def histories(folder: Path) -> None:
    times = {}
    for length in (10, 10_000):
        path = folder / f"{length}.db"
        database = (await open_database(path)).database
        store = SqliteConversationStore(database)
        await store.add_messages(*branch("m", length))
        times["list", length] = await measured(store.list_conversations, 50)
        times["load", length] = await measured(lambda store=store: store.load_branch("m"), 5)
        await database.aclose()

        async def opened(path: Path = path) -> None:
            await (await open_database(path)).database.aclose()

        times["open", length] = await measured(opened, 9)
    show("list with 10 / 10,000 messages", times["list", 10], times["list", 10_000])
    show("open the database with 10 / 10,000 messages", times["open", 10], times["open", 10_000])
    show("load a branch of 10 / 10,000 messages", times["load", 10], times["load", 10_000])
    show("load, per message", times["load", 10], times["load", 10_000], per=1000)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        await appends(Path(folder))
        await histories(Path(folder))


if __name__ == "__main__":
    asyncio.run(main())
