"""What the recipe for the built program keeps and drops, on files that are really there."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import PySide6
import pytest

from tests.packaging.scripts import script

bundle = script("bundle")

QT = Path(PySide6.__file__).parent
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads ELF files")
with_readelf = pytest.mark.skipif(
    shutil.which("readelf") is None, reason="readelf comes with binutils, for building only"
)


def rows_of(*names: str) -> list[tuple[str, str, str]]:
    return [(f"PySide6/{name}", str(QT / name), "BINARY") for name in names]


@linux_only
@with_readelf
def test_a_library_goes_with_the_only_plugin_that_needed_it() -> None:
    rows = rows_of(
        "Qt/plugins/platforms/libqxcb.so",
        "Qt/plugins/egldeviceintegrations/libqeglfs-kms-integration.so",
        "Qt/lib/libQt6XcbQpa.so.6",
        "Qt/lib/libQt6Gui.so.6",
        "Qt/lib/libQt6EglFSDeviceIntegration.so.6",
    )

    kept = {Path(name).name for name, _, _ in bundle.needed_binaries(rows)}

    assert kept == {"libqxcb.so", "libQt6XcbQpa.so.6", "libQt6Gui.so.6"}


@linux_only
@with_readelf
def test_a_chain_of_libraries_is_followed_to_its_end() -> None:
    rows = [
        ("PySide6/QtSvg.abi3.so", str(QT / "QtSvg.abi3.so"), "EXTENSION"),
        *rows_of("Qt/lib/libQt6Svg.so.6", "Qt/lib/libicudata.so.73", "Qt/lib/libQt6Qml.so.6"),
        *rows_of("Qt/lib/libQt6Core.so.6", "Qt/lib/libicuuc.so.73"),
    ]

    kept = {Path(name).name for name, _, _ in bundle.reachable(rows)}

    assert kept == {Path(name).name for name, _, _ in rows} - {"libQt6Qml.so.6"}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqcocoa.dylib", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False),
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("libpython3.11.so.1.0", True),
    ],
)
def test_plugins_that_nothing_of_ours_reaches_are_dropped(name: str, kept: bool) -> None:
    assert bundle.keeps_plugin(name) is kept


def test_a_link_goes_with_the_library_that_it_leads_to() -> None:
    library = ("PySide6/Qt/lib/libQt6Core.so.6", "somewhere", "BINARY")
    link = ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK")
    dangling = ("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6", "SYMLINK")

    assert bundle.wanted_data([link, dangling], [library]) == [link]


def test_of_qts_translations_those_stay_that_the_program_speaks() -> None:
    translations = Path(__file__).parents[2] / "resources" / "i18n"
    spoken = {file.stem for file in translations.glob("*.qm")}

    assert {f"qtbase_{language}.qm" for language in spoken} == set(bundle.KEPT_TRANSLATIONS)
    assert bundle.keeps_data("PySide6/Qt/translations/qtbase_zh_CN.qm")
    assert not bundle.keeps_data("PySide6/Qt/translations/qtbase_de.qm")


def test_every_plugin_of_linux_that_is_kept_exists() -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("names the files of Linux")
    there = {file.name.removeprefix("lib").split(".")[0] for file in QT.rglob("plugins/*/*.so")}
    elsewhere = {"qwindows", "qcocoa", "qmodernwindowsstyle", "qwindowsvistastyle", "qmacstyle"}
    wanted = {name for names in bundle.KEPT_PLUGINS.values() for name in names}

    assert wanted - elsewhere <= there


@pytest.mark.parametrize("name", [*bundle.IMPORTED_BY_NAME, *bundle.WITH_DATA])
def test_what_is_named_exists(name: str) -> None:
    assert find_spec(name) is not None


def test_nothing_that_the_program_imports_is_left_out() -> None:
    root = Path(__file__).parents[2] / "desktop_app"
    source = "\n".join(file.read_text("utf-8") for file in root.rglob("*.py"))

    left_out = [name for name in bundle.EXCLUDED_MODULES if f" {name} import" in source]
    assert left_out == []


def test_the_sdk_loads_nothing_that_is_left_out() -> None:
    load = "from desktop_app.providers.openai_chat.loading import preload; preload()"
    said = subprocess.run(
        [sys.executable, "-c", f"{load}; import sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = said.stdout.split()
    left_out = [name for name in bundle.EXCLUDED_MODULES if name.startswith("openai.")]

    assert "openai.resources.chat" in loaded
    assert left_out
    assert [name for name in loaded if name.startswith(tuple(left_out))] == []


def test_all_pictures_and_translations_are_taken_and_their_sources_are_not() -> None:
    root = Path(__file__).parents[2]
    taken = {Path(file).relative_to(root / "resources") for file, _ in bundle.resources(root)}

    assert Path("i18n/zh_CN.qm") in taken
    assert Path("icons/interleave.svg") in taken
    assert Path("run_python/confined.py") in taken
    assert {file.suffix for file in taken} == {".qm", ".svg", ".py"}


@linux_only
def test_a_library_of_the_system_is_found_by_the_name_that_programs_ask_for() -> None:
    assert bundle.find_library("libc.so.6").is_file()
    with pytest.raises(LookupError, match="libnothing"):
        bundle.find_library("libnothing.so.1")


@linux_only
@with_readelf
def test_the_newest_c_library_that_is_asked_for_is_read_from_the_files(tmp_path: Path) -> None:
    (tmp_path / "libQt6Core.so.6").symlink_to(QT / "Qt" / "lib" / "libQt6Core.so.6")
    assert bundle.newest_glibc(tmp_path) == (2, 17), "a link is not what is handed out"
    shutil.copyfile(QT / "Qt" / "lib" / "libQt6Core.so.6", tmp_path / "libcopy.so")
    assert bundle.newest_glibc(tmp_path) >= (2, 28)
    assert "libicuuc.so.73" in bundle.missing_sonames(tmp_path)
