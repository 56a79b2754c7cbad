"""Hostile texts: what made renderers hang, crash, or open files, as units that can have any size.

Nearly a thousand texts when every unit is taken at every size; the suite takes each unit at one size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
SUITE_SIZE = 300_000
"""One size for each unit of Markdown in the suite; a tenth of it for each unit of code."""

BIDI = "\u202e\u202a\u2066\u2067\u202c\u2069"
TAGS = "".join(map(chr, range(0xE0020, 0xE0070)))

Maker = Callable[[int], str]


def repeat(unit: str, before: str = "", after: str = "") -> Maker:
    return lambda size: before + unit * (size // len(unit)) + after


def table(columns: int, row: str = " x |") -> Maker:
    def make(size: int) -> str:
        line = "|" + row * columns
        head = "\n".join([line, "|" + "---|" * columns])
        return "\n".join([head, *[line] * (max(0, size - len(head)) // (len(line) + 1))])

    return make


def growing(unit: str, between: str = " ") -> Maker:
    def make(size: int) -> str:
        count = int((2 * size) ** 0.5)
        return between.join(unit * n for n in range(1, count))

    return make


def square_table(size: int) -> str:
    """As many rows as columns: 1,000 by 1,000 for a million characters and a half."""
    side = max(1, int((size * 3 / 2 / 2) ** 0.5))
    row = "|" + "x|" * side
    return "\n".join([row, "|" + "-|" * side, *[row] * side])


MARKDOWN: dict[str, Maker] = {
    "quotes nested": repeat(">"),
    "quotes nested, spaced": repeat("> "),
    "quotes and items": repeat("> - "),
    "quotes, lazy": repeat("> a\nb\n"),
    "lists nested": repeat("- "),
    "lists nested, ordered": repeat("1. "),
    "lists staircase": growing("  ", "- x\n"),
    "list endless": repeat("- item\n"),
    "list endless, ordered": repeat("7. item\n"),
    "list endless, loose": repeat("1) item\n\n"),
    "list of fences": repeat("- ```\n"),
    "tasks": repeat("- [ ] [x] \n"),
    "brackets": repeat("["),
    "brackets closed": repeat("[]"),
    "brackets nested": lambda size: "[" * (size // 2) + "]" * (size // 2),
    "closing brackets": repeat("[a]("),
    "images half open": repeat("!["),
    "images missing": repeat("![](nf1.png) "),
    "images in the text": repeat("AAAA", "![a](data:image/png;base64,", ")"),
    "images in the text, many": repeat("![a](data:image/png;base64,AAAA)\n"),
    "images, local": repeat("![](file:///etc/passwd) ![](/dev/zero) ![](//host/share/x.png)\n\n"),
    "images, reference": repeat("![a][b]\n\n[b]: file:///etc/hostname\n\n"),
    "image data": repeat("A", "![](data:image/svg+xml;base64,", ")"),
    "stars": repeat("*"),
    "emphasis mixed": repeat("*a_ "),
    "emphasis glued": repeat("a**b"),
    "emphasis runs": repeat("***a** b* "),
    "underscores": repeat("_a __b"),
    "tildes": repeat("~~a~"),
    "backticks": repeat("`", after="x"),
    "backticks growing": growing("`"),
    "angles": repeat("<"),
    "html tables": repeat("<table><tr><td>"),
    "html, scripts": repeat("<script src=file:///x></script><link rel=stylesheet href=nf.css>"),
    "html, comments": repeat("<!--"),
    "html, lists": repeat("<ul><li>"),
    "entities": repeat("&&&&"),
    "entities, named": repeat("&amp;&#0;&bogus;"),
    "addresses": repeat("a@a."),
    "mails": repeat("a@b.cn "),
    "hosts": repeat("www.a.bc "),
    "footnote marks": repeat("[^1]"),
    "footnote marks half open": repeat("[^"),
    "footnotes": repeat("[^1]: x\n"),
    "footnotes with code": repeat("[^1]: x\n\n    ```\n    y\n    ```\n"),
    "maths, brackets open": repeat("\\[ x\n"),
    "maths in lines": repeat("\\(x\\) "),
    "inline code hidden characters": repeat(f"`{BIDI}` "),
    "cells with hidden characters": repeat(f"|`{BIDI}`|x|\n", "|a|b|\n|-|-|\n"),
    "cells long": repeat("|" + "x " * 250 + "|" + "y" * 500 + "|\n", "|a|b|\n|-|-|\n"),
    "unwrapped code one line": repeat("x = 1; ", "```python\n"),
    "unwrapped code one word": repeat("a", "```\n"),
    "unwrapped code wide": repeat("汉" * 900 + "\n", "```\n"),
    "unwrapped code tabs": repeat("\t", "```\n"),
    "unwrapped code hidden": repeat(BIDI, "```\n"),
    "folded code": repeat("x = 1\n", "```python\n"),
    "folded blocks": repeat("```python\n" + "x = 1\n" * 40 + "```\n\n"),
    "links": repeat("[a](http://b.c) "),
    "links, long": repeat("a", "[x](http://", ")"),
    "autolinks": repeat("http://a."),
    "autolinks, www": repeat("www."),
    "autolinks, angles": repeat("<http://a>"),
    "schemes": repeat("javascript:alert(1) file:///etc/passwd smb://h/s data:text/html,x "),
    "references": repeat("[a][b] [c]: http://d\n"),
    "dollars": repeat("$a "),
    "dollars, pairs": repeat("$a$"),
    "maths open": repeat("x\n", "$$\n"),
    "maths blocks": repeat("$$\nx\n$$\n"),
    "maths deep": repeat("\\frac{", "$$ ", " $$"),
    "maths deep, inline": repeat("{", "$", "$"),
    "one word": repeat("a"),
    "one word, wide": repeat("汉"),
    "base64": repeat("TWluaU1heC1NMg0K+/"),
    "spaces": repeat(" ", "a", "b"),
    "tabs": repeat("\t", "a", "b"),
    "newlines": repeat("\n"),
    "returns": repeat("\r"),
    "line separators": repeat("a\u2028b\u2029\x85"),
    "blanks at line ends": repeat("a  \n"),
    "bidi controls": repeat(BIDI + "ab"),
    "bidi, never closed": repeat("\u202e\u2067a"),
    "tag characters": repeat("a" + TAGS),
    "zero width": repeat("a\u200b\u200d\ufeff\u2060"),
    "combining marks": repeat("\u0301", "a"),
    "joiners": repeat("👩\u200d"),
    "flags": repeat("🇨"),
    "surrogates and zeros": repeat("\ud800\0\x1b["),
    "thai": repeat("ภาษาไทยไม่มีช่องว่าง"),
    "arabic": repeat("العربية abc "),
    "table long": table(5),
    "table wide": table(1_000),
    "table of marks": table(5, " **a** `b` [c](http://d) |"),
    "table one row": repeat("|x", "|a|b|\n|-|-|\n"),
    "table, square": square_table,
    "pipes": repeat("|"),
    "delimiters": repeat("|-|-|\n"),
    "headings": repeat("# a\n"),
    "heading long": repeat("a ", "# "),
    "headings underlined": repeat("a\n=\n"),
    "rules": repeat("---\n\n"),
    "fences": repeat("```\n"),
    "fence info long": repeat("x", "```"),
    "fences growing": growing("`", "\n"),
    "indented": repeat("    a\n\n"),
    "backslashes": repeat("\\"),
}

LANGUAGES = (
    "bash", "c", "cpp", "csharp", "css", "dart", "diff", "dockerfile", "go", "haskell", "html",
    "java", "javascript", "json", "jsx", "julia", "kotlin", "lua", "php", "powershell", "python",
    "r", "ruby", "rust", "scala", "sql", "swift", "toml", "tsx", "typescript", "xml", "yaml",
    "make", "console", "ini", "terraform",
)  # fmt: skip
KILLERS = {
    "blank lines": " \n",
    "dots": "a.a.a.",
    "comments open": "<!--",
    "backticks": "`",
    "assignments": "=a:b,",
    "angles": "<a ",
    "quotes": '"""\n',
}


