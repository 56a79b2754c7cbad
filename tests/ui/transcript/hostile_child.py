"""One hostile text in a block view, in a process of its own: `hostile_child.py CASE`.

Opens the text, scrolls through some of it, streams it into another view, and prints the longest
step in CPU seconds. The parent kills it at a deadline.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.ui.transcript import BlockView, Entry, EntryKind
from desktop_app.ui.transcript.formulas import formulas
from desktop_app.ui.transcript.matching import Query

SIZE = 300_000

BIDI = "\u202e\u202a\u2066\u2067\u202c\u2069"


def repeat(unit: str) -> str:
    return unit * (SIZE // len(unit))


def fenced(language: str, unit: str) -> str:
    return f"```{language}\n{repeat(unit)}\n```\n"


def fenced_once(code: str) -> str:
    return f"```python\n{code}```\n\n"


def table(columns: int, rows: int) -> str:
    row = "|" + " x |" * columns
    return "\n".join([row, "|" + "---|" * columns, *[row] * rows])


def display(source: str) -> str:
    return f"$$\n{source}\n$$\n\nand $${source}$$ in a line"


def matrix(row: str, rows: int) -> str:
    return r"\begin{matrix}" + row * rows + r"\end{matrix}"


CASES: dict[str, Callable[[], str]] = {
    "quotes nested": lambda: repeat(">"),
    "quotes nested, spaced": lambda: repeat("> "),
    "lists nested": lambda: repeat("- "),
    "lists staircase": lambda: "\n".join("  " * n + "- x" for n in range(700)),
    "brackets": lambda: repeat("["),
    "closing brackets": lambda: repeat("[a]("),
    "images half open": lambda: repeat("!["),
    "images in the text": lambda: "![a](data:image/png;base64," + repeat("AAAA") + ")",
    "images missing": lambda: repeat("![](nf1.png) "),
    "stars": lambda: repeat("*"),
    "emphasis mixed": lambda: repeat("*a_ "),
    "emphasis glued": lambda: repeat("a**b"),
    "backticks": lambda: repeat("`") + "x",
    "backticks growing": lambda: " ".join("`" * n for n in range(1, 700)),
    "angles": lambda: repeat("<"),
    "html tables": lambda: "<table><tr><td>" * 5_000,
    "entities": lambda: repeat("&&&&"),
    "addresses": lambda: repeat("a@a."),
    "mails": lambda: repeat("a@b.cn "),
    "hosts": lambda: repeat("www.a.bc "),
    "footnote marks": lambda: repeat("[^1]"),
    "footnote marks half open": lambda: repeat("[^"),
    "footnotes": lambda: repeat("[^1]: x\n"),
    "links": lambda: repeat("[a](http://b.c) "),
    "autolinks": lambda: repeat("http://a."),
    "references": lambda: repeat("[a][b] [c]: http://d\n"),
    "dollars": lambda: repeat("$a "),
    "maths open": lambda: "$$\n" + repeat("x\n"),
    "one word": lambda: repeat("a"),
    "one word, wide": lambda: repeat("汉"),
    "spaces": lambda: "a" + repeat(" ") + "b",
    "tabs": lambda: "a" + repeat("\t") + "b",
    "newlines": lambda: repeat("\n"),
    "returns": lambda: repeat("\r"),
    "bidi controls": lambda: repeat(BIDI + "ab"),
    "combining marks": lambda: "a" + repeat("\u0301"),
    "joiners": lambda: repeat("👩\u200d"),
    "surrogates and zeros": lambda: repeat("\ud800\0\x1b["),
    "thai": lambda: repeat("ภาษาไทยไม่มีช่องว่าง"),
    "list endless": lambda: repeat("- item\n"),
    "table long": lambda: table(5, SIZE // 25),
    "table wide": lambda: table(1_000, 60),
    "table one row": lambda: "|a|b|\n|-|-|\n" + repeat("|x"),
    "headings": lambda: repeat("# a\n"),
    "heading long": lambda: "# " + repeat("a "),
    "rules": lambda: repeat("---\n\n"),
    "code one line": lambda: fenced("python", "x = 1; "),
    "code c, blank lines": lambda: fenced("c", " \n"),
    "code js, dots": lambda: fenced("javascript", "a.a.a."),
    "code html, comments": lambda: fenced("html", "<!--"),
    "code yaml, backticks": lambda: fenced("yaml", "`"),
    "code lua": lambda: fenced("lua", "<a "),
    "code java, blank lines": lambda: fenced("java", "  \n"),
    "code python, quotes": lambda: fenced("python", '"""\n'),
    "code sql": lambda: fenced("sql", "((((("),
    "code hidden characters": lambda: fenced("python", BIDI),
    "code tags": lambda: fenced("python", "\U000e0041"),
    "code selectors": lambda: fenced("", "a\ufe0f\ufe0f"),
    "code joiners": lambda: fenced("", "\u200d\u200ca"),
    "inline code hidden characters": lambda: repeat(f"`{BIDI}` "),
    "cells with hidden characters": lambda: "|a|b|\n|-|-|\n" + repeat(f"|`{BIDI}`|x|\n"),
    "cells long": lambda: "|a|b|\n|-|-|\n" + repeat("|" + "x " * 250 + "|" + "y" * 500 + "|\n"),
    "code html, scripts": lambda: fenced("html", "<script><!--"),
    "code html, scripts closed": lambda: fenced("html", "<script>/*</script>"),
    "code php, quotes": lambda: fenced("php", "'\n/*"),
    "code go, ticks": lambda: fenced("go", "`/*\n"),
    "code mermaid, brackets": lambda: fenced("mermaid", "[[[("),
    "code mermaid, arrows": lambda: fenced("mermaid", "--"),
    "code mermaid, quotes": lambda: fenced("mermaid", '["'),
    "code mermaid, blanks": lambda: fenced("mermaid", " \n"),
    "unwrapped code one line": lambda: fenced("python", "x = 1; "),
    "unwrapped code one word": lambda: fenced("", "a"),
    "unwrapped code wide": lambda: fenced("", "汉" * 900 + "\n"),
    "unwrapped code tabs": lambda: fenced("", "\t"),
    "unwrapped code hidden": lambda: fenced("", BIDI),
    "folded code": lambda: fenced("python", "x = 1\n"),
    "folded blocks": lambda: repeat(fenced_once("x = 1\n" * 40)),
    "formula braces": lambda: display("{" * 900 + "x" + "}" * 900),
    "formula braces open": lambda: display(repeat("{")),
    "formula fractions": lambda: display(r"\frac{1}{2}+" * 160 + "1"),
    "formula fractions nested": lambda: display(r"\frac{1}{" * 23 + "x" + "}" * 23),
    "formula fences nested": lambda: display(r"\left(x" * 20 + r"\right)" * 20),
    "formula roots chained": lambda: display(r"\sqrt" * 390 + "x"),
    "formula scripts": lambda: display("x^{y_{" * 11 + "z" + "}}" * 11),
    "formula matrix": lambda: display(matrix("x&" * 30 + "x" + r"\\", 25)),
    "formula matrices nested": lambda: display(
        r"\begin{pmatrix}a&" * 11 + "x" + r"\end{pmatrix}" * 11
    ),
    "formula accents": lambda: display(r"\hat{\left(a" * 11 + "x" + r"\right)}" * 11),
    "formula macro": lambda: display(r"\def\a{\b\b}\def\b{\c\c}\a" * 40),
    "formula letters": lambda: display("x" * 1_990),
    "formula text": lambda: display(r"\text{" + "a " * 900 + "}"),
    "formula wide letters": lambda: display(r"\text{" + "汉" * 1_900 + "}"),
    "formula columns": lambda: display(r"\begin{array}{" + "c|" * 900 + "}x\\end{array}"),
    "formula spaces": lambda: display("a" + " " * 1_900 + "b"),
    "formula backslashes": lambda: display("\\\\" * 900),
    "formula commands": lambda: display(r"\text{$" * 300),
    "formula stretched": lambda: display(r"\hspace{999999em}x\hspace{-999999em}"),
    "formulas, each another": lambda: " ".join(f"$x_{{{n}}}^2$" for n in range(3_000)),
    "formulas, broken": lambda: " ".join(f"$\\x{{{n}}}$" for n in range(3_000)),
    "fence info long": lambda: "```" + repeat("x"),
}


