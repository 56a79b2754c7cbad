"""Names of files made of titles: names that every system takes and that hide nothing. Pure."""

import re
import unicodedata
from typing import Final

LONGEST_BYTES: Final = 180
"""Of a name in UTF-8 before its suffix. Most file systems end at 255, encrypted ones at 143 of them
shown as 255; Windows counts 260 characters with the folders."""

_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:\..*)?",
    re.IGNORECASE,
)
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*]')
_SPACES: Final = re.compile(r"\s+")
_UNNAMED: Final = "Conversation"


def file_name(title: str, suffix: str) -> str:
    """Return a name for a file about ``title``, with ``suffix``.

    Whatever could lead out of a folder, is refused by Windows, or would turn or hide a part of the
    name (controls, bidirectional and invisible characters) is not in it; nor are dots and spaces
    at its ends, nor the names of devices.
    """
    normal = unicodedata.normalize("NFC", _SPACES.sub(" ", title))
    shown = "".join(c for c in normal if not unicodedata.category(c).startswith("C"))
    name = _cut(_FORBIDDEN.sub("-", shown)).strip(" .") or _UNNAMED
    if _RESERVED.fullmatch(name):
        name = f"{name.partition('.')[0]}_"
    return name + suffix


def distinct(name: str, taken: set[str]) -> str:
    """Return ``name``, with a number where ``taken`` has it, whatever the case; it joins them."""
    stem, dot, suffix = name.partition(".") if name.count(".") == 1 else _parted(name)
    number, candidate = 1, name
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{stem} ({number}){dot}{suffix}"
    taken.add(candidate.casefold())
    return candidate


def _parted(name: str) -> tuple[str, str, str]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot, suffix) if dot else (name, "", "")


def _cut(name: str) -> str:
    """Cut at the end of a character, without leaving one that combines with what was cut off."""
    encoded = name.encode(errors="replace")
    return (
        name if len(encoded) <= LONGEST_BYTES else encoded[:LONGEST_BYTES].decode(errors="ignore")
    )
