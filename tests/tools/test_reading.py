"""list_folder, read_file and search_files on real files."""

import asyncio
import os
import tracemalloc
from pathlib import Path

import pytest

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.tool import ToolProgress
from desktop_app.tools import read_file, search_files
from desktop_app.tools._names import PathRefusedError
from desktop_app.tools._text import decode
from desktop_app.tools.search_files import matches
from tests.tools.kit import run


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    root = tmp_path / "notes"
    (root / "sub" / "deep").mkdir(parents=True)
    (root / "a.txt").write_bytes(b"one\r\ntwo\nthree")
    (root / "sub" / "b.md").write_text("# Plan\nBuy Milk and\neggs\n", encoding="utf-8")
    (root / "sub" / "deep" / "c.py").write_text("milk = 1\n", encoding="utf-8")
    return root


# Lists


async def test_a_folder_is_listed_folders_first(notes):
    (notes / ".env").write_text("KEY=1")
    (notes / "link").symlink_to(notes / "a.txt")
    (notes / "new\nline").write_text("")
    lines = (await run("list_folder", {}, notes)).split("\n")
    assert lines[:3] == ["notes/", "  sub/", lines[2]]
    assert lines[2].startswith("  a.txt  14 bytes, 20")
    assert "  link  (a link)" in lines
    assert any(line.startswith("  new\\nline  0 bytes") for line in lines)
    assert lines[-1] == "(1 left out: for keys, passwords or programs)"


async def test_without_a_path_the_granted_folders_are_named(notes, tmp_path):
    (tmp_path / "docs").mkdir()
    text = await run("list_folder", {"path": ""}, notes, tmp_path / "docs")
    assert text == "Granted folders:\nnotes/\ndocs/"
    assert await run("list_folder", {"path": "docs"}, notes, tmp_path / "docs") == "docs/\n(empty)"
    with pytest.raises(PathRefusedError, match="settings"):
        await run("list_folder", {})


async def test_a_long_list_is_cut(tmp_path, monkeypatch):
    from desktop_app.tools import list_folder

    monkeypatch.setattr(list_folder, "_MOST_ENTRIES", 3)
    for number in range(5):
        (tmp_path / f"{number}.txt").touch()
    lines = (await run("list_folder", {}, tmp_path)).split("\n")
    assert [line.split()[0] for line in lines[1:4]] == ["0.txt", "1.txt", "2.txt"]
    assert lines[4].startswith("(2 more")


async def test_what_is_not_there_or_no_folder_is_said(notes):
    with pytest.raises(PathRefusedError, match="There is no"):
        await run("list_folder", {"path": "nope"}, notes)
    with pytest.raises(PathRefusedError, match="no folder"):
        await run("list_folder", {"path": "a.txt"}, notes)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
async def test_what_the_system_refuses_is_said_without_the_path(notes):
    (notes / "a.txt").chmod(0)
    with pytest.raises(ToolError, match="The system refused: Permission denied") as caught:
        await run("read_file", {"path": "a.txt"}, notes)
    assert str(notes) not in str(caught.value)


# Reading


async def test_a_file_is_read_with_plain_line_ends(notes):
    assert await run("read_file", {"path": "a.txt"}, notes) == (
        "notes/a.txt, utf-8, lines 1 to 3 of 3:\n\none\ntwo\nthree"
    )


async def test_lines_are_chosen_and_the_rest_is_named(notes):
    text = await run("read_file", {"path": "a.txt", "first_line": 2, "lines": 1}, notes)
    assert text == "notes/a.txt, utf-8, lines 2 to 2 of 3; go on with first_line 3:\n\ntwo"
    with pytest.raises(ToolError, match="only 3 lines"):
        await run("read_file", {"path": "a.txt", "first_line": 9}, notes)


async def test_an_empty_file_is_said_to_be_one(notes):
    (notes / "e").touch()
    assert await run("read_file", {"path": "e"}, notes) == "notes/e: empty"


