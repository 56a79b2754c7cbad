"""Name and version of the program in the words of Windows and macOS."""

import plistlib

import pytest

from desktop_app import APP_NAME, __version__
from tests.packaging.scripts import script

program_version = script("program_version")


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("0.1.0", (0, 1, 0, 0)), ("1.20.3rc1", (1, 20, 3, 0)), ("2.0.0.dev4", (2, 0, 0, 0))],
)
def test_a_version_is_four_numbers_on_windows(version: str, numbers: tuple[int, ...]) -> None:
    assert program_version.numbers(version) == numbers


def test_what_is_no_version_is_refused() -> None:
    with pytest.raises(ValueError, match="three numbers"):
        program_version.numbers("1.2")


def test_the_properties_of_macos_can_be_written_and_say_name_and_version() -> None:
    said = plistlib.loads(plistlib.dumps(program_version.mac_properties()))

    assert said["CFBundleDisplayName"] == APP_NAME
    assert __version__.startswith(said["CFBundleShortVersionString"])
    assert said["NSRequiresAquaSystemAppearance"] is False, "dark mode would be refused"
