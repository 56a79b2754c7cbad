"""What storing costs as messages and conversations grow; prints ratios of one run.

CPU time of the whole process, so the worker counts; a ratio near 1 means that size does not matter.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from desktop_app.chat.ports import ConversationStore, Model
from desktop_app.chat.session import ChatSession
from desktop_app.demo.pacing import Pacing
from desktop_app.demo.script import Reply, Say
from desktop_app.demo.server import DemoServer
from desktop_app.domain.backup import BackupReason
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import Delta, TextDelta
from desktop_app.domain.ids import new_id
from desktop_app.domain.message import Message, MessageState, Role, Text, Thought
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.database import Database
from desktop_app.storage.opening import open_database
from desktop_app.storage.safekeeper import SqliteSafekeeper
from tests.fakes.conversation_store import MemoryConversationStore

WORDS = "The pot is warmed, the leaves are given room, the water is poured. 茶是一种文化。 "
CHUNKS = 600
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


class NoStore(MemoryConversationStore):
    """Keeps nothing of what streams."""

    async def append_deltas(self, message_id: str, deltas: Sequence[Delta]) -> None:
        del message_id, deltas


async def streamed(store: ConversationStore, base_url: str, worker: Database | None) -> float:
    """Stream one answer through a session; CPU seconds of the loop's thread and of the worker."""

    async def of_worker() -> float:
        return await worker.run(lambda _: time.thread_time()) if worker is not None else 0.0

    connection = Connection("b", "B", base_url, ConnectionSource.CUSTOM)
    model = OpenAIChatModel(connection, "sk-bench")

    async def source() -> Model:
        return model

    session = ChatSession(
        Conversation(new_id(), model="MiniMax-M2"), (), store, source, keeps_exchanges=lambda: False
    )
    before = time.thread_time() + await of_worker()
    session.send("Count.")
    await session.settled()
    spent = time.thread_time() + await of_worker() - before
    assert session.messages[-1].text.endswith(f"word {CHUNKS - 1} "), session.messages[-1].error
    await session.close()
    await model.aclose()
    return spent


async def streaming(folder: Path) -> None:
    opening = await open_database(folder / "streaming.db")
    durable = SqliteConversationStore(opening.database)
    words = [Say(f"word {number} ") for number in range(CHUNKS)]
    ways = {"as fast as they come": Pacing(), "100 a second": Pacing(0.0, 0.01, 0.01)}
    for way, pacing in ways.items():
        with DemoServer(answer=Reply(words, pacing=pacing)) as server:
            await streamed(NoStore(), server.base_url, None)
            rounds = [
                (
                    await streamed(durable, server.base_url, opening.database),
                    await streamed(NoStore(), server.base_url, None),
                )
                for _ in range(3)
            ]
        kept, lost = (statistics.median(values) for values in zip(*rounds, strict=True))
        share = (kept - lost) / kept
        print(
            f"durable streaming, {CHUNKS} chunks {way}: {kept / CHUNKS * 1e6:.0f} us of CPU a chunk"
            f" with the store, {lost / CHUNKS * 1e6:.0f} without: {share:.1%} of the whole"
            " (without painting)"
        )
    await opening.database.aclose()


async def backups(folder: Path) -> None:
    path = folder / "large.db"
    opening = await open_database(path)
    store = SqliteConversationStore(opening.database)
    for number in range(24):
        conversation, messages = branch(f"b{number}-", 2000)
        await store.add_messages(conversation, messages)
    answer = Message("a", Role.ASSISTANT, state=MessageState.STREAMING)
    await store.add_messages(Conversation("c", head="a"), (answer,))
    keeper = SqliteSafekeeper(opening.database, path, folder / "backups")

    async def appended() -> float:
        began = time.perf_counter()
        await store.append_deltas("a", BATCH)
        await asyncio.sleep(0.02)
        return time.perf_counter() - began - 0.02

    alone = sorted([await appended() for _ in range(100)])
    began, cpu = time.perf_counter(), time.process_time()
    task = asyncio.get_running_loop().create_task(keeper.back_up(BackupReason.MANUAL))
    beside = []
    while not task.done():
        beside.append(await appended())
    backup = await task
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    beside.sort()
    print(
        f"backup of {backup.size / 1e6:.0f} MB with its check: {took:.1f} s, {cpu:.1f} s of CPU;"
        f" an append meanwhile waits {statistics.median(beside) * 1e3:.1f} ms, at most"
        f" {beside[-1] * 1e3:.0f} ms ({len(beside)} appends); alone"
        f" {statistics.median(alone) * 1e3:.1f}, at most {alone[-1] * 1e3:.0f} ms"
    )
    began, cpu = time.perf_counter(), time.process_time()
    assert not await keeper.find_damage()
    print(
        f"whole examination: {time.perf_counter() - began:.1f} s,"
        f" {time.process_time() - cpu:.1f} s of CPU"
    )
    await keeper.aclose()
    await opening.database.aclose()


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        await appends(Path(folder))
        await histories(Path(folder))
        await streaming(Path(folder))
        await backups(Path(folder))


if __name__ == "__main__":
    asyncio.run(main())