@pytest.mark.parametrize(
    ("content", "text", "encoding"),
    [
        ("Grüße, 你好".encode(), "Grüße, 你好", "utf-8"),
        ("你好，世界。今天".encode("gb18030"), "你好，世界。今天", "gb18030"),
        ("你好".encode("utf-16"), "你好", "utf-16"),
        ("你好".encode("utf-8-sig"), "你好", "utf-8-sig"),
        ("hi".encode("utf-32"), "hi", "utf-32"),
        ("été à la façade".encode("cp1252"), "été à la façade", "cp1252"),
        ("Äpfel, Öl, über".encode("latin-1"), "Äpfel, Öl, über", "cp1252"),
        (b"plain", "plain", "utf-8"),
    ],
)  # fmt: skip
async def test_encodings_are_found(notes, content, text, encoding):
    (notes / "x.txt").write_bytes(content)
    read = await run("read_file", {"path": "x.txt"}, notes)
    assert read == f"notes/x.txt, {encoding}, lines 1 to 1 of 1:\n\n{text}"


async def test_an_encoding_can_be_told(notes):
    (notes / "j.txt").write_bytes("日本語".encode("shift_jis"))
    assert (await run("read_file", {"path": "j.txt", "encoding": "shift_jis"}, notes)).endswith(
        "日本語"
    )
    for encoding, sentence in (
        ("utf-8", "not in utf-8"),
        ("nope", "no encoding"),
        ("rot13", "no encoding of texts"),
    ):
        with pytest.raises(ToolError, match=sentence):
            await run("read_file", {"path": "j.txt", "encoding": encoding}, notes)


@pytest.mark.parametrize(
    "content", [b"\x7fELF\0\0", bytes(range(256)) * 4, b"\x01\x02\x03" * 50, b"\x81\x8d" * 9]
)
async def test_binary_files_are_refused(notes, content):
    (notes / "x.bin").write_bytes(content)
    with pytest.raises(ToolError, match="binary"):
        await run("read_file", {"path": "x.bin"}, notes)


def test_a_text_that_was_cut_may_end_in_the_middle_of_a_character():
    assert decode("你好".encode()[:-1], is_cut=True).text == "你"


async def test_a_huge_file_is_refused_before_it_is_in_memory(notes):
    with (notes / "huge.txt").open("wb") as stream:
        stream.truncate(10 * 1024**3)
    tracemalloc.start()
    try:
        with pytest.raises(ToolError, match="larger than 16 MB"):
            await run("read_file", {"path": "huge.txt"}, notes)
        assert tracemalloc.get_traced_memory()[1] < 4 * read_file.MOST_BYTES
    finally:
        tracemalloc.stop()


async def test_one_line_without_end_is_cut(notes):
    (notes / "long.txt").write_text("x" * 1_000_000)
    text = await run("read_file", {"path": "long.txt"}, notes)
    assert "only the beginning is here" in text
    assert len(text) < 401_000


async def test_many_long_lines_come_in_parts(notes):
    (notes / "long.txt").write_text("\n".join("y" * 1_000 for _ in range(1_000)))
    text = await run("read_file", {"path": "long.txt", "lines": 20_000}, notes)
    head, _, body = text.partition(":\n\n")
    count = body.count("\n") + 1
    assert f"lines 1 to {count} of 1000; go on with first_line {count + 1}" in head


# Searching


async def test_names_and_words_are_found_whatever_their_case(notes):
    assert await run("search_files", {"name": "B.M"}, notes) == "notes/sub/b.md"
    assert await run("search_files", {"name": "*.py"}, notes) == "notes/sub/deep/c.py"
    assert await run("search_files", {"name": "deep"}, notes) == "notes/sub/deep/"
    found = await run("search_files", {"text": "MILK"}, notes)
    assert found.split("\n") == [
        "notes/sub/b.md:2: Buy Milk and",
        "notes/sub/deep/c.py:1: milk = 1",
    ]
    assert await run("search_files", {"text": "milk", "name": "*.py"}, notes) == (
        "notes/sub/deep/c.py:1: milk = 1"
    )
    assert await run("search_files", {"text": "milk", "path": "sub/deep"}, notes) == (
        "notes/sub/deep/c.py:1: milk = 1"
    )
    assert await run("search_files", {"text": "butter"}, notes) == "Nothing was found in notes/."


async def test_signs_of_regular_expressions_are_only_signs(notes):
    (notes / "r.txt").write_text("(a+)+$ is slow\n")
    assert await run("search_files", {"text": "(a+)+$"}, notes) == "notes/r.txt:1: (a+)+$ is slow"


