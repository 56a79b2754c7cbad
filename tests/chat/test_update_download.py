"""Which file of a release fits: by the way in which this program came, and its machine."""

from pathlib import Path

import pytest

from desktop_app.chat.update_download import Form, Note, UpdateDownload, own_form
from desktop_app.domain.release import Release, ReleaseFile

PACKAGED = Path("/usr/lib/interleave/interleave")
CARRIED = Path("/opt/interleave/interleave")
DPKG = Path("/var/lib/dpkg/info/interleave.list")
INSTALLED = Path("C:/Programs/Interleave/Interleave.exe")


@pytest.mark.parametrize(
    ("system", "program", "there", "variables", "form"),
    [
        ("linux", PACKAGED, DPKG, {}, Form.DEB),
        ("linux", PACKAGED, None, {}, Form.RPM),
        ("linux", CARRIED, DPKG, {}, Form.TAR),
        ("linux", CARRIED, None, {"APPIMAGE": "/opt/Interleave.AppImage"}, Form.APPIMAGE),
        ("win32", INSTALLED, INSTALLED.parent / "unins000.exe", {}, Form.SETUP),
        ("win32", INSTALLED, None, {}, Form.ZIP),
        ("darwin", CARRIED, None, {}, Form.DMG),
    ],
)
def test_the_form_is_told_by_where_the_program_lies(
    system: str, program: Path, there: Path | None, variables: dict[str, str], form: Form
) -> None:
    found = own_form(
        variables, is_built=True, program=program, system=system, exists=lambda path: path == there
    )

    assert found is form


def test_a_program_that_runs_from_its_source_came_in_no_form() -> None:
    assert own_form({}) is None


def release(*names: str) -> Release:
    return Release("1.2.3", "page", tuple(ReleaseFile(name, "", 1, "") for name in names))


@pytest.mark.parametrize(
    ("form", "machine", "name"),
    [
        (Form.DEB, "x86_64", "interleave_1.2.3_amd64.deb"),
        (Form.DEB, "aarch64", "interleave_1.2.3_arm64.deb"),
        (Form.RPM, "aarch64", "interleave-1.2.3-1.aarch64.rpm"),
        (Form.TAR, "x86_64", "interleave-1.2.3-linux-x86_64.tar.xz"),
        (Form.APPIMAGE, "x86_64", "Interleave-1.2.3-x86_64.AppImage"),
        (Form.SETUP, "AMD64", "Interleave-1.2.3-windows-x64-setup.exe"),
        (Form.ZIP, "ARM64", "interleave-1.2.3-windows-x64.zip"),
        (Form.DMG, "arm64", "Interleave-1.2.3-macos-arm64.dmg"),
    ],
)
async def test_the_file_that_fits_is_fetched(
    tmp_path: Path, form: Form, machine: str, name: str
) -> None:
    asked: list[tuple[str, Path]] = []

    async def fetch(file: ReleaseFile, folder: Path, note: Note) -> Path:
        asked.append((file.name, folder))
        return folder / file.name

    download = UpdateDownload(fetch, folder=tmp_path, form=form, machine=machine)
    file = download.fitting(release("SHA256SUMS", "other.zip", name))

    assert file is not None
    assert await download.fetch(file, lambda _: None) == tmp_path / name
    assert asked == [(name, tmp_path)]


def test_a_release_without_the_file_has_none_that_fits(tmp_path: Path) -> None:
    async def fetch(file: ReleaseFile, folder: Path, note: Note) -> Path:
        raise AssertionError

    download = UpdateDownload(fetch, folder=tmp_path, form=Form.DEB, machine="riscv64")
    assert download.fitting(release("interleave_1.2.3_amd64.deb")) is None
    source = UpdateDownload(fetch, folder=tmp_path, form=None, machine="x86_64")
    assert source.fitting(release("interleave_1.2.3_amd64.deb")) is None
