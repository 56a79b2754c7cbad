"""The feed of releases over a real connection: what is sent, and what is made of answers."""

import contextlib
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from desktop_app import HOME_PAGE, __version__
from desktop_app.domain.release import ReleaseFile
from desktop_app.providers.release_feed import FEED, newest_release
from tests.servers.http_thread import served


class Feed(HTTPServer):
    """Answers each request with what the test wants, and keeps how it was asked."""

    status = 200
    body = b""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heads: list[tuple[str, str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/releases/latest"

    def answer(self, value: object, status: int = 200) -> None:
        self.status = status
        self.body = value if isinstance(value, bytes) else json.dumps(value).encode()


class Handler(BaseHTTPRequestHandler):
    server: Feed

    def do_GET(self) -> None:
        self.server.heads.append((self.command, self.path, dict(self.headers)))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", self.server.url)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        # Whoever asked may have read enough.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def feed() -> Iterator[Feed]:
    with Feed() as server, served(server):
        yield server


def test_the_feed_is_that_of_the_project() -> None:
    assert FEED == "https://api.github.com/repos/interleave-chat/interleave/releases/latest"


async def test_the_newest_release_is_told_with_its_page(feed: Feed) -> None:
    feed.answer({"tag_name": "v12.3.4", "html_url": "https://elsewhere.test/"})

    release = await newest_release(feed=feed.url)

    assert release is not None
    assert release.version == "12.3.4"
    assert release.page == f"{HOME_PAGE}/releases/tag/v12.3.4", "the link is never the answer's"


ASSET = {"name": "interleave_1.0.0_amd64.deb", "size": 5, "digest": f"sha256:{'ab' * 32}"}


async def test_files_are_told_with_what_proves_them(feed: Feed) -> None:
    feed.answer(
        {"tag_name": "v1.0.0", "assets": [ASSET | {"browser_download_url": "https://x.test"}]}
    )

    release = await newest_release(feed=feed.url)

    assert release is not None
    address = f"{HOME_PAGE}/releases/download/v1.0.0/interleave_1.0.0_amd64.deb"
    (file,) = release.files
    assert file == ReleaseFile("interleave_1.0.0_amd64.deb", address, 5, "ab" * 32)


@pytest.mark.parametrize(
    "asset",
    [
        7, {}, ASSET | {"name": "../evil"}, ASSET | {"name": ""}, ASSET | {"name": ".bashrc"},
        ASSET | {"digest": None}, ASSET | {"digest": "md5:00"}, ASSET | {"digest": "sha256:00"},
        ASSET | {"size": 0}, ASSET | {"size": 2**40}, ASSET | {"size": True}, ASSET | {"size": "5"},
    ],
)  # fmt: skip
async def test_a_file_that_nothing_proves_is_left_out(feed: Feed, asset: object) -> None:
    feed.answer({"tag_name": "v1.0.0", "assets": [asset, ASSET]})

    release = await newest_release(feed=feed.url)

    assert release is not None
    assert [file.name for file in release.files] == [ASSET["name"]]


async def test_nothing_tells_who_asks(feed: Feed) -> None:
    feed.answer({"tag_name": "v1.0.0"})

    await newest_release(feed=feed.url)

    ((method, path, headers),) = feed.heads
    assert (method, path) == ("GET", "/releases/latest")
    assert {name.lower() for name in headers} == {"host", "accept", "accept-encoding", "user-agent"}
    assert headers["User-Agent"] == "Interleave"
    assert __version__ not in str(headers)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ({"message": "Not Found"}, 404), ({"message": "rate limit"}, 403), (b"", 500), (b"", 302),
        (b"<html>", 200), (b"", 200), ([], 200), ({}, 200), ({"tag_name": 7}, 200),
        ({"tag_name": "v1.0.0-rc1"}, 200), ({"tag_name": "../../evil"}, 200), (b"[" * 100_000, 200),
        (b" " * 300_000 + b'{"tag_name": "v1.0.0"}', 200),
    ],
)  # fmt: skip
async def test_an_answer_that_says_nothing_is_no_word(
    feed: Feed, value: object, status: int
) -> None:
    feed.answer(value, status)

    assert await newest_release(feed=feed.url) is None
    assert len(feed.heads) == 1, "no redirect is followed, nothing is asked twice"


async def test_a_feed_that_cannot_be_reached_is_no_word() -> None:
    with Feed() as closed:
        url = closed.url

    assert await newest_release(feed=url) is None
