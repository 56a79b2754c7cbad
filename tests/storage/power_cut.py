"""A disk whose power is cut: what was written and not yet synced is there, or not, or half.

SQLite's file operations are recorded once; from the recording any number of cuts can be played. At a
cut each write that no sync has followed is kept or dropped by chance, in whatever order, and one of
them may be torn at a sector: more than a real disk does, and all that SQLite's promise is about.

    python -m tests.storage.power_cut --cuts 2000
"""

import argparse
import asyncio
import logging
import os
import random
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import apsw

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import TextDelta
from desktop_app.domain.message import Message, MessageState, Role, Text
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.inspection import damaged_messages
from desktop_app.storage.opening import open_storage
from tests.storage.faulty_disk import BASE

SECTOR = 512
TURNS = 6
DELTAS = 12


@dataclass(frozen=True)
class Write:
    path: str
    offset: int
    data: bytes


@dataclass(frozen=True)
class Truncate:
    path: str
    size: int


@dataclass(frozen=True)
class Sync:
    path: str


@dataclass(frozen=True)
class Delete:
    path: str
    is_synced: bool


@dataclass(frozen=True)
class Acknowledged:
    """The store returned: from here on so many deltas of the turn are durable, or all of it."""

    turn: int
    deltas: int
    is_finished: bool = False


Operation = Write | Truncate | Sync | Delete | Acknowledged


