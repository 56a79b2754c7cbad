"""The way back from shown text with its looks to inline Markdown, for a part of a paragraph.

Whether a marker opens or closes emphasis hangs on the letters around it, so what is written here
is read again with the same parser; where that does not give the same words and looks, a more
careful spelling is tried, and in the end the bare words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from desktop_app.ui.transcript.blocks import Look, RichText, Span
from desktop_app.ui.transcript.inline import image_place, rich_text

_MARKERS = ((Look.BOLD, "**"), (Look.ITALIC, "*"), (Look.STRIKE, "~~"))
_EMPHASIS = Look.BOLD | Look.ITALIC | Look.STRIKE
_INDIVISIBLE = Look.MATHS | Look.CHIP | Look.NOTE
_ESCAPED = re.compile(r"[\\`*_~\[<$]|&(?=#?\w+;)")
_LINE_START = re.compile(r"^([ \t]*)(#{1,6}(?=[ \t]|$)|>|[-+](?=[ \t]|$)|=+[ \t]*$|-+[ \t]*$)")
_NUMBERED = re.compile(r"^([ \t]*\d{1,9})([.)])(?=[ \t]|$)")


class _Run(NamedTuple):
    """Letters of one look."""

    text: str
    look: Look
    target: str


def inline_markdown(rich: RichText, start: int, end: int) -> str:
    """The letters from `start` to `end` (code points) of rich text, as Markdown.

    A formula, an image or a footnote's mark of which a part is selected comes whole: half of one
    is none.
    """
    for span in rich.spans:
        if span.look & _INDIVISIBLE and span.start < end and start < span.end:
            start, end = min(start, span.start), max(end, span.end)
    wanted = _cut(rich, start, end)
    runs = list(_runs(wanted))
    for spell in (_write, _write_apart):
        source = spell(runs)
        if _reads_as(source, wanted):
            return source
    return escaped(wanted.text)


def escaped(text: str) -> str:
    """Words as Markdown that shows just these words."""
    # A backslash before a bracket opens a formula, so where both occur they are written as numbers.
    has_both = "\\" in text and "[" in text

    def escape(found: re.Match[str]) -> str:
        sign = found.group()
        return f"&#{ord(sign)};" if has_both and sign in "\\[" else f"\\{sign}"

    lines = _ESCAPED.sub(escape, text).split("\n")
    return "\n".join(_escaped_start(line) for line in lines)


def code_span(code: str) -> str:
    """Code between as many back quotes as it needs."""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    ticks = "`" * (longest + 1)
    is_padded = code[:1] == "`" or code[-1:] == "`" or (code.strip() and code[0] == code[-1] == " ")
    return f"{ticks} {code} {ticks}" if is_padded else f"{ticks}{code}{ticks}"


def _escaped_start(line: str) -> str:
    line = _NUMBERED.sub(r"\1\\\2", line)
    return _LINE_START.sub(r"\1\\\2", line)


def _cut(rich: RichText, start: int, end: int) -> RichText:
    spans = tuple(
        Span(max(span.start, start) - start, min(span.end, end) - start, span.look, span.target)
        for span in rich.spans
        if span.start < end and start < span.end
    )
    return RichText(rich.text[start:end], spans)


def _runs(rich: RichText) -> Iterator[_Run]:
    done = 0
    for span in rich.spans:
        if done < span.start:
            yield _Run(rich.text[done : span.start], Look.NONE, "")
        yield _Run(rich.text[span.start : span.end], span.look, span.target)
        done = span.end
    if done < len(rich.text):
        yield _Run(rich.text[done:], Look.NONE, "")


def _reads_as(source: str, wanted: RichText) -> bool:
    found = rich_text(source)
    return found.text == wanted.text and list(_looks(found)) == list(_looks(wanted))


def _looks(rich: RichText) -> Iterator[tuple[str, Look, str]]:
    """Each letter with its look; blanks may lose theirs, which nobody sees."""
    for run in _runs(rich):
        for letter in run.text:
            yield (letter, Look.NONE, "") if letter.isspace() else (letter, run.look, run.target)


def _atom(run: _Run) -> str:
    """A run without the emphasis around it."""
    text, look = run.text, run.look
    if look & Look.CODE:
        return code_span(text)
    if look & Look.MATHS:
        return text
    if look & Look.CHIP and run.target:
        place = image_place(run.target)
        label = text.removeprefix("image: ").removesuffix(f"({place})").strip()
        label = "" if label == place else escaped(label)
        return f"![{label}]({_destination(run.target)})"
    if look & Look.NOTE:
        return f"[^{text[1:-1]}]"
    return text if _is_bare_address(run) else escaped(text)


def _is_bare_address(run: _Run) -> bool:
    """Whether a link shows its own target, which the parser finds by itself."""
    return bool(run.target) and run.target in (run.text, f"http://{run.text}", f"mailto:{run.text}")


def _destination(target: str) -> str:
    return f"<{target}>" if re.search(r"[\s()<>]", target) else target


def _write(runs: list[_Run]) -> str:
    return _spell(runs, _same)


def _write_apart(runs: list[_Run]) -> str:
    """The same with letters beside emphasis as numbers, which count as punctuation.

    Markdown takes a marker between a letter and a sign for no marker; this is how Chinese bold in
    quotes, followed by a letter, can be written at all.
    """
    return _spell(runs, _as_number)


def _spell(runs: list[_Run], beside: Callable[[str], str]) -> str:
    written: list[str] = []
    is_open: list[Look] = []
    position = 0
    while position < len(runs):
        run = runs[position]
        # A link's text may have several looks: its markers stand around all of them.
        last = position
        if run.look & Look.LINK and not _is_bare_address(run):
            while last + 1 < len(runs) and _is_same_link(runs[last + 1], run):
                last += 1
            _close_to(written, is_open, Look.NONE)
            words = _spell(
                [_Run(r.text, r.look & ~Look.LINK, "") for r in runs[position : last + 1]], beside
            )
            written.append(f"[{words}]({_destination(run.target)})")
        else:
            _emphasise(written, is_open, run, beside)
        position = last + 1
    _close_to(written, is_open, Look.NONE)
    return "".join(written)


def _is_same_link(run: _Run, first: _Run) -> bool:
    return bool(run.look & Look.LINK) and run.target == first.target


def _emphasise(
    written: list[str], is_open: list[Look], run: _Run, beside: Callable[[str], str]
) -> None:
    """Write one run, opening and closing markers around its letters, never around blanks."""
    look = run.look & _EMPHASIS
    is_atom = run.look & (Look.CODE | Look.MATHS | Look.CHIP | Look.NOTE)
    core = run.text if is_atom else run.text.strip()
    if not core:
        written.append(run.text)
        return
    lead = "" if is_atom else run.text[: len(run.text) - len(run.text.lstrip())]
    tail = "" if is_atom else run.text[len(run.text.rstrip()) :]
    words = _atom(run._replace(text=core))
    is_closing = any(not look & each for each in is_open)
    is_opening = any(look & each and each not in is_open for each, _ in _MARKERS)
    if is_closing:
        blanks = _take_blanks(written)
        _close_to(written, is_open, look)
        _put(written, blanks)
    if is_closing and not lead and not look and words == escaped(core):
        words = beside(words[0]) + words[1:]
    if is_opening and not lead and written and not is_open:
        last = written.pop()
        written.append(last[:-1] + beside(last[-1:]))
    _put(written, lead)
    for each, marker in _MARKERS:
        if look & each and each not in is_open:
            is_open.append(each)
            written.append(marker)
    _put(written, words, tail)


def _put(written: list[str], *texts: str) -> None:
    """Add what is not empty: the last text written is looked at for its last letter."""
    written.extend(text for text in texts if text)


def _take_blanks(written: list[str]) -> str:
    """Take the blanks at the end off what is written."""
    taken = ""
    while written and not written[-1].strip():
        taken = written.pop() + taken
    if written:
        bare = written[-1].rstrip()
        taken = written[-1][len(bare) :] + taken
        written[-1] = bare
    return taken


def _close_to(written: list[str], is_open: list[Look], look: Look) -> None:
    """Close the markers that `look` does not have, and those that were opened inside them."""
    keep = next((n for n, each in enumerate(is_open) if not look & each), len(is_open))
    blanks = _take_blanks(written) if keep < len(is_open) else ""
    while len(is_open) > keep:
        closing = is_open.pop()
        written.append(next(marker for each, marker in _MARKERS if each is closing))
    _put(written, blanks)


def _same(letter: str) -> str:
    return letter


def _as_number(letter: str) -> str:
    is_letter = unicodedata.category(letter)[:1] in "LNM" if letter else False
    return f"&#{ord(letter)};" if is_letter else letter
