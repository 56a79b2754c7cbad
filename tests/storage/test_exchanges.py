"""Exchanges in the database: within their room, away with their message, and never in the way."""

import random
import zlib
from dataclasses import replace

from desktop_app.storage.conversation_store import SqliteConversationStore
from tests.contracts.stored_values import EXCHANGE, QUESTION, STREAMING, with_head


async def count(opening) -> int:
    return await opening.database.run(lambda c: c.execute("SELECT count(*) FROM exchange").get)


def numbered(number: int):
    # Does not compress, so that every row has about the same size.
    return replace(EXCHANGE, id=f"e{number}", body=random.Random(number).randbytes(3000).hex())


async def test_the_oldest_make_room(opening):
    cap = 10**9
    store = SqliteConversationStore(opening.database, lambda: cap)
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    records = [numbered(number) for number in range(8)]
    for record in records[:4]:
        await store.save_exchange(record)
    size = await opening.database.run(lambda c: c.execute("SELECT max(size) FROM exchange").get)
    cap = int(size * 3.5)
    for record in records[4:]:
        await store.save_exchange(record)
    assert await store.load_exchanges("m2") == tuple(records[-3:])
    total = await opening.database.run(
        lambda c: c.execute("SELECT sum(length(data)) FROM exchange").get
    )
    assert total <= cap


async def test_one_that_is_larger_than_all_room_is_not_kept(opening):
    store = SqliteConversationStore(opening.database, lambda: 100)
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.save_exchange(EXCHANGE)
    assert await store.load_exchanges("m2") == ()


async def test_they_go_with_their_message(opening, store):
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.save_exchange(EXCHANGE)
    await opening.database.write(lambda c: c.execute("DELETE FROM conversation WHERE id = 'c1'"))
    assert await count(opening) == 0


async def test_they_are_stored_compressed(opening, store):
    long = replace(EXCHANGE, request_body="x" * 100_000)
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    await store.save_exchange(long)
    size, length = await opening.database.run(
        lambda c: c.execute("SELECT size, length(data) FROM exchange").fetchone()
    )
    assert size == length < 2_000
    assert await store.load_exchanges("m2") == (long,)


async def test_a_damaged_row_does_not_hide_the_others(opening, store, caplog):
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    for number in range(5):
        await store.save_exchange(numbered(number))
    bad = (b"no zlib", zlib.compress(b"\xff"), zlib.compress(b"{}"), zlib.compress(b"{}" * 9)[:-3])
    await opening.database.write(
        lambda c: [
            c.execute("UPDATE exchange SET data = ? WHERE id = ?", (data, f"e{number}"))
            for number, data in enumerate(bad)
        ]
    )
    assert await store.load_exchanges("m2") == (numbered(4),)
    assert caplog.text.count("is damaged") == 4
