"""A file of a release over a real connection: kept only whole and right, and from allowed places."""

import asyncio
import contextlib
import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.release import DownloadError, DownloadProblem, ReleaseFile
from desktop_app.providers.release_download import download, is_githubs
from tests.servers.http_thread import served

CONTENT = bytes(range(256)) * 12_000  # three megabytes


class Shop(ThreadingHTTPServer):
    """Hands out one file at ``/file``; other paths lead elsewhere, as ``leads`` says."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.says_length = len(CONTENT)
        self.status = 200
        self.leads: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.goes_on = threading.Event()
        self.goes_on.set()

    def file(self, path: str = "/file", **other: object) -> ReleaseFile:
        sums = hashlib.sha256(CONTENT).hexdigest()
        address = f"http://127.0.0.1:{self.server_port}{path}"
        known = {"name": "package.deb", "address": address, "size": len(CONTENT), "sha256": sums}
        return ReleaseFile(**(known | other))  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        goal = self.server.leads.get(self.path)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            if goal is not None:
                self.send_response(302)
                self.send_header("Location", goal)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(self.server.status)
            self.send_header("Content-Length", str(self.server.says_length))
            self.end_headers()
            half = len(self.server.content) // 2
            self.wfile.write(self.server.content[:half])
            self.server.goes_on.wait(20)
            self.wfile.write(self.server.content[half:])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as server, served(server):
        yield server
        server.goes_on.set()


def is_ours(address: str) -> bool:
    return urlsplit(address).hostname == "127.0.0.1"


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


async def fetched(file: ReleaseFile, folder: Path) -> tuple[Path, list[int]]:
    came: list[int] = []
    return await download(file, folder, came.append, may_ask=is_ours), came


async def test_a_file_is_put_into_a_folder_that_is_made(shop: Shop, tmp_path: Path) -> None:
    path, came = await fetched(shop.file(), tmp_path / "new")

    assert path == tmp_path / "new" / "package.deb"
    assert path.read_bytes() == CONTENT
    assert came == sorted(came)
    assert len(came) >= 3
    assert came[-1] == len(CONTENT)
    assert names_in(path.parent) == ["package.deb"]


async def test_redirects_are_followed_and_nothing_tells_who_asks(
    shop: Shop, tmp_path: Path
) -> None:
    shop.leads = {"/a": "/b", "/b": f"http://127.0.0.1:{shop.server_port}/file"}

    path, _ = await fetched(shop.file("/a"), tmp_path)

    assert path.read_bytes() == CONTENT
    assert [path for path, _ in shop.asked] == ["/a", "/b", "/file"]
    names = {name.lower() for _, headers in shop.asked for name in headers}
    assert names == {"host", "accept", "accept-encoding", "user-agent"}


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        ({"sha256": "0" * 64}, DownloadProblem.CONTENT),
        ({"size": len(CONTENT) - 1}, DownloadProblem.CONTENT),
        ({"size": len(CONTENT) + 1}, DownloadProblem.CONTENT),
    ],
)
async def test_what_is_not_what_the_release_says_is_not_kept(
    shop: Shop, tmp_path: Path, other: dict[str, object], problem: DownloadProblem
) -> None:
    (tmp_path / "package.deb").write_text("an earlier one")

    with pytest.raises(DownloadError) as failed:
        await fetched(shop.file(**other), tmp_path)

    assert failed.value.problem is problem
    assert names_in(tmp_path) == ["package.deb"]
    assert (tmp_path / "package.deb").read_text() == "an earlier one"


async def test_a_connection_that_breaks_leaves_nothing(shop: Shop, tmp_path: Path) -> None:
    shop.content = CONTENT[: len(CONTENT) // 2]

    with pytest.raises(DownloadError) as failed:
        await fetched(shop.file(), tmp_path)

    assert failed.value.problem is DownloadProblem.CONNECTION
    assert names_in(tmp_path) == []


async def test_a_server_that_refuses_or_is_not_there_is_no_file(shop: Shop, tmp_path: Path) -> None:
    shop.status = 404
    away = shop.file()
    with Shop() as closed:
        gone = closed.file()

    for file in (away, gone):
        with pytest.raises(DownloadError) as failed:
            await fetched(file, tmp_path)
        assert failed.value.problem is DownloadProblem.CONNECTION
    assert names_in(tmp_path) == []


async def test_a_redirect_without_end_and_one_to_elsewhere_are_not_followed(
    shop: Shop, tmp_path: Path
) -> None:
    shop.leads = {"/round": "/round", "/away": "http://elsewhere.test/file"}

    for path in ("/round", "/away"):
        with pytest.raises(DownloadError):
            await fetched(shop.file(path), tmp_path)

    assert [path for path, _ in shop.asked] == ["/round"] * 4 + ["/away"]


async def test_a_folder_that_cannot_be_written_is_said(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(DownloadError) as failed:
        await fetched(shop.file(), tmp_path / "file" / "below")

    assert failed.value.problem is DownloadProblem.DISK


async def test_stopping_leaves_nothing(shop: Shop, tmp_path: Path) -> None:
    shop.goes_on.clear()
    began = asyncio.Event()
    fetching = download(shop.file(), tmp_path, lambda _: began.set(), may_ask=is_ours)
    tasks = TaskScope()
    tasks.start(fetching, "download")
    await began.wait()
    assert names_in(tmp_path) == ["package.deb.part"]

    await tasks.close()

    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://github.com/interleave-chat/interleave/releases/download/v1/x", True),
        ("https://release-assets.githubusercontent.com/x?sig=1", True),
        ("http://github.com/x", False),
        ("https://github.com.evil.test/x", False),
        ("https://evilgithubusercontent.com/x", False),
        ("https://user@evil.test/github.com", False),
        ("file:///etc/passwd", False),
        ("", False),
    ],
)
def test_only_hosts_of_github_are_asked(address: str, allowed: bool) -> None:
    assert is_githubs(address) is allowed
