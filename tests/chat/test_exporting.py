"""How a file comes to be: whole, or not at all."""

import asyncio
import json
import stat
import threading
import zipfile
from pathlib import Path

import pytest

from desktop_app.chat.exporting import (
    ExportFormat,
    Exporting,
    ExportOptions,
    new_file,
    suffix_of,
    with_suffix,
)
from desktop_app.chat.ports import StoreError
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.conversation_tree import ConversationTree
from tests.contracts.tree_contract import OLD, TREE
from tests.fakes.conversation_store import MemoryConversationStore


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


class Words:
    """Writes titles, and what a test wants to happen meanwhile."""

    def __init__(self, file, options) -> None:
        self.file = file

    def add(self, tree: ConversationTree) -> None:
        self.file.write(tree.conversation.title.encode())

    def close(self) -> None:
        self.file.write(b".")


def form_of(writing=Words, *, holds_many: bool = False) -> ExportFormat:
    return ExportFormat("words", "Words", ".words", "text/plain", False, holds_many, writing)


@pytest.fixture
async def store() -> MemoryConversationStore:
    store = MemoryConversationStore()
    await store.import_conversations((TREE, OLD, ConversationTree(Conversation("c9", "Old"))))
    return store


async def write(store, path: Path, *ids: str, form=None, replace=False) -> list[int]:
    said: list[int] = []
    await Exporting(store).write(
        path, form or form_of(), ids, ExportOptions(), said.append, replace=replace
    )
    return said


async def test_one_conversation(store, tmp_path):
    path = tmp_path / "tea.words"
    assert await write(store, path, "c1") == [1]
    assert path.read_text() == "Tea 茶."
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(tmp_path) == ["tea.words"]


async def test_several_in_one_file_where_that_is_possible(store, tmp_path):
    path = tmp_path / "all.words"
    assert await write(store, path, "c1", "c0", form=form_of(holds_many=True)) == [1, 2]
    assert path.read_text() == "Tea 茶Old."


async def test_several_in_an_archive_where_it_is_not(store, tmp_path):
    path = tmp_path / "all.zip"
    await write(store, path, "c1", "c0", "c9")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["Tea 茶.words", "Old.words", "Old (2).words"]
        assert archive.read("Old (2).words") == b"Old."
        assert archive.testzip() is None


async def test_a_file_that_is_there_is_replaced_only_when_that_was_said(store, tmp_path):
    path = tmp_path / "tea.words"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        await write(store, path, "c1")
    assert path.read_text() == "mine"
    await write(store, path, "c1", replace=True)
    assert path.read_text() == "Tea 茶."
    assert names(tmp_path) == ["tea.words"]


async def test_a_file_that_appears_meanwhile_is_not_replaced(store, tmp_path):
    path = tmp_path / "tea.words"

    class Late(Words):
        def close(self) -> None:
            path.write_text("mine")

    with pytest.raises(FileExistsError):
        await write(store, path, "c1", form=form_of(Late))
    assert path.read_text() == "mine"
    assert names(tmp_path) == ["tea.words"]


@pytest.mark.parametrize("several", [False, True])
async def test_nothing_is_left_of_a_file_that_failed(store, tmp_path, several):
    class Full(Words):
        def add(self, tree: ConversationTree) -> None:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        await write(store, tmp_path / "x", *["c1", "c0"][: 1 + several], form=form_of(Full))
    await until_gone(tmp_path)


async def test_nothing_is_left_where_a_conversation_cannot_be_read(store, tmp_path):
    with pytest.raises(StoreError):
        await write(store, tmp_path / "x", "c1", "nobody")
    await until_gone(tmp_path)


async def test_nothing_is_left_of_a_file_that_was_cancelled(store, tmp_path):
    loop, begun, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    class Slow(Words):
        def add(self, tree: ConversationTree) -> None:
            loop.call_soon_threadsafe(begun.set)
            assert go_on.wait(20)

    task = loop.create_task(write(store, tmp_path / "x", "c1", "c0", form=form_of(Slow)))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await until_gone(tmp_path)


async def until_gone(folder: Path) -> None:
    """Wait for the thread that clears away."""
    gone = asyncio.Event()
    loop = asyncio.get_running_loop()
    threads = [t for t in threading.enumerate() if t.name == "export"]

    def wait() -> None:
        for thread in threads:
            thread.join(20)
        loop.call_soon_threadsafe(gone.set)

    threading.Thread(target=wait).start()
    await gone.wait()
    assert names(folder) == []


async def test_a_folder_that_takes_nothing_says_so(store, tmp_path):
    with pytest.raises(FileNotFoundError):
        await write(store, tmp_path / "missing" / "x", "c1")


def test_a_link_is_a_file_that_is_there(tmp_path):
    path = tmp_path / "link"
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError), new_file(path, replace=False):
        pass


def test_suffixes():
    assert suffix_of(form_of(), several=True) == ".zip"
    assert suffix_of(form_of(holds_many=True), several=True) == ".words"
    suffix = ".interleave.json"
    for typed in ("a", "a.json", "a.interleave.json"):
        assert with_suffix(Path("x", typed), suffix) == Path("x", "a.interleave.json")
    assert with_suffix(Path("a.MD"), ".md") == Path("a.MD")
    assert with_suffix(Path("v1.2"), ".md") == Path("v1.2.md")


def test_formats_write_no_path_of_this_machine(tmp_path, tree_formats):
    for form in tree_formats:
        path = tmp_path / f"x{form.suffix}"
        with new_file(path, replace=False) as file:
            writing = form.begin(file, ExportOptions())
            writing.add(TREE)
            writing.close()
        content = path.read_bytes()
        assert str(tmp_path).encode() not in content
        assert str(Path.home()).encode() not in content or str(Path.home()) == "/"


@pytest.fixture
def tree_formats() -> tuple[ExportFormat, ...]:
    from desktop_app.exporters import export_formats

    return export_formats()


def test_the_lossless_format_is_json(tmp_path, tree_formats):
    (lossless,) = [form for form in tree_formats if form.is_lossless]
    path = tmp_path / "x"
    with new_file(path, replace=False) as file:
        writing = lossless.begin(file, ExportOptions())
        writing.add(TREE)
        writing.close()
    assert json.loads(path.read_text())["conversations"][0]["id"] == "c1"
