"""Messages of a server's standard output: one JSON text a line, none beyond a limit, noise told apart.

The SDK's own reader keeps a line that never ends in memory without bound (measured with mcp 2.3), so
this one stands in its place.
"""

import json
import re
from collections.abc import Callable
from typing import Final

from mcp.shared.message import SessionMessage
from mcp_types import INTERNAL_ERROR, ErrorData, JSONRPCError, jsonrpc_message_adapter

from desktop_app.domain.mcp_server import LogOrigin, ServerProblem
from desktop_app.mcp_client.limits import MOST_BYTES
from desktop_app.mcp_client.server_log import ServerLog

_EDGE: Final = 4_096
_ID: Final = re.compile(rb'"id"\s*:\s*(\d+|"[^"\\]{1,100}")')


class MessageLines:
    """Turns bytes into messages.

    Args:
        log: Takes what is no message.
        on_fault: Called with what was wrong and a detail, when something was.
        most_bytes: Of one line.
    """

    def __init__(
        self,
        log: ServerLog,
        on_fault: Callable[[ServerProblem, str], None],
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._log, self._on_fault, self._most = log, on_fault, most_bytes
        self._line = bytearray()
        self._dropped = 0
        self._tail = b""

    def feed(self, data: bytes) -> list[SessionMessage]:
        """Take what came and return the messages that it completed."""
        messages = []
        *ended, rest = data.split(b"\n")
        for part in ended:
            self._take(part)
            message = self._finish()
            if message is not None:
                messages.append(message)
        self._take(rest)
        return messages

    def _take(self, part: bytes) -> None:
        if not self._dropped and len(self._line) + len(part) <= self._most:
            self._line += part
            return
        if not self._dropped:
            # Its beginning and its end tell which request it answers.
            self._tail = bytes(self._line[-_EDGE:])
            self._dropped = len(self._line)
            self._line += part[:_EDGE]
            del self._line[_EDGE:]
        self._dropped += len(part)
        self._tail = (self._tail + part)[-_EDGE:]

    def _finish(self) -> SessionMessage | None:
        line, self._line = bytes(self._line), bytearray()
        if self._dropped:
            size, self._dropped = self._dropped, 0
            return self._too_long(line, size)
        text = line.strip()
        if not text:
            return None
        message = _parsed(text)
        if message is not None:
            return message
        shown = text[:2_500].decode("utf-8", "replace")
        self._log.add(LogOrigin.STDOUT, shown)
        self._on_fault(ServerProblem.GARBAGE, shown[:200])
        return _refusal(text[:_EDGE], text[-_EDGE:], "The server's answer cannot be read.")

    def _too_long(self, head: bytes, size: int) -> SessionMessage | None:
        detail = f"{size / 1e6:.1f} MB"
        self._log.add(LogOrigin.PROGRAM, f"a message of {detail} was dropped")
        self._on_fault(ServerProblem.TOO_LONG, detail)
        limit = f"{self._most / 1e6:.0f} MB"
        said = f"The server answered {detail} in one message; {limit} are taken at most."
        return _refusal(head, self._tail, said)


def _parsed(text: bytes) -> SessionMessage | None:
    try:
        return SessionMessage(jsonrpc_message_adapter.validate_json(text, by_name=False))
    except ValueError:
        pass
    try:
        # The SDK's parser takes 200 levels, Python's more: a deep schema is one tool's problem.
        content = json.loads(text)
        return SessionMessage(jsonrpc_message_adapter.validate_python(content, by_name=False))
    except (ValueError, RecursionError):
        return None


def _refusal(head: bytes, tail: bytes, said: str) -> SessionMessage | None:
    """An error in the place of an answer that cannot be taken, where it tells what it answers."""
    if b'"method"' in head[:200]:
        return None
    found = _ID.search(head[:200]) or _ID.search(tail[-200:])
    if found is None:
        return None
    word = found[1].decode("ascii", "replace")
    answered = word[1:-1] if word.startswith('"') else int(word)
    error = ErrorData(code=INTERNAL_ERROR, message=said)
    return SessionMessage(JSONRPCError(jsonrpc="2.0", id=answered, error=error))
