"""Icons: the line icons of `resources/icons` in any colour, and the program's own icon.

The drawings know no colour (`currentColor`); whoever shows one gives the colour of its text, and asks
again when the theme changes. Nothing else reads that folder.
"""

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer

from desktop_app.paths import resource

_FOLDER: Final = "icons"
_APP_ICON: Final = "interleave"
_APP_ICON_SMALL: Final = "interleave-small"

_DISABLED_OPACITY: Final = 0.38
_OPAQUE: Final = 0xFF000000

_SMALL_APP_SIZES: Final = (16, 20, 22, 24)
"""Pixels at which the drawing that is fitted to a grid of 16 is the sharper one."""

_APP_SIZES: Final = (32, 48, 64, 96, 128, 256, 512)


class MissingIconError(LookupError):
    """There is no drawing of that name, or it cannot be drawn."""


def icon_names() -> tuple[str, ...]:
    """Return the names of all line icons."""
    names = (file.stem for file in resource(_FOLDER).glob("*.svg"))
    return tuple(sorted(name for name in names if not name.startswith(_APP_ICON)))


def icon(name: str, color: QColor | None = None) -> QIcon:
    """Return a line icon for buttons, actions and menus, with a paler one for the disabled state.

    Args:
        name: The file in `resources/icons`, without its ending.
        color: `None` takes the colour of text on buttons.

    Raises:
        MissingIconError: When there is no such drawing.
    """
    return _icon(name, (color or _button_text()).rgba())


def pixmap(name: str, size: int, color: QColor, dpr: float = 1.0) -> QPixmap:
    """Return a line icon as a picture of `size` by `size` points, `dpr` pixels to a point.

    Raises:
        MissingIconError: When there is no such drawing.
    """
    picture = QPixmap(_draw(name, round(size * dpr), color.rgba()))
    picture.setDevicePixelRatio(dpr)
    return picture


@cache
def app_icon() -> QIcon:
    """Return the program's icon: windows, task bar, About page."""
    return QIcon(_AppIcon())


class _LineIcon(QIconEngine):
    """Draws a line icon at the size and in the state that is shown, when it is shown."""

    def __init__(self, name: str, rgba: int) -> None:
        super().__init__()
        self._name = name
        self._rgba = rgba

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        side = min(rect.width(), rect.height())
        place = QRect(0, 0, side, side)
        place.moveCenter(rect.center())
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(place, self.scaledPixmap(place.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        del state
        pixels = round(min(size.width(), size.height()) * scale)
        picture = _draw(self._name, pixels, self._rgba)
        return _paler(picture, _DISABLED_OPACITY) if mode is QIcon.Mode.Disabled else picture

    def clone(self) -> QIconEngine:
        copy = _LineIcon(self._name, self._rgba)
        _clones.append(copy)
        return copy


class _AppIcon(_LineIcon):
    """Draws the program's icon; the smaller drawing where its grid is the sharper one."""

    def __init__(self) -> None:
        super().__init__(_APP_ICON, _OPAQUE)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        del mode, state
        pixels = round(min(size.width(), size.height()) * scale)
        return _draw(
            _APP_ICON_SMALL if pixels <= _SMALL_APP_SIZES[-1] else _APP_ICON, pixels, _OPAQUE
        )

    def availableSizes(
        self, mode: QIcon.Mode = QIcon.Mode.Normal, state: QIcon.State = QIcon.State.Off
    ) -> list[QSize]:
        del mode, state
        return [QSize(side, side) for side in (*_SMALL_APP_SIZES, *_APP_SIZES)]

    def clone(self) -> QIconEngine:
        copy = _AppIcon()
        _clones.append(copy)
        return copy


_clones: Final[list[QIconEngine]] = []
"""PySide6 6.11 frees what a clone() returns while Qt holds it; kept here, it stays. Only an icon that
somebody changes is cloned."""


@cache
def _icon(name: str, rgba: int) -> QIcon:
    _source(name)  # One that is missing is told here, not when it is to be painted.
    return QIcon(_LineIcon(name, rgba))


@cache
def _draw(name: str, pixels: int, rgba: int) -> QPixmap:
    color = QColor.fromRgba(rgba)
    renderer = QSvgRenderer(
        QByteArray(_source(name).replace("currentColor", color.name()).encode())
    )
    if not renderer.isValid():
        raise MissingIconError(name)
    picture = _transparent(QSize(pixels, pixels))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    # Qt would let a shape's fill shine through its outline if it were drawn translucent.
    return picture if color.alpha() == 255 else _paler(picture, color.alphaF())


@cache
def _source(name: str) -> str:
    try:
        return resource(_FOLDER, f"{name}.svg").read_text(encoding="utf-8")
    except OSError as error:
        raise MissingIconError(name) from error


def _paler(picture: QPixmap, opacity: float) -> QPixmap:
    result = _transparent(picture.size())
    painter = QPainter(result)
    painter.setOpacity(opacity)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return result


def _transparent(size: QSize) -> QPixmap:
    picture = QPixmap(size)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


def _button_text() -> QColor:
    return QGuiApplication.palette().color(
        QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText
    )
