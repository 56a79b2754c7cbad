"""MCP servers: what the person configured, how each stands, and what is wrong with it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from desktop_app.domain.tool import Tool

KEPT_IN_KEYRING: Final = "${keyring}"
"""Stands in the file for a value that is in the keyring, under an account of its own."""


class Wire(StrEnum):
    """How a server is spoken to."""

    STDIO = "stdio"
    """A program on this computer, over its standard input and output."""
    HTTP = "http"
    """Streamable HTTP."""
    SSE = "sse"
    """The older HTTP transport with a stream of its own."""


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """One server as the person configured it.

    Attributes:
        name: What it is called in the file; unique there, any text.
        wire: How it is spoken to.
        command: The program, for ``STDIO``; never a shell line.
        args: Its arguments, each as it is given to the program.
        env: Variables it gets beside the cleaned environment.
        cwd: Folder it starts in; empty for the home folder.
        url: Address, for ``HTTP`` and ``SSE``.
        headers: Sent with every request to ``url``, and to no other host.
        disabled: Whether it is to stay off.
        call_seconds: Longest wait for one answer; ``None`` takes the program's default.
        may_sample: Whether it may ask the person's model for texts.
        unknown: Keys of its entry that belong to other programs; kept when it is written.
    """

    name: str
    wire: Wire
    command: str = ""
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict, hash=False)
    cwd: str = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    disabled: bool = False
    call_seconds: float | None = None
    may_sample: bool = False
    unknown: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def argv(self) -> tuple[str, ...]:
        """The exact command line of a ``STDIO`` server."""
        return (self.command, *self.args)

    @property
    def secrets(self) -> Mapping[str, str]:
        """The values that may be secret: headers or environment, as they stand in the file."""
        return self.env if self.wire is Wire.STDIO else self.headers

    @property
    def plain_secrets(self) -> tuple[str, ...]:
        """Names of the values that stand readable in the file."""
        return tuple(name for name, value in self.secrets.items() if value != KEPT_IN_KEYRING)

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex over everything that decides what is started or spoken to."""
        told = [
            *(self.wire, self.argv, self.cwd, self.url),
            *(sorted(self.env.items()), sorted(self.headers.items())),
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()


class ConfigFault(StrEnum):
    """What is wrong with an entry of the file, or with the file."""

    UNREADABLE = "unreadable"
    """The file cannot be read, or is no JSON."""
    NO_SERVERS = "no_servers"
    """The file has no object ``mcpServers``."""
    NOT_AN_OBJECT = "not_an_object"
    EMPTY_NAME = "empty_name"
    NOTHING_TO_START = "nothing_to_start"
    """Neither a command nor an address."""
    UNKNOWN_TYPE = "unknown_type"
    WRONG_KIND = "wrong_kind"
    """A value is no text, no list of texts, or no object of texts; the detail names its key."""
    BAD_ADDRESS = "bad_address"
    PLAIN_HTTP = "plain_http"
    """``http://`` to another computer would send headers and texts unprotected."""
    SHELL_CHARACTER = "shell_character"
    """Windows gives arguments of .cmd and .bat files to a shell, which would read this one."""
    BAD_CHARACTER = "bad_character"
    """A NUL or a line break where the system takes none."""


@dataclass(frozen=True, slots=True)
class EntryFault:
    """An entry that cannot be used; ``name`` is empty where the whole file is meant."""

    name: str
    fault: ConfigFault
    detail: str = ""


class ServerPhase(StrEnum):
    """Where a server stands."""

    OFF = "off"
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    """It ended by itself and is started again after a while."""
    FAILED = "failed"


class ServerProblem(StrEnum):
    """Why a server is not ready, or what was wrong with a ready one."""

    NOT_APPROVED = "not_approved"
    """The person has not agreed to exactly this command line or address."""
    NOT_CONFIGURED = "not_configured"
    """Its entry cannot be used."""
    COMMAND_NOT_FOUND = "command_not_found"
    CANNOT_START = "cannot_start"
    """The system refuses to start the program; the detail is the system's word."""
    START_TIMED_OUT = "start_timed_out"
    ENDED = "ended"
    """The program ended, or the connection did."""
    GARBAGE = "garbage"
    """It wrote lines that are no messages."""
    TOO_LONG = "too_long"
    """It sent a message beyond the limit."""
    PROTOCOL = "protocol"
    """It refuses to begin, or its answers make no sense."""
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """It answered with an HTTP status that is no success."""
    REDIRECTED = "redirected"
    """It sends us to another host, which gets nothing from us."""
    SECRET_MISSING = "secret_missing"  # noqa: S105 (a word, no secret)
    """A value that the file says is in the keyring is not there."""
    SIGN_IN_NEEDED = "sign_in_needed"
    SIGN_IN_FAILED = "sign_in_failed"
    SDK_MISSING = "sdk_missing"
    """The library cannot be loaded."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """How a server stands at this moment.

    Attributes:
        phase: Where it stands.
        problem: Why it is not ready; of a ready server, what was wrong with something it sent.
        detail: What the system or the server said of it: untrusted, one line, may be empty.
        attempt: Which restart this is, from 1; 0 when it is none.
    """

    phase: ServerPhase = ServerPhase.OFF
    problem: ServerProblem | None = None
    detail: str = ""
    attempt: int = 0


class LogOrigin(StrEnum):
    """Who wrote a line of a server's log."""

    PROGRAM = "program"
    """This program."""
    STDERR = "stderr"
    STDOUT = "stdout"
    """What it wrote where only messages belong."""
    SERVER = "server"
    """Its log messages."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a server's log; ``at`` in seconds since the Unix epoch, UTC."""

    at: float
    origin: LogOrigin
    text: str


@dataclass(frozen=True, slots=True)
class ServerEntry:
    """All there is to show of one server.

    Attributes:
        name: What it is called.
        config: What was configured; ``None`` where the entry cannot be used.
        fault: What is wrong with the entry.
        status: How it stands.
        tools: What it offers at this moment.
        title: What it calls itself; untrusted, may be empty.
        instructions: What it would tell the model; shown, and sent to nobody.
        is_signed_in: Whether tokens of a sign-in are in use.
    """

    name: str
    config: ServerConfig | None
    fault: EntryFault | None = None
    status: ServerStatus = ServerStatus()
    tools: tuple[Tool, ...] = ()
    title: str = ""
    instructions: str = ""
    is_signed_in: bool = False


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What was found in another program's file.

    Attributes:
        configs: The entries that can be used, as they would be written.
        faults: The others, and what is wrong with them.
    """

    configs: tuple[ServerConfig, ...]
    faults: tuple[EntryFault, ...] = ()
