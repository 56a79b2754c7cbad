"""Server-sent events out of bytes, cut anywhere: the part of the standard that chat servers use.

The SDK's own reader loses the first event after a byte-order mark, drops a last event without a
blank line, stops at an event without data, and knows no limits (measured with openai 3.54), so the
bytes are read here. Nothing in this module knows what an event means.
"""

from typing import Final, NamedTuple

MAX_LINE: Final = 4 * 1024 * 1024
MAX_EVENT: Final = 8 * 1024 * 1024

_BOM: Final = b"\xef\xbb\xbf"


class SseEvent(NamedTuple):
    """One event that carries data; ``name`` is empty for the usual, nameless kind."""

    name: str
    data: bytes


class SseReader:
    """Turns bytes, as they arrive, into events.

    Lines may end in CR, LF or both; comments, ``id`` and ``retry`` are passed over, and so are
    events without data. The data stays bytes, as the parser of JSON takes them: to decode first
    costs a third of the parsing.

    Attributes:
        overflow: What was too large, in words, once a limit is passed; nothing is read after that.
    """

    def __init__(self, *, max_line: int = MAX_LINE, max_event: int = MAX_EVENT) -> None:
        self.overflow: str | None = None
        self._max_line = max_line
        self._max_event = max_event
        self._partial = bytearray()
        self._at_start = True
        self._after_cr = False
        self._name = ""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[SseEvent]:
        """Take bytes and return the events that they complete, in order."""
        if self._after_cr and data[:1] == b"\n":
            data = data[1:]
            self._after_cr = False
        if not data or self.overflow:
            return []
        if self._is_one_event(data):
            return [SseEvent("", data[6:-2])]
        lines = data.splitlines()
        last = data[-1]
        self._after_cr = last == 0x0D
        rest = b"" if last in {0x0A, 0x0D} else lines.pop()
        events: list[SseEvent] = []
        for line in lines:
            if self._partial:
                self._partial += line
                line = bytes(self._partial)  # noqa: PLW2901 (the line is whole only now)
                self._partial.clear()
            self._take(line, events)
        self._partial += rest
        if len(self._partial) > self._max_line:
            self._overflow("a line", self._max_line)
        return events

    def finish(self) -> SseEvent | None:
        """Return the event that the stream ended in, when no blank line closed it."""
        events: list[SseEvent] = []
        if self._partial:
            self._take(bytes(self._partial), events)
            self._partial.clear()
        self._take(b"", events)
        return events[-1] if events else None

    def _is_one_event(self, data: bytes) -> bool:
        """Whether ``data`` is one usual event and nothing else, as nearly all packets are."""
        return (
            data.startswith(b"data: ")
            and data.find(b"\n") == len(data) - 2
            and data.endswith(b"\n\n")
            and 8 < len(data) <= self._max_line
            and not (self._partial or self._data or self._name or self._after_cr)
            and b"\r" not in data
        )

    def _take(self, line: bytes, events: list[SseEvent]) -> None:
        if self.overflow:
            return
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(_BOM)
        if not line:
            self._dispatch(events)
        elif len(line) > self._max_line:
            self._overflow("a line", self._max_line)
        elif line.startswith(b"data:"):
            self._add(line[6:] if line[5:6] == b" " else line[5:])
        elif line.startswith(b"event:"):
            self._name = line[6:].decode("utf-8", "replace").strip()
        elif line == b"data":
            self._add(b"")

    def _add(self, value: bytes) -> None:
        self._data.append(value)
        self._size += len(value) + 1
        if self._size > self._max_event:
            self._overflow("an event", self._max_event)

    def _dispatch(self, events: list[SseEvent]) -> None:
        data = self._data
        if data:
            joined = data[0] if len(data) == 1 else b"\n".join(data)
            if joined:
                events.append(SseEvent(self._name, joined))
            self._data = []
            self._size = 0
        self._name = ""

    def _overflow(self, what: str, limit: int) -> None:
        self.overflow = f"{what} of more than {limit // 1024 // 1024} MB"
        self._partial.clear()
        self._data = []
