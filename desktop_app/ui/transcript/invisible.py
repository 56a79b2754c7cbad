"""Characters in code that nobody sees: what they are, where they stand, what stands in for them.

Source that reads one way and runs another hides behind bidi controls ("Trojan Source"); tag
characters, zero-width ones and stray variation selectors carry text that is copied unseen. They
count as hidden wherever a script or an emoji does not need them. No Qt in here.
"""

from __future__ import annotations

import re

_SHAPING = "\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\uabff"
"""Arabic, Syriac, Indic, Tibetan, Burmese, Khmer, Mongolian: joiners choose letter forms there."""
_EMOJI = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"


def _tagged(region: str) -> str:
    """A region in tag characters, as the flags of England, Scotland and Wales have it."""
    return "".join(chr(0xE0000 + ord(letter)) for letter in region) + "\U000e007f"


_NEEDED = "|".join(
    (
        f"\U0001f3f4(?:{'|'.join(_tagged(region) for region in ('gbeng', 'gbsct', 'gbwls'))})",
        f"(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])",
        f"(?<=[{_EMOJI}])[\ufe0e\ufe0f]",
        "(?<=[#*0-9])\ufe0f(?=\u20e3)",
        f"(?<=[{_HAN}])[\ufe00-\ufe0f\U000e0100-\U000e01ef]",
        "(?<=[\u1820-\u18aa])[\u180b-\u180d\u180f]",
        f"(?<=[{_SHAPING}])[\u200c\u200d]",
    )
)
_UNSEEN = (
    "\u0080-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_ANY = re.compile(f"[{_UNSEEN}]")
_HIDDEN = re.compile(f"{_NEEDED}|([{_UNSEEN}])")

NARROW, WIDE = "U", "\U0001d5b4"
"""What is laid out instead: letters of one and of two UTF-16 units, so that no offset changes.
Letters and not signs, since a sign would take its direction from its neighbours."""
SEEN = "\u25af"
"""Stands for itself where no mark is painted over it."""


def hidden_in(text: str) -> list[int]:
    """Where hidden characters stand in `text`, in code points."""
    if text.isascii() or not _ANY.search(text):
        return []
    return [found.start() for found in _HIDDEN.finditer(text) if found.group(1)]


def replaced(text: str, places: list[int], *, is_seen: bool = False) -> str:
    """`text` with a letter, or a box that `is_seen`, of the same UTF-16 length at `places`."""
    if not places:
        return text
    characters, narrow = list(text), SEEN if is_seen else NARROW
    for place in places:
        characters[place] = WIDE if characters[place] > "\uffff" else narrow
    return "".join(characters)


def name_of(character: str) -> str:
    """What the mark says: the code point, without its `U+`."""
    return f"{ord(character):04X}"
