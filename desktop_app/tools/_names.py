"""Which paths that a model writes are taken at all, and which names are never touched. Opens nothing."""

import os
import re
import unicodedata
from typing import Final

from desktop_app.chat.tool_ports import ToolError

_MOST_CHARACTERS: Final = 2_000
_MOST_BYTES_OF_A_NAME: Final = 255

_RESERVED: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE
)
"""Devices of Windows; a suffix does not make files of them."""

_NOT_ON_WINDOWS: Final = frozenset('<>:"|?*')

_SECRET_NAMES: Final = frozenset(
    {
        ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".gcloud", ".netrc", "_netrc",
        ".pgpass", ".my.cnf", ".pypirc", ".npmrc", ".yarnrc", ".git-credentials", ".envrc",
        ".password-store", ".mozilla", ".thunderbird", "keyrings", "kwalletd", "credentials.json",
    }
)  # fmt: skip
_SECRET_BEGINNINGS: Final = ("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".env.")
_SECRET_ENDINGS: Final = (".pem", ".key", ".kdbx", ".p12", ".pfx", ".jks", ".keystore", ".ppk")

_HARMLESS_HIDDEN: Final = frozenset(
    {".gitignore", ".gitattributes", ".editorconfig", ".dockerignore"}
)


class PathRefusedError(ToolError):
    """A path that no tool follows."""


def parts_of(path: str, *, windows: bool = os.name == "nt") -> tuple[str, ...]:
    r"""Return the names that a relative path consists of; none for an empty one or ``.``.

    Args:
        path: With ``/``; on Windows also with ``\\``.
        windows: Whether the rules of Windows hold, where more names mean something else.

    Raises:
        PathRefusedError: When it is absolute, leads upwards, or has a name that is none.
    """
    if len(path) > _MOST_CHARACTERS:
        raise PathRefusedError("The path is too long.")
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) < 0xE000 for letter in path):
        raise PathRefusedError("The path has characters in it that no name can have.")
    separated = path.replace("\\", "/") if windows else path
    if separated.startswith("/"):
        raise PathRefusedError(
            "Write the path as list_folder shows it, beginning with the name of a granted folder."
        )
    parts = tuple(part for part in separated.split("/") if part not in {"", "."})
    for part in parts:
        _check(part, windows=windows)
    return parts


def _check(part: str, *, windows: bool) -> None:
    if part == "..":
        raise PathRefusedError("A path with “..” is not followed; write where it leads to.")
    if len(part.encode()) > _MOST_BYTES_OF_A_NAME:
        raise PathRefusedError("A name in the path is too long.")
    if windows and (
        _RESERVED.fullmatch(part) or part[-1] in ". " or not _NOT_ON_WINDOWS.isdisjoint(part)
    ):
        raise PathRefusedError(
            f"“{part}” is no name of a file on Windows: no drives, devices, streams or patterns."
        )


def is_secret(name: str) -> bool:
    """Whether a file or folder of this name is for keys or passwords, in whatever case."""
    # Some disks take letters that nobody sees, or another form of a letter, for the same name.
    plain = "".join(one for one in name if unicodedata.category(one) != "Cf")
    folded = unicodedata.normalize("NFKC", plain).casefold().rstrip(". ")
    return (
        folded in _SECRET_NAMES
        or folded == ".env"
        or folded.startswith(_SECRET_BEGINNINGS)
        or folded.endswith(_SECRET_ENDINGS)
    )


def check_secrets(parts: tuple[str, ...]) -> None:
    """Refuse a path on which something secret lies.

    Raises:
        PathRefusedError: When there is.
    """
    for part in parts:
        if is_secret(part):
            raise PathRefusedError(
                f"“{part}” is a place for keys or passwords, which no tool touches."
            )


def check_writable(parts: tuple[str, ...]) -> None:
    """Refuse to write what other programs obey without being asked, such as ``.git`` and ``.bashrc``.

    Raises:
        PathRefusedError: When a name begins with a dot and is not known to be harmless.
    """
    for part in parts:
        if part.startswith(".") and part.casefold() not in _HARMLESS_HIDDEN:
            raise PathRefusedError(
                f"“{part}” is hidden, and hidden files are not written: other programs obey them. "
                "Choose a name without a dot in front."
            )
