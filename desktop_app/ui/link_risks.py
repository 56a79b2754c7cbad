"""What is suspicious about a link in a text that is not trusted, told in a sentence for each.

A link can lead elsewhere than it says: by the words it stands behind, by a name before the host,
by letters that look like others, or by signs that cannot be seen. None of it is forbidden, all of
it is said before the link is opened. Nothing is opened here.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final
from urllib.parse import unquote

from PySide6.QtCore import QUrl

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP


class LinkRisk(StrEnum):
    """A reason to look twice; the value is the sentence, in the context "Links"."""

    OTHER_ADDRESS = QT_TRANSLATE_NOOP("Links", "The text of the link names another address.")
    USER_INFO = QT_TRANSLATE_NOOP(
        "Links", "Before the real host stands a name that could be taken for it."
    )
    MIXED_SCRIPTS = QT_TRANSLATE_NOOP(
        "Links", "The host mixes alphabets: some of its letters may only look familiar."
    )
    FOREIGN_LETTERS = QT_TRANSLATE_NOOP(
        "Links", "The host has letters beyond a to z; it is shown as it is sent."
    )
    INVISIBLE = QT_TRANSLATE_NOOP(
        "Links", "The link holds signs that are invisible or turn the reading direction."
    )
    NUMBER = QT_TRANSLATE_NOOP("Links", "The host is a bare number, not a name.")


_ADDRESS: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)(?:[^\s/@]*@)?(?P<host>[^\s/:?#]+)|(?P<mail>[^\s@<>]+@[^\s@<>/]+\.\w+)",
    re.IGNORECASE,
)
_BARE_HOST: Final = re.compile(
    r"(?P<host>(?:[^\W_][\w-]*\.)+(?P<end>[^\W\d_]{2,24}))(?::\d+)?(?:/\S*)?"
)
_FILE_ENDINGS: Final = re.compile(
    "c|cc|cpp|cs|css|csv|h|html?|ini|java|js|json|kt|lock|lua|mjs?|md|php|pl|ps|py|rb|rs|sh|sql|svg|so"
    "|swift|toml|tsx?|txt|vue|xml|ya?ml|zip"
)
"""What a word of the form "name.ending" is rather than a host, unless "www." says otherwise."""
_NUMBER_HOST: Final = re.compile(
    r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}|\[.*\]|[0-9a-f]*:[0-9a-f:.]+"
)
_TOGETHER: Final = frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL"})
"""Alphabets that the names of one language use side by side."""
_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u00ad")


def risks_of(link: str, words: str = "") -> tuple[LinkRisk, ...]:
    """What is to be said about a link before it is opened.

    Args:
        link: An address that may be opened; see `external_links.is_allowed`.
        words: The text it stands behind, empty where it has none of its own.
    """
    url = QUrl(link, QUrl.ParsingMode.StrictMode)
    host = url.host(QUrl.ComponentFormattingOption.FullyEncoded).casefold()
    found = []
    if _names_another(words, url, host):
        found.append(LinkRisk.OTHER_ADDRESS)
    if url.userInfo():
        found.append(LinkRisk.USER_INFO)
    labels = [decoded_label(label) for label in _host_of_mail_or_web(url, host).split(".")]
    if any(not label.isascii() for label in labels):
        is_mixed = any(is_mixed_script(label) for label in labels)
        found.append(LinkRisk.MIXED_SCRIPTS if is_mixed else LinkRisk.FOREIGN_LETTERS)
    if has_invisible(words) or has_invisible(unquote(link)):
        found.append(LinkRisk.INVISIBLE)
    if host and _NUMBER_HOST.fullmatch(host):
        found.append(LinkRisk.NUMBER)
    return tuple(found)


def decoded_label(label: str) -> str:
    """A part of a host name with its letters, whatever way it is written."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except (UnicodeError, ValueError):
        return label


def is_mixed_script(label: str) -> bool:
    """Whether a part of a host name uses alphabets that do not belong together."""
    scripts = {
        unicodedata.name(letter, "UNKNOWN").split()[0] for letter in label if letter.isalpha()
    }
    return len(scripts) > 1 and not scripts <= _TOGETHER


def has_invisible(text: str) -> bool:
    """Whether a text has signs that cannot be seen, or that turn the reading direction."""
    return any(
        unicodedata.category(letter) in ("Cf", "Cc") or letter in _FILLERS
        for letter in text
        if letter not in "\r\n\t"
    )


def _host_of_mail_or_web(url: QUrl, host: str) -> str:
    return host or url.path(QUrl.ComponentFormattingOption.FullyEncoded).rpartition("@")[2]


def _names_another(words: str, url: QUrl, host: str) -> bool:
    """Whether the words of a link name a host, or an address of mail, that is not its target."""
    words = words.strip()
    visible = "".join(letter for letter in words if unicodedata.category(letter) != "Cf")
    named = [(m["host"], m["mail"]) for m in _ADDRESS.finditer(visible)]
    bare = _BARE_HOST.fullmatch(visible)
    if bare and (not _FILE_ENDINGS.fullmatch(bare["end"].casefold()) or visible.startswith("www.")):
        named.append((bare["host"], None))
    target_mail = url.path(QUrl.ComponentFormattingOption.FullyDecoded).casefold()
    for named_host, mail in named:
        if mail:
            if url.scheme().casefold() == "mailto" and mail.casefold() != target_mail:
                return True
            if url.scheme().casefold() != "mailto":
                return True
        elif not _is_same_host(named_host, host or target_mail.rpartition("@")[2]):
            return True
    return False


def _is_same_host(named: str, host: str) -> bool:
    """Whether a host that is named is the target's; "www." and what stands before it count for nothing."""
    encoded = QUrl(f"https://{named}/").host(QUrl.ComponentFormattingOption.FullyEncoded)
    short = (encoded or named).casefold().removeprefix("www.").rstrip(".")
    return bool(short) and (host == short or host.endswith(f".{short}"))
