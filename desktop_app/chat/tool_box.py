"""All tools there are, from whoever offers them, and what the model is told of them.

Sources come and go, and change what they offer, at any moment. An :class:`Offer` is one moment of
it: what a request says and what its answer may call.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.chat.tool_names import BUILTIN, wire_name
from desktop_app.chat.tool_ports import ToolSource
from desktop_app.domain.message import Json
from desktop_app.domain.text import storable
from desktop_app.domain.tool import Tool, ToolSpec

_log = logging.getLogger(__name__)

_WHOLE_HASH: Final = 32
"""Digits of a hash that is appended to a name that another tool has already."""


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """A tool with its name and its parameters on the wire, and who offers it."""

    wire_name: str
    tool: Tool
    source: ToolSource
    parameters: Json


class Offer:
    """The tools that the model was told of at one moment, in a stable order."""

    def __init__(self, offered: Iterable[OfferedTool] = ()) -> None:
        self._offered = {item.wire_name: item for item in offered}

    def __iter__(self) -> Iterator[OfferedTool]:
        return iter(self._offered.values())

    @property
    def names(self) -> tuple[str, ...]:
        """What the model may call."""
        return tuple(self._offered)

    def find(self, name: str) -> OfferedTool | None:
        """Return the tool that the model calls ``name``."""
        return self._offered.get(name)

    def specs(self) -> tuple[ToolSpec, ...]:
        """Return what the model is told."""
        return tuple(
            ToolSpec(item.wire_name, storable(item.tool.description), item.parameters)
            for item in self
        )


class ToolBox:
    """Collects sources of tools.

    Args:
        sources: Those that are there from the beginning; of them, the built-in one stands first.
        is_on: Whether the person wants the model to be told of a tool.
    """

    def __init__(
        self,
        sources: Iterable[ToolSource] = (),
        is_on: Callable[[Tool], bool] = lambda tool: True,  # noqa: ARG005
    ) -> None:
        self._is_on = is_on
        self._sources: dict[str, ToolSource] = {}
        self._ends: dict[str, Callable[[], None]] = {}
        self._listeners: list[Callable[[], None]] = []
        for source in sources:
            self.add(source)

    @property
    def sources(self) -> tuple[ToolSource, ...]:
        """Whoever offers tools: the built-in source, then the others in the order of their ids."""
        return tuple(
            sorted(self._sources.values(), key=lambda source: (source.id != BUILTIN, source.id))
        )

    def add(self, source: ToolSource) -> None:
        """Take a source; one with the same id gives way to it."""
        if (end := self._ends.pop(source.id, None)) is not None:
            end()
        self._sources[source.id] = source
        self._ends[source.id] = source.subscribe(self._announce)
        self._announce()

    def remove(self, source_id: str) -> None:
        """Let go of a source; its tools are called no more."""
        if self._sources.pop(source_id, None) is not None:
            self._ends.pop(source_id)()
            self._announce()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when a source comes, goes or changes; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def is_on(self, tool: Tool) -> bool:
        """Whether the model is told of ``tool``."""
        return self._is_on(tool)

    def everything(self) -> Offer:
        """Return all tools of this moment, those that are turned off too."""
        taken: dict[str, OfferedTool] = {}
        for source in self.sources:
            seen: set[str] = set()
            for tool, parameters in _tools_of(source):
                if tool.name in seen:
                    continue  # a server lists one name twice; nobody could tell which is meant
                seen.add(tool.name)
                name = wire_name(tool)
                if name in taken:
                    name = wire_name(tool, _WHOLE_HASH)
                if name not in taken:
                    taken[name] = OfferedTool(name, tool, source, parameters)
        return Offer(taken.values())

    def offer(self) -> Offer:
        """Return what the model is to be told of now."""
        return Offer(item for item in self.everything() if self._is_on(item.tool))

    def is_current(self, offered: OfferedTool) -> bool:
        """Whether a tool is still there, turned on, and as the model was told."""
        source = self._sources.get(offered.tool.source)
        if source is not offered.source or not self._is_on(offered.tool):
            return False
        return any(
            tool.name == offered.tool.name and tool.fingerprint == offered.tool.fingerprint
            for tool, _ in _tools_of(source)
        )

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            try:
                listener()
            except Exception:
                # A page that fails must not keep a source from saying what it offers.
                _log.exception("a listener failed on a change of tools")


def _tools_of(source: ToolSource) -> Iterator[tuple[Tool, Json]]:
    """Yield what ``source`` offers and a request can say, with the parameters that it says.

    One bad source spoils no request.
    """
    try:
        tools = source.tools
    except Exception:
        _log.exception("the source %s cannot say what it offers", source.id)
        return
    for tool in tools:
        try:
            # Without a fingerprint nobody could allow it.
            parameters, _ = parameters_of(tool.schema), tool.fingerprint
        except (TypeError, ValueError, RecursionError):
            _log.warning("the tool %r of %s has no schema that can be sent", tool.name, source.id)
        else:
            yield tool, parameters


def parameters_of(schema: Json) -> Json:
    """Return ``schema`` as the wire takes it: an object's, and never empty.

    The service refuses a whole request for one tool without parameters; many servers leave out the
    type, or say nothing at all where there is nothing to say.

    Raises:
        ValueError, TypeError, RecursionError: When it is no JSON object.
    """
    text = json.dumps(dict(schema), ensure_ascii=False, allow_nan=False, default=dict)
    # Half of a surrogate pair would fail the request that tells of it.
    parameters: dict[str, Any] = json.loads(storable(text))
    if parameters.get("type") != "object":
        # Of another type no call could be right, and the check of the call says so.
        parameters["type"] = "object"
    if not isinstance(parameters.get("properties"), dict):
        parameters["properties"] = {}
    return parameters
