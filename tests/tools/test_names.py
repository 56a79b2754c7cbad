"""Paths that a model may write: nothing it writes leads out of a granted folder or to a secret."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.tools._names import (
    PathRefusedError,
    check_secrets,
    check_writable,
    is_secret,
    parts_of,
)


@pytest.mark.parametrize(
    "path",
    [
        "..",
        "a/..",
        "a/../b",
        "../../etc/passwd",
        "/",
        "/etc/passwd",
        "//server/share",
        "a\0b",
        "a\nb",
    ],
)
@pytest.mark.parametrize("windows", [False, True])
def test_ways_out_are_refused_on_every_system(path, windows):
    with pytest.raises(PathRefusedError):
        parts_of(path, windows=windows)


@pytest.mark.parametrize(
    "path",
    [
        "C:\\Windows", "c:", "C:notes", "\\\\server\\share", "\\\\?\\C:\\x", "\\\\.\\pipe\\x", "..\\x",
        "a\\..\\b", "notes.txt:stream", "notes.txt::$DATA", "con", "CON", "aux.txt", "Nul .txt",
        "COM1", "com\u00b9.log", "lpt9", "conin$", "a.", "a ", "a/b. /c", "a*", "a?b", "a<b", 'a"b', "a|b",
    ],
)  # fmt: skip
def test_what_windows_reads_otherwise_is_refused_there(path):
    with pytest.raises(PathRefusedError):
        parts_of(path, windows=True)


def test_names_that_are_fine_elsewhere_are_taken_there():
    assert parts_of("notes 12:30/a\\b/con", windows=False) == ("notes 12:30", "a\\b", "con")
    assert parts_of("a\\b/c", windows=True) == ("a", "b", "c")
    assert parts_of("console/communication", windows=True) == ("console", "communication")


@pytest.mark.parametrize("path", ["", ".", "./", "./."])
def test_nothing_is_the_folder_itself(path):
    assert parts_of(path, windows=False) == ()


def test_a_path_without_end_is_refused():
    with pytest.raises(PathRefusedError):
        parts_of("a/" * 2_000)
    with pytest.raises(PathRefusedError):
        parts_of("€" * 100)


@given(
    st.text(alphabet=st.sampled_from("./\\:ab~ $*\0\n\u2215\uff0e%C"), max_size=30), st.booleans()
)
def test_what_is_taken_has_only_names_in_it(path, windows):
    try:
        parts = parts_of(path, windows=windows)
    except PathRefusedError:
        return
    for part in parts:
        assert part not in {"", ".", ".."}
        assert "/" not in part
        assert "\0" not in part
        if windows:
            assert not set(part) & set('\\:*?"<>|')
            assert part[-1] not in ". "


@pytest.mark.parametrize(
    "name",
    [
        ".ssh",
        ".SSH",
        ".env",
        ".Env.local",
        ".gnupg",
        "id_rsa",
        "ID_ED25519.pub",
        "server.PEM",
        "x.kdbx",
        ".s\u200csh",
        ".ｓｓｈ",
        ".ssh.",
    ],
)
def test_secrets_are_known_in_whatever_case(name):
    assert is_secret(name)
    with pytest.raises(PathRefusedError, match="keys or passwords"):
        check_secrets(("a", name, "b"))


@pytest.mark.parametrize("name", ["environment", "ssh", "keys.txt", "readme.md", ".gitignore"])
def test_what_only_looks_alike_is_no_secret(name):
    assert not is_secret(name)


@pytest.mark.parametrize("path", [".bashrc", ".git/hooks/pre-commit", "a/.vscode/tasks.json"])
def test_what_programs_obey_is_not_written(path):
    with pytest.raises(PathRefusedError, match="hidden"):
        check_writable(tuple(path.split("/")))


def test_harmless_hidden_files_are_written():
    check_writable(("a", ".gitignore"))