def code(language: str, unit: str) -> Maker:
    return repeat(unit, f"```{language}\n", "\n```\n")


CODE = {
    f"{language}, {name}": code(language, unit)
    for language in LANGUAGES
    for name, unit in KILLERS.items()
}

CODE |= {
    "python, hidden characters": code("python", BIDI),
    "python, tags": code("python", "\U000e0041"),
    "plain, selectors": code("", "a\ufe0f\ufe0f"),
    "plain, joiners": code("", "\u200d\u200ca"),
    "html, scripts": code("html", "<script><!--"),
    "html, scripts closed": code("html", "<script>/*</script>"),
    "php, quotes and comments": code("php", "'\n/*"),
    "go, ticks and comments": code("go", "`/*\n"),
    "mermaid, brackets": code("mermaid", "[[[("),
    "mermaid, arrows": code("mermaid", "--"),
    "mermaid, quotes": code("mermaid", '["'),
    "mermaid, blanks": code("mermaid", " \n"),
}


def display(source: str) -> str:
    return f"$$\n{source}\n$$\n\nand $${source}$$ in a line"


def matrix(row: str, rows: int) -> str:
    return r"\begin{matrix}" + row * rows + r"\end{matrix}"


FORMULAS: dict[str, str] = {
    "formula braces": display("{" * 900 + "x" + "}" * 900),
    "formula braces open": display("{" * SUITE_SIZE),
    "formula fractions": display(r"\frac{1}{2}+" * 160 + "1"),
    "formula fractions nested": display(r"\frac{1}{" * 23 + "x" + "}" * 23),
    "formula fences nested": display(r"\left(x" * 20 + r"\right)" * 20),
    "formula roots chained": display(r"\sqrt" * 390 + "x"),
    "formula scripts": display("x^{y_{" * 11 + "z" + "}}" * 11),
    "formula matrix": display(matrix("x&" * 30 + "x" + r"\\", 25)),
    "formula matrices nested": display(r"\begin{pmatrix}a&" * 11 + "x" + r"\end{pmatrix}" * 11),
    "formula accents": display(r"\hat{\left(a" * 11 + "x" + r"\right)}" * 11),
    "formula macro": display(r"\def\a{\b\b}\def\b{\c\c}\a" * 40),
    "formula letters": display("x" * 1_990),
    "formula text": display(r"\text{" + "a " * 900 + "}"),
    "formula wide letters": display(r"\text{" + "汉" * 1_900 + "}"),
    "formula columns": display(r"\begin{array}{" + "c|" * 900 + "}x\\end{array}"),
    "formula spaces": display("a" + " " * 1_900 + "b"),
    "formula backslashes": display("\\\\" * 900),
    "formula commands": display(r"\text{$" * 300),
    "formula stretched": display(r"\hspace{999999em}x\hspace{-999999em}"),
    "formulas, each another": " ".join(f"$x_{{{n}}}^2$" for n in range(3_000)),
    "formulas, broken": " ".join(f"$\\x{{{n}}}$" for n in range(3_000)),
}


