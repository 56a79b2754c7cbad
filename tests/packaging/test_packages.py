"""The packages for Linux as a person gets them; `make test-packages` runs this on dist/."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from desktop_app import APP_ID, APP_NAME, __version__
from desktop_app.chat.update_download import Form
from tests.servers.program import environment

PACKAGES = os.environ.get("INTERLEAVE_PACKAGES")

pytestmark = [
    pytest.mark.frozen,
    pytest.mark.skipif(PACKAGES is None, reason="looks at what `make packages` has made"),
]

LARGEST = 47 * 2**20
PATIENCE = 180


def package(pattern: str) -> Path:
    """Return the one file in the folder of packages that matches."""
    (found,) = Path(PACKAGES or "").glob(pattern)
    return found


def said(*command: str | Path, cwd: Path | None = None, home: Path | None = None) -> str:
    """Return what a command prints; it must succeed."""
    ended = subprocess.run(
        command, cwd=cwd, env=None if home is None else environment(home),
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the archive and return its folder."""
    folder = tmp_path_factory.mktemp("carried")
    said("tar", "--extract", "--file", package("*.tar.xz"), "--directory", folder)
    (unpacked,) = folder.iterdir()
    return unpacked


def test_debian_finds_nothing_to_complain_of() -> None:
    answer = said("lintian", "--allow-root", "--fail-on", "error,warning", package("*.deb"))

    assert [line for line in answer.splitlines() if line[:2] in {"E:", "W:"}] == []


def test_the_debian_package_needs_what_the_program_does_not_carry() -> None:
    depends = said("dpkg-deb", "--field", package("*.deb"), "Depends").strip().split(", ")

    names = {name.split(" ")[0] for name in depends}
    assert {"libc6", "libegl1", "libgl1", "libx11-6", "libxcb1", "libwayland-client0"} <= names
    assert not [name for name in names if name.startswith(("libqt", "libgtk", "libicu", "python"))]
    assert any(name.startswith("libc6 (>= 2.") for name in depends)


def test_the_packages_are_not_larger_than_they_were() -> None:
    assert package("*.deb").stat().st_size <= LARGEST
    assert package("*.tar.xz").stat().st_size <= LARGEST


@pytest.mark.parametrize("form", [Form.DEB, Form.RPM, Form.TAR])
def test_an_update_asks_for_the_file_that_is_made(form: Form) -> None:
    name = form.file_name(__version__, platform.machine())

    assert package(f"*{Path(form.value).suffix}").name == name


def test_the_rpm_holds_the_same_files_and_needs_the_same_libraries() -> None:
    names = said("rpm", "--query", "--list", "--package", package("*.rpm")).split("\n")
    needs = said("rpm", "--query", "--requires", "--package", package("*.rpm"))
    listed = said("dpkg-deb", "--contents", package("*.deb")).splitlines()

    files = {line.split(" ./")[1].split(" -> ")[0] for line in listed if line[0] in "-l"}
    debians = ("usr/share/lintian", "usr/share/doc/interleave/changelog.gz")
    assert {f"/{name}" for name in files if not name.startswith(debians)} == {*names} - {""}
    assert "libxcb.so.1()(64bit)" in needs
    assert "libc.so.6(GLIBC_2." in needs


def test_what_an_appimage_is_made_of_starts(tmp_path: Path) -> None:
    appdir = package("*.AppDir")

    assert (appdir / f"{APP_ID}.desktop").is_file()
    assert (appdir / f"{APP_ID}.svg").is_file()
    assert (appdir / ".DirIcon").is_file()
    report = tmp_path / "report.txt"
    said(appdir / "AppRun", "--self-check", report, home=tmp_path)
    assert "missing" not in report.read_text("utf-8")


def test_the_archive_runs_where_it_lies(carried: Path, tmp_path: Path) -> None:
    assert said(carried / "interleave", "--version", home=tmp_path) == f"{APP_NAME} {__version__}\n"
    assert all(file.stat().st_uid == os.getuid() for file in carried.iterdir())


def test_the_script_adds_the_program_to_a_persons_menus_and_takes_it_away(
    carried: Path, tmp_path: Path
) -> None:
    home = tmp_path / "a home"
    (home / ".local" / "share" / "interleave").mkdir(parents=True)
    kept = home / ".local" / "share" / "interleave" / "interleave.db"
    kept.write_text("what was said", "utf-8")
    share = home / ".local" / "share"

    said(carried / "install.sh", home=home)
    said(carried / "install.sh", home=home)  # over itself, as an update does

    command = home / ".local" / "bin" / "interleave"
    assert said(command, "--version", home=home) == f"{APP_NAME} {__version__}\n"
    entry = share / "applications" / f"{APP_ID}.desktop"
    assert f'Exec="{home}/.local/lib/interleave/interleave"\n' in entry.read_text("utf-8")
    assert said("desktop-file-validate", entry) == ""
    assert (share / "icons/hicolor/48x48/apps" / f"{APP_ID}.png").is_file()
    assert [file.name for file in (home / ".local" / "lib").iterdir()] == ["interleave"]

    said(carried / "install.sh", "--uninstall", home=home)

    left = {file for file in home.rglob("*") if file.is_file() or file.is_symlink()}
    caches = {file for file in left if file.name in {"mimeinfo.cache", "icon-theme.cache"}}
    assert left - caches == {kept}


def test_a_version_that_does_not_run_here_replaces_nothing(carried: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    said(carried / "install.sh", home=home)
    broken = tmp_path / "broken"
    shutil.copytree(carried, broken, symlinks=True)
    shutil.rmtree(broken / "_internal" / "resources")

    ended = subprocess.run(
        [broken / "install.sh"], env=environment(home),
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip

    assert ended.returncode == 1
    assert "nothing was changed" in ended.stderr
    assert "missing  icons" in ended.stderr
    program = home / ".local" / "lib" / "interleave"
    assert (program / "_internal" / "resources").is_dir()
    assert [file.name for file in program.parent.iterdir()] == ["interleave"]


def test_every_package_says_whose_work_it_carries(carried: Path) -> None:
    text = (carried / "_internal" / "licenses" / "THIRD-PARTY.txt").read_text("utf-8")

    for name in ("PySide6_Essentials", "GNU LESSER GENERAL PUBLIC LICENSE", "openai", "ziamath",
                 "STIX", "Python 3", "libfontconfig", "SecretStorage"):  # fmt: skip
        assert name in text, name