def test_a_hostile_pattern_comes_to_an_end():
    # Backtracking over each star would take longer than the universe has lasted.
    assert not matches("a" * 255, "*a" * 90 + "b")


@pytest.mark.parametrize(
    ("name", "wanted", "result"),
    [
        ("a.md", "*.md", True), ("a.md", "*.m", False), ("a.md", "?.md", True), ("ab.md", "?.md", False),
        ("a.md", "*", True), ("", "*", True), ("a", "?*?", False), ("abcabd", "*abd", True), ("A.MD", "a*d", True),
    ],
)  # fmt: skip
def test_patterns(name, wanted, result):
    assert matches(name, wanted) is result


async def test_links_hidden_files_and_binaries_are_passed_over(notes, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.txt").write_text("milk")
    (notes / "out").symlink_to(tmp_path / "outside")
    (notes / "file").symlink_to(tmp_path / "outside" / "x.txt")
    (notes / ".hidden").write_text("milk")
    (notes / "key.pem").write_text("milk")
    (notes / "x.bin").write_bytes(b"milk\0milk")
    (notes / "node_modules").mkdir()
    (notes / "node_modules" / "m.js").write_text("milk")
    (notes / "round").symlink_to(notes)
    found = await run("search_files", {"text": "milk"}, notes)
    assert found.split("\n") == [
        "notes/sub/b.md:2: Buy Milk and",
        "notes/sub/deep/c.py:1: milk = 1",
    ]


async def test_all_granted_folders_are_searched(notes, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "d.txt").write_text("milk")
    assert "docs/d.txt:1: milk" in await run(
        "search_files", {"text": "milk"}, notes, tmp_path / "docs"
    )


async def test_what_is_too_much_ends_with_a_note(notes, monkeypatch):
    (notes / "many.txt").write_text("milk\n" * 100)
    found = (await run("search_files", {"text": "milk"}, notes)).split("\n")
    assert found[20] == "notes/many.txt: (more in this file)"
    monkeypatch.setattr(search_files, "_MOST_HITS", 5)
    assert "only the first 5 are shown" in await run("search_files", {"text": "milk"}, notes)
    monkeypatch.setattr(search_files, "_MOST_ENTRIES", 2)
    assert "stopped after 2 files" in await run("search_files", {"name": "zzz"}, notes)
    monkeypatch.setattr(search_files, "_MOST_SECONDS", -1.0)
    assert "stopped after -1 seconds" in await run("search_files", {"name": "zzz"}, notes)


async def test_a_long_line_shows_what_is_around_the_words(notes):
    (notes / "l.txt").write_text("x" * 5_000 + "needle" + "y" * 5_000)
    found = await run("search_files", {"text": "needle"}, notes)
    assert "needle" in found
    assert len(found) < 400


async def test_it_says_how_far_it_is_on_the_loops_own_thread(notes, monkeypatch):
    import threading

    monkeypatch.setattr(search_files, "_TELLS_EVERY", 1)
    heard: list[tuple[ToolProgress, threading.Thread]] = []
    await run(
        "search_files", {"name": "b"}, notes,
        on_progress=lambda progress: heard.append((progress, threading.current_thread())),
    )  # fmt: skip
    assert heard
    assert {thread for _, thread in heard} == {threading.current_thread()}
    assert heard[0][0].note == "1 looked at, 0 found"


async def test_stop_ends_a_search_before_it_returns(notes, monkeypatch):
    began, go_on, steps = asyncio.Event(), __import__("threading").Event(), []
    loop = asyncio.get_running_loop()

    def slow(name: str, wanted: str) -> bool:
        steps.append(name)
        loop.call_soon_threadsafe(began.set)
        go_on.wait(5)
        return False

    monkeypatch.setattr(search_files, "matches", slow)
    for number in range(50):
        (notes / f"{number}.txt").touch()
    task = loop.create_task(run("search_files", {"name": "x"}, notes))
    await began.wait()
    task.cancel()
    loop.call_later(0, go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(steps) == 1


async def test_nothing_to_look_for_is_said(notes):
    for arguments in ({}, {"name": " "}, {"text": "\n"}, {"text": "a" * 300}):
        with pytest.raises(ToolError):
            await run("search_files", arguments, notes)
