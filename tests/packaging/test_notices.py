"""The licences that go with the program: every package has its text, or building it fails."""

import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

from tests.packaging.scripts import script
from tests.packaging.test_locks import pins_of

notices = script("notices")


@pytest.fixture
def run_time_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The starter of built programs is not installed beside the tests."""
    monkeypatch.setattr(notices, "BESIDE_THE_LOCK", ())


@pytest.mark.usefixtures("run_time_only")
def test_everything_that_the_lock_pins_for_this_system_is_named_with_its_licence() -> None:
    text = notices.text()

    for pin in pins_of("run.txt"):
        if pin.requirement.marker is None or pin.requirement.marker.evaluate():
            one = distribution(pin.name)
            assert f"\n{one.metadata['Name']} {one.version}: " in text
    assert "Copyright (c) 2026 The Interleave team" in text
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text
    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "SIL OPEN FONT LICENSE" in text
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in text.upper()


def test_a_package_without_a_text_stops_the_build(tmp_path: Path) -> None:
    folder = tmp_path / "nameless-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: nameless\nVersion: 1.0\n")
    (folder / "RECORD").write_text("nameless-1.0.dist-info/METADATA,,\n")

    with pytest.raises(LookupError, match=r"nameless 1\.0"):
        notices.section(Distribution.at(folder))


@pytest.mark.usefixtures("run_time_only")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks dpkg")
def test_a_library_of_no_package_stops_the_build(tmp_path: Path) -> None:
    library = tmp_path / "libunknown.so.1"
    library.touch()

    with pytest.raises(LookupError, match=r"libunknown\.so\.1"):
        notices.text([library])


def test_a_licence_has_a_name_in_one_line() -> None:
    for name in ("openai", "apsw", "Pygments", "truststore"):
        said = notices.license_name(distribution(name))
        assert said != "see below"
        assert "\n" not in said
