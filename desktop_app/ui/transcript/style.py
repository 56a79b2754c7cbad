"""Fonts, sizes and text formats of a block view, made once for a set of tokens, font and zoom.

All sizes follow the font, so that zoom and 200 % text scale everything together. Nothing here
paints or lays out.
"""

from __future__ import annotations

from functools import cached_property

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetricsF, QTextCharFormat

from desktop_app.ui.theme import Tokens
from desktop_app.ui.transcript.blocks import Look

LINE_SPACING = 1.5
"""Distance of base lines as a multiple of the font's pixel size."""
READABLE_EMS = 52
"""Widest column of running text, in font pixels: 780 at 15."""
HEADING_SCALE = {1: 1.55, 2: 1.32, 3: 1.15, 4: 1.04, 5: 1.0, 6: 0.94}

_CJK_FAMILIES = ("Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei UI", "Source Han Sans SC")


class Style:
    """Everything that rows and entries need in order to look right."""

    def __init__(
        self,
        tokens: Tokens,
        font: QFont,
        zoom: float = 1.0,
        *,
        compact: bool = False,
        wraps_code: bool = True,
        folds_code: bool = False,
    ) -> None:
        self.tokens = tokens
        self.wraps_code = wraps_code
        self.folds_code = folds_code
        self.zoom = zoom
        points = font.pointSizeF()
        base = points if points > 0 else QFontInfo(font).pointSizeF()
        self._points = base * zoom * (0.98 if compact else 1.09)
        self._font = font
        self.body = self._sized(1.0)
        self.px = QFontInfo(self.body).pixelSize()
        self.pitch = round(self.px * LINE_SPACING)
        self.text_colour = _muted_body(tokens) if compact else tokens.text

    def em(self, count: float) -> int:
        """A length in body font sizes, in whole pixels."""
        return round(self.px * count)

    @cached_property
    def compact(self) -> Style:
        """The same look for steps of the timeline: smaller and quieter."""
        return Style(
            self.tokens,
            self._font,
            self.zoom,
            compact=True,
            wraps_code=self.wraps_code,
            # What tools answer is often long, and the way through the steps matters more.
            folds_code=True,
        )

    @cached_property
    def small(self) -> QFont:
        """Captions, notes and buttons."""
        return self._sized(0.86)

    @cached_property
    def small_bold(self) -> QFont:
        """Names above entries."""
        font = self._sized(0.86)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    @cached_property
    def mono(self) -> QFont:
        """Code."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        # The alias "monospace" in a list of families resolves to the next real one: name it.
        font.setFamilies([QFontInfo(font).family(), *_CJK_FAMILIES])
        font.setPointSizeF(self._points * 0.9)
        font.setStyleHint(QFont.StyleHint.Monospace)
        return font

    @cached_property
    def small_metrics(self) -> QFontMetricsF:
        """Metrics of `small`."""
        return QFontMetricsF(self.small)

    @cached_property
    def small_bold_metrics(self) -> QFontMetricsF:
        """Metrics of `small_bold`."""
        return QFontMetricsF(self.small_bold)

    @cached_property
    def mono_advance(self) -> float:
        """The width of a letter of code."""
        return QFontMetricsF(self.mono).horizontalAdvance("0")

    @cached_property
    def mono_pitch(self) -> int:
        """Distance of base lines in code."""
        return round(QFontInfo(self.mono).pixelSize() * 1.5)

    @cached_property
    def characters_per_em(self) -> float:
        """How many letters of plain English fit in one em, for estimates."""
        sample = "The quick brown fox jumps over the lazy dog. "
        return len(sample) * self.px / max(1.0, QFontMetricsF(self.body).horizontalAdvance(sample))

    def heading(self, level: int) -> QFont:
        """The font of a heading, level 1 to 6."""
        font = self._sized(HEADING_SCALE.get(level, 1.0))
        font.setWeight(QFont.Weight.Bold if level <= 2 else QFont.Weight.DemiBold)
        return font

    def format(self, look: Look, size: float) -> QTextCharFormat:
        """The character format of a look in text whose font has `size` points."""
        key = (look, size)
        made = self._formats.get(key)
        if made is None:
            made = self._formats[key] = self._make_format(look, size)
        return made

    def syntax_format(self, role: str) -> QTextCharFormat:
        """The format of a role of code: "keyword", "string" and so on."""
        made = self._syntax.get(role)
        if made is None:
            made = self._syntax[role] = QTextCharFormat()
            # In a diff the colours say what is gone and what is new.
            of_diff = {"deleted": self.tokens.error, "inserted": self.tokens.success}
            made.setForeground(of_diff.get(role) or getattr(self.tokens, f"syntax_{role}"))
        return made

    @cached_property
    def _syntax(self) -> dict[str, QTextCharFormat]:
        return {}

    def spaced(self, look: Look, size: float, space: float) -> QTextCharFormat:
        """A format with `space` pixels after each letter, to make room beside a chip."""
        made = QTextCharFormat(self.format(look, size))
        made.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        made.setFontLetterSpacing(space)
        return made

    @cached_property
    def _formats(self) -> dict[tuple[Look, float], QTextCharFormat]:
        return {}

    def _make_format(self, look: Look, size: float) -> QTextCharFormat:
        made = QTextCharFormat()
        if look & (Look.CODE | Look.MATHS):
            # A formula that cannot be drawn is read as what it is: TeX.
            made.setFont(self._at(self.mono, size * 0.9))
        if look & Look.CHIP:
            made.setFont(self._at(self.small, size * 0.88))
            made.setForeground(self.tokens.text_muted)
        if look & Look.BOLD:
            made.setFontWeight(QFont.Weight.DemiBold)
        if look & Look.ITALIC:
            made.setFontItalic(True)
        if look & Look.STRIKE:
            made.setFontStrikeOut(True)
            made.setForeground(self.tokens.text_muted)
        if look & Look.NOTE:
            made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
            made.setForeground(self.tokens.link)
        if look & Look.LINK:
            made.setForeground(self.tokens.link)
            made.setFontUnderline(True)
        return made

    @staticmethod
    def _at(font: QFont, points: float) -> QFont:
        sized = QFont(font)
        sized.setPointSizeF(points)
        return sized

    def _sized(self, scale: float) -> QFont:
        font = QFont(self._font)
        font.setFamilies([self._font.family(), *_CJK_FAMILIES])
        font.setPointSizeF(self._points * scale)
        return font


def _muted_body(tokens: Tokens) -> QColor:
    """Steps are read less often than answers: a little quieter than text, well above 4.5:1."""
    text, muted = tokens.text, tokens.text_muted
    return QColor(
        (text.red() + muted.red()) // 2,
        (text.green() + muted.green()) // 2,
        (text.blue() + muted.blue()) // 2,
    )
