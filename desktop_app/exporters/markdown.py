"""The shown branch as Markdown (CommonMark with tables), to be read and edited anywhere."""

import re
from collections.abc import Iterator
from typing import Final

from desktop_app.chat.exporting import ExportFormat, ExportOptions, ThinkingForm
from desktop_app.chat.readable import Piece, PieceKind, sections, subtitle_of, title_of
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.text import fenced
from desktop_app.exporters._document import begin_with

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|])")
_FOLD_END: Final = re.compile(r"<(/?(?:details|summary)\b)", re.IGNORECASE)


def render(tree: ConversationTree, options: ExportOptions) -> Iterator[str]:
    """Yield the document."""
    yield f"# {_escaped(title_of(tree, options))}\n"
    if subtitle := subtitle_of(tree, options):
        yield f"\n*{_escaped(subtitle)}*\n"
    for section in sections(tree, options):
        yield f"\n## {_escaped(section.speaker)}\n"
        if section.caption:
            yield f"\n*{_escaped(section.caption)}*\n"
        for piece in section.pieces:
            yield f"\n{_piece(piece, options)}\n"


def _piece(piece: Piece, options: ExportOptions) -> str:
    match piece.kind:
        case PieceKind.TEXT:
            return piece.text.strip("\n")
        case PieceKind.NOTE:
            return f"> **{_escaped(piece.text)}**"
        case PieceKind.TOOL:
            return f"**{_escaped(piece.title)}**\n\n{fenced(piece.text)}"
        case PieceKind.THINKING:
            text = piece.text.strip("\n")
            if options.thinking is ThinkingForm.QUOTED:
                lines = (f"**{_escaped(piece.title)}**", "", *text.splitlines())
                return "\n".join(f"> {line}".rstrip() for line in lines)
            # A fold that the text ends by itself would show the rest as the answer.
            text = _FOLD_END.sub(r"&lt;\1", text)
            return f"<details>\n<summary>{_escaped(piece.title)}</summary>\n\n{text}\n\n</details>"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


FORMAT: Final = ExportFormat(
    id="markdown",
    label="Markdown",
    suffix=".md",
    mime="text/markdown",
    is_lossless=False,
    holds_many=False,
    begin=begin_with(render),
)
