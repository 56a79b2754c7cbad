"""The sentence for each state and problem of an MCP server; the window translates it. Free of Qt."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from desktop_app.domain.mcp_server import ConfigFault, ServerPhase, ServerProblem
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP

PHASE_TEXTS: Final[Mapping[ServerPhase, str]] = MappingProxyType(
    {
        ServerPhase.OFF: QT_TRANSLATE_NOOP("McpServers", "Off"),
        ServerPhase.STARTING: QT_TRANSLATE_NOOP("McpServers", "Starting…"),
        ServerPhase.READY: QT_TRANSLATE_NOOP("McpServers", "Ready"),
        ServerPhase.RESTARTING: QT_TRANSLATE_NOOP("McpServers", "Starting again…"),
        ServerPhase.FAILED: QT_TRANSLATE_NOOP("McpServers", "Failed"),
    }
)

PROBLEM_TEXTS: Final[Mapping[ServerProblem, str]] = MappingProxyType(
    {
        ServerProblem.NOT_APPROVED: QT_TRANSLATE_NOOP(
            "McpServers", "It has not been started: look at what it would run first."
        ),
        ServerProblem.NOT_CONFIGURED: QT_TRANSLATE_NOOP(
            "McpServers", "Its entry in the file cannot be used."
        ),
        ServerProblem.COMMAND_NOT_FOUND: QT_TRANSLATE_NOOP(
            "McpServers",
            "The program was not found in the PATH of your login shell. Install it, or give its "
            "whole path.",
        ),
        ServerProblem.CANNOT_START: QT_TRANSLATE_NOOP(
            "McpServers", "The system does not start the program."
        ),
        ServerProblem.START_TIMED_OUT: QT_TRANSLATE_NOOP(
            "McpServers", "It did not answer in time. Its log may say why."
        ),
        ServerProblem.ENDED: QT_TRANSLATE_NOOP("McpServers", "It ended. Its log may say why."),
        ServerProblem.GARBAGE: QT_TRANSLATE_NOOP(
            "McpServers", "It writes lines that are no messages; they are in its log."
        ),
        ServerProblem.TOO_LONG: QT_TRANSLATE_NOOP(
            "McpServers", "It sent a message that is too long to take."
        ),
        ServerProblem.PROTOCOL: QT_TRANSLATE_NOOP(
            "McpServers", "Its answers are not what the protocol says."
        ),
        ServerProblem.UNREACHABLE: QT_TRANSLATE_NOOP("McpServers", "It cannot be reached."),
        ServerProblem.REFUSED: QT_TRANSLATE_NOOP("McpServers", "It refuses the connection."),
        ServerProblem.REDIRECTED: QT_TRANSLATE_NOOP(
            "McpServers",
            "It leads to another address, which was sent nothing. Enter that one if you trust it.",
        ),
        ServerProblem.SECRET_MISSING: QT_TRANSLATE_NOOP(
            "McpServers",
            "A value that should be in the system keyring is not there. Enter it again.",
        ),
        ServerProblem.SIGN_IN_NEEDED: QT_TRANSLATE_NOOP("McpServers", "It wants you to sign in."),
        ServerProblem.SIGN_IN_FAILED: QT_TRANSLATE_NOOP(
            "McpServers", "Signing in did not come to an end."
        ),
        ServerProblem.SDK_MISSING: QT_TRANSLATE_NOOP(
            "McpServers", "The library for MCP cannot be loaded."
        ),
    }
)

FAULT_TEXTS: Final[Mapping[ConfigFault, str]] = MappingProxyType(
    {
        ConfigFault.UNREADABLE: QT_TRANSLATE_NOOP("McpServers", "The file cannot be read as JSON."),
        ConfigFault.NO_SERVERS: QT_TRANSLATE_NOOP(
            "McpServers", "The file has no object “mcpServers”."
        ),
        ConfigFault.NOT_AN_OBJECT: QT_TRANSLATE_NOOP("McpServers", "The entry is no object."),
        ConfigFault.EMPTY_NAME: QT_TRANSLATE_NOOP("McpServers", "It needs a name."),
        ConfigFault.NOTHING_TO_START: QT_TRANSLATE_NOOP(
            "McpServers", "There is neither a command nor an address."
        ),
        ConfigFault.UNKNOWN_TYPE: QT_TRANSLATE_NOOP(
            "McpServers", "Its type is none of stdio, http and sse."
        ),
        ConfigFault.WRONG_KIND: QT_TRANSLATE_NOOP(
            "McpServers", "A value is not of the kind that belongs there."
        ),
        ConfigFault.BAD_ADDRESS: QT_TRANSLATE_NOOP(
            "McpServers", "The address must begin with https:// and name a host."
        ),
        ConfigFault.PLAIN_HTTP: QT_TRANSLATE_NOOP(
            "McpServers",
            "http:// would send everything unprotected; it is allowed for this computer only.",
        ),
        ConfigFault.SHELL_CHARACTER: QT_TRANSLATE_NOOP(
            "McpServers",
            "Windows gives the arguments of .cmd and .bat files to a shell, which would read a "
            "character in them as a command.",
        ),
        ConfigFault.BAD_CHARACTER: QT_TRANSLATE_NOOP(
            "McpServers", "There is a character in it that cannot stand there."
        ),
    }
)
