"""Where things are, on each platform, and where nothing else goes."""

import stat
import sys
from pathlib import Path

import platformdirs
import pytest

from desktop_app import APP_ID, APP_NAME, paths
from desktop_app.paths import AppPaths, app_paths, downloads, resource

ROOT = Path(__file__).parents[1]


def everything(found):
    return (
        found.data, found.config, found.logs, found.database, found.settings, found.window_state,
        found.log_file,
    )  # fmt: skip


def test_everything_goes_below_the_data_dir(tmp_path):
    found = app_paths(tmp_path / "mine")
    assert all(path.is_relative_to(tmp_path / "mine") for path in everything(found))
    files = [found.database, found.settings, found.window_state, found.log_file]
    assert len(set(files)) == len(files)


def test_a_relative_data_dir_stays_where_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = app_paths(Path("mine"))
    monkeypatch.chdir("/")
    assert found.data == tmp_path / "mine"


def test_the_home_folder_may_be_abbreviated(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert app_paths(Path("~/mine")).data == tmp_path / "mine"


def test_the_home_folder_of_nobody_is_a_name_like_any_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert app_paths(Path("~nobody-by-that-name/mine")).data == (
        tmp_path / "~nobody-by-that-name" / "mine"
    )


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="XDG folders are Linux's")
def test_linux_folders(tmp_path, monkeypatch):
    for name in ("DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    found = app_paths()
    assert found.data == tmp_path / "DATA" / "interleave"
    assert found.config == tmp_path / "CONFIG" / "interleave"
    assert found.logs.is_relative_to(tmp_path / "STATE" / "interleave")


@pytest.mark.parametrize(
    ("platform", "name"), [("linux", "interleave"), ("darwin", APP_ID), ("win32", APP_NAME)]
)
def test_each_platform_has_its_own_name_for_the_folder(monkeypatch, platform, name):
    asked = []

    class Folders(platformdirs.PlatformDirs):
        def __init__(self, appname, appauthor):
            asked.append((appname, appauthor))
            super().__init__(appname, appauthor=appauthor)

    monkeypatch.setattr(paths.sys, "platform", platform)
    monkeypatch.setattr(paths.platformdirs, "PlatformDirs", Folders)
    found = app_paths()
    assert asked == [(name, False)]
    assert all(name in path.parts for path in everything(found))


def test_nothing_is_made_before_it_is_asked_for(tmp_path):
    found = app_paths(tmp_path / "mine")
    assert not found.data.exists()
    found.create()
    found.create()
    assert all(folder.is_dir() for folder in (found.data, found.config, found.logs))
    assert [path.name for path in found.data.iterdir()] == ["logs"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_folders_are_for_this_user_alone(tmp_path):
    found = AppPaths(tmp_path / "a", tmp_path / "b", tmp_path / "c" / "d")
    found.create()
    for folder in (found.data, found.config, found.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "mine").write_text("a file")
    with pytest.raises(OSError, match="mine"):
        app_paths(tmp_path / "mine").create()


class TestResources:
    def test_in_a_checkout(self):
        assert resource() == ROOT / "resources"
        assert resource("icons", "interleave.svg").is_file()

    def test_where_the_program_was_installed(self, tmp_path, monkeypatch):
        package = tmp_path / "desktop_app"
        (package / "resources").mkdir(parents=True)
        monkeypatch.setattr(paths, "__file__", str(package / "paths.py"))
        assert resource("icons") == package / "resources" / "icons"

    def test_frozen(self, tmp_path, monkeypatch):
        monkeypatch.setattr(paths.sys, "_MEIPASS", str(tmp_path), raising=False)
        assert resource("icons", "x.svg") == tmp_path / "resources" / "icons" / "x.svg"


def test_downloads_go_where_a_person_looks_for_them(tmp_path, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_downloads_path", lambda: tmp_path / "Downloads")
    assert downloads() == tmp_path / "Downloads"
    assert downloads(tmp_path / "mine") == tmp_path / "mine" / "downloads"
