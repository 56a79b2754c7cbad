"""Thinking that stands between tags in the answer's own text, told apart while it arrives.

A server that knows no field for thinking writes ``<think>`` and ``</think>`` into the content. Only
a block at the very start counts: models are also asked to write about these tags, and then they are
text like any other.
"""

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import Final

from desktop_app.domain.delta import (
    TEXT_WAS_THINKING,
    Delta,
    NoticeDelta,
    TextDelta,
    ThinkingDelta,
)

_OPENINGS: Final = ("<think>", "<mm:think>")
_CLOSINGS: Final = ("</think>", "</mm:think>")
_CLOSING: Final = re.compile("|".join(map(re.escape, _CLOSINGS)))
_LONGEST: Final = max(map(len, _CLOSINGS))
_FENCE: Final = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)


def _before_partial_closing(text: str) -> int:
    """Return where an unfinished closing tag begins at the end of ``text``, or its length."""
    start = text.rfind("<", max(0, len(text) - _LONGEST))
    if start >= 0 and any(tag.startswith(text[start:]) for tag in _CLOSINGS):
        return start
    return len(text)


class _State(Enum):
    OPENING = auto()
    """Nothing but white space or the beginning of an opening tag has come."""
    THINKING = auto()
    MIRROR = auto()
    """Inside a block that may repeat what another field brought."""
    GAP = auto()
    """After the closing tag, before the first word of the answer."""
    ANSWER = auto()


class ThinkSplitter:
    """Divides content into thinking and text.

    Args:
        reasoning: Gives the thinking that came in a field of its own so far. When there is any, a
            block at the start of the content is no thinking: it is dropped when it repeats the
            field (some servers send both), and otherwise it is text.
    """

    def __init__(self, reasoning: Callable[[], str] = str) -> None:
        self._reasoning = reasoning
        self._state = _State.OPENING
        self._held = ""
        self._tag = ""
        self._fresh = True
        self._watching = True
        self._watched: list[str] = []
        self._steps = {
            _State.OPENING: self._open,
            _State.THINKING: self._think,
            _State.MIRROR: self._compare,
            _State.GAP: self._bridge,
            _State.ANSWER: self._say,
        }
        self.found_thinking = False

    def feed(self, text: str) -> list[Delta]:
        """Take the next piece of content and return what is certain by now."""
        if self._state is _State.ANSWER and not (self._watching or self._held):
            return [TextDelta(text)]
        self._held += text
        return self._run(ended=False)

    def finish(self) -> list[Delta]:
        """Return what waited for more: the content is complete."""
        return self._run(ended=True)

    def stop_watching(self) -> None:
        """Take closing tags as text from now on: the thinking stands elsewhere."""
        self._watching = False

    def _run(self, *, ended: bool) -> list[Delta]:
        deltas: list[Delta] = []
        while self._held and self._steps[self._state](deltas, ended=ended):
            pass
        return deltas

    # Each step works on what is held and returns whether another step may go on from there.

    def _open(self, _deltas: list[Delta], *, ended: bool) -> bool:
        start = self._held.lstrip()
        for tag in _OPENINGS:
            if start.startswith(tag):
                self._held = start[len(tag) :]
                self.found_thinking = not self._reasoning()
                self._state = _State.THINKING if self.found_thinking else _State.MIRROR
                self._tag = tag
                return True
        if start and (ended or not any(tag.startswith(start) for tag in _OPENINGS)):
            self._state = _State.ANSWER
            return True
        return False

    def _think(self, deltas: list[Delta], *, ended: bool) -> bool:
        if self._fresh:
            self._held = self._held.lstrip("\r\n")
            self._fresh = not self._held
        closing = _CLOSING.search(self._held)
        if closing:
            end, rest = closing.span()
            self._state = _State.GAP
        else:
            end = rest = len(self._held) if ended else _before_partial_closing(self._held)
        # White space at the end waits: before the closing tag it is no part of the thought.
        thought = self._held[:end].rstrip()
        if thought:
            deltas.append(ThinkingDelta(thought))
        self._held = self._held[rest if closing else len(thought) :]
        return closing is not None

    def _compare(self, _deltas: list[Delta], *, ended: bool) -> bool:
        closing = _CLOSING.search(self._held)
        end = closing.start() if closing else _before_partial_closing(self._held)
        if not self._reasoning().strip().startswith(self._held[:end].strip()):
            self._held = self._tag + self._held
            self._watching = False
            self._state = _State.ANSWER
            return True
        if closing:
            self._held = self._held[closing.end() :]
            self._state = _State.GAP
            return True
        if ended:
            self._held = ""
        return False

    def _bridge(self, _deltas: list[Delta], *, ended: bool) -> bool:
        start = self._held.lstrip()
        orphan = _CLOSING.match(start)
        if orphan:
            self._held = start[orphan.end() :]
            return True
        if not start or (not ended and any(tag.startswith(start) for tag in _CLOSINGS)):
            return False
        # Lines that are empty go; the indentation of the first line may mean something.
        blank = self._held[: len(self._held) - len(start)]
        self._held = (blank.rpartition("\n")[2] if "\n" in blank else "") + start
        self._watching = False
        self._state = _State.ANSWER
        return True

    def _say(self, deltas: list[Delta], *, ended: bool) -> bool:
        end = len(self._held)
        if self._watching:
            end = end if ended else _before_partial_closing(self._held)
            for closing in _CLOSING.finditer(self._held):
                after = self._held[closing.end() :].lstrip(" \t")
                if not after and not ended:
                    end = closing.start()
                    break
                if after[:1] in {"", "\r", "\n"} and self._closes(self._held[: closing.start()]):
                    self._give(deltas, self._held[: closing.start()])
                    if "".join(self._watched).strip():
                        deltas.append(NoticeDelta(TEXT_WAS_THINKING))
                    self.found_thinking = True
                    self._held = self._held[closing.end() :]
                    self._state = _State.GAP
                    return True
        self._give(deltas, self._held[:end])
        self._held = self._held[end:]
        return False

    def _give(self, deltas: list[Delta], text: str) -> None:
        if text:
            deltas.append(TextDelta(text))
            if self._watching:
                self._watched.append(text)

    def _closes(self, text: str) -> bool:
        """Whether a closing tag on the end of a line, after ``text``, ends thinking.

        It does not when an opening tag was written before, or inside a fenced block of code.
        """
        before = "".join(self._watched) + text
        fences = len(_FENCE.findall(before))
        return fences % 2 == 0 and not any(tag in before for tag in _OPENINGS)


class StrayClosing:
    """Drops a closing tag that stands at the very end of thinking from a field of its own."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what of ``text`` is certain; white space and a tag at the end wait."""
        text = self._held + text
        body = text.rstrip()
        end = len(body)
        if body.endswith(_CLOSINGS):
            end = body.rindex("<")
        elif end == len(text):
            end = _before_partial_closing(body)
        if end < len(body):
            end = len(body[:end].rstrip())
        self._held = text[end:]
        return text[:end]

    def finish(self) -> str:
        """Return what waits at the end of a stretch of thinking, unless it is such a tag."""
        held, self._held = self._held.rstrip(), ""
        return "" if held.strip() in _CLOSINGS else held
