r"""TeX as models write it to TeX that latex2mathml reads, by small rewrites, each with its reason.

Works on text alone: no Qt, no library. What must not be drawn (macros, links, styles, anything
over the limits) raises `FormulaError`, and the reader sees the source instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable

LONGEST = 2_000
"""Characters. The reader of TeX cannot be paused; it takes 9 microseconds for each, so 18 ms."""
DEEPEST = 24
"""Braces, environments and fences inside one another. People and models write 3 to 6."""

_FORBIDDEN = re.compile(
    r"\\(?:def|edef|gdef|let|newcommand|renewcommand|providecommand|newenvironment|unicode"
    r"|DeclareMathOperator|href|url|style|class|cssId|verb|input|include|require|catcode|char"
    r"|csname|loop|write|special|mathchoice|includegraphics)(?![a-zA-Z])"
)
_OPENING = re.compile(r"\\\\|\\[{}]|\\left(?![a-z])|\\right(?![a-z])|\\(?:begin|end)\b|[{}]")
_DEPTH = {"{": 1, "\\left": 1, "\\begin": 1, "}": -1, "\\right": -1, "\\end": -1}


class FormulaError(ValueError):
    """The formula is shown as its source."""


def prepared(source: str) -> str:
    """The formula without its delimiters, rewritten. Raises FormulaError."""
    if len(source) > LONGEST:
        raise FormulaError("too long")
    if _FORBIDDEN.search(source):
        raise FormulaError("a command that is never followed")
    _check_depth(source)
    tex = _COMMENT.sub("", source)
    for rewrite in _REWRITES:
        tex = rewrite(tex)
    return tex.strip()


def _check_depth(source: str) -> None:
    depth = 0
    for found in _OPENING.finditer(source):
        depth += _DEPTH.get(found.group(), 0)
        if not 0 <= depth <= DEEPEST:
            raise FormulaError("nested too deeply, or closed without being opened")
    if depth:
        raise FormulaError("not closed")


def _group(tex: str, start: int) -> int:
    """The index after the brace that closes the one at `start`. Raises FormulaError."""
    depth, place = 0, start
    while place < len(tex):
        if tex[place] == "\\":
            place += 1
        elif tex[place] == "{":
            depth += 1
        elif tex[place] == "}":
            depth -= 1
            if not depth:
                return place + 1
        place += 1
    raise FormulaError("a brace is not closed")


def _each_argument(tex: str, command: re.Pattern[str], write: Callable[[str, str], str]) -> str:
    r"""Replace each `\command{argument}` by what `write(command, argument)` says."""
    parts, done = [], 0
    while found := command.search(tex, done):
        end = _group(tex, found.end() - 1)
        parts += [tex[done : found.start()], write(found.group(1), tex[found.end() : end - 1])]
        done = end
    return "".join([*parts, tex[done:]])


# -- text inside formulas ----------------------------------------------------------------------

_COMMENT = re.compile(r"(?<!\\)%[^\n]*\n?")
_TEXT = re.compile(r"\\(text(?:rm|normal|up|md|sf|tt|bf|it|sl|sc)?|mbox|hbox|textrm|emph)\s*\{")
_TEXT_PIECE = re.compile(
    r"\$(?P<maths>[^$]*)\$|\\\((?P<bracket>.*?)\\\)|\\(?P<escaped>[%&_$#{}])|(?P<per>%)"
    r"|\\(?P<space>[ ,;:!]|quad|qquad)|\\[a-zA-Z]+\s*(?=\{)|(?P<brace>[{}])|(?P<tilde>~)"
)
_STYLES = {"textbf": "\\textbf", "textit": "\\textit", "emph": "\\textit", "textsl": "\\textit",
           "texttt": "\\texttt", "textsf": "\\textsf"}  # fmt: skip


def _write_text(command: str, content: str) -> str:
    r"""Text in pieces without braces: the reader's \text ends at the first brace.

    A formula between dollars inside the text becomes one again; blanks are made to stay.
    """
    style = _STYLES.get(command, "\\text")
    parts: list[str] = []
    done = 0

    def put(text: str) -> None:
        if text:
            parts.append(f"{style}{{{text.replace(' ', NO_BREAK)}}}")

    for found in _TEXT_PIECE.finditer(content):
        put(content[done : found.start()])
        done = found.end()
        maths = found["maths"] or found["bracket"]
        if maths:
            parts.append(f"{{{maths}}}")
        elif found["escaped"] or found["per"]:
            parts.append(f"\\{found['escaped'] or '%'} ".replace("\\$ ", "\\$").replace(" ", "{}"))
        elif found["space"] or found["tilde"]:
            put(" ")
    put(content[done:])
    return f"{{{''.join(parts)}}}"


NO_BREAK = "\u00a0"
THIN = "\u2009"


def _text(tex: str) -> str:
    return _each_argument(tex, _TEXT, _write_text)


# -- environments ------------------------------------------------------------------------------

_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([a-zA-Z]+\*?)\}(\s*\[[a-z]\])?(\s*\{\d+\})?")
_ENVIRONMENTS = {
    # Numbers and the page are not the transcript's: an equation is what stands in it.
    "equation": "", "equation*": "", "displaymath": "", "math": "", "subequations": "",
    "align": "align*", "aligned": "align*", "alignat": "align*", "alignat*": "align*",
    "alignedat": "align*", "flalign": "align*", "flalign*": "align*", "split": "align*",
    "eqnarray": "array{rcl}", "eqnarray*": "array{rcl}",
    "gather": "displaylines", "gather*": "displaylines", "gathered": "displaylines",
    "multline": "displaylines", "multline*": "displaylines",
    "dcases": "cases", "cases*": "cases", "numcases": "cases",
}  # fmt: skip
_KEEPS_ARGUMENT = ("array", "matrix*", "pmatrix*", "bmatrix*", "vmatrix*", "Bmatrix*", "Vmatrix*")
_COLUMNS = re.compile(r"(\\begin\{array\})\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")


def _environments(tex: str) -> str:
    def write(found: re.Match[str]) -> str:
        side, name, position, count = found.groups()
        wanted = _ENVIRONMENTS.get(name)
        if wanted is None:
            kept = (position or "") if name in _KEEPS_ARGUMENT and name != "array" else ""
            return f"\\{side}{{{name}}}{kept}{count or ''}"
        name, brace, columns = wanted.partition("{")
        if not name:
            return ""
        return f"\\{side}{{{name}}}" + (brace + columns if side == "begin" else "")

    return _COLUMNS.sub(_write_columns, _ENVIRONMENT.sub(write, tex))


def _write_columns(found: re.Match[str]) -> str:
    """Only l, c, r and | are understood; widths and inserts between columns are left out."""
    columns = re.sub(r"[@!>]\{[^{}]*\}|\s", "", found[2])
    columns = re.sub(r"[pmb]\{[^{}]*\}", "l", columns)
    return f"{found[1]}{{{columns}}}"


_ROW_END = re.compile(r"\\\\\s*(?:\[[^\]\n]*\])|\\(?:newline|cr)(?![a-zA-Z])|\\\\\*")
_INSIDE = re.compile(r"\\(begin|end)\s*\{[^{}]*\}|\\\\|\\[{}&]|[{}&]")


def _rows(tex: str) -> str:
    r"""Lines divided by `\\` outside any environment are set below one another."""
    tex = _ROW_END.sub(r"\\\\ ", tex).strip()
    while tex.endswith("\\\\"):
        tex = tex[:-2].rstrip()
    depth, has_rows, has_columns = 0, False, False
    for found in _INSIDE.finditer(tex):
        part = found.group()
        if found[1] or part in "{}":
            depth += 1 if found[1] == "begin" or part == "{" else -1
        elif depth == 0:
            has_rows |= part == "\\\\"
            has_columns |= part == "&"
    if has_columns:
        return f"\\begin{{align*}}{tex}\\end{{align*}}"
    return f"\\begin{{displaylines}}{tex}\\end{{displaylines}}" if has_rows else tex


# -- commands ----------------------------------------------------------------------------------

_TAG = re.compile(r"\\(tag\*?)\s*\{")
_LABEL = re.compile(r"\\(label)\s*\{")
_COLOURED = re.compile(r"\\(textcolor|colorbox)\s*(?:\[[a-zA-Z]+\])?\{[^{}]*\}\s*\{")
_OPERATOR = re.compile(r"\\(operatorname\*?|operatornamewithlimits|mathop)\s*\{")
_MODULUS = re.compile(r"\\(pmod)\s*\{")
_CHEMISTRY = re.compile(r"\\(ce|cf)\s*\{")
_WORD = re.compile(r"[a-zA-Z]+(?: [a-zA-Z]+)*")


def _write_tag(command: str, content: str) -> str:
    number = content if command.endswith("*") else f"({content})"
    return f"\\qquad{_write_text('text', number)}"


def _write_operator(command: str, content: str) -> str:
    """A name of letters alone; anything else is upright text or the formula that it is."""
    words = re.sub(r"\\(?:[,;:! ]|quad|text|mathrm|mathit|rm)|[{}~]", " ", content)
    words = " ".join(words.split())
    if command == "mathop" and (not _WORD.fullmatch(words) or words == content.strip()):
        return f"{{{content}}}"
    if not _WORD.fullmatch(words):
        return f"\\mathrm {{{content}}}"
    star = "" if command == "operatorname" else "*"
    # The reader drops blanks from a name, but not the thin ones that TeX would set there.
    return f"\\operatorname{star}{{{words.replace(' ', THIN)}}}"


def _commands(tex: str) -> str:
    tex = _each_argument(tex, _LABEL, lambda _command, _content: "")
    tex = _each_argument(tex, _TAG, _write_tag)
    while _COLOURED.search(tex):
        tex = _each_argument(tex, _COLOURED, lambda _command, content: f"{{{content}}}")
    tex = _each_argument(tex, _CHEMISTRY, lambda _command, content: _chemistry(content))
    tex = _each_argument(tex, _OPERATOR, _write_operator)
    tex = _each_argument(tex, _MODULUS, lambda _, content: f"\\quad(\\mathrm {{mod}}\\;{content})")
    for pattern, replacement in _SPELLINGS:
        tex = pattern.sub(replacement, tex)
    return tex


_SPELLINGS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\\(?:nonumber|notag|displaylimits|allowbreak|nobreak|hfill|hfil|protect)(?![a-zA-Z])", ""),
        (r"\\(?:relax|centering|noindent|null)(?![a-zA-Z])", ""),
        (r"\\color\s*\{[^{}]*\}|\\color\s*\[[a-zA-Z]+\]\s*\{[^{}]*\}", ""),
        (r"\\(math(?:bb|cal|frak|scr|bf|rm|sf|tt|it)|boldsymbol|bm)\s+([A-Za-z0-9])", r"\\\1{\2}"),
        # The reader takes \mathrm{d} for one symbol that it then does not find.
        (r"\\(mathrm|mathsf|mathtt|mathit|mathbf|boldsymbol|bm)\{", r"\\\1 {"),
        (r"\\(?:mathbfit|symbf|symbfit|vb|bf)(?![a-zA-Z])\s*\{", r"\\boldsymbol {"),
        (r"\\boldsymbol\s*(\\[a-zA-Z]+)", r"\\boldsymbol {\1}"),
        (r"\\(?:widebar|closure)(?![a-zA-Z])", r"\\overline"),
        (r"\\(?:coloneqq|coloneq|defeq)(?![a-zA-Z])", ":="),
        (r"\\argmax(?![a-zA-Z])", f"\\\\operatorname*{{arg{THIN}max}}"),
        (r"\\argmin(?![a-zA-Z])", f"\\\\operatorname*{{arg{THIN}min}}"),
        (r"\\(?:lt)(?![a-zA-Z])", "<"),
        (r"\\(?:gt)(?![a-zA-Z])", ">"),
        (r"\\(?:degree|textdegree)(?![a-zA-Z])", "°"),
        (r"\\(N|R|Z|Q|C)(?![a-zA-Z])", r"\\mathbb{\1}"),
        (r"\\textquotesingle|\\textasciitilde", ""),
        (r"\\(?:not\s*=)", r"\\ne "),
        (r"\\not\s*\\in(?![a-zA-Z])", r"\\notin "),
        (r"\\not\s*\\(subset|subseteq|supset|supseteq|equiv|approx|sim|mid|exists|leq|geq|parallel)(?![a-zA-Z])", r"\\n\1 "),
        (r"\\bmod(?![a-zA-Z])", r"\\;\\mathrm {mod}\\;"),
        (r"\\pmod\s*(\w|\\[a-zA-Z]+)", r"\\quad(\\mathrm {mod}\\;\1)"),
        (r"\|\|", "\\\\|"),
    )
)  # fmt: skip


_CE_PIECE = re.compile(
    r"(?P<arrow><=>|<->|->|<-|=>)|(?P<sub>(?<=[A-Za-z\)\]])\d+)|\^(?P<sup>\{[^{}]*\}|\d*[+-]|\d+)"
    r"|(?P<gas>\^|↑)|(?P<charge>(?<=[A-Za-z0-9\)\]])[+-](?=\s|$))|(?P<plus>\s[+]\s)"
    r"|(?P<word>[A-Za-z]+)|(?P<maths>\$[^$]*\$)|(?P<rest>\s+|.)"
)
_ARROWS = {"->": "\\rightarrow ", "<-": "\\leftarrow ", "<->": "\\leftrightarrow ",
           "=>": "\\Rightarrow ", "<=>": "\\rightleftharpoons "}  # fmt: skip


def _chemistry(content: str) -> str:
    r"""The plain part of \ce: element letters, counts below, charges above, arrows."""
    parts = []
    for found in _CE_PIECE.finditer(content):
        kind, text = found.lastgroup, found.group()
        if kind == "arrow":
            parts.append(_ARROWS[text])
        elif kind == "sub":
            parts.append(f"_{{{text}}}")
        elif kind in ("sup", "charge"):
            parts.append(f"^{{{(found['sup'] or text).strip('{}')}}}")
        elif kind == "word":
            parts.append(f"\\mathrm {{{text}}}")
        elif kind == "maths":
            parts.append(text.strip("$"))
        elif kind == "rest" and text in "_\\&":
            raise FormulaError("chemistry beyond the plain part")
        else:
            parts.append("\\uparrow " if kind == "gas" else text)
    return f"{{{''.join(parts)}}}"


_REWRITES: tuple[Callable[[str], str], ...] = (_text, _environments, _commands, _rows)
