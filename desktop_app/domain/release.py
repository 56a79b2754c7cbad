"""A published version of the program, and whether it is newer than another."""

import re
from dataclasses import dataclass
from typing import Final

_VERSION: Final = re.compile(r"v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?P<more>.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Release:
    """A published version.

    Attributes:
        version: Three numbers, such as ``1.2.3``.
        page: Where a person reads of it and downloads it.
    """

    version: str
    page: str


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
