"""A MathML tree to places of glyphs, by ziamath: typesetting, without drawing and without Qt.

ziamath sets a row twice, once to learn how tall its fences must be, and so does every row inside
it: measured, a fraction in ten braces took 1.8 s. The row below measures only where a fence asks,
and remembers. A frozen build has to bring the data files of ziamath and latex2mathml (a font, and a
table of symbols): `WITH_DATA` in packaging/bundle.py; `--self-check` looks for them.
Everything here may run on a thread of its own; `breathe` is called between any two
nodes, so that the thread can be paused or stopped there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import as_file, files
from xml.etree.ElementTree import Element

from ziafont.fonttypes import BBox
from ziafont.glyph import EmptyGlyph, SimpleGlyph
from ziamath import drawable, operators, zmath
from ziamath.mathfont import MathFont
from ziamath.mathtable import AssembledGlyph
from ziamath.nodes.menclose import Menclose
from ziamath.nodes.mnode import Mnode
from ziamath.nodes.mnumber import Midentifier
from ziamath.nodes.moperator import Moperator
from ziamath.nodes.mrow import Mrow
from ziamath.nodes.mtable import Mtable
from ziamath.nodes.nodetools import elementtext
from ziamath.styles import MathVariant

from desktop_app.ui.transcript.formula_source import FormulaError, prepared
from desktop_app.ui.transcript.formula_tree import ROW_ID, mathml

FONT_FILE = "STIXTwoMath-Regular.ttf"
_SIZE = 24.0
"""Size at which ziamath is asked; outlines are scaled from it to one em."""
_FONT = "formulas"


@dataclass(slots=True)
class Outline:
    """A formula in ems: `y` grows downwards from the base line, at which the formula begins.

    A glyph is (size, index in the font, x, y), a word of another script (size, text, x, y), a rule
    a filled box (x, y, width, height), a stroke a line (x1, y1, x2, y2, width), and a frame a box
    that is only outlined (x, y, width, height, width of the line).
    """

    width: float = 0.0
    ascent: float = 0.0
    descent: float = 0.0
    glyphs: list[tuple[float, int, float, float]] = field(default_factory=list)
    words: list[tuple[float, str, float, float]] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    strokes: list[tuple[float, float, float, float, float]] = field(default_factory=list)
    frames: list[tuple[float, float, float, float, float]] = field(default_factory=list)

    @property
    def marks(self) -> int:
        """How many things are drawn: what the formula costs to remember."""
        lines = len(self.rules) + len(self.strokes) + len(self.frames)
        return 1 + len(self.glyphs) + len(self.words) + lines


def font_bytes() -> bytes:
    """The font that glyph numbers are of."""
    return (files("ziamath.fonts") / FONT_FILE).read_bytes()


def outline(source: str, *, is_display: bool, breathe: Callable[[], None]) -> Outline:
    """Set a formula given without its delimiters.

    Raises FormulaError where it must not be drawn, and whatever the libraries or `breathe` raise.
    """
    tree = mathml(prepared(source), is_display=is_display)
    breathe()
    _Row.begin(breathe)
    _font()
    root = zmath.Math(tree, size=_SIZE, font=_FONT).node
    made = Outline()
    _collect(root, 0.0, 0.0, made, breathe)
    if not (made.glyphs or made.words or made.rules):
        raise FormulaError("nothing to draw")
    box = root.bbox
    left = min([0.0, *(glyph[2] for glyph in made.glyphs)])
    made.width = max(box.xmax, root.xadvance()) / _SIZE - left
    made.ascent, made.descent = box.ymax / _SIZE, -box.ymin / _SIZE
    return made


# -- typesetting ---------------------------------------------------------------------------------


_library_size = Mnode.size_px


def _size_px(node: Mnode, size: str, fontsize: float | None = None) -> float:
    """A length as the library reads it, but an em is an em: it takes a third more, as for points."""
    found = _library_size(node, size, fontsize)
    is_relative = size.endswith(("em", "ex", "mu", "mathspace"))
    return found / 1.333 if is_relative else found


Mnode.size_px = _size_px  # type: ignore[assignment, method-assign]


class _WideGlyph(EmptyGlyph):
    """A character of another script: one em wide, drawn by the font of the text around."""

    def __init__(self, character: str, font: MathFont) -> None:
        super().__init__(0, font)
        self.character = character
        unit = font.info.layout.unitsperem
        self.bbox = self.path.bbox = BBox(0, unit, round(-0.12 * unit), round(0.86 * unit))

    def advance(self, nextchr: SimpleGlyph | None = None) -> int:
        """One em, without kerning."""
        del nextchr
        return int(self.font.info.layout.unitsperem)


class _Font(MathFont):
    """STIX Two Math, with a place kept for wide characters that it has not."""

    def findglyph(self, char: str, variant: MathVariant) -> SimpleGlyph:
        """The glyph of a character. Raises FormulaError where there is none."""
        glyph = super().findglyph(char, variant)
        if glyph.index == 0:
            if unicodedata.east_asian_width(char) not in "WF":
                raise FormulaError(f"no glyph for U+{ord(char):04X}")
            return _WideGlyph(char, self)
        return glyph


@lru_cache(maxsize=1)
def _font() -> MathFont:
    with as_file(files("ziamath.fonts") / FONT_FILE) as path:
        font = _Font(path, _SIZE)
    zmath.loadedfonts[_FONT] = font
    return font


class _Row(Mrow, tag="mrow"):
    """A row that measures itself for its fences only where it has any, and once."""

    _known: dict[tuple[object, ...], tuple[float, float]] = {}  # noqa: RUF012 - one per formula
    breathe: Callable[[], None] = staticmethod(lambda: None)

    @classmethod
    def begin(cls, breathe: Callable[[], None]) -> None:
        """Forget what was measured for the last formula."""
        cls._known.clear()
        cls.breathe = staticmethod(breathe)

    def _setup_single_line(self, line: list[Element], **kwargs: object) -> None:
        kwargs["rowymin"], kwargs["rowymax"] = self._fence_heights(line, **kwargs)
        low, high, left, right, x = 9999.0, -9999.0, 0.0, 0.0, 0.0
        for child in line:
            if child.tag == "mo" and not elementtext(child):
                continue
            _Row.breathe()
            node = Mnode.fromelement(child, parent=self, **kwargs)
            self.nodes.append(node)
            self.nodexy.append((x, 0))
            right = max(right, x + node.bbox.xmax)
            left = min(left, x + node.bbox.xmin)
            low, high = min(low, node.bbox.ymin), max(high, node.bbox.ymax)
            x += node.xadvance()
        if low > high:
            low = high = 0.0
        self.bbox = BBox(left, right, low, high)
        self._xadvance = x

    def _fence_heights(self, line: list[Element], **kwargs: object) -> tuple[float, float]:
        """Depth and height of what the row's fences must enclose; nothing without fences."""
        if not any(map(_grows, line)):
            return 0.0, 0.0
        style = self.style
        key = (
            self.element.get(ROW_ID), self.glyphsize, style.displaystyle, style.scriptlevel,
            kwargs.get("sup"), kwargs.get("sub"),
        )  # fmt: skip
        if key[0] and key in self._known:
            return self._known[key]
        low, high = 9999.0, -9999.0
        for child in line:
            if (child.tag == "mo" and not elementtext(child)) or _grows(child):
                continue
            _Row.breathe()
            inside = {**kwargs, "nostretch": True}
            node = Mnode.fromelement(deepcopy(child), parent=self, **inside)
            low, high = min(low, node.bbox.ymin), max(high, node.bbox.ymax)
        heights = (low, high) if low <= high else (0.0, 0.0)
        self._known[key] = heights
        return heights


