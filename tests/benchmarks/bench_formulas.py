"""What formulas cost: setting one, painting one, and the longest step while fifty stream in.

Run by `make bench`. CPU time throughout; read the ratios.
"""

from __future__ import annotations

import gc
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QTextLayout
from PySide6.QtWidgets import QApplication

from desktop_app.ui.transcript import BlockView, Entry, EntryKind
from desktop_app.ui.transcript.formulas import formulas
from tests.ui.transcript.formula_table import FORMULAS

REPEATS = 200
DELTA_CHARACTERS = 12
PROSE = "The value of {} follows from what was said, and nothing else does. "
WORDS = "A line of text of about the same length as it is"


def main() -> None:
    """Print every figure."""
    application = QApplication(sys.argv)
    application.setFont(QFont("Noto Sans", 10))
    print_setting()
    print_painting()
    # The first run pays for fonts and parsers.
    for name, fill in (("(warming up)", "`x`"), ("words", "$5 or `x`"), ("formulas", "${}$")):
        print_streaming(application, name, fill)


def print_setting() -> None:
    """The first time a formula is seen."""
    # The program collects garbage when it is idle, and at no other time.
    gc.disable()
    begun = time.process_time()
    from desktop_app.ui.transcript.formula_outline import outline

    outline(r"\left(x\right)", is_display=True, breathe=lambda: None)
    print(f"import and font          {1000 * (time.process_time() - begun):7.1f} ms")
    costs = [
        cpu(lambda source=source: outline(source, is_display=True, breathe=lambda: None))
        for source in FORMULAS
    ]
    print(f"setting a formula, mean  {statistics.fmean(costs):7.2f} ms of {len(costs)}")
    print(f"setting a formula, max   {max(costs):7.2f} ms")
    rows = r"f(x)_{i} &= \frac{a_1+b_2}{c} + \sum_{k=1}^n x_k \\ " * 18
    source = rf"\begin{{aligned}}{rows}\end{{aligned}}"
    page = cpu(lambda: outline(source, is_display=True, breathe=lambda: None))
    print(f"a page of equations      {page:7.2f} ms")


def print_painting() -> None:
    """A formula that is known, against a line of text as long."""
    from desktop_app.ui.transcript.formula_ink import Formula
    from desktop_app.ui.transcript.formula_outline import outline

    font = QFont("Noto Sans", 10)
    for ratio in (1, 2):
        image = QImage(900 * ratio, 100 * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        source = r"\mathbb{E}[C_n] = \sum_{i=1}^{n-1}\frac{2}{j-i+1} < 2n\ln n"
        formula = Formula(outline(source, is_display=True, breathe=lambda: None), 16.0, font)
        layout = QTextLayout(WORDS, font)
        layout.setCacheEnabled(True)
        layout.beginLayout()
        layout.createLine().setLineWidth(800)
        layout.endLayout()
        formula.paint(painter, 10, 50, QColor("#222222"))
        layout.draw(painter, QPointF(10, 10))
        drawn = median(partial(formula.paint, painter, 10, 50, QColor("#222222")))
        written = median(partial(layout.draw, painter, QPointF(10, 10)))
        painter.end()
        print(
            f"painting at {ratio}x           formula {1000 * drawn:5.1f} us, line of text "
            f"{1000 * written:5.1f} us, ratio {drawn / written:4.1f}"
        )


def print_streaming(application: QApplication, name: str, fill: str) -> None:
    """The longest steps of the window's thread while fifty come in, one after the other."""
    sources = [f"{source} + {n}" for n, source in enumerate(FORMULAS[:50])]
    text = "\n\n".join(PROSE.format(fill.format(source)) for source in sources)
    view = BlockView()
    view.resize(900, 800)
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "MiniMax", "", streaming=True)])
    view.show()
    application.processEvents()
    begun = time.process_time()
    pieces = [text[at : at + DELTA_CHARACTERS] for at in range(0, len(text), DELTA_CHARACTERS)]
    steps = [cpu(partial(take_in, application, view, piece)) for piece in pieces]
    while formulas().is_busy():
        steps.append(cpu(application.processEvents))
    whole = time.process_time() - begun
    view.close()
    steps.sort()
    print(
        f"streaming 50 {name:12s}p50 {steps[len(steps) // 2]:5.2f}  "
        f"p95 {steps[int(len(steps) * 0.95)]:5.2f}  longest {steps[-1]:5.2f} ms a step, "
        f"{1000 * whole / len(pieces):5.2f} ms CPU a delta"
    )


def take_in(application: QApplication, view: BlockView, piece: str) -> None:
    """One delta and one turn of the loop; both threads count, which never work at once."""
    view.append_text("a", piece)
    view.take_in_deltas()
    application.processEvents()


def cpu(act: Callable[[], object]) -> float:
    """CPU milliseconds of the process for one call."""
    begun = time.process_time()
    act()
    return 1000 * (time.process_time() - begun)


def median(act: Callable[[], object]) -> float:
    """CPU milliseconds of one of many calls."""
    return statistics.median(cpu(act) for _ in range(REPEATS))


if __name__ == "__main__":
    main()
