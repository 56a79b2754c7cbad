"""How the program is built: in an environment that leaves no trace, and compared file by file."""

import subprocess
from pathlib import Path

import pytest

from tests.packaging.scripts import script

freeze = script("freeze")


def folder_with(root: Path, text: str) -> Path:
    root.mkdir()
    (root / "program").write_text(text, "utf-8")
    (root / "link").symlink_to("program")
    return root


def test_equal_folders_have_no_difference(tmp_path: Path) -> None:
    first, second = folder_with(tmp_path / "a", "x"), folder_with(tmp_path / "b", "x")

    assert freeze.differences(first, second) == []


def test_a_byte_a_link_a_mode_and_a_missing_file_are_differences(tmp_path: Path) -> None:
    first, second = folder_with(tmp_path / "a", "x"), folder_with(tmp_path / "b", "y")
    (second / "link").unlink()
    (second / "link").symlink_to("elsewhere")
    (first / "more").touch()
    for folder, mode in ((first, 0o755), (second, 0o644)):
        (folder / "script").touch(mode=mode)
        (folder / "script").chmod(mode)

    assert freeze.differences(first, second) == ["link", "more", "program", "script"]


def test_a_build_knows_nothing_of_the_person_or_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_STYLE_OVERRIDE", "kvantum")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    environment = freeze.reproducible_environment()

    assert "QT_STYLE_OVERRIDE" not in environment
    assert environment["SOURCE_DATE_EPOCH"] == "1700000000"
    assert environment["PYTHONHASHSEED"] == "1"


def test_without_a_date_given_that_of_the_last_commit_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setattr(freeze, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match="SOURCE_DATE_EPOCH"):
        freeze.source_date()
    for command in (
        ("init", "--quiet"),
        ("-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--allow-empty",
         "--date", "@1600000000 +0000", "-m", "a"),
    ):  # fmt: skip
        subprocess.run(
            ["git", *command], cwd=tmp_path, check=True,
            env={"PATH": "/usr/bin:/bin", "GIT_COMMITTER_DATE": "@1600000000 +0000", "HOME": str(tmp_path)},
        )  # fmt: skip

    assert freeze.source_date() == 1600000000


def test_only_files_count_towards_the_size(tmp_path: Path) -> None:
    assert freeze.size_of(folder_with(tmp_path / "a", "four")) == 4
