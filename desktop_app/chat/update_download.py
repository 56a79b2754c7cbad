"""Which file of a release is that of this installation, and the way to fetch it.

It is put among the person's downloads and never installed: the version that runs stays until the
person starts the new one's installer, by whatever way this one came.
"""

import platform
import sys
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Final

from desktop_app.domain.release import Release, ReleaseFile

Note = Callable[[int], None]


class Form(Enum):
    """In which of the packages this program came; the value is the file's name in a release.

    ``packaging/`` makes these names; tests compare them.
    """

    DEB = "interleave_{version}_{debian}.deb"
    RPM = "interleave-{version}-1.{machine}.rpm"
    TAR = "interleave-{version}-linux-{machine}.tar.xz"
    APPIMAGE = "Interleave-{version}-{machine}.AppImage"
    SETUP = "Interleave-{version}-windows-x64-setup.exe"
    ZIP = "interleave-{version}-windows-x64.zip"
    DMG = "Interleave-{version}-macos-{machine}.dmg"

    def file_name(self, version: str, machine: str) -> str:
        """Return the name of the file for ``version`` and a ``machine`` as the system calls it."""
        debian = _DEBIAN.get(machine, machine)
        return self.value.format(version=version, machine=machine, debian=debian)


_DEBIAN: Final = {"x86_64": "amd64", "aarch64": "arm64"}
_PACKAGED: Final = Path("/usr/lib/interleave/interleave")
_PROGRAM: Final = Path(sys.executable).resolve()
_DPKG_LIST: Final = Path("/var/lib/dpkg/info/interleave.list")


def own_form(
    variables: Mapping[str, str],
    *,
    is_built: bool = hasattr(sys, "_MEIPASS"),
    program: Path = _PROGRAM,
    system: str = sys.platform,
    exists: Callable[[Path], bool] = Path.exists,
) -> Form | None:
    """Return in which form this program came; ``None`` when it runs from its source.

    Args:
        variables: The environment.
        is_built: Whether it is a built program.
        program: Its file.
        system: As ``sys.platform`` calls it.
        exists: Whether a file is there.
    """
    if not is_built:
        return None
    if system == "darwin":
        return Form.DMG
    if system == "win32":
        return Form.SETUP if exists(program.parent / "unins000.exe") else Form.ZIP
    if "APPIMAGE" in variables:
        return Form.APPIMAGE
    if program != _PACKAGED:
        return Form.TAR
    return Form.DEB if exists(_DPKG_LIST) else Form.RPM


class UpdateDownload:
    """Fetches the file of a release that fits this installation.

    Args:
        fetch: Puts a file into a folder and returns its path, or raises a ``DownloadError``.
        folder: Where downloads go.
        form: In which this program came.
        machine: As the system calls it.
    """

    def __init__(
        self,
        fetch: Callable[[ReleaseFile, Path, Note], Awaitable[Path]],
        *,
        folder: Path,
        form: Form | None,
        machine: str = platform.machine(),
    ) -> None:
        self._fetch = fetch
        self._folder = folder
        self._form = form
        self._machine = machine

    def fitting(self, release: Release) -> ReleaseFile | None:
        """Return the file for this installation; ``None`` when the release has none."""
        if self._form is None:
            return None
        name = self._form.file_name(release.version, self._machine)
        return next((file for file in release.files if file.name == name), None)

    async def fetch(self, file: ReleaseFile, note: Note) -> Path:
        """Fetch ``file`` and return where it lies; ``note`` takes the bytes that have come.

        Raises:
            DownloadError: When it does not arrive whole and right.
        """
        return await self._fetch(file, self._folder, note)
