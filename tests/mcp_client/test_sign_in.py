"""Signing in to a real authorization server on loopback, with the person's consent played here."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.domain.mcp_server import ServerConfig, ServerPhase, ServerProblem, Wire
from desktop_app.mcp_client.parts import Parts
from desktop_app.mcp_client.servers import ConfiguredServers
from desktop_app.mcp_client.sign_in import may_be_opened
from tests.mcp_client.conftest import QUICK, Rig, running
from tests.servers.oauth_server import OAuthServer


@pytest.fixture
def server() -> Iterator[OAuthServer]:
    with OAuthServer() as serving:
        yield serving


class Person:
    """Looks at where they would sign in, and does or does not."""

    def __init__(self, server: OAuthServer, *, agrees: bool = True, state: str = "") -> None:
        self.server, self.agrees, self.state = server, agrees, state
        self.shown: list[tuple[str, str]] = []
        self.statuses: list[int] = []

    async def open_page(self, name: str, url: str) -> bool:
        self.shown.append((name, url))
        if self.agrees:
            loop = asyncio.get_running_loop()
            if self.state:
                forged = await loop.run_in_executor(None, self.server.sign_in, url, self.state)
                self.statuses.append(forged)
            self.statuses.append(await loop.run_in_executor(None, self.server.sign_in, url))
        return self.agrees


async def save(rig: Rig, server: OAuthServer, person: Person) -> None:
    rig.servers.attend(None, person.open_page)
    await rig.servers.save(ServerConfig("far", Wire.HTTP, url=f"{server.origin}/mcp"), {})
    await rig.phase("far", ServerPhase.READY, ServerPhase.FAILED)


async def test_tokens_go_to_the_keyring_and_serve_the_next_run(
    tmp_path: Path, server: OAuthServer
) -> None:
    person = Person(server)
    async with running(tmp_path, {}) as rig:
        await save(rig, server, person)
        assert rig.entry("far").status.phase is ServerPhase.READY
        assert (await rig.call("far", "echo", text="in")).text == "in"
        keys = rig.keys
    ((name, url),) = person.shown
    assert name == "far"
    assert url.startswith(f"{server.origin}/authorize?")
    assert person.statuses == [200]
    (kept,) = keys.items.values()
    assert json.loads(kept)["tokens"]["access_token"] == "token-1"
    for name in ("mcp.json", "mcp-approved.json"):
        assert "token-1" not in (tmp_path / name).read_text("utf-8")

    again = ConfiguredServers(tmp_path, Parts(keys=keys, limits=QUICK))
    await again.reload()
    await Rig(again, keys).phase("far", ServerPhase.READY)
    assert (server.registrations, server.grants) == (1, ["authorization_code"])
    await again.aclose()


async def test_a_stale_token_is_refreshed_without_the_person(
    tmp_path: Path, server: OAuthServer
) -> None:
    person = Person(server)
    async with running(tmp_path, {}) as rig:
        await save(rig, server, person)
        server.token = "token-2"
        (account,) = rig.keys.items
        content = json.loads(rig.keys.items[account])
        content["expires_at"] = 1
        rig.keys.items[account] = json.dumps(content)
        await rig.servers.restart("far")
        await rig.phase("far", ServerPhase.READY, ServerPhase.FAILED)
        assert rig.entry("far").status.phase is ServerPhase.READY
        assert json.loads(rig.keys.items[account])["tokens"]["access_token"] == "token-2"
        assert server.grants == ["authorization_code", "refresh_token"]
        assert len(person.shown) == 1


async def test_nobody_is_asked_at_the_start_of_the_program(
    tmp_path: Path, server: OAuthServer
) -> None:
    person = Person(server)
    async with running(tmp_path, {}) as rig:
        await save(rig, server, person)
        await rig.servers.sign_out("far")
        await rig.phase("far", ServerPhase.FAILED)
        assert rig.entry("far").status.problem is ServerProblem.SIGN_IN_NEEDED
        assert len(person.shown) == 1
        await rig.servers.restart("far")
        await rig.phase("far", ServerPhase.READY)
        assert len(person.shown) == 2


async def test_declining_opens_nothing(tmp_path: Path, server: OAuthServer) -> None:
    person = Person(server, agrees=False)
    async with running(tmp_path, {}) as rig:
        await save(rig, server, person)
        status = rig.entry("far").status
        assert (status.phase, status.problem) == (ServerPhase.FAILED, ServerProblem.SIGN_IN_FAILED)
        assert status.detail == "It was declined."
    assert server.grants == []


async def test_an_answer_that_was_not_asked_for_is_turned_away(
    tmp_path: Path, server: OAuthServer
) -> None:
    person = Person(server, state="forged")
    async with running(tmp_path, {}) as rig:
        await save(rig, server, person)
        assert rig.entry("far").status.phase is ServerPhase.READY
    assert person.statuses == [404, 200]


async def test_a_refusal_is_told(tmp_path: Path, server: OAuthServer) -> None:
    server.refuses = True
    person = Person(server)
    async with running(tmp_path, {}) as rig:
        await save(rig, server, person)
        assert rig.entry("far").status.detail == "It was refused: access_denied"


async def test_a_page_that_is_not_https_is_not_even_shown(
    tmp_path: Path, server: OAuthServer
) -> None:
    server.page = "http://evil.test/authorize"
    person = Person(server)
    async with running(tmp_path, {}) as rig:
        await save(rig, server, person)
        status = rig.entry("far").status
        assert status.problem is ServerProblem.SIGN_IN_FAILED
        assert "not https" in status.detail
    assert person.shown == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://e.test/a?b=c", True),
        ("http://127.0.0.1:3000/", True),
        ("http://localhost/", True),
        ("http://e.test/", False),
        ("https://user@e.test/", False),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("calculator:", False),
        ("https://e.test/ --app", False),
        ("https:///x", False),
        ("https://[", False),
    ],
)
def test_what_may_be_opened(url: str, expected: bool) -> None:
    assert may_be_opened(url) is expected