def main(name: str) -> None:
    """Run one case."""
    application = QApplication([])
    text = CASES[name]()
    steps: list[float] = []

    def step(act: Callable[[], object]) -> None:
        begun = time.process_time()
        act()
        application.processEvents()
        steps.append(time.process_time() - begun)

    look = {"wraps": not name.startswith("unwrapped"), "folds": name.startswith("folded")}
    opened = BlockView()
    opened.set_code_look(**look)
    opened.resize(700, 600)
    opened.show()
    application.processEvents()
    step(lambda: opened.set_entries([Entry("a", EntryKind.ASSISTANT, "MiniMax", text)]))
    bar = opened.verticalScrollBar()
    for value in (0, bar.maximum() // 2, bar.maximum()):
        step(lambda value=value: bar.setValue(value))
    for _ in range(4):
        step(lambda: bar.setValue(bar.value() - 500))
    select_and_find(opened, step)
    opened.close()

    streamed = BlockView()
    streamed.set_code_look(**look)
    streamed.resize(700, 600)
    streamed.show()
    streamed.append_entry(Entry("a", EntryKind.ASSISTANT, "MiniMax", "", streaming=True))
    size = max(1, len(text) // 60)
    for start in range(0, len(text), size):
        step(lambda start=start: stream(streamed, text[start : start + size]))
    step(lambda: streamed.finish_entry("a"))
    idle_until = time.monotonic() + 0.3
    while time.monotonic() < idle_until or formulas().is_busy():
        step(lambda: None)
    step(streamed.grab)
    print(f"{max(steps):.3f} {sum(steps):.3f}")


def select_and_find(view: BlockView, step: Callable[[Callable[[], object]], None]) -> None:
    """Walk through the text by key, look for a letter in all of it, and copy all of it."""
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    for key, modifier in (
        (Qt.Key.Key_Down, shift),
        (Qt.Key.Key_Right, shift | control),
        (Qt.Key.Key_End, shift),
        (Qt.Key.Key_PageUp, shift),
        (Qt.Key.Key_Home, shift | control),
    ):
        for _ in range(3):
            step(lambda key=key, modifier=modifier: QTest.keyClick(view, key, modifier))
    step(lambda: view.keyboard.walk(forwards=True))
    step(lambda: view.finder.search(Query("a")))
    while view.finder.is_searching:
        step(lambda: None)
    step(lambda: view.finder.step(forwards=False))
    step(view.select_all)
    step(view.copy_selection)
    while view.copying.is_working:
        step(lambda: None)
    view.selection.set((0, 0, 1), (0, 3, 1))
    step(view.copying.copy_markdown)


def stream(view: BlockView, text: str) -> None:
    view.append_text("a", text)
    view.take_in_deltas()


if __name__ == "__main__":
    main(sys.argv[1])