def suite() -> Iterator[tuple[str, Callable[[], str]]]:
    """The texts of the suite: each unit once."""
    for name, make in MARKDOWN.items():
        yield name, lambda make=make: make(SUITE_SIZE)
    for name, make in CODE.items():
        yield name, lambda make=make: make(SUITE_SIZE // 30)
    yield from formulas()


def formulas() -> Iterator[tuple[str, Callable[[], str]]]:
    """Formulas, whose size has limits of its own."""
    for name, text in FORMULAS.items():
        yield name, lambda text=text: text


NAMING_FILES = (
    "images missing", "images, local", "images, reference", "image data", "html, scripts",
    "html tables", "links", "autolinks", "schemes", "references", "maths blocks", "table of marks",
    "python, quotes", "html, comments open", "bash, backticks",
)  # fmt: skip


def naming_files() -> Iterator[tuple[str, Callable[[], str]]]:
    """The texts that name files and hosts, and some that load code for the first time."""
    for name in NAMING_FILES:
        make = MARKDOWN.get(name) or CODE[name]
        yield name, lambda make=make: make(SUITE_SIZE // 10)


def everything() -> Iterator[tuple[str, Callable[[], str]]]:
    """All texts: Markdown at all sizes, code at the sizes in turn."""
    for name, make in MARKDOWN.items():
        for size in SIZES:
            yield f"{name}, {size:,}", lambda make=make, size=size: make(size)
    for number, (name, make) in enumerate(CODE.items()):
        size = SIZES[number % len(SIZES)]
        yield f"{name}, {size:,}", lambda make=make, size=size: make(size)
    yield from formulas()
