"""What was selected when it was copied, as plain text and HTML that are worked out piece by piece.

Whoever pastes before they are ready waits for the rest; nobody else does. A `PendingMime` stands on
the clipboard only until then: one that is written in Python must not be left to the end of the
program, where Qt deletes it after the interpreter (measured: the process dies).
"""

from __future__ import annotations

import time
from collections import deque

from PySide6.QtCore import QMimeData

from desktop_app.ui.transcript.fragments import Frozen, plain_of
from desktop_app.ui.transcript.html_part import html_document, html_of

_PLAIN, _HTML = "text/plain", "text/html"


class Forms:
    """Two forms of one selection; the view may change meanwhile, what was copied does not."""

    def __init__(self, frozen: list[Frozen]) -> None:
        self._waiting = deque(frozen)
        self._texts: list[str] = []
        self._bodies: list[str] = []

    @property
    def is_ready(self) -> bool:
        """Whether all of it is worked out."""
        return not self._waiting

    def work(self, seconds: float) -> bool:
        """Work for so long, one entry at least; whether all of it is worked out then."""
        until = time.perf_counter() + seconds
        while self._waiting:
            fragments = self._waiting.popleft().part().fragments
            self._texts.append(plain_of(fragments))
            if fragments:
                self._bodies.append(html_of(fragments))
            if time.perf_counter() >= until:
                break
        return self.is_ready

    def plain(self) -> str:
        """All of it as plain text."""
        self.work(float("inf"))
        return join_plain(self._texts)

    def html(self) -> str:
        """All of it as HTML."""
        self.work(float("inf"))
        return html_document(self._bodies)

    def mime(self) -> QMimeData:
        """Both in an object of Qt's own."""
        made = QMimeData()
        made.setText(self.plain())
        made.setHtml(self.html())
        return made


class PendingMime(QMimeData):
    """Stands for forms that are not ready."""

    def __init__(self, forms: Forms) -> None:
        super().__init__()
        self._forms = forms

    def formats(self) -> list[str]:
        """Plain text and HTML."""
        return [_PLAIN, _HTML]

    def hasFormat(self, mimetype: str) -> bool:
        """Whether it is one of these two."""
        return mimetype in (_PLAIN, _HTML)

    def retrieveData(self, mimetype: str, preferredType: object) -> str | None:  # noqa: N803 - Qt's name
        """The text in a form; all of it, so the rest is worked out first."""
        del preferredType
        if mimetype == _PLAIN:
            return self._forms.plain()
        return self._forms.html() if mimetype == _HTML else None


def join_plain(texts: list[str]) -> str:
    """The texts of several entries with blank lines between; a single one exactly as it is."""
    if len(texts) > 1:
        texts = [text.strip("\n") for text in texts]
    return "\n\n".join(filter(None, texts))
