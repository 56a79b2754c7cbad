"""Images that a text carries in itself, decoded away from the window's thread and kept for a while.

Only the bytes inside the text are ever read, as the format that the address names and no other: no
file, no address, no SVG. A few kilobytes of PNG can claim a billion pixels, so the size is read
first and bounded.
"""

from __future__ import annotations

import base64
import binascii
import logging
import threading
from collections import OrderedDict
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

MOST_PIXELS: Final = 20_000_000
LONGEST_SIDE: Final = 12_000
_KEPT_BYTES: Final = 96 * 1024 * 1024
_SHOWN_SIDE: Final = 2_400
"""Larger images are scaled down to this while they are read; no screen shows more of them."""

_log = logging.getLogger(__name__)


def image_bytes(address: str) -> tuple[str, bytes]:
    """The format and the bytes of a `data:` address; empty where they cannot be had."""
    head, _, letters = address.partition(";base64,")
    try:
        return head.removeprefix("data:image/"), base64.b64decode(letters, validate=True)
    except (binascii.Error, ValueError):
        return "", b""


@lru_cache(maxsize=16)
def image_size(address: str) -> QSize:
    """The size in pixels as the image's head tells it; invalid where it cannot be shown."""
    format_, data = image_bytes(address)
    if not data:
        return QSize()
    buffer = _buffer(data)
    size = _reader(buffer, format_).size()
    is_shown = 0 < size.width() * size.height() <= MOST_PIXELS
    is_shown = is_shown and max(size.width(), size.height()) <= LONGEST_SIDE
    return size if is_shown and min(size.width(), size.height()) > 0 else QSize()


def decode(address: str) -> QImage:
    """The image itself; a null image where it is damaged. Takes up to a second: not for a frame."""
    size = image_size(address)
    if not size.isValid():
        return QImage()
    format_, data = image_bytes(address)
    buffer = _buffer(data)
    reader = _reader(buffer, format_)
    if max(size.width(), size.height()) > _SHOWN_SIDE:
        scaled = QSize(_SHOWN_SIDE, _SHOWN_SIDE)
        reader.setScaledSize(size.scaled(scaled, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        _log.info("an image in a text cannot be shown: %s", reader.errorString())
    return image


class Images(QObject):
    """Decodes images one after the other and tells when one is ready.

    Signals:
        ready(address): An image can be painted now, or is known to be damaged.
    """

    ready = Signal(str)
    _decoded = Signal(str, QImage)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: OrderedDict[str, QImage] = OrderedDict()
        self._asked: set[str] = set()
        self._decoded.connect(self._keep)

    def get(self, address: str) -> QImage | None:
        """An image, null where it is damaged; None while it is being decoded."""
        known = self._known.get(address)
        if known is not None:
            self._known.move_to_end(address)
        elif address not in self._asked:
            self._asked.add(address)
            # A daemon: an image on its way must not keep the program from quitting.
            threading.Thread(target=self._decode, args=(address,), daemon=True).start()
        return known

    def _decode(self, address: str) -> None:
        image = decode(address)
        try:
            self._decoded.emit(address, image)
        except RuntimeError:
            return  # The view is gone.

    def _keep(self, address: str, image: QImage) -> None:
        self._asked.discard(address)
        self._known[address] = image
        while len(self._known) > 1 and self._kept_bytes() > _KEPT_BYTES:
            self._known.popitem(last=False)
        self.ready.emit(address)

    def _kept_bytes(self) -> int:
        return sum(image.sizeInBytes() for image in self._known.values())


def _buffer(data: bytes) -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return buffer


def _reader(buffer: QBuffer, format_: str) -> QImageReader:
    reader = QImageReader(buffer, QByteArray(format_.encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    return reader
