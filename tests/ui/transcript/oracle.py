"""The block structure that markdown-it-py finds in a text, in the words of our scanner.

Only what both can say: kinds, containers, list numbers, and the words of each block.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from desktop_app.ui.transcript.blocks import Block, BlockKind

Shape = tuple[str, str, str, str]
"""Kind, path of containers, marker, words without blanks."""

_PARSER = (
    MarkdownIt("commonmark", {"html": False}).enable("table").disable(["reference", "html_block"])
)


class _Reader:
    """Walks tokens and collects shapes."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.path = ""
        self.marker = ""
        self.lists: list[list[object]] = []
        self.leaf = ""
        self.cells: list[str] | None = None

    def put(self, kind: str, words: str) -> None:
        self.shapes.append((kind, self.path, self.marker, re.sub(r"\s", "", words)))
        self.marker = ""

    def flush(self) -> None:
        if self.marker:
            self.put("paragraph", "")

    def read(self, text: str) -> list[Shape]:
        for token in _PARSER.parse(text):
            self.token(token)
        return self.shapes

    def token(self, token) -> None:
        kind = token.type
        if kind == "blockquote_open":
            self.path += "q"
        elif kind == "list_item_open":
            self.flush()
            self.path += "i"
            ordered, number = self.lists[-1]
            self.lists[-1][1] = number + 1
            self.marker = f"{number}{token.markup}" if ordered else "•"
        elif kind in ("blockquote_close", "list_item_close"):
            if kind == "list_item_close":
                self.flush()
            self.path = self.path[:-1]
        elif kind in ("ordered_list_open", "bullet_list_open"):
            start = token.attrGet("start")
            self.lists.append([kind.startswith("o"), 1 if start is None else int(start)])
        elif kind in ("ordered_list_close", "bullet_list_close"):
            self.lists.pop()
        elif kind == "table_open":
            self.cells = []
        elif kind == "table_close":
            self.put("table", "".join(self.cells or []))
            self.cells = None
        elif kind in ("paragraph_open", "heading_open"):
            self.leaf = kind.removesuffix("_open")
        elif kind == "inline":
            if self.cells is not None:
                self.cells.append(token.content)
            else:
                self.put(self.leaf, token.content)
        elif kind in ("fence", "code_block"):
            self.put("code", token.content)
        elif kind == "hr":
            self.put("rule", "")


def expected_shapes(text: str) -> list[Shape]:
    """What markdown-it-py makes of a text."""
    return _Reader().read(text)


def shapes_of(blocks: list[Block]) -> list[Shape]:
    """Our blocks in the same words; pieces of one block are put together again."""
    shapes: list[Shape] = []
    for block in blocks:
        words = re.sub(r"\s", "", block.source)
        if block.kind is BlockKind.TABLE:
            words = words.replace("\\|", "\0").replace("|", "").replace("\0", "|")
            head = block.header.partition("\n")[0] if block.first else ""
            words = re.sub(r"[\s|]", "", head) + words
        if shapes and (block.run_on or not block.first):
            kind, path, marker, so_far = shapes[-1]
            shapes[-1] = (kind, path, marker, so_far + words)
        else:
            shapes.append((block.kind.value, block.path, block.marker, words))
    return shapes
