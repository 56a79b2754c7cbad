"""Files as text: which encoding they are in, or that they are no text at all."""

import codecs
from dataclasses import dataclass
from typing import Final

from desktop_app.chat.tool_ports import ToolError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The longer ones first: UTF-32's begins like UTF-16's."""

_LOOKED_AT: Final = 64 * 1024
_TEXT_CONTROLS: Final = frozenset("\t\n\r\f\v\b\x1b")
_MOST_CONTROLS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the name of the encoding that it was in."""

    text: str
    encoding: str


def decode(content: bytes, encoding: str = "", *, is_cut: bool = False) -> Decoded:
    """Return ``content`` as text.

    Tried are its byte order mark, UTF-8, GB 18030 where that gives Chinese, and Windows-1252.

    Args:
        content: Of a file.
        encoding: The one to use, where somebody knows.
        is_cut: Whether it may end in the middle of a character.

    Raises:
        ToolError: When it is no text, or not in ``encoding``.
    """
    if encoding:
        return _decode_as(content, encoding, is_cut=is_cut)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _decode_as(content, name, is_cut=is_cut)
    if b"\0" in content[:_LOOKED_AT]:
        raise _no_text()
    for name in ("utf-8", "gb18030"):
        text = _strict(content, name, is_cut=is_cut)
        if text is not None and (name == "utf-8" or _is_chinese(text)):
            return Decoded(_checked(text), name)
    # Five bytes of it mean nothing, so it can refuse; Latin-1 would take anything.
    text = _strict(content, "cp1252", is_cut=False)
    if text is None:
        raise _no_text()
    return Decoded(_checked(text), "cp1252")


def _decode_as(content: bytes, encoding: str, *, is_cut: bool) -> Decoded:
    try:
        known = codecs.lookup(encoding)
    except LookupError:
        raise ToolError(f"There is no encoding “{encoding[:40]}”; try utf-8 or gb18030.") from None
    if not known._is_text_encoding:  # noqa: SLF001 (how bytes.decode asks)
        raise ToolError(f"“{encoding[:40]}” is no encoding of texts.")
    text = _strict(content, known.name, is_cut=is_cut)
    if text is None:
        raise ToolError(f"It is not in {known.name}; leave the encoding out to have it found.")
    return Decoded(_checked(text), known.name)


def _strict(content: bytes, encoding: str, *, is_cut: bool) -> str | None:
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        return decoder.decode(content, final=not is_cut)
    except (UnicodeError, LookupError):
        return None


def _checked(text: str) -> str:
    beginning = text[:_LOOKED_AT]
    controls = sum(
        1
        for letter in beginning
        if (letter < " " and letter not in _TEXT_CONTROLS) or letter == "\0"
    )
    if controls > len(beginning) * _MOST_CONTROLS:
        raise _no_text()
    return text


def _is_chinese(text: str) -> bool:
    """Whether what is not ASCII is common in Chinese texts.

    "été" in Windows-1252 is GB 18030 too, for a character that no text has: one of GB 2312's two
    bytes is never an ASCII letter.
    """
    foreign = [letter for letter in text[:_LOOKED_AT] if not letter.isascii()]
    common = sum(1 for letter in foreign if _is_common(letter))
    return bool(foreign) and common >= 0.9 * len(foreign)


def _is_common(letter: str) -> bool:
    try:
        letter.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _no_text() -> ToolError:
    return ToolError("It is no text but a binary file, which tools leave alone.")
