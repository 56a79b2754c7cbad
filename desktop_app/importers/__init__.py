"""Formats to import from: one file that declares ``FORMAT`` is one format. Free of Qt.

What they share stands in modules whose names begin with an underscore. Everything in a file is
hostile until it has been looked at; nothing in it is ever run, opened, or used as a path.
"""

from functools import cache
from pathlib import Path

from desktop_app.chat.importing import ImportBatch, ImportProblem, ImportRefusedError, Watch
from desktop_app.declared import declared_in
from desktop_app.importers._format import Found, ImportFormat, outline_of
from desktop_app.importers._source import read_documents


@cache
def import_formats() -> tuple[ImportFormat, ...]:
    """Return every format of this room.

    Raises:
        LookupError: When a file declares none.
    """
    return declared_in(__name__, __path__, "FORMAT", ImportFormat)


def read_import(path: Path, watch: Watch) -> ImportBatch:
    """Return the conversations of the file ``path``; blocks, seconds for a large one.

    Raises:
        ImportRefusedError: When it cannot be brought in.
        ImportCancelledError: When ``watch`` was told so.
    """
    formats = import_formats()
    try:
        documents = read_documents(
            path, lambda name: any(form.members(name) for form in formats), watch
        )
        outlines = [outline_of(document, watch) for document in documents]
        for form in formats:
            accepted = [outline for outline in outlines if form.accepts(outline)]
            if accepted:
                found = Found(watch)
                form.read(accepted, found)
                if not found.trees:
                    raise ImportRefusedError(ImportProblem.NOTHING)
                left_out = {what: count for what, count in found.left_out.items() if count}
                return ImportBatch(form.label, tuple(found.trees), left_out)
    except RecursionError:
        raise ImportRefusedError(ImportProblem.TOO_DEEP) from None
    except MemoryError:
        raise ImportRefusedError(ImportProblem.TOO_LARGE) from None
    raise ImportRefusedError(ImportProblem.UNKNOWN)
