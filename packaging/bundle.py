"""What goes into the built program and what stays out; `build.spec` asks here.

A PyInstaller table row is ``(name in the bundle, file, kind)``. What is dropped was measured: the
plugins, translations and libraries that nothing of ours reaches are 40 MiB of 190.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

Row = tuple[str, str, str]

IMPORTED_BY_NAME = ("mdit_py_plugins.dollarmath", "pygments.lexers.data")
"""Modules that the program imports by a name in a string, beyond its own."""

WITH_DATA = ("ziamath", "latex2mathml")
"""Packages that read files of their own: a font, and a table of symbols. ziafont's font, for text
without another, is never asked for."""

WITH_METADATA = ("openai",)
"""Packages whose version is asked for at run time, beyond those that PyInstaller knows of."""

EXCLUDED_MODULES = (
    *("tkinter", "unittest", "pydoc", "doctest", "distutils", "setuptools", "pip", "lib2to3"),
    *("multiprocessing", "xmlrpc", "_pydecimal", "ensurepip", "venv", "idlelib", "turtledemo"),
    *("curses", "readline", "numpy", "PIL", "IPython", "trio", "anyio._backends._trio"),
    *("pydantic.v1", "pydantic.mypy", "httpx2._main", "rich", "click"),
    *(f"pygments.formatters.{name}" for name in (
        "bbcode", "groff", "img", "irc", "latex", "pangomarkup", "rtf", "svg", "terminal",
        "terminal256",
    )),
    # What the service has and this program does not ask for (administration, assistants, voice):
    # 950 modules, 1.6 MiB, which no package makes smaller.
    *(f"openai.{room}.{part}" for room in ("resources", "types") for part in (
        "admin", "beta", "live", "realtime",
    )),
    # Its shell and tests; the programs beside it are data that nobody collects.
    *("apsw.shell", "apsw.tests", "apsw.speedtest", "apsw.trace"),
    *(f"PySide6.Qt{name}" for name in (
        "Concurrent", "Designer", "Help", "Network", "OpenGL", "OpenGLWidgets", "Pdf",
        "PrintSupport", "Qml", "Quick", "QuickControls2", "QuickTest", "QuickWidgets", "Sql",
        "Test", "UiTools", "Xml",
    )),
)  # fmt: skip

KEPT_PLUGINS: dict[str, tuple[str, ...]] = {
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    # The desktop's own file dialogs, through the portal and so without GTK.
    "platformthemes": ("qxdgdesktopportal",),
    "platforminputcontexts": (
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    ),
    "imageformats": ("qsvg", "qjpeg", "qgif", "qwebp", "qico"),
    "iconengines": ("qsvgicon",),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": ("bradient", "adwaita"),
    "styles": ("qmodernwindowsstyle", "qwindowsvistastyle", "qmacstyle"),
}
"""Qt's plugins by folder; a folder that is not named is dropped. TLS is Python's, not Qt's."""

LEFT_TO_THE_SYSTEM = ("libX11.so.6", "libX11-xcb.so.1", "libdbus-1.so.3")
"""Libraries that PyInstaller would take and that belong to the system: to its libxcb, which is left,
and to its message bus, which no desktop is without (2.5 MB, with what libdbus needs in its turn)."""

KEPT_TRANSLATIONS = ("qtbase_zh_CN.qm",)
"""Qt's words on its own buttons, for the languages that the program speaks beside English."""

_QT_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/(?P<folder>[^/]+)/(?P<name>[^/]+)$")
_NEEDED = re.compile(r"\(NEEDED\).*\[(?P<name>[^\]]+)\]")


def resources(root: Path) -> list[tuple[str, str]]:
    """Return what of ``resources/`` the program reads, as ``(file, folder in the bundle)``."""
    wanted = ("icons/*.svg", "i18n/*.qm", "run_python/*.py")
    found = [file for pattern in wanted for file in root.glob(f"resources/{pattern}")]
    if not found:
        raise FileNotFoundError(f"no resources below {root}")
    return [(str(file), file.parent.relative_to(root).as_posix()) for file in sorted(found)]


def wanted_data(rows: Sequence[Row], binaries: Sequence[Row]) -> list[Row]:
    """Return the data rows that are kept; a link to a library goes with the library."""
    kept = {PurePosixPath(row[0].replace(os.sep, "/")) for row in binaries}
    wanted = []
    for name, file, kind in rows:
        path = PurePosixPath(name.replace(os.sep, "/"))
        goal = path.parent / file.replace(os.sep, "/")
        if goal in kept if kind == "SYMLINK" else keeps_data(name):
            wanted.append((name, file, kind))
    return wanted


def keeps_data(name: str) -> bool:
    """Say whether a data file of that name in the bundle is wanted."""
    path = PurePosixPath(name.replace(os.sep, "/"))
    if path.suffix == ".qm" and "PySide6" in path.parts:
        return path.name in KEPT_TRANSLATIONS
    return path.name not in {"py.typed", "INSTALLER", "RECORD", "REQUESTED", "direct_url.json"}


