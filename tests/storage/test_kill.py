"""A program that is killed while it streams loses nothing that was acknowledged."""

import random
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import apsw
import pytest

from desktop_app.domain.message import MessageState
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import open_storage

ROUNDS = 5

STREAM = textwrap.dedent(
    """
    import asyncio, sys
    from pathlib import Path
    from desktop_app.domain.conversation import Conversation
    from desktop_app.domain.delta import TextDelta, ThinkingDelta
    from desktop_app.domain.message import Message, MessageState, Role, Text
    from desktop_app.storage.conversation_store import SqliteConversationStore
    from desktop_app.storage.opening import open_storage

    async def main(path, name):
        store = SqliteConversationStore((await open_storage(Path(path))).database)
        question = Message(f"{name}-q", Role.USER, (Text("Count."),))
        answer = Message(f"{name}-a", Role.ASSISTANT, parent=question.id,
                         state=MessageState.STREAMING)
        await store.add_messages(Conversation(name, head=answer.id), (question, answer))
        number = 0
        while True:
            await store.append_deltas(
                answer.id, (ThinkingDelta(f"t{number} "), TextDelta(f"{number} "))
            )
            print(number, flush=True)
            number += 1

    asyncio.run(main(*sys.argv[1:]))
    """
)


def start(path: Path, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", STREAM, str(path), name],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
async def test_no_acknowledged_delta_is_lost(path: Path) -> None:
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    for round_number in range(ROUNDS):
        name = f"c{round_number}"
        child = start(path, name)
        seen = ""
        for _ in range(chance.randint(1, 300)):
            seen = child.stdout.readline()
            assert seen, "the child ended by itself"
        child.send_signal(signal.SIGKILL)
        rest, _ = child.communicate(timeout=20)
        # The last line may have been cut by the kill; only a whole one acknowledges.
        whole = [line for line in (seen + rest).splitlines(keepends=True) if line.endswith("\n")]
        acknowledged = int(whole[-1])

        opening = await open_storage(path)
        assert opening.problem is None, f"seed {seed}"
        assert opening.interrupted == 1, f"seed {seed}"
        store = SqliteConversationStore(opening.database)
        question, answer = await store.load_branch(name)
        assert question.text == "Count."
        assert answer.state is MessageState.INTERRUPTED
        numbers = [int(word) for word in answer.text.split()]
        assert numbers == list(range(len(numbers))), f"seed {seed}"
        assert len(numbers) > acknowledged, f"seed {seed}"
        assert len(answer.parts) == 2 * len(numbers)
        await opening.database.aclose()
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    assert connection.execute("PRAGMA integrity_check").get == "ok"
    assert connection.execute("SELECT count(*) FROM conversation").get == ROUNDS
    connection.close()
