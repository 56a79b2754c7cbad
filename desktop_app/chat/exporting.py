"""What a format to export to is, and how a file comes to be: whole, or not at all.

The formats themselves are in :mod:`desktop_app.exporters`; one that needs the window's own means is
with the window. Everything here blocks, but :class:`Exporting`, which awaits it.
"""

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from desktop_app.chat.background import DaemonThread
from desktop_app.chat.error_text import english
from desktop_app.chat.file_names import distinct, file_name
from desktop_app.chat.ports import ConversationStore
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.errors import ErrorRecord
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP

ZIP_SUFFIX: Final = ".zip"


class ThinkingForm(StrEnum):
    """What becomes of thinking in a text to be read."""

    FOLDED = "folded"
    QUOTED = "quoted"
    NONE = "none"


def iso_date(seconds: float) -> str:
    """Return a moment as ISO 8601 has it, in UTC, to the minute."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def untranslated(text: str) -> str:
    """Return ``text`` as it is."""
    return text


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How a text to be read is written.

    Attributes:
        thinking: What becomes of thinking.
        translate: Gives a sentence of the context "Export" in the person's language.
        date: Writes a moment as the person does.
        error: Says what went wrong, in the person's language.
        language: Of the headings, as HTML names it.
    """

    thinking: ThinkingForm = ThinkingForm.FOLDED
    translate: Callable[[str], str] = untranslated
    date: Callable[[float], str] = iso_date
    error: Callable[[ErrorRecord], str] = english
    language: str = "en"


