"""What the block view costs: CPU time of streaming, opening and resizing, as ratios in one run.

Run by `make bench`. Absolute milliseconds depend on the machine; the ratios are the point: a
delta must cost the same however long the answer already is, and a conversation of 10,000 entries
must open like one of ten.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop_app.ui.transcript import BlockView, Entry, EntryKind

DELTAS = 150
DELTA_CHARACTERS = 12

PROSE = (
    "The river kept its own counsel that winter, and the **town** learned to do the same. "
    "Some said it was the `cold`; others blamed the new mill.\n\n"
    "- a point that is made briefly\n- another one, with *emphasis*\n\n"
    "```python\ndef total(values):\n    return sum(value for value in values if value)\n```\n\n"
    "| name | count |\n|------|------:|\n| apples | 12 |\n| pears | 7 |\n\n"
    "这是一个关于河流的故事，冬天来得很早。\n\n"
)
SHAPES = {
    "list": "- an item with a few words in it\n",
    "table": "| one cell | another | a third with more words |\n",
    "code": "    value = compute(value, 42)  # and so on\n",
    "paragraph": "And the story went on and on, as such stories do. ",
    "cjk paragraph": "这是一个很长的段落，没有换行，也没有空格。",
    "no spaces": "abcdefghij",
    "one line of code": "abcdefghij",
    "the same unwrapped": "abcdefghij",
}
OPENERS = {
    "table": "| a | b | c |\n|---|---|---|\n",
    "code": "```python\n",
    "one line of code": "```text\n",
    "the same unwrapped": "```text\n",
}
UNWRAPPED = frozenset({"the same unwrapped"})


def main() -> None:
    """Print every figure."""
    application = QApplication(sys.argv)
    application.setFont(QFont("Noto Sans", 10))
    warm_up(application)
    print_streaming(application)
    print_shapes(application)
    print_opening(application)
    print_floor(application)


def warm_up(application: QApplication) -> None:
    """Load fonts, lexers and parsers, so that the first figure does not pay for them."""
    view = shown_view(application)
    stream(application, view, repeated(PROSE, len(PROSE) * 2))
    view.close()


def shown_view(application: QApplication) -> BlockView:
    """A view on the (offscreen) screen with one streaming entry."""
    view = BlockView()
    view.resize(900, 800)
    view.set_entries([Entry("a", EntryKind.ASSISTANT, "MiniMax", "", streaming=True)])
    view.show()
    application.processEvents()
    return view


def repeated(text: str, length: int) -> str:
    """`text` over and over, cut at `length`."""
    return (text * (length // len(text) + 1))[:length]


def stream(application: QApplication, view: BlockView, text: str) -> None:
    """Put a long text in at once."""
    view.append_text("a", text)
    settle(application)


def settle(application: QApplication) -> None:
    """Let timers and paints run out."""
    deadline = time.perf_counter() + 0.1
    while time.perf_counter() < deadline:
        application.processEvents()


def deltas(text: str) -> Iterator[str]:
    """Endless small pieces of `text`."""
    pieces = [text[i : i + DELTA_CHARACTERS] for i in range(0, len(text), DELTA_CHARACTERS)]
    return cycle(pieces)


def per_delta(application: QApplication, put: Callable[[str], None], text: str) -> float:
    """Mean CPU milliseconds of one delta with its paint; the dearest twentieth is left out."""
    costs = []
    for piece, _ in zip(deltas(text), range(DELTAS), strict=False):
        begun = time.process_time()
        put(piece)
        application.processEvents()
        costs.append(time.process_time() - begun)
    return 1000 * statistics.fmean(sorted(costs)[: int(DELTAS * 0.95)])


def delta_cost(
    application: QApplication, opener: str, unit: str, length: int, *, wraps: bool = True
) -> float:
    """CPU milliseconds of a delta into an answer of `length` characters."""
    view = shown_view(application)
    view.set_code_look(wraps=wraps, folds=False)
    stream(application, view, opener + repeated(unit, length))

    def put(piece: str) -> None:
        view.append_text("a", piece)
        view.take_in_deltas()

    cost = per_delta(application, put, unit)
    view.close()
    view.deleteLater()
    return cost


def print_streaming(application: QApplication) -> None:
    """Cost of a delta against the length of a mixed answer."""
    print("delta with paint, mixed answer (CPU ms, ratio to 1k)")
    base = 0.0
    for length in (1_000, 10_000, 100_000, 500_000):
        cost = delta_cost(application, "", PROSE, length)
        base = base or cost
        print(f"  {length:>7,} characters: {cost:6.2f}  {cost / base:5.2f}x")


def print_shapes(application: QApplication) -> None:
    """Cost of a delta into a block that never ends."""
    print("delta into one endless block (CPU ms at 10k and 100k, ratio)")
    for name, unit in SHAPES.items():
        small, large = (
            delta_cost(application, OPENERS.get(name, ""), unit, n, wraps=name not in UNWRAPPED)
            for n in (10_000, 100_000)
        )
        print(f"  {name:>18}: {small:6.2f} {large:6.2f}  {large / small:5.2f}x")


def print_opening(application: QApplication) -> None:
    """Cost of opening, scrolling and resizing against the number of entries."""
    print("conversations (CPU ms to first paint, resize, page up)")
    for count in (10, 200, 2_000, 10_000):
        entries = [
            Entry(str(i), EntryKind.USER if i % 2 else EntryKind.ASSISTANT, "Name", PROSE)
            for i in range(count)
        ]
        opened, resized, paged = [], [], []
        for _ in range(5):
            view = BlockView()
            view.resize(900, 800)
            view.show()
            application.processEvents()
            opened.append(cpu(application, partial(view.set_entries, entries)))
            resized.append(cpu(application, partial(view.resize, 800, 800)))
            bar = view.verticalScrollBar()
            paged.append(cpu(application, partial(bar.setValue, bar.value() - 700)))
            view.close()
            view.deleteLater()
        row = "  ".join(f"{statistics.median(each):7.1f}" for each in (opened, resized, paged))
        print(f"  {count:>6,} entries: {row}")
    for length in (1_000, 500_000):
        entry = Entry("a", EntryKind.ASSISTANT, "Name", repeated(PROSE, length))
        view = BlockView()
        view.resize(900, 800)
        view.show()
        application.processEvents()
        opened = [cpu(application, partial(view.set_entries, [entry])) for _ in range(3)]
        print(f"  one of {length:>7,} characters: {statistics.median(opened):7.1f}")
        view.close()


def cpu(application: QApplication, act: Callable[[], None]) -> float:
    """CPU milliseconds of `act` and the paint that follows."""
    begun = time.process_time()
    act()
    application.processEvents()
    return 1000 * (time.process_time() - begun)


def print_floor(application: QApplication) -> None:
    """The same deltas appended to a plain text box, as the least any widget could cost."""
    box = QPlainTextEdit()
    box.resize(900, 800)
    box.setPlainText(repeated(PROSE, 10_000))
    box.show()
    application.processEvents()

    def put(piece: str) -> None:
        box.moveCursor(box.textCursor().MoveOperation.End)
        box.insertPlainText(piece)

    floor = per_delta(application, put, PROSE)
    ours = delta_cost(application, "", PROSE, 10_000)
    print(f"against QPlainTextEdit: {ours:.2f} / {floor:.2f} = {ours / floor:.2f}x")


if __name__ == "__main__":
    main()
