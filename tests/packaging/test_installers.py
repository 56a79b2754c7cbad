"""The files for the installers of every system: each names what the code names, and is well formed."""

import plistlib
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from desktop_app import APP_ID, APP_NAME, HOME_PAGE, __version__
from desktop_app.__main__ import _parser
from desktop_app.chat.update_download import Form
from tests.packaging.scripts import FOLDER

SHARE = FOLDER / "linux" / "share"
SCRIPTS = sorted(FOLDER.rglob("*.sh"))


def need(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed: packaging/linux/system_packages.sh lint")
    return found


def entry() -> dict[str, str]:
    """Return the keys of the first group of the desktop entry."""
    text = (SHARE / f"{APP_ID}.desktop").read_text("utf-8")
    group = text.split("\n[", 2)[0]
    return dict(line.split("=", 1) for line in group.splitlines() if "=" in line)


def test_the_desktop_entry_names_program_icon_and_window() -> None:
    keys = entry()

    assert (keys["Name"], keys["Exec"]) == (APP_NAME, "interleave")
    assert keys["Icon"] == keys["StartupWMClass"] == APP_ID


def test_the_desktop_entry_is_valid() -> None:
    said = subprocess.run(
        [need("desktop-file-validate"), SHARE / f"{APP_ID}.desktop"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stdout) == (0, "")


def test_the_description_for_software_centres_is_of_this_version() -> None:
    root = ET.parse(SHARE / f"{APP_ID}.metainfo.xml").getroot()

    assert root.findtext("id") == APP_ID
    assert root.findtext("launchable") == f"{APP_ID}.desktop"
    releases = [release.get("version") for release in root.iter("release")]
    assert releases[0] == __version__


def test_the_description_for_software_centres_is_valid() -> None:
    said = subprocess.run(
        [need("appstreamcli"), "validate", "--no-net", SHARE / f"{APP_ID}.metainfo.xml"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout


def test_the_man_page_has_every_option_of_the_program() -> None:
    page = (SHARE / "interleave.1").read_text("utf-8").replace("\\-", "-")
    options = {word for action in _parser()._actions for word in action.option_strings}

    assert {option for option in options if option not in page} == set()


def test_the_man_page_is_well_formed() -> None:
    said = subprocess.run(
        [need("mandoc"), "-T", "lint", "-W", "warning", SHARE / "interleave.1"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (said.returncode, said.stdout) == (0, "")


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_shell_scripts_are_clean(file: Path) -> None:
    said = subprocess.run(
        [need("shellcheck"), file], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (said.returncode, said.stdout) == (0, "")


def test_the_entitlements_of_macos_are_those_that_python_needs_and_no_more() -> None:
    granted = plistlib.loads((FOLDER / "macos" / "entitlements.plist").read_bytes())

    assert granted == {
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
        "com.apple.security.cs.disable-library-validation": True,
    }


def inno(section: str) -> list[str]:
    """Return the lines of a section of the installer for Windows."""
    text = (FOLDER / "windows" / "interleave.iss").read_text("utf-8")
    body = re.split(rf"^\[{section}\]$", text, flags=re.MULTILINE)[1]
    lines = re.split(r"^\[\w+\]$", body, flags=re.MULTILINE)[0].splitlines()
    return [line for line in lines if line and not line.startswith(";")]


def test_the_installer_of_windows_names_program_and_app_id() -> None:
    text = (FOLDER / "windows" / "interleave.iss").read_text("utf-8")

    assert f'#define AppName "{APP_NAME}"' in text
    assert f'#define AppId "{APP_ID}"' in text
    assert all('AppUserModelID: "{#AppId}"' in line for line in inno("Icons"))


def test_the_installer_of_windows_needs_no_administrator_and_keeps_its_identity() -> None:
    setup = dict(line.split("=", 1) for line in inno("Setup"))

    assert setup["PrivilegesRequired"] == "lowest"
    # Another one would install a second program beside the first.
    assert setup["AppId"] == "{{6C1B44F2-5F0E-4B59-9A0C-2C9A4E7D6B31}"


def test_the_installer_of_windows_removes_an_earlier_version_only_once_the_new_one_has_run() -> (
    None
):
    text = (FOLDER / "windows" / "interleave.iss").read_text("utf-8")
    proof = text.index("--self-check")

    assert "[InstallDelete]" not in text
    assert text.index("RenameFile(Part(Index), Part(Index) + '.old')") < proof
    assert text.index("Remove(Part(Index) + '.old')") > proof
    assert "Step = ssPostInstall then\n    Prove();" in text


@pytest.mark.parametrize(
    ("form", "script", "written"),
    [
        (Form.SETUP, "windows/interleave.iss", "{#AppName}-{#AppVersion}-windows-x64-setup"),
        (Form.ZIP, "windows/package.ps1", '"interleave-$version-windows-x64.zip"'),
        (Form.DMG, "macos/package.sh", "Interleave-$version-macos-$(uname -m).dmg"),
        (Form.APPIMAGE, "linux/appimage.sh", '"Interleave-$version-$machine.AppImage"'),
    ],
)
def test_an_update_asks_for_the_file_that_is_made(form: Form, script: str, written: str) -> None:
    assert written in (FOLDER / script).read_text("utf-8")

    plain = re.sub(r"\{#AppName\}", APP_NAME, written.strip('"'))
    plain = re.sub(r"\{#AppVersion\}|\$version", "1.2.3", plain)
    plain = re.sub(r"\$\(uname -m\)|\$machine", "arm64", plain)
    assert form.file_name("1.2.3", "arm64").removesuffix(".exe") == plain


def test_the_addresses_agree() -> None:
    places = [
        FOLDER / "windows" / "interleave.iss", SHARE / f"{APP_ID}.metainfo.xml", SHARE / "copyright",
    ]  # fmt: skip

    assert all(HOME_PAGE in place.read_text("utf-8") for place in places)


@pytest.mark.skipif(shutil.which("bash") is None, reason="a script for bash")
def test_the_bare_system_script_refuses_what_it_does_not_know() -> None:
    ended = subprocess.run(
        ["bash", FOLDER / "linux" / "bare_system.sh", "windows"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, "deb FILE" in ended.stderr) == (2, True)
