"""The room that is set aside, and a disk that is really full."""

import os
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import apsw
import pytest

from desktop_app.domain.delta import TextDelta
from desktop_app.domain.message import MessageState
from desktop_app.storage.ballast import BALLAST_BYTES, Ballast
from desktop_app.storage.conversation_store import SqliteConversationStore
from desktop_app.storage.errors import DiskFullError
from desktop_app.storage.opening import open_database
from tests.contracts.stored_values import ANSWER, QUESTION, STREAMING, with_head
from tests.storage.faulty_disk import faulty_disk


def space_of(path: Path) -> int:
    """Bytes that a file really takes up."""
    return path.stat().st_blocks * 512


def test_it_takes_up_its_space_and_gives_it_back_once(tmp_path):
    ballast = Ballast(tmp_path / "ballast", 300_000)
    assert ballast.lay()
    assert ballast.lay()
    assert space_of(tmp_path / "ballast") >= 300_000
    assert stat.S_IMODE((tmp_path / "ballast").stat().st_mode) == 0o600
    assert not ballast.take_released()
    assert ballast.release()
    assert not ballast.release()
    assert list(tmp_path.iterdir()) == []
    assert ballast.take_released()
    assert not ballast.take_released()
    assert ballast.lay()


def test_where_space_cannot_be_reserved_it_is_written(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    ballast = Ballast(tmp_path / "ballast", 3_000_000)
    assert ballast.lay()
    assert space_of(tmp_path / "ballast") >= 3_000_000


def test_on_a_nearly_full_disk_it_is_not_laid(tmp_path):
    ballast = Ballast(tmp_path / "ballast", 1000, free=lambda _: 3999)
    assert not ballast.lay()
    assert list(tmp_path.iterdir()) == []


def test_half_of_it_is_not_left_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full, raising=False)
    assert not Ballast(tmp_path / "ballast", 1000).lay()
    assert list(tmp_path.iterdir()) == []


def test_one_that_is_too_small_is_laid_anew(tmp_path):
    (tmp_path / "ballast").write_bytes(b"x" * 10)
    assert Ballast(tmp_path / "ballast", 1000).lay()
    assert (tmp_path / "ballast").stat().st_size == 1000


async def test_a_full_disk_takes_writes_again_when_it_is_given_up(path):
    path.parent.mkdir()
    with faulty_disk(path.parent) as disk:
        opening = await open_database(path)
        store = SqliteConversationStore(opening.database)
        await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
        ballast = path.parent / "ballast"
        with disk.at_rest():
            assert opening.ballast.lay()
        assert ballast.stat().st_size == BALLAST_BYTES

        def full() -> None:
            if ballast.exists():
                raise apsw.FullError

        disk.arm_with(full, 1)
        await store.append_deltas("m2", (TextDelta("Because"),))
        assert not ballast.exists()
        assert disk.struck
        assert opening.ballast.take_released()
        with disk.at_rest():
            assert (await store.load_branch("c1"))[-1].text == "Because"
            await opening.database.aclose()


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A file system of 4 MB, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ("-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs")
    try:
        subprocess.run(["mount", *options, folder], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"mounting a small file system needs rights that are not there: {error}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


async def test_a_disk_that_is_really_full(small_disk):
    path = small_disk / "interleave.db"
    opening = await open_database(path)
    store = SqliteConversationStore(opening.database)
    await store.add_messages(with_head("m2"), (QUESTION, STREAMING))
    ballast = Ballast(small_disk / "ballast", 512 * 1024)
    opening.database._ballast = ballast
    assert ballast.lay()
    _fill(small_disk / "films")
    # The first that finds no room gives up the ballast; with that it is saved.
    await store.append_deltas("m2", (TextDelta("x" * 200_000),))
    assert ballast.take_released()
    assert not ballast.lay(), "there is no room to set aside"
    _fill(small_disk / "more films")
    with pytest.raises(DiskFullError):
        await store.append_deltas("m2", (TextDelta("y" * 900_000),))
    # All that was saved can be read, and with room again everything goes on.
    assert len((await store.load_branch("c1"))[-1].text) == 200_000
    (small_disk / "films").unlink()
    (small_disk / "more films").unlink()
    await store.finish_message(replace(ANSWER, state=MessageState.COMPLETE))
    assert ballast.lay()
    await opening.database.aclose()
    opening = await open_database(path)
    assert opening.problem is None
    branch = await SqliteConversationStore(opening.database).load_branch("c1")
    assert branch == (QUESTION, replace(ANSWER, state=MessageState.COMPLETE))
    await opening.database.aclose()


def _fill(path: Path) -> None:
    """Write until there is no room for another page."""
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096):
            with pytest.raises(OSError, match="No space left"):  # noqa: PT012
                while file.write(b"f" * size) == size:
                    pass
                os.write(file.fileno(), b"f" * size)  # after a short write the next is refused
