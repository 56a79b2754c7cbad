"""Granted folders with real files and links: what is opened is always inside, whatever moves meanwhile."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.tools import _folders
from desktop_app.tools._folders import GrantedFolders, Place
from desktop_app.tools._handles import HOLDS_FOLDERS, Folder
from desktop_app.tools._names import PathRefusedError

HELD = pytest.mark.parametrize("held", [HOLDS_FOLDERS, False], ids=["held", "by path"])


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    root = tmp_path / "notes"
    (root / "sub").mkdir(parents=True)
    (root / "a.txt").write_text("inside")
    (root / "sub" / "b.txt").write_text("deeper")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("outside")
    return root


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def granted(*roots: Path, held: bool = HOLDS_FOLDERS, private=()) -> GrantedFolders:
    return GrantedFolders([str(root) for root in roots], private, held=held)


def read(folders: GrantedFolders, path: str) -> str:
    with folders.open_file(folders.locate(path)) as stream:
        return stream.read().decode()


@HELD
@pytest.mark.parametrize("path", ["notes/a.txt", "a.txt", "./a.txt", "NOTE/a.txt"])
def test_a_file_is_found_from_the_name_of_its_folder_or_inside(notes, held, path):
    folders = granted(notes, held=held)
    if path.startswith("NOTE"):
        with pytest.raises(PathRefusedError, match="There is no"):
            read(folders, path)
    else:
        assert read(folders, path) == "inside"


def test_the_whole_path_of_something_inside_is_understood(notes):
    assert granted(notes).locate(str(notes / "sub" / "b.txt")).shown == "notes/sub/b.txt"


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "{parent}/outside/secret.txt", "{notes}/../outside/secret.txt", "{notes}-x/a"],
)
def test_whole_paths_outside_are_refused(notes, path):
    filled = path.replace("{parent}", str(notes.parent)).replace("{notes}", str(notes))
    with pytest.raises(PathRefusedError):
        granted(notes).locate(filled)


def test_folders_of_one_name_are_told_apart(tmp_path):
    for place in ("x", "y"):
        (tmp_path / place / "notes").mkdir(parents=True)
        (tmp_path / place / "notes" / "a.txt").write_text(place)
    folders = granted(tmp_path / "x" / "notes", tmp_path / "y" / "notes")
    assert [root.name for root in folders.roots] == ["notes", "notes (2)"]
    assert read(folders, "notes (2)/a.txt") == "y"
    with pytest.raises(PathRefusedError, match="“notes”, “notes \\(2\\)”"):
        folders.locate("a.txt")


def test_without_a_folder_the_sentence_says_what_to_do():
    with pytest.raises(PathRefusedError, match="settings"):
        granted().locate("a.txt")


@HELD
def test_links_are_followed_inside_and_not_outside(notes, held):
    folders = granted(notes, held=held)
    (notes / "in").symlink_to(notes / "sub")
    (notes / "out").symlink_to(notes.parent / "outside")
    (notes / "far.txt").symlink_to("/etc/passwd")
    (notes / "loop").symlink_to(notes / "loop")
    assert read(folders, "in/b.txt") == "deeper"
    assert folders.locate("in/b.txt").shown == "notes/sub/b.txt"
    for path in ("out/secret.txt", "far.txt", "out", "loop"):
        with pytest.raises(PathRefusedError):
            read(folders, path)


@HELD
def test_a_name_that_becomes_a_link_after_it_was_looked_at_is_not_followed(notes, held):
    folders = granted(notes, held=held)
    file, folder = folders.locate("a.txt"), folders.locate("sub/b.txt")
    (notes / "a.txt").unlink()
    (notes / "a.txt").symlink_to(notes.parent / "outside" / "secret.txt")
    (notes / "sub").rename(notes / "old")
    (notes / "sub").symlink_to(notes.parent / "outside")
    (notes.parent / "outside" / "b.txt").write_text("outside")
    for place in (file, folder):
        with pytest.raises(PathRefusedError):
            folders.open_file(place)


@HELD
def test_a_granted_folder_that_becomes_a_link_is_not_followed(notes, held):
    folders = granted(notes, held=held)
    place = folders.locate("a.txt")
    notes.rename(notes.parent / "moved")
    notes.symlink_to(notes.parent / "outside")
    with pytest.raises(PathRefusedError, match="somewhere else now"):
        folders.locate("secret.txt")
    with pytest.raises(PathRefusedError):
        folders.open_file(Place(place.root, ("secret.txt",)))


@pytest.mark.skipif(not HOLDS_FOLDERS, reason="this system holds no folder open")
def test_exchanging_folder_and_link_without_pause_never_leads_outside(notes):
    folders = granted(notes)
    (notes / "spare").symlink_to(notes.parent / "outside")
    (notes.parent / "outside" / "b.txt").write_text("outside")
    done = threading.Event()

    def exchange() -> None:
        while not done.is_set():
            (notes / "sub").rename(notes / "away")
            (notes / "spare").rename(notes / "sub")
            (notes / "sub").rename(notes / "spare")
            (notes / "away").rename(notes / "sub")

    thread = threading.Thread(target=exchange)
    thread.start()
    outcomes = set()
    try:
        for _ in range(1_500):
            try:
                outcomes.add(read(folders, "sub/b.txt"))
            except (PathRefusedError, OSError):
                outcomes.add("refused")
    finally:
        done.set()
        thread.join()
    assert "outside" not in outcomes
    assert "deeper" in outcomes


@HELD
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_and_devices_are_no_files_and_nobody_waits_for_them(notes, held):
    os.mkfifo(notes / "pipe")
    with pytest.raises(PathRefusedError, match="no ordinary file"):
        read(granted(notes, held=held), "pipe")
    with pytest.raises(PathRefusedError, match="folder"):
        read(granted(notes, held=held), "notes")


def test_what_the_program_keeps_is_left_out_wherever_it_lies(notes):
    own = notes / "interleave"
    own.mkdir()
    (own / "settings.json").write_text("{}")
    folders = granted(notes, private=[own])
    with pytest.raises(PathRefusedError, match="program itself"):
        folders.locate("interleave/settings.json")
    assert folders.is_hidden(folders.locate(""), "interleave")
    (notes / "alias").symlink_to(own)
    with pytest.raises(PathRefusedError, match="program itself"):
        folders.locate("alias/settings.json")


def test_another_case_is_no_way_around_on_disks_that_do_not_tell_it(notes, monkeypatch):
    monkeypatch.setattr(_folders.Path, "home", lambda: notes)
    folders = granted(notes, private=[notes / "Interleave"])
    for path in ("INTERLEAVE/settings.json", "interleave", ".Config/x", "LIBRARY/x", "appdata/x"):
        with pytest.raises(PathRefusedError, match="program"):
            folders.locate(path)


def test_in_a_granted_home_the_places_of_programs_stay_closed(tmp_path, monkeypatch):
    home = tmp_path / "home"
    (home / ".config" / "gh").mkdir(parents=True)
    (home / "Documents").mkdir()
    monkeypatch.setattr(_folders.Path, "home", lambda: home)
    for root in (home, tmp_path):
        folders = granted(root)
        assert folders.locate(str(home / "Documents" / "a.txt")).name == "a.txt"
        with pytest.raises(PathRefusedError, match="belongs to programs"):
            folders.locate(str(home / ".config" / "gh" / "hosts.yml"))
    # Granted by name, it is what the person meant.
    assert granted(home / ".config").locate("gh/hosts.yml").name == "hosts.yml"


def test_secrets_are_refused_by_their_own_name_and_behind_a_link(notes):
    (notes / ".env").write_text("KEY=1")
    (notes / "plain.txt").symlink_to(notes / ".env")
    for path in (".env", "plain.txt"):
        with pytest.raises(PathRefusedError, match="keys or passwords"):
            granted(notes).locate(path)


@HELD
def test_a_file_is_replaced_whole_and_a_link_in_its_place_is_not_followed(notes, held):
    outside = notes.parent / "outside" / "secret.txt"
    with Folder.at(str(notes), held=held) as folder:
        folder.replace("a.txt", b"new", 0o640)
        (notes / "link.txt").symlink_to(outside)
        folder.replace("link.txt", b"mine", 0o644)
    assert (notes / "a.txt").read_bytes() == b"new"
    assert outside.read_text() == "outside"
    assert not (notes / "link.txt").is_symlink()
    assert names_in(notes) == ["a.txt", "link.txt", "sub"]
    if os.name == "posix":
        assert (notes / "a.txt").stat().st_mode & 0o777 == 0o640


@HELD
def test_a_replacement_that_fails_leaves_nothing_behind(notes, held, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with Folder.at(str(notes), held=held) as folder, pytest.raises(OSError, match="No space"):
        folder.replace("a.txt", b"new", 0o644)
    assert (notes / "a.txt").read_text() == "inside"
    assert names_in(notes) == ["a.txt", "sub"]


def test_no_descriptor_is_left_open(notes):
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not list open files")
    folders = granted(notes)
    before = len(names_in(Path("/proc/self/fd")))
    for path in ("a.txt", "sub/b.txt", "missing/x", "a.txt/x", "sub"):
        try:
            read(folders, path)
        except PathRefusedError:
            continue
    assert len(names_in(Path("/proc/self/fd"))) == before


NAMES = st.sampled_from(
    [
        "a.txt",
        "sub",
        "b.txt",
        "in",
        "out",
        "secret.txt",
        "..",
        ".",
        "",
        "notes",
        "outside",
        "~",
        ".env",
        "far",
        "\u2215etc",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(NAMES, max_size=6), whole=st.booleans())
def test_whatever_is_asked_for_only_what_is_inside_is_opened(notes, names, whole):
    if not (notes / "out").is_symlink():
        (notes / "in").symlink_to(notes / "sub")
        (notes / "out").symlink_to(notes.parent / "outside")
        (notes / "far").symlink_to("/etc")
    path = "/".join([str(notes), *names] if whole else names)
    try:
        text = read(granted(notes), path)
    except (PathRefusedError, OSError):
        return
    assert text in {"inside", "deeper"}
