"""Images inside a text: shown when small enough and whole, a chip otherwise, nothing ever fetched."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage

from desktop_app.ui.transcript import Entry, EntryKind
from desktop_app.ui.transcript.blocks import BlockKind
from desktop_app.ui.transcript.images import decode, image_size
from desktop_app.ui.transcript.plain import plain_text
from desktop_app.ui.transcript.stream_document import StreamDocument, blocks_of

RED = QColor("#d02030")


def address(width=60, height=40, format_="png"):
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(RED)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, format_)
    return f"data:image/{format_};base64,{base64.b64encode(buffer.data().data()).decode()}"


def claimed(width, height):
    """A PNG that claims a size and has next to no data."""

    def part(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(b"\0"))
    return f"data:image/png;base64,{base64.b64encode(data + part(b'IEND', b'')).decode()}"


@pytest.mark.parametrize("format_", ["png", "jpeg"])
def test_an_image_of_a_line_is_a_block(format_):
    source = address(format_=format_)
    blocks = blocks_of(f"Before\n![a red field]({source})\n\nafter")
    assert [block.kind for block in blocks] == [
        BlockKind.PARAGRAPH, BlockKind.IMAGE, BlockKind.PARAGRAPH,
    ]  # fmt: skip
    assert (blocks[1].source, blocks[1].header) == ("a red field", source)
    assert (image_size(source).width(), image_size(source).height()) == (60, 40)
    assert decode(source).size() == image_size(source)
    assert plain_text(f"![a red field]({source})") == "image: a red field"


@pytest.mark.parametrize("chunk", [1, 7, 100, 5_000])
def test_an_image_that_streams_becomes_the_one_that_is_opened(chunk):
    text = f"- item\n\n  ![alt]({address(400, 300, 'jpeg')})\n\nafter"
    document, closed = StreamDocument(), []
    for start in range(0, len(text), chunk):
        closed += document.feed(text[start : start + chunk])
        for block in document.tail():
            assert "base64" not in block.source or len(block.source) < 60
    assert closed + document.finish() == blocks_of(text)


@pytest.mark.parametrize(
    "source",
    [
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64,not*base64",
        "data:image/png;base64,iVBORw0KGgo= and more",
        "data:text/html;base64,PGI+",
        "file:///etc/hostname",
        "https://example.invalid/a.png",
        "//host/share/x.png",
    ],
)
def test_everything_else_is_a_chip_of_words(source):
    (block,) = blocks_of(f"![alt]({source})")
    assert block.kind is BlockKind.PARAGRAPH
    assert len(block.source) < 100
    assert plain_text(f"![alt]({source})").startswith(("image: alt", "![alt]"))


@pytest.mark.parametrize("size", [(30_000, 30_000), (5_000, 5_000), (13_000, 1), (0, 5)])
def test_a_claimed_size_is_not_believed(size):
    assert not image_size(claimed(*size)).isValid()
    assert decode(claimed(*size)).isNull()


def shown(view, qtbot, source):
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "", f"![alt]({source})\n\nafter")])
    row = view.stack.rows_of(view.stack.by_id["a"])[0]
    height, before = row.height, view.grab().toImage()
    with qtbot.waitSignal(view.images.ready):
        view.viewport().repaint()
    view.viewport().repaint()
    assert row.height == height
    return before, view.grab().toImage()


def has_red(image):
    return any(
        image.pixelColor(x, y) == RED
        for x in range(0, image.width(), 5)
        for y in range(0, image.height(), 5)
    )


def test_an_image_takes_its_place_before_it_is_decoded(view, qtbot):
    _, after = shown(view, qtbot, address(300, 200))
    assert has_red(after)
    row = view.stack.rows_of(view.stack.by_id["a"])[0]
    assert row.height >= 200
    row.drop()
    assert row.image is None


def test_a_large_image_is_scaled_to_the_column(view, qtbot):
    _, after = shown(view, qtbot, address(3_000, 1_000))
    assert has_red(after)
    row = view.stack.rows_of(view.stack.by_id["a"])[0]
    assert row.height < row.width / 2


def test_a_damaged_image_shows_its_words(view, qtbot):
    _, after = shown(view, qtbot, claimed(200, 100))
    assert not has_red(after)


@pytest.mark.parametrize(("width", "height"), [(16, 16), (16, 200), (400, 10)])
def test_a_damaged_image_that_is_too_small_for_its_words_has_them_beside_it(
    view, qtbot, width, height
):
    before, after = shown(view, qtbot, claimed(width, height))
    row = view.stack.rows_of(view.stack.by_id["a"])[0]
    item = view.stack.by_id["a"]
    left = item.chrome.row_left + width + 3
    top = view.stack.top_of(item) + item.row_top(0) - view.scrolling.value
    changed = [
        x
        for x in range(left, before.width())
        for y in range(top, top + row.height)
        if before.pixel(x, y) != after.pixel(x, y)
    ]
    assert max(changed) > left + 30


def test_the_store_is_bounded(view, qtbot, monkeypatch):
    monkeypatch.setattr("desktop_app.ui.transcript.images._KEPT_BYTES", 60 * 40 * 4)
    for width in (60, 61, 62):
        with qtbot.waitSignal(view.images.ready):
            assert view.images.get(address(width)) is None
    assert len(view.images._known) == 1