class Writing(Protocol):
    """A file that is being written, conversation after conversation."""

    def add(self, tree: ConversationTree) -> None:
        """Write one more."""
        ...

    def close(self) -> None:
        """Write what stands at the end."""
        ...


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format.

    Attributes:
        id: A word for it.
        label: What a person calls it; a name, or translatable in the context "Export".
        suffix: Of its files, with the dot.
        mime: Media type.
        is_lossless: Whether everything is in it, so that it can be brought back as it was.
        holds_many: Whether one file takes many conversations; else several go into an archive.
        begin: Begins a file with the options.
    """

    id: str
    label: str
    suffix: str
    mime: str
    is_lossless: bool
    holds_many: bool
    begin: Callable[[BinaryIO, ExportOptions], Writing]


class Archive:
    """Several conversations, each as a file of its own in a ZIP archive.

    Args:
        file: Where to.
        form: Of each.
        options: How each is written.
    """

    def __init__(self, file: BinaryIO, form: ExportFormat, options: ExportOptions) -> None:
        import zipfile  # seldom needed, and ten other modules come along

        self._entry = zipfile.ZipInfo
        self._compression = zipfile.ZIP_DEFLATED
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._form, self._options = form, options
        self._names: set[str] = set()

    def add(self, tree: ConversationTree) -> None:
        """Write one more file; its time is that of the conversation."""
        name = distinct(file_name(tree.conversation.title, self._form.suffix), self._names)
        moment = max(
            tree.conversation.updated_at, 315_532_800.0
        )  # an archive's time begins in 1980
        when = time.gmtime(min(moment, 4_354_819_198.0))
        entry = self._entry(name, when[:6])
        entry.compress_type = self._compression
        entry.external_attr = 0o600 << 16
        with self._zip.open(entry, "w", force_zip64=True) as file:
            writing = self._form.begin(file, self._options)  # type: ignore[arg-type]
            writing.add(tree)
            writing.close()

    def close(self) -> None:
        """Write the list of what is in it."""
        self._zip.close()


def begin_writing(
    file: BinaryIO, form: ExportFormat, options: ExportOptions, *, several: bool
) -> Writing:
    """Begin a file of ``form``, or an archive of such files where one cannot take ``several``."""
    if several and not form.holds_many:
        return Archive(file, form, options)
    return form.begin(file, options)


def suffix_of(form: ExportFormat, *, several: bool) -> str:
    """Return the suffix of the file that is written."""
    return ZIP_SUFFIX if several and not form.holds_many else form.suffix


def with_suffix(chosen: Path, suffix: str) -> Path:
    """Return ``chosen`` with ``suffix``, whatever of it was typed."""
    if chosen.name.casefold().endswith(suffix.casefold()):
        return chosen
    last = "." + suffix.rpartition(".")[2]
    return chosen.with_name(chosen.name.removesuffix(last) + suffix)


@contextlib.contextmanager
def new_file(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """Open a file that gets the name ``path`` when it is whole; on a failure nothing is left.

    Raises:
        FileExistsError: When the name is taken, now or at the end, and ``replace`` is false.
        OSError: When the folder or the disk refuses.
    """
    if not replace and os.path.lexists(path):
        raise FileExistsError(path)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".interleave-", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not replace:
            # Whoever made a file of this name in the meantime keeps it.
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


class Exporting:
    """Writes conversations from ``store`` into files."""

    def __init__(self, store: ConversationStore) -> None:
        self._store = store

    async def write(
        self,
        path: Path,
        form: ExportFormat,
        conversation_ids: Sequence[str],
        options: ExportOptions,
        on_written: Callable[[int], None],
        *,
        replace: bool,
    ) -> None:
        """Write conversations to ``path``, read and written one at a time.

        Cancelled, nothing is left of the file, as with every failure.

        Args:
            path: With its suffix.
            form: Format of the file.
            conversation_ids: In the order in which they are written; at least one.
            options: How texts are written.
            on_written: Called with how many are written, after each.
            replace: Whether a file of this name may be replaced.

        Raises:
            FileExistsError: When there is one and it may not.
            OSError: When the file cannot be written.
            StoreError: When a conversation cannot be read.
        """
        several = len(conversation_ids) > 1
        thread = DaemonThread("export")
        work = _Work(path, form, options, several=several, replace=replace)
        try:
            await thread.run(work.begin)
            for number, conversation_id in enumerate(conversation_ids, start=1):
                tree = await self._store.load_tree(conversation_id)
                await thread.run(partial(work.add, tree))
                on_written(number)
            await thread.run(work.finish)
        finally:
            thread.post(work.abandon)
            thread.end()


class _Work:
    """A file from its beginning to its end; every method belongs on the same thread."""

    def __init__(
        self,
        path: Path,
        form: ExportFormat,
        options: ExportOptions,
        *,
        several: bool,
        replace: bool,
    ) -> None:
        self._opened = new_file(path, replace=replace)
        self._form, self._options, self._several = form, options, several
        self._writing: Writing | None = None
        self._is_open = False

    def begin(self) -> None:
        file = self._opened.__enter__()
        self._is_open = True
        self._writing = begin_writing(file, self._form, self._options, several=self._several)

    def add(self, tree: ConversationTree) -> None:
        if self._writing is not None:
            self._writing.add(tree)

    def finish(self) -> None:
        if self._writing is not None:
            self._writing.close()
        self._is_open = False
        self._opened.__exit__(None, None, None)

    def abandon(self) -> None:
        """Leave nothing of a file that was not finished."""
        if not self._is_open:
            return
        self._is_open = False
        with contextlib.suppress(Exception):
            if self._writing is not None:
                self._writing.close()
        with contextlib.suppress(_AbandonedError):
            self._opened.__exit__(_AbandonedError, _AbandonedError(), None)


class _AbandonedError(Exception):
    """The file is not wanted any more."""


WORDS: Final = (
    QT_TRANSLATE_NOOP("Export", "You"),
    QT_TRANSLATE_NOOP("Export", "Assistant"),
    QT_TRANSLATE_NOOP("Export", "Thinking"),
    QT_TRANSLATE_NOOP("Export", "Tool call"),
    QT_TRANSLATE_NOOP("Export", "Tool result"),
    QT_TRANSLATE_NOOP("Export", "Tool error"),
    QT_TRANSLATE_NOOP("Export", "Pictures"),
    QT_TRANSLATE_NOOP("Export", "Error"),
    QT_TRANSLATE_NOOP("Export", "System prompt"),
    QT_TRANSLATE_NOOP("Export", "Conversation"),
    QT_TRANSLATE_NOOP("Export", "Stopped"),
    QT_TRANSLATE_NOOP("Export", "Cut off"),
    QT_TRANSLATE_NOOP("Export", "Interrupted"),
    QT_TRANSLATE_NOOP("Export", "Failed"),
)
"""What is looked up by :attr:`ExportOptions.translate`."""
