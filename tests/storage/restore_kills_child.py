"""Goes back to a copy and is killed at its n-th file operation, n = 1, 2, 3 ... to the end.

    python -m tests.storage.restore_kills_child FOLDER

After each kill the next start finds all of what was there, or all of what the copy holds.
"""

import asyncio
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import apsw

from desktop_app.domain.backup import BackupReason
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.message import Message, MessageState, Role, Text
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.opening import open_database
from desktop_app.storage.safekeeper import SqliteSafekeeper
from tests.contracts.stored_values import ANSWER, QUESTION, with_head
from tests.storage.migration_kills_child import killed, killed_at_operation

MOST = 3000
DONE = replace(ANSWER, state=MessageState.COMPLETE)
LATER = Message("n1", Role.USER, (Text("later " * 3000),))


def backups(path: Path) -> Path:
    return path.parent / "backups"


async def prepare(path: Path) -> None:
    opening = await open_database(path)
    store = SqliteConversationStore(opening.database)
    await store.add_messages(with_head("m2"), (QUESTION, DONE))
    keeper = SqliteSafekeeper(opening.database, path, backups(path))
    await keeper.back_up(BackupReason.MANUAL)
    await store.delete_conversation("c1")
    await store.add_messages(Conversation("c9", head="n1"), (LATER,))
    await keeper.aclose()
    await opening.database.aclose()


async def restore(path: Path) -> None:
    opening = await open_database(path)
    keeper = SqliteSafekeeper(opening.database, path, backups(path))
    copies = await keeper.list_backups()
    await keeper.restore(copies[-1].name)
    await keeper.aclose()
    await opening.database.aclose()


async def look(path: Path) -> str:
    opening = await open_database(path)
    assert opening.problem is None
    store = SqliteConversationStore(opening.database)
    (shown,) = await store.list_conversations()
    branch = await store.load_branch(shown.id)
    assert branch == {"c1": (QUESTION, DONE), "c9": (LATER,)}[shown.id]
    await opening.database.aclose()
    connection = apsw.Connection(str(path))
    assert connection.execute("PRAGMA integrity_check").get == "ok"
    connection.close()
    return shown.id


def main(folder: Path) -> None:
    template = folder / "template"
    template.mkdir()
    asyncio.run(prepare(template / "interleave.db"))
    seen = set()
    for number in range(1, MOST):
        home = folder / str(number)
        shutil.copytree(template, home)
        path = home / "interleave.db"
        was_killed = killed(path, number, killed_at_operation, restore)
        seen.add(asyncio.run(look(path)))
        shutil.rmtree(home)
        if not was_killed:
            assert seen == {"c1", "c9"}
            print(number - 1)
            return
    raise AssertionError("it never came to an end")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