def _grows(element: Element) -> bool:
    """Whether an element of a row is a fence that grows, or has one as its base."""
    if element.tag in ("msub", "msup", "msubsup") and len(element):
        element = element[0]
    if element.tag not in ("mo", "mi"):
        return False
    known = operators.get_params(elementtext(element), element.get("form", "infix"))
    return element.get("stretchy", known.get("stretchy", "false")) != "false"


class _Identifier(Midentifier, tag="mi"):
    """A letter or a name; the space around names is the tree's affair, which knows what follows."""

    def _getstring(self) -> str:
        return super()._getstring().strip("\u2009")


class _Operator(Moperator, tag="mo"):
    """An operator; a large one is centred on the axis, where its variant may not be drawn."""

    def _setup(self, **kwargs: object) -> None:
        super()._setup(**kwargs)  # type: ignore[no-untyped-call]
        is_large = self.params.get("largeop") == "true" and self.style.displaystyle
        if is_large and len(self.nodes) == 1 and self.bbox.ymax > self.bbox.ymin:
            axis = self.units_to_points(self.font.math.consts.axisHeight)
            shift = (self.bbox.ymax + self.bbox.ymin) / 2 - axis
            (x, y), box = self.nodexy[0], self.bbox
            self.nodexy[0] = (x, y + shift)
            self.bbox = BBox(box.xmin, box.xmax, box.ymin - shift, box.ymax - shift)


