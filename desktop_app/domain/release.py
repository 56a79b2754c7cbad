"""A published version of the program, its files, and whether it is newer than another."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

_VERSION: Final = re.compile(r"v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?P<more>.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """A file of a published version.

    Attributes:
        name: Of the file, without a folder.
        address: Where it is downloaded from.
        size: In bytes.
        sha256: Of its content, in lower-case hexadecimal.
    """

    name: str
    address: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Release:
    """A published version.

    Attributes:
        version: Three numbers, such as ``1.2.3``.
        page: Where a person reads of it and downloads it.
        files: Those whose content the release vouches for.
    """

    version: str
    page: str
    files: tuple[ReleaseFile, ...] = ()


class DownloadProblem(Enum):
    """Why a file of a release did not arrive."""

    CONNECTION = auto()
    """The server could not be reached, refused, or fell silent."""
    CONTENT = auto()
    """What came is not what the release says; nothing of it is kept."""
    DISK = auto()
    """It could not be written."""


class DownloadError(Exception):
    """A file of a release did not arrive; the message says why, for the log."""

    def __init__(self, problem: DownloadProblem, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


def plain_version(tag: str) -> str | None:
    """Return the version that a tag names; ``None`` for a pre-release and for what is no version."""
    found = _VERSION.fullmatch(tag)
    if found is None or found["more"]:
        return None
    return ".".join(str(int(number)) for number in found.groups()[:3])


def is_newer(version: str, than: str) -> bool:
    """Whether the plain ``version`` comes after ``than``, which may be a pre-release.

    Raises:
        ValueError: When one of them is no version.
    """
    return _order(version) > _order(than)


def _order(version: str) -> tuple[int, int, int, bool]:
    found = _VERSION.fullmatch(version)
    if found is None:
        raise ValueError(f"not a version: {version[:40]!r}")
    major, minor, patch = (int(number) for number in found.groups()[:3])
    # What comes behind the numbers is of a version before them: 1.2.3rc1.
    return major, minor, patch, not found["more"]