def keeps_plugin(name: str) -> bool:
    """Say whether a library of that name is kept; whatever is no plugin of Qt is, to begin with."""
    found = _QT_PLUGIN.search(name.replace(os.sep, "/"))
    if found is None:
        return True
    stem = found["name"].split(".")[0].removeprefix("lib")
    return stem in KEPT_PLUGINS.get(found["folder"], ())


def needed_binaries(rows: Sequence[Row]) -> list[Row]:
    """Return the rows without the plugins that are dropped and the libraries only those needed.

    On Linux alone libraries are followed: PyInstaller takes whatever the build machine has, a
    desktop's whole GTK for one theme plugin. Elsewhere Qt's folder is all there is.
    """
    kept = [
        row for row in rows if keeps_plugin(row[0]) and _file_name(row) not in LEFT_TO_THE_SYSTEM
    ]
    if not sys.platform.startswith("linux"):
        return kept
    return reachable(kept)


def reachable(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that are loaded by name, and those that one of them needs.

    Loaded by name are Python's extension modules, Qt's plugins, and Python itself.
    """
    by_soname: dict[str, list[Row]] = {}
    for row in rows:
        by_soname.setdefault(_file_name(row), []).append(row)
    todo = [row for row in rows if _is_root(row)]
    kept: set[str] = set()
    while todo:
        row = todo.pop()
        # A link in the bundle's top folder has the name of the file that it leads to.
        if row[0] in kept:
            continue
        kept.add(row[0])
        for soname in needed_sonames(row[1]) if row[2] != "SYMLINK" else ():
            todo += by_soname.get(soname, ())
    return [row for row in rows if row[0] in kept]


def _file_name(row: Row) -> str:
    return PurePosixPath(row[0].replace(os.sep, "/")).name


def from_the_system(rows: Sequence[Row]) -> list[Path]:
    """Return the libraries that are the build machine's own: neither a package's nor Python's."""
    if not sys.platform.startswith("linux"):
        return []
    ours = (sys.prefix, sys.base_prefix) if sys.base_prefix != "/usr" else (sys.prefix,)
    files = [row[1] for row in rows if row[2] == "BINARY"]
    return [Path(file) for file in files if not file.startswith(tuple(f"{one}/" for one in ours))]


def _is_root(row: Row) -> bool:
    name, _, kind = row
    return kind == "EXTENSION" or "/plugins/" in name or name.startswith("libpython")


@cache
def needed_sonames(file: str) -> tuple[str, ...]:
    """Return the libraries that an ELF file names, without theirs.

    Raises:
        subprocess.CalledProcessError: When ``file`` is not one.
    """
    said = _readelf("--dynamic", file)
    return tuple(found["name"] for found in _NEEDED.finditer(said))


def _readelf(what: str, file: str) -> str:
    return subprocess.run(
        ["readelf", what, "--wide", file],
        check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"},
    ).stdout  # fmt: skip


def find_library(soname: str) -> Path:
    """Return the file that this system loads for ``soname``.

    Raises:
        LookupError: When there is none.
    """
    said = subprocess.run(
        ["/sbin/ldconfig", "-p"], check=True, capture_output=True, text=True
    ).stdout
    found = re.search(rf"^\s{re.escape(soname)} \(libc6,.*64.*\) => (\S+)$", said, re.MULTILINE)
    if found is None:
        raise LookupError(f"{soname} is not on this system")
    return Path(found[1])


def elf_files(folder: Path) -> list[Path]:
    """Return every ELF file below ``folder``, links left aside."""
    return sorted(file for file in folder.rglob("*") if not file.is_symlink() and is_elf(file))


def is_elf(file: Path) -> bool:
    """Say whether ``file`` is a program or a library of Linux."""
    if not file.is_file():
        return False
    with file.open("rb") as reader:
        return reader.read(4) == b"\x7fELF"


def shared_libraries(files: Iterable[Path]) -> set[str]:
    """Return the names of the shared libraries among ``files``: ``libz.so.1``, not modules."""
    return {
        file.name
        for file in files
        if re.search(r"\.so(\.\d+)*$", file.name) and file.name.startswith("lib")
    }


def newest_glibc(folder: Path) -> tuple[int, int]:
    """Return the version of the C library that something below ``folder`` asks for."""
    found = [(2, 17)]
    for file in elf_files(folder):
        said = _readelf("--version-info", str(file))
        found += [(int(a), int(b)) for a, b in re.findall(r"Name: GLIBC_(\d+)\.(\d+)", said)]
    return max(found)


def missing_sonames(folder: Path) -> set[str]:
    """Return the libraries that something below ``folder`` needs and that are not there."""
    here = {file.name for file in folder.rglob("*.so*")}
    return {soname for file in elf_files(folder) for soname in needed_sonames(str(file))} - here
