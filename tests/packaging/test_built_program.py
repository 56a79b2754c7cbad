"""The program as it is handed out: it starts on its own, holds all parts, and no foreign ones.

`make dist` runs this on what it has built, and the end-to-end tests too.
"""

import fnmatch
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_app import APP_NAME, __version__
from tests.packaging.scripts import FOLDER, script
from tests.servers.program import BUILT, COMMAND, environment, run

pytestmark = [
    pytest.mark.frozen,
    pytest.mark.skipif(BUILT is None, reason="looks at what `make dist` has built"),
]
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads ELF files")

SELF_CHECK_SECONDS = 90
LARGEST = 150 * 2**20
FROM_THE_SYSTEM = {
    # The C library, and what must fit the kernel, the graphics driver, the display server and the message bus.
    *("libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0", "libutil.so.1"),
    *("ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libresolv.so.2"),
    *("libGL.so.1", "libEGL.so.1", "libxcb.so.1", "libdbus-1.so.3", "libwayland-client.so.0"),
    *("libwayland-cursor.so.0", "libX11.so.6", "libX11-xcb.so.1"),
}


@pytest.fixture(scope="module")
def folder() -> Path:
    assert BUILT is not None
    program = Path(BUILT)
    assert program.is_file(), f"INTERLEAVE_PROGRAM names {program}, which is not there"
    return program.parent


def test_it_says_its_version_without_an_environment(folder: Path, tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("a program with a window cannot print on Windows")
    ended = subprocess.run(
        (*COMMAND, "--version"), env={"HOME": str(tmp_path)}, cwd=tmp_path,
        capture_output=True, text=True, timeout=SELF_CHECK_SECONDS, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (0, f"{APP_NAME} {__version__}\n")


def test_it_holds_every_part_that_the_source_has(folder: Path, tmp_path: Path) -> None:
    """Each line of the self-check says how many or which parts were found."""
    report = tmp_path / "report.txt"
    built = run("--self-check", report, home=tmp_path, timeout=SELF_CHECK_SECONDS)
    source = subprocess.run(
        [sys.executable, "-m", "desktop_app", "--self-check"],
        env=environment(tmp_path), cwd=tmp_path,
        capture_output=True, encoding="utf-8", timeout=SELF_CHECK_SECONDS, check=True,
    )  # fmt: skip

    found = report.read_text("utf-8")
    assert built.returncode == 0, found + built.stderr
    assert without_ports(found) == without_ports(source.stdout)


def without_ports(lines: str) -> list[str]:
    """Return the lines that are the same in every process."""
    return [line for line in lines.splitlines() if "listens on" not in line]


@linux_only
@pytest.mark.parametrize("locale", ["C", "zh_CN.UTF-8", "en_XX.UTF-8", ""])
def test_qt_has_nothing_to_say_of_a_locale_that_is_not_there(
    folder: Path, tmp_path: Path, locale: str
) -> None:
    variables = {"LANG": locale, "QT_QPA_PLATFORM": "offscreen"}
    built = run("--self-check", home=tmp_path, variables=variables, timeout=SELF_CHECK_SECONDS)

    assert built.returncode == 0
    assert "locale" not in built.stderr


@linux_only
def test_it_carries_no_library_that_is_not_on_the_list(folder: Path) -> None:
    bundle = script("bundle")
    lines = (FOLDER / "linux" / "bundled_libraries.txt").read_text("utf-8").splitlines()
    allowed = {name for line in lines if not line.startswith("#") for name in line.split()}
    carried = bundle.shared_libraries(bundle.elf_files(folder))
    assert len(carried) > 40, "the list would be of something else"

    bare = {name: name.split(".so")[0].removesuffix(".abi3") for name in carried}
    foreign = {
        name for name, stem in bare.items()
        if not any(fnmatch.fnmatchcase(stem, pattern) for pattern in allowed)
    }  # fmt: skip
    assert foreign == set()


@linux_only
def test_it_needs_nothing_of_the_system_that_is_not_everywhere(folder: Path) -> None:
    assert script("bundle").missing_sonames(folder) - FROM_THE_SYSTEM == set()


def test_no_link_leads_nowhere(folder: Path) -> None:
    links = [path for path in folder.rglob("*") if path.is_symlink()]

    assert [str(link) for link in links if not link.exists()] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="was never built elsewhere")
def test_it_is_not_larger_than_it_was(folder: Path) -> None:
    assert script("freeze").size_of(folder) <= LARGEST


def test_it_tells_nothing_of_the_machine_that_built_it(folder: Path) -> None:
    root = str(FOLDER.parent).encode()

    assert [str(file) for file in folder.rglob("*") if file.is_file() and root in read(file)] == []


def read(file: Path) -> bytes:
    return b"" if file.is_symlink() else file.read_bytes()
