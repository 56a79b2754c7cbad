"""What a format to import from declares, and what its reader gives."""

from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from desktop_app.chat.importing import ImportProblem, ImportRefusedError, LeftOut, Watch
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.importers._shallow import Slice, elements, kind_of, members
from desktop_app.importers._source import Document
from desktop_app.importers._values import Object, mapping

MOST_CONVERSATIONS: Final = 100_000


@dataclass(slots=True)
class Found:
    """What a reader has found so far; it adds to it.

    Attributes:
        trees: Conversations.
        left_out: What of them could not be kept.
        watch: To be looked at every now and then.
    """

    watch: Watch
    trees: list[ConversationTree] = field(default_factory=list)
    left_out: Counter[LeftOut] = field(default_factory=Counter)

    def add(self, tree: ConversationTree | None) -> None:
        """Take a conversation; one with nothing in it is counted as left out."""
        if tree is None:
            self.left_out[LeftOut.EMPTY] += 1
        else:
            self.trees.append(tree)
        if len(self.trees) > MOST_CONVERSATIONS:
            raise ImportRefusedError(ImportProblem.TOO_LARGE)


@dataclass(frozen=True, slots=True)
class Outline:
    """The outermost level of a document.

    Attributes:
        document: It.
        names: Where the values of an object stand, by name; empty for an array.
        first: The first element of an array, parsed, or an object's ``{}``.
        is_array: Whether it is an array.
    """

    document: Document
    names: dict[str, Slice]
    first: dict[str, Any]
    is_array: bool

    @property
    def fields(self) -> Container[str]:
        """The names in the object, or in the first one of the array."""
        return self.first if self.is_array else self.names

    def objects(self, watch: Watch) -> Iterator[Object]:
        """Yield the parsed elements of the array, or the object, whole."""
        if self.is_array:
            yield from map(mapping, self.elements(watch))
        else:
            yield {name: self.member(name) for name in self.names}

    def elements(self, watch: Watch, name: str | None = None) -> Iterator[object]:
        """Yield the parsed elements of the array, or of the one called ``name``."""
        text = self.document.text
        start = 0 if name is None else self.names[name][0]
        for begin, end in elements(text, start, watch):
            watch.look(end / len(text))
            yield self.document.value(begin, end)

    def member(self, name: str) -> Any:  # noqa: ANN401 - JSON may be anything
        """Return the parsed value called ``name``; ``None`` when there is none."""
        if name not in self.names:
            return None
        return self.document.value(*self.names[name])


def each(
    conversation: Callable[[Object, Found], ConversationTree | None],
) -> Callable[[Sequence[Outline], Found], None]:
    """Return what reads documents that are a conversation, or an array of them.

    Args:
        conversation: Reads one; ``None`` when there is nothing in it.
    """

    def read(outlines: Sequence[Outline], found: Found) -> None:
        for outline in outlines:
            for value in outline.objects(found.watch):
                found.add(conversation(value, found))

    return read


def outline_of(document: Document, watch: Watch) -> Outline:
    """Return what can be told of a document without reading all of it.

    Raises:
        ImportRefusedError: When it is neither an array nor an object.
    """
    kind = kind_of(document.text)
    if kind == b"{":
        return Outline(document, dict(members(document.text, 0, watch)), {}, is_array=False)
    if kind != b"[":
        raise ImportRefusedError(ImportProblem.NOT_JSON)
    for begin, end in elements(document.text, 0, watch):
        first = document.value(begin, end)
        return Outline(document, {}, first if isinstance(first, dict) else {}, is_array=True)
    return Outline(document, {}, {}, is_array=True)


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """A format.

    Attributes:
        id: A word for it.
        label: The name of the program it comes from.
        members: Says which files of an archive it wants, by the last part of their names.
        accepts: Says whether a document is of this format.
        read: Reads documents of which at least one was accepted.
    """

    id: str
    label: str
    members: Callable[[str], bool]
    accepts: Callable[[Outline], bool]
    read: Callable[[Sequence[Outline], Found], None]
