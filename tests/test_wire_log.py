"""The wire log of the whole program: as the settings want it, and without the key anywhere."""

import asyncio
import random
import zlib
from pathlib import Path

import apsw
import pytest

from desktop_app.chat.exchange_text import as_curl, as_json, as_python
from desktop_app.composition import Services, compose
from desktop_app.demo.script import HttpError, Reply, Say, Think
from desktop_app.demo.server import DemoServer
from desktop_app.domain.exchange import MASKED_KEY, ExchangeRecord
from desktop_app.domain.message import Message
from desktop_app.options import Options
from desktop_app.settings.table import WIRE_LOG, WIRE_LOG_MEGABYTES

CANARY = "sk-canary-2c9e71a0f4"


async def composed(folder: Path, server: DemoServer) -> Services:
    variables = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": CANARY}
    services = await compose(Options(data_dir=folder, environment=variables))
    services.paths.create()
    return services


async def answered(services: Services, text: str) -> Message:
    session = services.library.new_session()
    session.send(text)
    async with asyncio.timeout(20):
        await session.settled()
    return session.messages[-1]


async def kept(services: Services, message: Message) -> tuple[ExchangeRecord, ...]:
    return await services.store.load_exchanges(message.id)


async def test_the_key_is_in_no_record_no_export_and_no_file(tmp_path):
    echo = f"Bearer {CANARY}, you said {CANARY}."
    with DemoServer() as server:
        server.enqueue(
            Reply([Think(echo), Say("Fine.")], headers=(("X-Echo", echo),)),
            HttpError(401, 2049, f"invalid api key {CANARY}", headers=(("X-Echo", echo),)),
        )
        services = await composed(tmp_path, server)
        for text in ("One?", "Two?"):
            (record,) = await kept(services, await answered(services, text))
            assert ("Authorization", MASKED_KEY) in record.request_headers
            for export in (repr(record), as_json(record), as_curl(record), as_python(record)):
                assert CANARY not in export
        assert [seen.header("authorization") for seen in server.posts] == [f"Bearer {CANARY}"] * 2
        path = services.paths.database
        await services.aclose()
    databases = [path, *services.paths.backups.iterdir()]
    assert len(databases) == 2
    for database in databases:
        connection = apsw.Connection(str(database), flags=apsw.SQLITE_OPEN_READONLY)
        rows = connection.execute("SELECT data FROM exchange").fetchall()
        connection.close()
        stored = [zlib.decompress(data) for (data,) in rows]
        assert len(stored) == 2
        assert not any(CANARY.encode() in text for text in stored)
    for file in tmp_path.rglob("*"):
        # The answer itself is the server's word: only what we wrote of the exchange is ours.
        if file.is_file() and file not in databases:
            assert CANARY.encode() not in file.read_bytes(), file


async def test_the_records_are_there_after_a_restart(tmp_path):
    with DemoServer() as server:
        server.otherwise(Reply([Say("Fine.")]))
        services = await composed(tmp_path, server)
        answer = await answered(services, "One?")
        before = await kept(services, answer)
        await services.aclose()
        services = await composed(tmp_path, server)
        assert await kept(services, answer) == before
        assert before[0].request_body.encode() == server.posts[0].body
        await services.aclose()


async def test_the_settings_turn_it_off_and_limit_its_room(tmp_path):
    with DemoServer() as server:
        server.otherwise(Reply([Say("Fine.")]))
        services = await composed(tmp_path, server)
        services.settings.set(WIRE_LOG, False)
        assert await kept(services, await answered(services, "One?")) == ()
        services.settings.set(WIRE_LOG, True)
        services.settings.set(WIRE_LOG_MEGABYTES, 1)
        first = await answered(services, "Two?")
        assert len(await kept(services, first)) == 1
        # Hexadecimal digits of noise: half of them remain when they are compressed. One such question
        # fits into the model's window.
        large = random.Random(7).randbytes(100_000).hex()
        answers = [await answered(services, large) for _ in range(12)]
        assert await kept(services, first) == ()
        there = [len(await kept(services, answer)) for answer in answers]
        assert there == sorted(there)
        assert 0 < sum(there) < 12
        await services.aclose()


@pytest.mark.parametrize("text", ["茶", "x"])
async def test_an_exchange_is_sent_again_byte_for_byte(tmp_path, text):
    with DemoServer() as server:
        server.otherwise(Reply([Say("Fine.")]))
        services = await composed(tmp_path, server)
        session = services.library.new_session()
        session.send(text)
        await session.settled()
        first = session.messages[-1]
        (record,) = await kept(services, first)
        assert session.resend(record)
        await session.settled()
        again = session.messages[-1]
        assert again.text == "Fine."
        assert (again.parent, again.model) == (first.parent, first.model)
        bodies = [seen.body for seen in server.posts]
        assert bodies[0] == bodies[1]
        assert len(await kept(services, again)) == 1
        await services.aclose()