class Recorder:
    """Holds what was done to the disk, in order."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []


class _Vfs(apsw.VFS):
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        super().__init__("recording", BASE, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> "_File":
        return _File(self._recorder, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self._recorder.operations.append(Delete(filename, syncdir))


class _File(apsw.VFSFile):
    def __init__(self, recorder: Recorder, name: Any, flags: list[int]) -> None:
        super().__init__(BASE, name, flags)
        self._recorder = recorder
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._recorder.operations.append(Write(self._path, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        self._recorder.operations.append(Truncate(self._path, size))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._recorder.operations.append(Sync(self._path))


@contextmanager
def recorded() -> Iterator[Recorder]:
    """Record what SQLite does to every file."""
    recorder = Recorder()
    vfs = _Vfs(recorder)
    try:
        yield recorder
    finally:
        apsw.set_default_vfs(BASE)
        vfs.unregister()


class Disk:
    """What is on the disk for good, and what is on its way there."""

    def __init__(self) -> None:
        self.durable: dict[str, bytearray] = {}
        self.pending: defaultdict[str, list[Operation]] = defaultdict(list)

    def do(self, operation: Operation) -> None:
        match operation:
            case Sync(path):
                for waiting in self.pending.pop(path, []):
                    self._apply(waiting)
            case Delete(path, is_synced=True):
                self.pending.pop(path, None)
                self.durable.pop(path, None)
            case Write(path) | Truncate(path) | Delete(path):
                self.pending[path].append(operation)

    def cut(self, chance: random.Random) -> None:
        """Let a part of what is on its way arrive."""
        for waiting in self.pending.values():
            share = chance.choice((0.0, 1.0, chance.random()))
            arriving = [operation for operation in waiting if chance.random() < share]
            if chance.random() < 0.5:
                chance.shuffle(arriving)
            for operation in arriving:
                if isinstance(operation, Write) and chance.random() < 0.2:
                    sectors = chance.randrange(len(operation.data) // SECTOR + 1)
                    operation = replace(operation, data=operation.data[: sectors * SECTOR])
                self._apply(operation)
        self.pending.clear()

    def _apply(self, operation: Operation) -> None:
        match operation:
            case Write(path, offset, data):
                content = self.durable.setdefault(path, bytearray())
                if len(content) < offset:
                    content.extend(bytes(offset - len(content)))
                content[offset : offset + len(data)] = data
            case Truncate(path, size):
                content = self.durable.setdefault(path, bytearray())
                del content[size:]
            case Delete(path):
                self.durable.pop(path, None)


def question(turn: int) -> Message:
    parent = f"a{turn - 1}" if turn else None
    return Message(f"q{turn}", Role.USER, (Text(f"Question {turn}"),), parent=parent)


def streaming(turn: int) -> Message:
    return Message(f"a{turn}", Role.ASSISTANT, parent=f"q{turn}", state=MessageState.STREAMING)


def text_of(turn: int, deltas: int) -> str:
    return "".join(f"{turn}.{number} {'tea ' * 40}" for number in range(deltas))


async def live(path: Path, recorder: Recorder) -> None:
    """Some turns of a conversation, with the program left and started again in between."""
    opening = await open_storage(path)
    for turn in range(TURNS):
        if turn == TURNS // 2:
            await opening.database.aclose()
            opening = await open_storage(path)
        # Often, so that the log is put into the file, and begun anew, many times.
        await opening.database.run(lambda c: c.wal_autocheckpoint(6))
        store = SqliteConversationStore(opening.database)
        await store.add_messages(
            Conversation("c", head=f"a{turn}"), (question(turn), streaming(turn))
        )
        recorder.operations.append(Acknowledged(turn, 0))
        for number in range(DELTAS):
            new = text_of(turn, number + 1).removeprefix(text_of(turn, number))
            await store.append_deltas(f"a{turn}", (TextDelta(new),))
            recorder.operations.append(Acknowledged(turn, number + 1))
        whole = (Text(text_of(turn, DELTAS)),)
        await store.finish_message(
            replace(streaming(turn), parts=whole, state=MessageState.COMPLETE)
        )
        recorder.operations.append(Acknowledged(turn, DELTAS, is_finished=True))
    await opening.database.aclose()


async def look(path: Path, known: list[Acknowledged]) -> None:
    """What was acknowledged is there, and nothing is that was never written."""
    opening = await open_storage(path)
    assert opening.problem is None, opening.sentence
    found = {m.id: m for m in await SqliteConversationStore(opening.database).load_branch("c")}
    await opening.database.aclose()
    connection = apsw.Connection(str(path))
    assert connection.execute("PRAGMA integrity_check").get == "ok"
    assert damaged_messages(connection) == 0
    connection.close()
    for turn in range(TURNS):
        facts = [fact for fact in known if fact.turn == turn]
        answer = found.get(f"a{turn}")
        if answer is None:
            assert not facts
            continue
        assert found[f"q{turn}"].text == f"Question {turn}"
        assert text_of(turn, DELTAS).startswith(answer.text)
        if facts:
            assert len(answer.text) >= len(text_of(turn, facts[-1].deltas))
            if facts[-1].is_finished:
                assert answer.state is MessageState.COMPLETE


def record(folder: Path) -> list[Operation]:
    """Record a run in ``folder``."""
    with recorded() as recorder:
        asyncio.run(live(folder / "interleave.db", recorder))
    return recorder.operations


def cut(operations: list[Operation], at: int, folder: Path, chance: random.Random) -> None:
    """Play ``operations`` up to ``at``, cut the power, and look at what is left in ``folder``."""
    disk = Disk()
    for operation in operations[:at]:
        disk.do(operation)
    disk.cut(chance)
    folder.mkdir()
    for path, content in disk.durable.items():
        (folder / Path(path).name).write_bytes(content)
    known = [o for o in operations[:at] if isinstance(o, Acknowledged)]
    asyncio.run(look(folder / "interleave.db", known))
    shutil.rmtree(folder)


def cuts(count: int, seed: int, folder: Path) -> int:
    """Cut the power ``count`` times at places spread over a run; return how many places there are."""
    home = folder / "home"
    home.mkdir()
    operations = record(home)
    chance = random.Random(seed)
    for number in range(count):
        at = chance.randrange(1, len(operations) + 1)
        try:
            cut(operations, at, folder / "cut", chance)
        except AssertionError as error:
            error.add_note(f"cut {number} of seed {seed}, after operation {at}")
            raise
    return len(operations)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    chosen = parser.parse_args()
    logging.getLogger("desktop_app").setLevel(logging.CRITICAL)
    print(f"seed {chosen.seed}", flush=True)
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        places = cuts(chosen.cuts, chosen.seed, Path(folder))
    print(f"{chosen.cuts} power cuts at {places} places: nothing that was acknowledged is lost")


if __name__ == "__main__":
    os.umask(0o077)
    main()
