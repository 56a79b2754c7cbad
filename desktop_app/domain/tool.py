"""Tools that a model may call: what they are, what they may do, and what the person decides."""

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum

from desktop_app.domain.message import Json, ResultImage


class Risk(StrEnum):
    """The worst that a call can do; decides how the person is asked."""

    READS = "reads"
    """Looks only at what the person granted, changes nothing, tells nobody."""
    SENDS = "sends"
    """Tells something to other computers."""
    WRITES = "writes"
    """Changes files or other things that last."""
    EXECUTES = "executes"
    """Runs code."""
    UNKNOWN = "unknown"
    """Nobody here can say: a server's own word about its tools proves nothing."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as its source offers it at this moment.

    Attributes:
        source: Id of the source: ``builtin``, or the name of an MCP server in its configuration.
        name: What the source calls it; any text, unique within the source.
        description: What the model is told of it; of a server, untrusted.
        schema: JSON Schema of the arguments, as the source gave it.
        risk: The worst that a call can do.
        title: What people call it; empty where the source says nothing.
    """

    source: str
    name: str
    description: str
    schema: Json = field(hash=False)
    risk: Risk
    title: str = ""

    @property
    def fingerprint(self) -> str:
        """SHA-256 in hex over everything that a person's permission is given for."""
        told = [self.source, self.name, self.description, self.risk, self.schema]
        text = json.dumps(told, ensure_ascii=True, sort_keys=True, default=dict)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as the model is told of it.

    Attributes:
        name: What the model calls it by: 1 to 64 of ``a-z``, ``A-Z``, ``0-9``, ``_`` and ``-``.
        description: What it is told.
        parameters: JSON Schema of an object; never empty, which the service refuses.
    """

    name: str
    description: str
    parameters: Json = field(hash=False)


@dataclass(frozen=True, slots=True)
class ToolOutcome:
    """What a tool answered.

    Attributes:
        text: All text of it, whole; JSON where the tool answered JSON.
        is_error: Whether the tool says that it failed.
        images: Pictures that came with it.
    """

    text: str
    is_error: bool = False
    images: tuple[ResultImage, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolProgress:
    """How far a running call has come.

    Attributes:
        note: What the tool says of it; untrusted, may be empty.
        fraction: From 0 to 1; ``None`` where it does not say.
        is_waiting: Whether it waits for an answer of the person, whose time is nobody's delay.
    """

    note: str = ""
    fraction: float | None = None
    is_waiting: bool = False


class Decision(StrEnum):
    """What a person says to a call."""

    ALLOW_ONCE = "allow_once"
    ALLOW_HERE = "allow_here"
    """Also for every later call of this tool, as it is now, in this conversation."""
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Approval:
    """A question to the person: may this call be made?

    Attributes:
        call_id: Which call; unique among those that are open in a session.
        tool: What would be called.
        arguments: All arguments as JSON text, exactly what the tool would get.
        changed: Whether the tool was allowed before, and is not what it was then.
        preview: What the call would change, as a unified diff; empty where there is none.
        source_title: What people call whoever offers the tool; empty where that is not known.
    """

    call_id: str
    tool: Tool
    arguments: str
    changed: bool = False
    preview: str = ""
    source_title: str = ""
