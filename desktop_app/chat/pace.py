"""How fast a model writes, before the server has counted anything."""

import re
from collections import deque
from typing import Final

_WINDOW_SECONDS: Final = 5.0
_LEAST_SECONDS: Final = 1.0
_WIDE: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTERS_PER_TOKEN: Final = 4.2
_IDEOGRAPHS_PER_TOKEN: Final = 1.6


def estimated_tokens(text: str) -> float:
    """Return about how many tokens ``text`` has, by its letters.

    Usual for tokenizers of this size: 4.2 letters of English, 1.6 of Chinese to a token. Prose keeps
    within a fifth of it, code and digits have more tokens than this says.
    """
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    return (len(text) - wide) / _LETTERS_PER_TOKEN + wide / _IDEOGRAPHS_PER_TOKEN


class WritingPace:
    """Tokens per second over the last five seconds of a stream."""

    def __init__(self) -> None:
        self._came: deque[tuple[float, float]] = deque()
        self._tokens = 0.0

    def begin(self) -> None:
        """Another stream begins."""
        self._came.clear()
        self._tokens = 0.0

    def add(self, text: str, now: float) -> None:
        """``text`` came at ``now``, in seconds of a steady clock."""
        tokens = estimated_tokens(text)
        self._came.append((now, tokens))
        self._tokens += tokens
        while now - self._came[0][0] > _WINDOW_SECONDS:
            self._tokens -= self._came.popleft()[1]

    def tokens_per_second(self) -> float | None:
        """Return the pace up to what came last; ``None`` before a second has shown one."""
        if len(self._came) < 2:
            return None
        seconds = self._came[-1][0] - self._came[0][0]
        # What came first says when counting began; how long it took itself is not known.
        tokens = self._tokens - self._came[0][1]
        return tokens / seconds if seconds >= _LEAST_SECONDS else None
