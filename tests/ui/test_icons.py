"""Every icon that the program names is drawn, in the colour asked for, at the size asked for."""

import ast
import gc
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

import desktop_app
from desktop_app.paths import resource
from desktop_app.ui import icons

pytestmark = pytest.mark.usefixtures("qapp")

SOURCE = Path(desktop_app.__file__).parent
RED = QColor("#c03020")


def names_in_source() -> Iterator[tuple[str, str]]:
    """Yield (name, where) for each text that the user interface gives as the name of an icon.

    Those are the first texts of calls of `icon` and `pixmap`, and texts given to a parameter or
    stored in an attribute that is called `icon` or ends in `icon_name`.
    """
    for file in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            given = list(node.args[:1]) if name in {"icon", "pixmap"} else []
            given += [
                keyword.value
                for keyword in node.keywords
                if keyword.arg is not None
                and (keyword.arg == "icon" or keyword.arg.endswith("icon_name"))
            ]
            for argument in given:
                for part in ast.walk(argument):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value, f"{file.relative_to(SOURCE)}:{node.lineno}"


def ink(picture: QPixmap) -> QImage:
    return picture.toImage().convertToFormat(QImage.Format.Format_ARGB32)


def drawn_pixels(picture: QPixmap) -> list[QColor]:
    image = ink(picture)
    return [
        color
        for y in range(image.height())
        for x in range(image.width())
        if (color := image.pixelColor(x, y)).alpha() > 0
    ]


def test_every_icon_that_the_program_names_exists() -> None:
    used = list(names_in_source())
    assert used
    missing = [where for where in used if where[0] not in icons.icon_names()]
    assert missing == []


@pytest.mark.parametrize("name", icons.icon_names())
def test_every_drawing_belongs_to_the_family(name: str) -> None:
    file = resource("icons", f"{name}.svg")
    root = ET.fromstring(file.read_text(encoding="utf-8"))
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert 1.6 <= float(root.get("stroke-width", "0")) <= 1.8
    assert root.get("stroke-linecap") == root.get("stroke-linejoin") == "round"
    colours = {
        element.get(attribute)
        for element in root.iter()
        for attribute in ("fill", "stroke")
        if element.get(attribute) is not None
    }
    assert colours <= {"none", "currentColor"}
    picture = icons.pixmap(name, 24, RED)
    assert len(drawn_pixels(picture)) > 20
    border = ink(picture)
    rim = [border.pixelColor(x, y).alpha() for x in (0, 23) for y in range(24)]
    rim += [border.pixelColor(x, y).alpha() for y in (0, 23) for x in range(24)]
    assert max(rim) == 0, "a line that is cut off at the edge"


def test_the_colour_asked_for_is_the_colour_drawn() -> None:
    solid = [color for color in drawn_pixels(icons.pixmap("stop", 32, RED)) if color.alpha() == 255]
    assert {color.name() for color in solid} == {RED.name()}


def test_a_translucent_colour_stays_translucent() -> None:
    veil = QColor(RED)
    veil.setAlpha(100)
    assert max(c.alpha() for c in drawn_pixels(icons.pixmap("stop", 32, veil))) == pytest.approx(
        100, abs=2
    )


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
def test_a_pixmap_has_the_pixels_of_its_screen(ratio: float) -> None:
    picture = icons.pixmap("send", 20, RED, ratio)
    assert picture.size() == QSize(round(20 * ratio), round(20 * ratio))
    assert picture.deviceIndependentSize().toSize() == QSize(20, 20)


@pytest.mark.parametrize("size", [16, 18, 20, 24])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_an_icon_is_drawn_at_the_size_shown_and_not_scaled(size: int, ratio: float) -> None:
    shown = icons.icon("settings", RED).pixmap(QSize(size, size), ratio)
    assert ink(shown) == ink(icons.pixmap("settings", size, RED, ratio))


def test_a_disabled_icon_is_paler() -> None:
    def strength(mode: QIcon.Mode) -> int:
        shown = icons.icon("send", RED).pixmap(QSize(16, 16), 1.0, mode)
        return max(color.alpha() for color in drawn_pixels(shown))

    assert 0 < strength(QIcon.Mode.Disabled) < 0.5 * strength(QIcon.Mode.Normal)


def test_without_a_colour_an_icon_has_that_of_button_text(qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    expected = button.palette().buttonText().color()
    shown = icons.icon("stop").pixmap(QSize(16, 16), 1.0)
    assert shown.toImage().pixelColor(8, 8).name() == expected.name()


@pytest.mark.parametrize("ask", [icons.icon, lambda name: icons.pixmap(name, 16, RED)])
def test_a_name_without_a_drawing_is_an_error(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(icons.MissingIconError):
        ask("no-such-icon")


def test_the_program_icon_has_every_size_that_desktops_ask_for() -> None:
    sizes = {size.width() for size in icons.app_icon().availableSizes()}
    assert {16, 24, 32, 48, 64, 128, 256, 512} <= sizes
    for side, name in ((16, "interleave-small"), (24, "interleave-small"), (48, "interleave")):
        shown = icons.app_icon().pixmap(QSize(side, side), 1.0)
        expected = icons.pixmap(name, side, QColor(Qt.GlobalColor.black))
        assert ink(shown) == ink(expected)


@pytest.mark.parametrize("name", ["interleave", "interleave-small"])
def test_qt_draws_the_program_icon_as_a_browser_would(name: str) -> None:
    """Both strands are seen, and each passes over the other once."""
    file = resource("icons", f"{name}.svg")
    assert QSvgRenderer(str(file)).isValid()
    image = ink(icons.pixmap(name, 512, QColor(Qt.GlobalColor.black)))
    over_right, over_left = image.pixelColor(338, 219), image.pixelColor(174, 293)
    assert over_right.lightness() > 200
    assert over_left.red() > over_left.blue() + 60
    assert image.pixelColor(0, 0).alpha() == 0


def test_nothing_is_drawn_before_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    draw = icons._draw

    def watched(name: str, pixels: int, rgba: int) -> QPixmap:
        drawn.append(pixels)
        return draw(name, pixels, rgba)

    monkeypatch.setattr(icons, "_draw", watched)
    made = icons.icon("folder", RED)
    assert drawn == []
    made.pixmap(QSize(18, 18), 2.0)
    assert drawn == [36]


def test_an_icon_that_is_changed_and_its_original_both_live_on() -> None:
    """Qt clones what draws it then, and owns the clone."""
    original = icons.icon("folder", RED)
    for _ in range(20):
        changed = QIcon(original)
        changed.addPixmap(icons.pixmap("send", 16, RED))
        gc.collect()
        assert ink(changed.pixmap(QSize(20, 20))) == ink(original.pixmap(QSize(20, 20)))
        del changed
    gc.collect()
    assert not original.isNull()


def test_an_icon_is_painted_into_its_place_at_the_ratio_of_the_screen() -> None:
    canvas = QPixmap(60, 60)
    canvas.setDevicePixelRatio(2.0)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    icons.icon("send", RED).paint(painter, QRect(10, 10, 16, 16))
    painter.end()
    expected = ink(icons.pixmap("send", 16, RED, 2.0))
    assert ink(canvas.copy(20, 20, 32, 32)) == expected
