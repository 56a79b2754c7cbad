"""The shown branch as a PDF: our own boxes, one below the other, cut between lines at page ends.

Runs off the window's thread, as every export does: text documents and a PDF need no window.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

from desktop_app import APP_NAME
from desktop_app.chat.exporting import ExportFormat, ExportOptions
from desktop_app.chat.readable import (
    Piece,
    PieceKind,
    Section,
    sections,
    subtitle_of,
    title_of,
)
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.ui.theme import LIGHT
from desktop_app.ui.transfer.pdf_boxes import (
    Box,
    char_format,
    code_boxes,
    markdown_boxes,
    plain_boxes,
    text_box,
)

_RESOLUTION: Final = 600
_MARGIN_MM: Final = 20.0
_STEP: Final = 17.0
"""Points that each step of a list or a quote stands inwards."""
_PADDING: Final = 8.0
_FOOT: Final = 24.0
_LEAST_ROOM: Final = 54.0
"""Points that have to be left below a heading."""


def boxes_of(tree: ConversationTree, options: ExportOptions) -> Iterator[Box]:
    """Yield everything that stands on the pages."""
    yield text_box(
        title_of(tree, options), char_format(scale=1.8, bold=True), space=0.0, stays=True
    )
    if subtitle := subtitle_of(tree, options):
        yield text_box(subtitle, char_format(scale=0.85, colour=LIGHT.text_muted), space=2.0)
    for section in sections(tree, options):
        yield Box(_speaker(section), space=20.0, stays=True)
        for piece in section.pieces:
            yield from _piece_boxes(piece, is_person=section.is_person)


def _speaker(section: Section) -> Callable[[QTextCursor], None]:
    def fill(cursor: QTextCursor) -> None:
        colour = LIGHT.accent if section.is_person else LIGHT.text
        cursor.insertText(section.speaker, char_format(bold=True, scale=1.05, colour=colour))
        muted = char_format(scale=0.82, colour=LIGHT.text_muted)
        cursor.insertText(f"   {section.caption}", muted)

    return fill


def _piece_boxes(piece: Piece, *, is_person: bool) -> Iterator[Box]:
    muted = LIGHT.text_muted
    if piece.title:
        label = char_format(scale=0.85, bold=True, colour=muted)
        yield text_box(piece.title, label, bars=(0,), stays=True)
    match piece.kind:
        case PieceKind.TEXT:
            yield from markdown_boxes(piece.text, breaks=is_person)
        case PieceKind.THINKING:
            yield from markdown_boxes(piece.text, bars=(0,), colour=muted)
        case PieceKind.TOOL:
            language = "json" if piece.text.lstrip()[:1] in {"{", "["} else ""
            yield from code_boxes(piece.text, language, bars=(0,))
        case PieceKind.NOTE:
            yield from plain_boxes(piece.text, char_format(scale=0.9, colour=LIGHT.error))


class _Pages:
    """Puts boxes on pages."""

    def __init__(self, writer: QPdfWriter, foot: str) -> None:
        self._writer, self._foot = writer, foot
        self._painter = QPainter(writer)
        self._unit = writer.logicalDpiY() / 72.0
        self._width = float(writer.width())
        self._height = writer.height() - _FOOT * self._unit
        self._y = 0.0
        self._number = 1
        self._bars_above: tuple[int, ...] = ()
        self._draw_foot()

    def put(self, box: Box) -> None:
        """Put ``box`` below the last one, on as many pages as it takes."""
        unit = self._unit
        left = (box.indent + len(box.bars)) * _STEP * unit
        padding = _PADDING * unit if box.ground is not None else 0.0
        self._y += box.space * unit if self._y else 0.0
        if box.is_rule:
            self._rule(left)
            return
        document = self._document(box, max(self._width - left - 2 * padding, 40 * unit))
        height = document.size().height()
        if self._height - self._y < (_LEAST_ROOM * unit if box.stays else 0.0):
            self._new_page()
        done, marker = 0.0, box.marker
        bands = _line_bands(document)
        while done < height:
            room = self._height - self._y - 2 * padding
            end = height if height - done <= room else _cut(bands, done, done + room)
            if end <= done:
                if self._y > 0:
                    self._new_page()
                    continue
                end = min(height, done + room)
            self._decorate(box, left, end - done + 2 * padding)
            self._draw(document, QPointF(left + padding, self._y + padding), done, end)
            if marker:
                self._draw_marker(marker, left + padding, document)
                marker = ""
            self._y += end - done + 2 * padding
            done = end
            if done < height:
                self._new_page()
        # Qt has an object tree of its own; nothing of a box may wait for the collector.
        document.deleteLater()

    def end(self) -> None:
        """Finish the file."""
        self._painter.end()

    def _document(self, box: Box, width: float) -> QTextDocument:
        document = QTextDocument()
        document.documentLayout().setPaintDevice(self._writer)
        document.setDocumentMargin(0)
        document.setDefaultFont(char_format().font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        cursor = QTextCursor(document)
        block = QTextBlockFormat()
        block.setLineHeight(128, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setBlockFormat(block)
        box.fill(cursor)
        document.setTextWidth(width)
        return document

    def _draw(self, document: QTextDocument, place: QPointF, begin: float, end: float) -> None:
        painter = self._painter
        painter.save()
        painter.translate(QPointF(place.x(), place.y() - begin))
        clip = QRectF(-self._width, begin, 3 * self._width, end - begin)
        painter.setClipRect(clip)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = clip
        document.documentLayout().draw(painter, context)
        painter.restore()

    def _decorate(self, box: Box, left: float, height: float) -> None:
        for step in box.bars:
            # Without a gap to what stands above in the same quote.
            gap = box.space * self._unit if step in self._bars_above and self._y else 0.0
            x = step * _STEP * self._unit
            bar = QRectF(x, self._y - gap, 2 * self._unit, height + gap)
            self._painter.fillRect(bar, LIGHT.border)
        self._bars_above = box.bars
        if box.ground is not None:
            ground = QRectF(left, self._y, self._width - left, height)
            self._painter.fillRect(ground, box.ground)

    def _draw_marker(self, marker: str, left: float, document: QTextDocument) -> None:
        line = document.begin().layout().lineAt(0)
        font = char_format().font()
        metrics = QFontMetricsF(font, self._writer)
        x = left - metrics.horizontalAdvance(marker) - 5 * self._unit
        self._text(marker, QPointF(x, self._y + line.y() + line.ascent()), font, LIGHT.text_muted)

    def _rule(self, left: float) -> None:
        if self._height - self._y < 2 * self._unit:
            self._new_page()
        line = QRectF(left, self._y, self._width - left, 0.7 * self._unit)
        self._painter.fillRect(line, LIGHT.border)
        self._y += 2 * self._unit

    def _new_page(self) -> None:
        self._writer.newPage()
        self._number += 1
        self._y = 0.0
        self._bars_above = ()
        self._draw_foot()

    def _draw_foot(self) -> None:
        font = char_format(scale=0.78).font()
        metrics = QFontMetricsF(font, self._writer)
        y = float(self._writer.height())
        number = str(self._number)
        width = self._width - metrics.horizontalAdvance(number)
        title = metrics.elidedText(self._foot, Qt.TextElideMode.ElideRight, 0.8 * width)
        self._text(title, QPointF(0.0, y), font, LIGHT.text_muted)
        self._text(number, QPointF(width, y), font, LIGHT.text_muted)

    def _text(self, text: str, place: QPointF, font: QFont, colour: QColor) -> None:
        self._painter.setFont(font)
        self._painter.setPen(colour)
        self._painter.drawText(place, text)


def _line_bands(document: QTextDocument) -> list[tuple[float, float]]:
    """Return from where to where each line stands, in no order."""
    layout = document.documentLayout()
    bands = []
    block = document.begin()
    while block.isValid():
        top = layout.blockBoundingRect(block).top()
        lines = block.layout()
        for number in range(lines.lineCount()):
            line = lines.lineAt(number)
            bands.append((top + line.y(), top + line.y() + line.height()))
        block = block.next()
    return bands


def _cut(bands: list[tuple[float, float]], begin: float, end: float) -> float:
    """Return the last place before ``end`` that cuts no line; ``begin`` when there is none."""
    changed = True
    while changed:
        changed = False
        for top, bottom in bands:
            if top < end - 0.5 and bottom > end + 0.5:
                end, changed = top, True
    return max(end, begin)


class _Writing:
    def __init__(self, file: BinaryIO, options: ExportOptions) -> None:
        self._file, self._options = file, options

    def add(self, tree: ConversationTree) -> None:
        """Write the whole file: it takes one conversation."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        title = title_of(tree, self._options)
        writer = QPdfWriter(buffer)
        writer.setResolution(_RESOLUTION)
        writer.setTitle(title)
        writer.setCreator(APP_NAME)
        margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        page = QPageSize(QPageSize.PageSizeId.A4)
        writer.setPageLayout(
            QPageLayout(
                page, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter
            )
        )
        pages = _Pages(writer, title)
        try:
            for box in boxes_of(tree, self._options):
                pages.put(box)
        finally:
            pages.end()
        self._file.write(bytes(buffer.data().data()))

    def close(self) -> None:
        """Nothing stands at the end."""


PDF: Final = ExportFormat(
    id="pdf",
    label="PDF",
    suffix=".pdf",
    mime="application/pdf",
    is_lossless=False,
    holds_many=False,
    begin=_Writing,
)
