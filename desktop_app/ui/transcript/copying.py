"""Puts what is selected, or one thing under the mouse, on the clipboard in the forms asked for."""

from __future__ import annotations

import atexit
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

from desktop_app.ui.transcript.fragments import Frozen, freeze, plain_of, whole_block
from desktop_app.ui.transcript.html_part import html_document, html_of
from desktop_app.ui.transcript.markdown_part import markdown_of
from desktop_app.ui.transcript.selected_mime import Forms, PendingMime, join_plain

if TYPE_CHECKING:
    from desktop_app.ui.transcript.blocks import Block
    from desktop_app.ui.transcript.view import BlockView

SLICE_SECONDS = 0.004
WORKED_AT_ONCE_SECONDS = 0.02
"""A selection that takes longer is put together between frames: 10,000 messages take seconds."""
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
        self._pending: tuple[Forms, PendingMime, QClipboard.Mode] | None = None
        self._work = QTimer(view)
        self._work.setInterval(1)
        self._work.timeout.connect(self._on_work)
        view.destroyed.connect(self._finish)

    @property
    def is_working(self) -> bool:
        """Whether a long selection that was copied is still being put together."""
        return self._work.isActive()

    def plain(self) -> str:
        """The selection as plain text."""
        return join_plain([plain_of(each.part().fragments) for each in self._frozen()])

    def markdown(self) -> str:
        """The selection as Markdown; entries that are selected whole as they came."""
        texts = []
        for each in self._frozen():
            source = each.source()
            if not source:
                part = each.part()
                source = part.source or markdown_of(part.fragments)
            texts.append(source.strip("\n"))
        return "\n\n".join(filter(None, texts))

    def copy(self) -> None:
        """Copy the selection in both forms; nothing happens without one."""
        if self._view.selection:
            self._put(QClipboard.Mode.Clipboard)

    def _put(self, mode: QClipboard.Mode) -> None:
        """Put the selection on a clipboard; a long one is worked out between frames."""
        self._finish()
        forms = Forms(self._frozen())
        if forms.work(WORKED_AT_ONCE_SECONDS):
            QGuiApplication.clipboard().setMimeData(forms.mime(), mode)
            return
        pending = PendingMime(forms)
        QGuiApplication.clipboard().setMimeData(pending, mode)
        self._pending = (forms, pending, mode)
        self._work.start()
        atexit.register(self._finish)

    def _on_work(self) -> None:
        if self._pending is None or self._pending[0].work(SLICE_SECONDS):
            self._finish()

    def _finish(self) -> None:
        """Put what is pending on its clipboard as an object of Qt's own, if it is still there."""
        pending, self._pending = self._pending, None
        if pending is None:
            return
        if shiboken6.isValid(self._work):
            self._work.stop()
        atexit.unregister(self._finish)
        forms, mime, mode = pending
        # A clipboard that somebody else has written to since has deleted what was on it.
        if shiboken6.isValid(mime):
            QGuiApplication.clipboard().setMimeData(forms.mime(), mode)

    def _frozen(self) -> list[Frozen]:
        return freeze(self._view.stack, self._view.selection)

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
        if QGuiApplication.clipboard().supportsSelection() and self._view.selection:
            self._put(QClipboard.Mode.Selection)


def _clear_at_exit() -> None:
    """Take Python's objects off the clipboard of the offscreen platform.

    That one, alone among them, deletes its clipboard after the interpreter is gone.
    """
    if QGuiApplication.instance() and QGuiApplication.platformName() == "offscreen":
        QGuiApplication.clipboard().clear()


atexit.register(_clear_at_exit)


def table_text(blocks: list[Block]) -> QMimeData:
    """A table for spreadsheets and text boxes: tabs between cells, and as HTML."""
    fragments = [whole_block(block) for block in blocks]
    made = QMimeData()
    made.setText("\n".join(fragment.text for fragment in fragments))
    made.setHtml(html_document([html_of(fragments)]))
    return made
