"""A file that takes one conversation, written in one go."""

from collections.abc import Callable, Iterable
from typing import BinaryIO

from desktop_app.chat.exporting import ExportOptions, Writing
from desktop_app.domain.conversation_tree import ConversationTree

Render = Callable[[ConversationTree, ExportOptions], Iterable[str]]


def begin_with(render: Render) -> Callable[[BinaryIO, ExportOptions], Writing]:
    """Return what begins a file of the pieces of text that ``render`` yields."""

    def begin(file: BinaryIO, options: ExportOptions) -> Writing:
        return _Document(file, options, render)

    return begin


class _Document:
    def __init__(self, file: BinaryIO, options: ExportOptions, render: Render) -> None:
        self._file, self._options, self._render = file, options, render

    def add(self, tree: ConversationTree) -> None:
        for text in self._render(tree, self._options):
            self._file.write(text.encode(errors="replace"))

    def close(self) -> None:
        pass
