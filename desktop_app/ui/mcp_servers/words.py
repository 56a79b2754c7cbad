"""How servers and what they say are put into words: translated, and with nothing hidden in them."""

from PySide6.QtCore import QCoreApplication

from desktop_app.chat.mcp_text import FAULT_TEXTS, PHASE_TEXTS, PROBLEM_TEXTS
from desktop_app.domain.mcp_server import (
    EntryFault,
    ServerConfig,
    ServerEntry,
    ServerPhase,
    ServerProblem,
    Wire,
)
from desktop_app.ui.transcript.invisible import hidden_in

_LONGEST = 40


def translated(text: str) -> str:
    """Return a text of the tables in the language of the window."""
    return QCoreApplication.translate("McpServers", text)


def visible(text: str) -> str:
    r"""Return ``text`` with control, bidi and other unseen characters as ``\u202e``."""
    hidden = set(hidden_in(text))
    return "".join(
        rf"\u{ord(letter):04x}" if place in hidden or _is_control(letter) else letter
        for place, letter in enumerate(text)
    )


def command_lines(config: ServerConfig) -> str:
    """Return exactly what would be started or spoken to, one argument a line."""
    if config.wire is Wire.STDIO:
        return "\n".join(visible(part) or '""' for part in config.argv)
    return visible(config.url)


def fault_sentence(fault: EntryFault) -> str:
    """Return what is wrong with an entry or the file."""
    sentence = translated(FAULT_TEXTS[fault.fault])
    return f"{sentence} ({_in_short(fault.detail)})" if fault.detail else sentence


def state_words(entry: ServerEntry) -> str:
    """Return how a server stands, in a few words."""
    words = translated(PHASE_TEXTS[entry.status.phase])
    if entry.status.phase is ServerPhase.READY:
        one = QCoreApplication.translate("McpServers", "1 tool")
        several = QCoreApplication.translate("McpServers", "{count} tools")
        number = len(entry.tools)
        return f"{words} · {one if number == 1 else several.replace('{count}', str(number))}"
    return words


def problem_sentence(entry: ServerEntry) -> str:
    """Return what is wrong with a server, empty when nothing is."""
    if entry.fault is not None:
        return fault_sentence(entry.fault)
    problem = entry.status.problem
    if problem is None:
        return ""
    if problem is ServerProblem.NOT_APPROVED and entry.config and entry.config.disabled:
        return ""
    sentence = translated(PROBLEM_TEXTS[problem])
    # What a noisy server wrote stands in its log, and would push everything aside here.
    detail = "" if problem is ServerProblem.GARBAGE else _in_short(entry.status.detail)
    return f"{sentence} ({detail})" if detail else sentence


def _in_short(text: str) -> str:
    """No word so long that no line can be broken before it."""
    words = visible(text).split(" ")
    return " ".join(word if len(word) <= _LONGEST else f"{word[:_LONGEST]}…" for word in words)


def _is_control(letter: str) -> bool:
    return ord(letter) < 0x20 or ord(letter) == 0x7F
