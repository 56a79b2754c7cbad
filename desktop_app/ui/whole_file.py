"""Writes a text to a file that is then whole, or says why it could not."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, text: str, *, replace: bool) -> None:
    """Write ``text`` to ``path``; nothing is left half-written.

    Raises:
        FileExistsError: When there is a file of that name and ``replace`` is false.
        OSError: When the folder or the disk refuses.
    """
    if not replace and path.exists():
        raise FileExistsError(path)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".interleave-", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
