"""The licences of everything that the built program carries, as one text, gathered when it is built.

Python packages bring theirs in their metadata; the libraries that the build machine gave are those
of Debian or Ubuntu, whose packages each have a ``copyright`` file. What has no text is an error: a
program must not be handed out without one.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LICENSES = ROOT / "packaging" / "licenses"
RUN_LOCK = ROOT / "packaging" / "requirements" / "run.txt"

BESIDE_THE_LOCK = ("pyinstaller",)
"""What is in the built program though the program does not ask for it: what starts it."""

_LICENSE_FILE = re.compile(
    r"(^|/)(licen[cs]es?/.+|(licen[cs]e|copying|notice)[^/]*)$", re.IGNORECASE
)
_IN_METADATA = re.compile(r"\.dist-info/")
_RULE = "=" * 79

_HEAD = """\
Interleave is free software under the MIT licence, which stands first. It carries the work of
others, named below with their licences.

Qt and PySide6 are used under the GNU Lesser General Public License, version 3. They are shared
libraries in the folder of the program, unchanged, and may be replaced by other builds of the same
version; nothing forbids taking the program apart to do so. Their source is offered by The Qt
Company at https://download.qt.io/official_releases/ (qt and QtForPython), in the version that the
program names in its About window. What Qt itself carries of others, ICU among it, stands at
https://doc.qt.io/qt-6/licenses-used-in-qt.html
"""


def text(libraries: Iterable[Path] = ()) -> str:
    """Return the notices.

    Args:
        libraries: Shared libraries of the build machine's own that the program carries.

    Raises:
        LookupError: When something has no text of a licence.
    """
    sections = [("Interleave", (ROOT / "LICENSE").read_text("utf-8"))]
    sections += [section(one) for one in distributions()]
    sections.append((f"Python {sys.version.split()[0]}", python_license()))
    for file in sorted(LICENSES.glob("font-*.txt")):
        sections.append((f"Font {file.stem.removeprefix('font-')}", file.read_text("utf-8")))
    sections += debian_sections(libraries)
    for name, title in (("LGPL-3.0", "GNU Lesser General Public License, version 3"),
                        ("GPL-3.0", "GNU General Public License, version 3")):  # fmt: skip
        sections.append((title, (LICENSES / f"{name}.txt").read_text("utf-8")))
    parts = [f"{_RULE}\n{title}\n{_RULE}\n\n{body.strip()}\n" for title, body in sections]
    return "\n\n".join([_HEAD, *parts])


def distributions() -> list[Distribution]:
    """Return what the lock of the program pins for this system, by name."""
    lines = re.findall(r"^(\S+==[^\\\n]+)", RUN_LOCK.read_text("utf-8"), re.MULTILINE)
    wanted = [Requirement(line.strip()) for line in lines]
    names = [one.name for one in wanted if one.marker is None or one.marker.evaluate()]
    return [distribution(name) for name in sorted({*names, *BESIDE_THE_LOCK}, key=str.lower)]


def section(one: Distribution) -> tuple[str, str]:
    """Return title and licences of a package.

    Raises:
        LookupError: When its metadata holds none.
    """
    name = one.metadata["Name"]
    title = f"{name} {one.version}: {license_name(one)}"
    files = [
        file for file in one.files or ()
        if _IN_METADATA.search(file.as_posix()) and _LICENSE_FILE.search(file.as_posix())
    ]  # fmt: skip
    texts = [file.read_text("utf-8") for file in sorted(files, key=str)]
    if texts:
        return title, "\n\n".join(texts)
    if name.lower().startswith(("pyside6", "shiboken6")):
        return title, "Its text, the GNU Lesser General Public License, stands at the end."
    named = LICENSES / f"{name.lower()}.txt"
    if named.is_file():
        return title, named.read_text("utf-8")
    raise LookupError(f"{name} {one.version} brings no text of its licence")


def license_name(one: Distribution) -> str:
    """Return what a package calls its licence, in a line."""
    metadata = one.metadata
    classifiers = metadata.get_all("Classifier") or []
    names = [line.rpartition("::")[2].strip() for line in classifiers if "License ::" in line]
    for key in ("License-Expression", "License"):
        names = names or [text.splitlines()[0] for text in metadata.get_all(key) or [] if text]
    return ", ".join(names) or "see below"


def python_license() -> str:
    """Return the licence of this Python.

    Raises:
        LookupError: When its file is nowhere.
    """
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    base = Path(sys.base_prefix)
    for file in (
        base / "lib" / version / "LICENSE.txt",
        base / "LICENSE.txt",
        Path("/usr/share/doc", version, "copyright"),
        Path("/usr/share/doc", f"lib{version}-minimal", "copyright"),
    ):
        if file.is_file():
            return file.read_text("utf-8")
    raise LookupError(f"the licence of Python is not below {base}")


def debian_sections(libraries: Iterable[Path]) -> list[tuple[str, str]]:
    """Return the copyright files of the packages that the libraries came from.

    Raises:
        LookupError: When a library is of no package, or the package has no such file.
    """
    packages: dict[str, set[str]] = {}
    for library in libraries:
        packages.setdefault(package_of(library), set()).add(library.name)
    # Packages of one source share their text.
    titles: dict[str, list[str]] = {}
    for package, names in sorted(packages.items()):
        file = Path("/usr/share/doc", package, "copyright")
        if not file.is_file():
            raise LookupError(f"{package} has no {file}")
        content = file.read_text("utf-8", errors="replace")
        titles.setdefault(content, []).append(f"{package}: {', '.join(sorted(names))}")
    return [("\n".join(said), content) for content, said in titles.items()]


def package_of(library: Path) -> str:
    """Return the Debian package that a file is of.

    Raises:
        LookupError: When there is none.
    """
    names = [str(library.resolve()), str(library)]
    # dpkg may know a file of /usr/lib by its old place in /lib.
    names += [name.removeprefix("/usr") for name in names if name.startswith("/usr/lib")]
    for name in names:
        answer = subprocess.run(
            ["dpkg-query", "--search", name], capture_output=True, text=True, check=False
        )
        if answer.returncode == 0:
            return answer.stdout.split(":")[0]
    raise LookupError(f"{library} is of no package: whose licence it has is unknown")
