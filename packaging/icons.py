"""The program's icon as files, drawn from its two SVG drawings: PNG, Windows' ICO, Apple's ICNS.

Both containers are a table of PNG pictures, so Qt, which is there anyway, is all that it takes.
"""

import os
import struct
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWINGS = Path(__file__).resolve().parent.parent / "resources" / "icons"
SMALL_UP_TO = 24
"""Pixels up to which the drawing that is fitted to a grid of 16 is the sharper one."""

HICOLOR_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
ICNS_TYPES: Mapping[bytes, int] = {
    b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic13": 256, b"ic09": 512,
    b"ic14": 512, b"ic10": 1024,
}  # fmt: skip
"""The types of pictures that are PNG, with their size in pixels (Apple Icon Image format)."""


def png(size: int) -> bytes:
    """Return the icon as a PNG picture of ``size`` by ``size`` pixels.

    Raises:
        ValueError: When a drawing cannot be read.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if QGuiApplication.instance() is None:
        globals()["_app"] = QGuiApplication(["icons"])
    name = "interleave-small.svg" if size <= SMALL_UP_TO else "interleave.svg"
    renderer = QSvgRenderer(str(DRAWINGS / name))
    if not renderer.isValid():
        raise ValueError(f"{name} cannot be drawn")
    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(0)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not picture.save(buffer, "PNG"):  # type: ignore[call-overload] # takes a device; its stub says bytes
        raise ValueError(f"{name} cannot be written")
    buffer.close()
    return bytes(content.data())


def write_ico(file: Path) -> Path:
    """Write Windows' icon and return its path."""
    pictures = [(size, png(size)) for size in ICO_SIZES]
    table, offset = struct.pack("<HHH", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for size, content in pictures:
        side = size % 256  # 0 stands for 256
        table += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(content), offset)
        offset += len(content)
    return _write(file, table + b"".join(content for _, content in pictures))


def write_icns(file: Path) -> Path:
    """Write Apple's icon and return its path."""
    drawn = {size: png(size) for size in set(ICNS_TYPES.values())}
    parts = [
        kind + struct.pack(">I", 8 + len(drawn[size])) + drawn[size]
        for kind, size in ICNS_TYPES.items()
    ]
    length = 8 + sum(len(part) for part in parts)
    return _write(file, b"icns" + struct.pack(">I", length) + b"".join(parts))


def write_hicolor(folder: Path, name: str) -> None:
    """Write a ``hicolor`` tree below ``folder``: a PNG of each size, and the drawing itself."""
    for size in HICOLOR_SIZES:
        _write(folder / "hicolor" / f"{size}x{size}" / "apps" / f"{name}.png", png(size))
    drawing = (DRAWINGS / "interleave.svg").read_bytes()
    _write(folder / "hicolor" / "scalable" / "apps" / f"{name}.svg", drawing)


def _write(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file
