"""The blocks of an entry: how its text is read, and what is shown below the text.

One place for everybody who reads entries: for the rows that are painted, for finding and for
copying, which must all see the same blocks under the same numbers.
"""

from __future__ import annotations

from typing import Final

from desktop_app.ui.transcript.blocks import Block, BlockKind
from desktop_app.ui.transcript.code_block import BARE
from desktop_app.ui.transcript.entry import Entry, EntryKind
from desktop_app.ui.transcript.plain_document import PlainDocument, plain_blocks
from desktop_app.ui.transcript.stream_document import StreamDocument

MOST_BARE_LINES: Final = 6
MOST_BARE_LETTERS: Final = 360
"""Code within these goes without a bar of buttons, which would be higher than the code."""


def document_of(entry: Entry) -> StreamDocument | PlainDocument:
    """What reads the text of an entry."""
    if entry.markdown:
        return StreamDocument()
    if entry.code is None:
        return PlainDocument()
    return PlainDocument(BlockKind.CODE, BARE if _is_bare(entry) else "", entry.code)


def blocks_below(entry: Entry, *, is_unfolded: bool) -> list[Block]:
    """What is shown after the text: the pictures, and the details while they are unfolded."""
    return pictures_of(entry) + (details_of(entry) if is_unfolded else [])


def pictures_of(entry: Entry) -> list[Block]:
    """The blocks of an entry's pictures."""
    return [
        Block(BlockKind.IMAGE, picture.words, header=picture.address) for picture in entry.pictures
    ]


def details_of(entry: Entry) -> list[Block]:
    """The blocks of an entry's details, whether they are unfolded or not."""
    return plain_blocks(entry.details, BlockKind.CODE, BARE) if entry.details else []


def _is_bare(entry: Entry) -> bool:
    text = entry.text
    # What streams has no bar, so that none comes and goes while it grows; a part of a form has
    # none either, and so is never folded.
    if entry.streaming or entry.kind is EntryKind.FIELD:
        return True
    return len(text) <= MOST_BARE_LETTERS and text.count("\n") < MOST_BARE_LINES