class _Enclosure(Menclose, tag="menclose"):
    """A box or strike; the library counts its depth twice, and its padding on the right."""

    def _setup(self, **kwargs: object) -> None:
        super()._setup(**kwargs)
        inside, box = self.base.bbox, self.bbox
        pad = inside.ymin - box.ymin
        if "arrow" not in " ".join(self.notation):
            self.bbox = BBox(box.xmin, box.xmax - pad, box.ymin, inside.ymax + pad)


class _Table(Mtable, tag="mtable"):
    """A table with the lines that an array asks for between its columns and rows."""

    def _setup(self, **kwargs: object) -> None:
        _Row.breathe()
        super()._setup(**kwargs)
        columns = self.element.get("columnlines", "").split()
        rows = self.element.get("rowlines", "").split()
        if "solid" in columns or "solid" in rows:
            self._draw_lines(columns, rows)

    def _draw_lines(self, columns: list[str], rows: list[str]) -> None:
        cells: list[tuple[int, int, float, tuple[float, drawable.Drawable]]] = []
        placed = zip(self.nodexy, self.nodes, strict=True)
        for row, element in enumerate(self.element):
            for column in range(len(element)):
                (x, y), node = next(placed)
                cells.append((row, column, y, (x, node)))
        width = self.units_to_points(self.font.math.consts.fractionRuleThickness)
        box = self.bbox
        for number, look in enumerate(columns):
            before = [x + node.bbox.xmax for _, column, _, (x, node) in cells if column == number]
            after = [x for _, column, _, (x, _) in cells if column == number + 1]
            if look == "solid" and before and after:
                self.nodes.append(drawable.VLine(box.ymax - box.ymin, width, style=self.style))
                self.nodexy.append(((max(before) + min(after)) / 2, -box.ymax))
        for number, look in enumerate(rows):
            above = [y - node.bbox.ymin for row, _, y, (_, node) in cells if row == number]
            below = [y - node.bbox.ymax for row, _, y, (_, node) in cells if row == number + 1]
            if look == "solid" and above and below:
                self.nodes.append(drawable.HLine(box.xmax - box.xmin, width, style=self.style))
                self.nodexy.append((0.0, (max(above) + min(below) - width) / 2))


# -- reading the result --------------------------------------------------------------------------


def _collect(
    node: drawable.Drawable, x: float, y: float, made: Outline, breathe: Callable[[], None]
) -> None:
    """Add what a node draws at (x, y) to the outline, in ems."""
    if getattr(node, "phantom", False):
        return
    if isinstance(node, Mnode):
        breathe()
        for (dx, dy), inner in zip(node.nodexy, node.nodes, strict=False):
            _collect(inner, x + dx, y + dy, made, breathe)
        return
    x, y = x / _SIZE, y / _SIZE
    if isinstance(node, drawable.Glyph):
        _collect_glyph(node.glyph, node.size / _SIZE, x, y, made)
    elif isinstance(node, drawable.HLine):
        made.rules.append((x, y, node.length / _SIZE, node.lw / _SIZE))
    elif isinstance(node, drawable.VLine):
        line = node.lw / _SIZE
        made.rules.append((x - line / 2, y, line, node.height / _SIZE))
    elif isinstance(node, drawable.Box):
        width, height = node.width / _SIZE, node.height / _SIZE
        made.frames.append((x, y - height, width, height, node.lw / _SIZE))
    elif isinstance(node, drawable.Diagonal):
        right, top = x + node.width / _SIZE, y - node.height / _SIZE
        made.strokes.append((x, top, right, y, node.lw / _SIZE))


def _collect_glyph(glyph: SimpleGlyph, size: float, x: float, y: float, made: Outline) -> None:
    if isinstance(glyph, _WideGlyph):
        made.words.append((size, glyph.character, x, y))
    elif isinstance(glyph, AssembledGlyph):
        scale = size / glyph.font.info.layout.unitsperem
        for part, offset in zip(glyph.glyphs, glyph.offsets, strict=True):
            shift = (0.0, offset * scale) if glyph.vert else (offset * scale, 0.0)
            _collect_glyph(part, size, x + shift[0], y - shift[1], made)
    elif not isinstance(glyph, EmptyGlyph):
        made.glyphs.append((size, glyph.index, x, y))
