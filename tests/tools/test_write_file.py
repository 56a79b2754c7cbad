"""write_file: what is shown is what is done, to the very file that was shown, or nothing is."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.chat.tool_ports import ToolError
from desktop_app.tools import _changes
from desktop_app.tools._changes import unified_diff
from desktop_app.tools._names import PathRefusedError
from desktop_app.tools._previews import PreviewMemory
from tests.tools.kit import call_of, run, tool_named

TOOL = tool_named("write_file")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    root = tmp_path / "notes"
    root.mkdir()
    (root / "a.txt").write_text("one\ntwo\nthree\n")
    return root


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def preview(arguments, *folders, previews=None) -> str:
    return await TOOL.preview(call_of(arguments, *folders, previews=previews))


async def test_the_change_is_shown_and_nothing_is_changed_by_it(notes):
    diff = await preview({"path": "a.txt", "content": "one\n2\nthree\n"}, notes)
    assert diff == "--- a/notes/a.txt\n+++ b/notes/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three"
    assert (notes / "a.txt").read_text() == "one\ntwo\nthree\n"


async def test_a_new_file_is_shown_as_one(notes):
    diff = await preview({"path": "new/b.txt", "content": "hi"}, notes)
    assert (
        diff
        == "--- /dev/null\n+++ b/notes/new/b.txt\n@@ -0,0 +1 @@\n+hi\n\\ No newline at end of file"
    )
    assert not (notes / "new").exists()


async def test_it_is_written_whole_with_its_folders(notes):
    text = await run("write_file", {"path": "notes/x/y/b.txt", "content": "你好\n"}, notes)
    assert text == "Created notes/x/y/b.txt with 7 bytes."
    assert (notes / "x" / "y" / "b.txt").read_bytes() == "你好\n".encode()
    assert names_in(notes / "x" / "y") == ["b.txt"]


async def test_a_file_keeps_its_permissions_line_ends_and_encoding(notes):
    (notes / "w.txt").write_bytes("eins\r\nzwei ä\r\n".encode("cp1252"))
    (notes / "w.txt").chmod(0o600)
    diff = await preview({"path": "w.txt", "content": "eins\ndrei ö\n"}, notes)
    assert diff.endswith("@@ -1,2 +1,2 @@\n eins\n-zwei ä\n+drei ö")
    text = await run("write_file", {"path": "w.txt", "content": "eins\ndrei ö\n"}, notes)
    assert text == "Replaced notes/w.txt: 14 bytes became 14."
    assert (notes / "w.txt").read_bytes() == "eins\r\ndrei ö\r\n".encode("cp1252")
    if os.name == "posix":
        assert (notes / "w.txt").stat().st_mode & 0o7777 == 0o600
    with pytest.raises(ToolError, match="which has no '\\\\u4f60'"):
        await run("write_file", {"path": "w.txt", "content": "你"}, notes)


async def test_a_file_that_changed_since_it_was_shown_is_left_alone(notes):
    previews, arguments = PreviewMemory(), {"path": "a.txt", "content": "new"}
    await preview(arguments, notes, previews=previews)
    (notes / "a.txt").write_text("somebody else's")
    with pytest.raises(ToolError, match="changed after"):
        await run("write_file", arguments, notes, previews=previews)
    assert (notes / "a.txt").read_text() == "somebody else's"
    # Shown anew, it may.
    await preview(arguments, notes, previews=previews)
    await run("write_file", arguments, notes, previews=previews)
    assert (notes / "a.txt").read_text() == "new"


@pytest.mark.parametrize("there_at_first", [True, False])
async def test_a_file_that_comes_or_goes_meanwhile_counts_as_changed(notes, there_at_first):
    previews, arguments = PreviewMemory(), {"path": "b.txt", "content": "new"}
    if there_at_first:
        (notes / "b.txt").write_text("x")
    await preview(arguments, notes, previews=previews)
    if there_at_first:
        (notes / "b.txt").unlink()
    else:
        (notes / "b.txt").write_text("x")
    with pytest.raises(ToolError, match="changed after"):
        await run("write_file", arguments, notes, previews=previews)


def test_previews_are_forgotten_in_the_end():
    previews = PreviewMemory()
    for number in range(500):
        previews.remember({"path": str(number)}, "old")
    previews.check({"path": "0"}, "new")
    with pytest.raises(ToolError):
        previews.check({"path": "499"}, "new")


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/tmp/x",
        "out/x",
        "link.txt",
        ".bashrc",
        ".git/hooks/x",
        ".env",
        "k.pem",
        "",
        "sub/",
        "a\0b",
    ],
)
async def test_nothing_is_written_elsewhere_or_where_programs_obey(notes, tmp_path, path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "f.txt").write_text("outside")
    (notes / "out").symlink_to(outside)
    (notes / "link.txt").symlink_to(outside / "f.txt")
    for act in (preview, lambda arguments, *folders: run("write_file", arguments, *folders)):
        with pytest.raises(ToolError):
            await act({"path": path, "content": "x"}, notes)
    assert names_in(outside) == ["f.txt"]
    assert (outside / "f.txt").read_text() == "outside"


async def test_a_folder_that_becomes_a_link_while_it_is_written_is_not_followed(
    notes, tmp_path, monkeypatch
):
    from desktop_app.tools import write_file

    outside = tmp_path / "outside"
    outside.mkdir()
    (notes / "sub").mkdir()
    planned = write_file._planned

    def exchange(call):
        change = planned(call)
        (notes / "sub").rmdir()
        (notes / "sub").symlink_to(outside)
        return change

    monkeypatch.setattr(write_file, "_planned", exchange)
    with pytest.raises(PathRefusedError):
        await run("write_file", {"path": "sub/x.txt", "content": "x"}, notes)
    assert names_in(outside) == []


async def test_folders_binary_files_and_large_ones_are_refused(notes):
    (notes / "sub").mkdir()
    (notes / "b.bin").write_bytes(b"\0\1")
    (notes / "big.txt").write_bytes(b"x" * (4 * 1024 * 1024 + 1))
    for path, sentence in (("sub", "folder"), ("b.bin", "binary"), ("big.txt", "too large")):
        with pytest.raises(ToolError, match=sentence):
            await run("write_file", {"path": path, "content": "x"}, notes)
    with pytest.raises(ToolError, match="At most 4 MB"):
        await run("write_file", {"path": "n.txt", "content": "x" * 5_000_000}, notes)
    with pytest.raises(ToolError, match="no '\\\\ud800'"):
        await run("write_file", {"path": "n.txt", "content": "\ud800"}, notes)


async def test_what_is_there_already_is_said(notes):
    arguments = {"path": "a.txt", "content": "one\ntwo\nthree\n"}
    assert await preview(arguments, notes) == ""
    assert await run("write_file", arguments, notes) == "notes/a.txt was like that already."


LINES = st.lists(st.sampled_from(["a", "b", "", "c c", "-x", "+y", "\\"]), max_size=12)


@given(LINES, LINES, st.booleans(), st.booleans(), st.booleans())
def test_a_diff_applied_by_patch_gives_the_new_text(
    tmp_path_factory, old, new, old_end, new_end, coarse
):
    before = "\n".join(old) + ("\n" if old and old_end else "")
    after = "\n".join(new) + ("\n" if new and new_end else "")
    most = _changes._MOST_PAIRS
    _changes._MOST_PAIRS = 0 if coarse else most
    try:
        diff = unified_diff("f.txt", before, after)
    finally:
        _changes._MOST_PAIRS = most
    assert bool(diff) == (before != after)
    if not diff:
        return
    folder = tmp_path_factory.mktemp("patch")
    (folder / "f.txt").write_text(before, newline="\n")
    ended = subprocess.run(
        ["git", "apply", "-"], input=f"{diff}\n", cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, (diff, ended)
    result = (folder / "f.txt").read_text() if (folder / "f.txt").exists() else ""
    assert result == after


def test_two_large_texts_that_share_nothing_are_shown_one_after_the_other():
    # A comparison of each line with each would take minutes.
    old = "\n".join(f"a{number % 7}" for number in range(20_000))
    new = "\n".join(f"b{number % 5}" for number in range(20_000))
    diff = unified_diff("f", old, new)
    assert diff.count("\n-a") == diff.count("\n+b") == 20_000
