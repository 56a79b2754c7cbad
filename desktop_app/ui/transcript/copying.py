"""Puts what is selected, or one thing under the mouse, on the clipboard in the forms asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

from desktop_app.ui.transcript.fragments import plain_of, selected_parts, whole_block
from desktop_app.ui.transcript.html_part import html_document
from desktop_app.ui.transcript.markdown_part import markdown_of

if TYPE_CHECKING:
    from desktop_app.ui.transcript.blocks import Block
    from desktop_app.ui.transcript.view import BlockView

OFFER_MILLISECONDS = 150
"""A selection goes to the primary selection when it has stayed the same for so long."""


class Copying:
    """The clipboard side of a view."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._offer = QTimer(view)
        self._offer.setSingleShot(True)
        self._offer.setInterval(OFFER_MILLISECONDS)
        self._offer.timeout.connect(self.offer_now)

    def plain(self) -> str:
        """The selection as plain text."""
        parts = selected_parts(self._view.stack, self._view.selection)
        texts = [plain_of(part.fragments) for part in parts]
        if len(texts) > 1:
            texts = [text.strip("\n") for text in texts]
        return "\n\n".join(filter(None, texts))

    def markdown(self) -> str:
        """The selection as Markdown; entries that are selected whole as they came."""
        texts = []
        for part in selected_parts(self._view.stack, self._view.selection):
            is_source = part.is_whole and part.item.entry.markdown and not part.item.is_unfolded
            text = part.item.source if is_source else markdown_of(part.fragments)
            texts.append(text.strip("\n"))
        return "\n\n".join(filter(None, texts))

    def mime(self) -> QMimeData:
        """The selection as plain text and as HTML, for whoever pastes to choose from."""
        parts = selected_parts(self._view.stack, self._view.selection)
        made = QMimeData()
        made.setText(self.plain())
        made.setHtml(html_document([part.fragments for part in parts]))
        return made

    def copy(self) -> None:
        """Copy the selection in both forms; nothing happens without one."""
        if self._view.selection:
            QGuiApplication.clipboard().setMimeData(self.mime())

    def copy_plain(self) -> None:
        """Copy the selection as nothing but text."""
        self.put(self.plain())

    def copy_markdown(self) -> None:
        """Copy the selection as Markdown."""
        self.put(self.markdown())

    @staticmethod
    def put(text: str) -> None:
        """Copy a text that is not empty."""
        if text:
            QGuiApplication.clipboard().setText(text)

    def offer(self) -> None:
        """Offer the selection to a middle click elsewhere, once it has come to rest (X11)."""
        if QGuiApplication.clipboard().supportsSelection():
            self._offer.start()

    def offer_now(self) -> None:
        """Offer it without waiting."""
        self._offer.stop()
        clipboard = QGuiApplication.clipboard()
        if clipboard.supportsSelection() and self._view.selection:
            clipboard.setText(self.plain(), QClipboard.Mode.Selection)


def table_text(blocks: list[Block]) -> QMimeData:
    """A table for spreadsheets and text boxes: tabs between cells, and as HTML."""
    fragments = [whole_block(block) for block in blocks]
    made = QMimeData()
    made.setText("\n".join(fragment.text for fragment in fragments))
    made.setHtml(html_document([fragments]))
    return made
