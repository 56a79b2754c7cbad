"""Our own format, which loses nothing: see :mod:`desktop_app.chat.conversation_json`."""

from typing import BinaryIO, Final

from desktop_app.chat.conversation_json import BETWEEN, HEAD, TAIL, tree_json
from desktop_app.chat.exporting import ExportFormat, ExportOptions
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP


class _Writing:
    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        del options
        self._file = file
        self._between = HEAD

    def add(self, tree: ConversationTree) -> None:
        self._file.write((self._between + tree_json(tree)).encode())
        self._between = BETWEEN

    def close(self) -> None:
        # Without a conversation the head is still to be written.
        head = HEAD if self._between is HEAD else ""
        self._file.write((head + TAIL).encode())


FORMAT: Final = ExportFormat(
    id="interleave",
    label=QT_TRANSLATE_NOOP("Export", "Interleave, with everything"),
    suffix=".interleave.json",
    mime="application/json",
    is_lossless=True,
    holds_many=True,
    begin=_Writing,
)
