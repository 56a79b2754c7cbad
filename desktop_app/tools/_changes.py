"""The difference of two texts, for people to judge; exact whatever the texts, fast for most."""

import difflib
from typing import Final

_AROUND: Final = 3
_MOST_PAIRS: Final = 4_000_000
"""Beyond so many pairs of lines that differ, what was is shown whole, then what will be."""

_NO_LINE_END: Final = "\\ No newline at end of file"


def unified_diff(name: str, before: str | None, after: str) -> str:
    """Return a unified diff; empty when nothing changes.

    Args:
        name: Of the file.
        before: Its text; ``None`` when there is none yet.
        after: Its text to be.
    """
    if before == after:
        return ""
    old, new = _lines(before or ""), _lines(after)
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    head = [f"--- {'/dev/null' if before is None else f'a/{name}'}", f"+++ b/{name}"]
    if (len(old) - first - last) * (len(new) - first - last) > _MOST_PAIRS:
        return "\n".join((*head, *_as_one(old, new, first, last)))
    told = list(difflib.unified_diff(old, new, n=_AROUND, lineterm=""))[2:]
    return "\n".join((*head, *_ends_marked(told)))


def _lines(text: str) -> list[str]:
    """Return the lines of ``text``, each but maybe the last with its line feed."""
    lines = text.split("\n")
    whole = [f"{line}\n" for line in lines[:-1]]
    return [*whole, lines[-1]] if lines[-1] else whole


def _as_one(old: list[str], new: list[str], first: int, last: int) -> list[str]:
    begin = max(0, first - _AROUND)
    before = old[begin : len(old) - last]
    after = new[begin : len(new) - last]
    behind = old[len(old) - last : len(old) - last + _AROUND] if last else []
    counts = [len(side) + len(behind) for side in (before, after)]
    lines = [f"@@ -{_span(begin, counts[0])} +{_span(begin, counts[1])} @@"]
    lines += [f" {line}" for line in old[begin:first]]
    lines += [f"-{line}" for line in old[first : len(old) - last]]
    lines += [f"+{line}" for line in new[first : len(new) - last]]
    lines += [f" {line}" for line in behind]
    return _ends_marked(lines)


def _span(begin: int, count: int) -> str:
    if count == 1:
        return str(begin + 1)
    return f"{begin + 1 if count else begin},{count}"


def _ends_marked(lines: list[str]) -> list[str]:
    """Return the lines of a diff without their line feeds; the mark stands where there was none."""
    marked: list[str] = []
    for line in lines:
        if line.endswith("\n") or line.startswith("@@"):
            marked.append(line.removesuffix("\n"))
        else:
            marked += [line, _NO_LINE_END]
    return marked
