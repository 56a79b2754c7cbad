"""Our own files: see :mod:`desktop_app.chat.conversation_json`."""

from collections.abc import Sequence
from typing import Final

from desktop_app import APP_NAME
from desktop_app.chat.conversation_json import (
    FORMAT as FORMAT_NAME,
)
from desktop_app.chat.conversation_json import (
    VERSION,
    ConversationFormatError,
    tree_from_value,
)
from desktop_app.chat.importing import ImportProblem, ImportRefusedError
from desktop_app.importers._format import Found, ImportFormat, Outline


def _accepts(outline: Outline) -> bool:
    return bool(outline.member("format") == FORMAT_NAME)


def _read(outlines: Sequence[Outline], found: Found) -> None:
    """Read all of it, or nothing: what we wrote ourselves is whole, or damaged."""
    for outline in outlines:
        version = outline.member("version")
        if type(version) is not int or version < 1:
            raise ImportRefusedError(ImportProblem.DAMAGED, "version")
        if version > VERSION:
            raise ImportRefusedError(ImportProblem.NEWER, f"{version}"[:20])
        if "conversations" not in outline.names:
            raise ImportRefusedError(ImportProblem.DAMAGED, "conversations")
        for value in outline.elements(found.watch, "conversations"):
            try:
                found.add(tree_from_value(value))
            except ConversationFormatError as error:
                raise ImportRefusedError(ImportProblem.DAMAGED, str(error)[:200]) from None


FORMAT: Final = ImportFormat(
    id="interleave",
    label=APP_NAME,
    members=lambda name: name.endswith(".interleave.json"),
    accepts=_accepts,
    read=_read,
)
