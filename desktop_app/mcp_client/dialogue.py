"""One session with one server, on the SDK's client. Loaded late; see :mod:`.loading`.

The task that opens it also closes it (anyio's rule). Others may ask through it meanwhile: whoever
waits for an answer can be cancelled, and the server is told so (``notifications/cancelled``).
"""

import json
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self, TypeAlias, TypeVar

import anyio
import mcp_types as types
from mcp.client._transport import TransportStreams
from mcp.client.session import ClientRequestContext, ClientSession
from mcp.client.subscriptions import SubscriptionLost, listen
from mcp.shared.exceptions import MCPError

from desktop_app import APP_NAME, __version__
from desktop_app.chat.mcp_ports import McpError
from desktop_app.domain.mcp_content import (
    Elicitation,
    ElicitationAnswer,
    PromptMessage,
    Sampling,
)
from desktop_app.domain.tool import ToolProgress
from desktop_app.mcp_client.outcomes import text_of
from desktop_app.mcp_client.pace import Pace
from desktop_app.mcp_client.question_form import FormError, fields_of
from desktop_app.mcp_client.repairing import RepairingDispatcher, dispatcher_over, raw_schema

MOST_PAGES: Final = 50
MOST_TOOLS: Final = 1_000
_MOST_ROUNDS: Final = 10
_Answers: TypeAlias = types.InputResponses | None
_Page = TypeVar("_Page", bound=types.PaginatedResult)
_Item = TypeVar("_Item")
_NEWER_ONLY: Final = frozenset(
    {types.UNSUPPORTED_PROTOCOL_VERSION, types.METHOD_NOT_FOUND, types.INVALID_REQUEST}
)


@dataclass(frozen=True, slots=True)
class Host:
    """What a server may ask of this side.

    Attributes:
        server: Name of the server.
        ask: Shows its question to the person.
        sample: Lets the person's model write; ``None`` refuses.
        roots: The folders it is told of; ``None`` where it is told of none.
        log: Takes its log messages.
        tools_changed: Called when its tools may have changed.
    """

    server: str
    ask: Callable[[Elicitation], Awaitable[ElicitationAnswer]]
    sample: Callable[[Sampling], Awaitable[str]] | None
    roots: Callable[[], Sequence[Path]] | None
    log: Callable[[str], None]
    tools_changed: Callable[[], None]


@dataclass(frozen=True, slots=True)
class ListedTool:
    """A tool as the server lists it."""

    name: str
    title: str
    description: str
    schema: Mapping[str, Any]


class Dialogue:
    """A session that has begun; made by :func:`open_dialogue`."""

    def __init__(self, session: ClientSession, dispatcher: RepairingDispatcher) -> None:
        self._session, self._dispatcher = session, dispatcher

    @property
    def title(self) -> str:
        """What the server calls itself."""
        info = self._session.server_info
        return (info.title or info.name) if info is not None else ""

    @property
    def instructions(self) -> str:
        """What the server would tell the model."""
        return self._session.instructions or ""

    async def begin(self) -> None:
        """Agree on a version: the handshake that all servers know, or the newer way without one."""
        try:
            await self._session.initialize()
        except MCPError as error:
            if error.code not in _NEWER_ONLY:
                raise
            await self._session.discover()

    async def list_tools(self) -> list[ListedTool]:
        """All tools, page by page, up to a limit."""
        names: set[str] = set()

        def tools_of(page: types.ListToolsResult) -> Iterator[ListedTool]:
            for tool in page.tools:
                if tool.name in names:
                    continue
                names.add(tool.name)
                title = tool.title or (tool.annotations.title if tool.annotations else "") or ""
                schema = raw_schema(self._dispatcher.listed[tool.name])
                yield ListedTool(tool.name, title, tool.description or "", schema)

        return await self._all("tools", self._session.list_tools, tools_of)

    async def call(
        self,
        name: str,
        arguments: Mapping[str, Any],
        on_progress: Callable[[ToolProgress], None],
    ) -> Mapping[str, Any]:
        """Call a tool and return its result as JSON."""

        async def progressed(progress: float, total: float | None, message: str | None) -> None:
            fraction = min(max(progress / total, 0.0), 1.0) if total and total > 0 else None
            on_progress(ToolProgress((message or "")[:500], fraction))

        async def ask(answers: _Answers = None, state: str | None = None) -> Any:  # noqa: ANN401
            return await self._session.call_tool(
                name,
                dict(arguments),
                progress_callback=progressed,
                allow_input_required=True,
                input_responses=answers,
                request_state=state,
            )

        return _json(await self._answered(ask))

    async def list_resources(self) -> list[types.Resource]:
        """All resources, up to a limit."""
        return await self._all(
            "resources", self._session.list_resources, lambda page: page.resources
        )

    async def read_resource(self, uri: str) -> Mapping[str, Any]:
        """Read one, as JSON."""

        async def ask(answers: _Answers = None, state: str | None = None) -> Any:  # noqa: ANN401
            return await self._session.read_resource(
                uri, allow_input_required=True, input_responses=answers, request_state=state
            )

        return _json(await self._answered(ask))

    async def list_prompts(self) -> list[types.Prompt]:
        """All prompts, up to a limit."""
        return await self._all("prompts", self._session.list_prompts, lambda page: page.prompts)

    async def get_prompt(self, name: str, arguments: Mapping[str, str]) -> Mapping[str, Any]:
        """Fill in one, as JSON."""

        async def ask(answers: _Answers = None, state: str | None = None) -> Any:  # noqa: ANN401
            return await self._session.get_prompt(
                name,
                dict(arguments),
                allow_input_required=True,
                input_responses=answers,
                request_state=state,
            )

        return _json(await self._answered(ask))

    async def watch(self, tools_changed: Callable[[], None]) -> None:
        """Hear of changes from a server that wants to be listened to; others tell by themselves."""
        if self._session.discover_result is None or not self._offers("tools"):
            return
        try:
            async with listen(self._session, tools_list_changed=True) as subscription:
                async for _event in subscription:
                    tools_changed()
        except (MCPError, SubscriptionLost):
            return

    async def _all(
        self,
        what: str,
        ask: Callable[..., Awaitable[_Page]],
        items_of: Callable[[_Page], Iterable[_Item]],
    ) -> list[_Item]:
        """Ask for one page after the other, up to a limit; for none where nothing is offered."""
        found: list[_Item] = []
        cursor: str | None = None
        for _ in range(MOST_PAGES if self._offers(what) else 0):
            params = types.PaginatedRequestParams(cursor=cursor) if cursor else None
            page = await ask(params=params)
            found += items_of(page)
            cursor = page.next_cursor
            if not cursor or len(found) >= MOST_TOOLS:
                break
        return found[:MOST_TOOLS]

    def _offers(self, what: str) -> bool:
        return getattr(self._session.server_capabilities, what, None) is not None

    async def _answered(self, ask: Callable[..., Awaitable[Any]]) -> Any:  # noqa: ANN401
        """Ask until there is an answer: servers of the newer kind answer with questions of theirs."""
        result = await ask()
        for _ in range(_MOST_ROUNDS):
            if not isinstance(result, types.InputRequiredResult):
                return result
            responses: types.InputResponses = {}
            for key, request in (result.input_requests or {}).items():
                context = ClientRequestContext(session=self._session, request_id=key)
                response = await self._session.dispatch_input_request(context, request)
                if isinstance(response, types.ErrorData):
                    raise MCPError.from_error_data(response)
                responses[key] = response
            result = await ask(responses or None, result.request_state)
        raise MCPError(types.INTERNAL_ERROR, "The server keeps asking instead of answering.")


@asynccontextmanager
async def open_dialogue(
    streams: TransportStreams, host: Host, on_closed: Callable[[], None]
) -> AsyncIterator[Dialogue]:
    """Give a session over ``streams``; its handshake is yet to come.

    Args:
        streams: Of a transport.
        host: What the server may ask of this side.
        on_closed: Called when the server's side of the connection has ended.
    """
    callbacks = _Callbacks(host)
    dispatcher = dispatcher_over(_Watched(streams[0], on_closed), streams[1])
    session = ClientSession(
        dispatcher=dispatcher,
        elicitation_callback=callbacks.elicit,
        sampling_callback=callbacks.sample if host.sample is not None else None,
        list_roots_callback=callbacks.roots if host.roots is not None else None,
        logging_callback=callbacks.log,
        message_handler=callbacks.hear,
        client_info=types.Implementation(name=APP_NAME, version=__version__),
    )
    async with session:
        yield Dialogue(session, dispatcher)


class _Watched:
    """A stream of incoming messages that tells when it ends, and that nobody can flood."""

    def __init__(self, stream: Any, on_closed: Callable[[], None]) -> None:  # noqa: ANN401
        self._stream, self._on_closed, self._pace = stream, on_closed, Pace()

    @property
    def last_context(self) -> Any:  # noqa: ANN401
        return getattr(self._stream, "last_context", None)

    async def __aenter__(self) -> Self:
        await self._stream.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        self._on_closed()
        await self._stream.__aexit__(*error)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:  # noqa: ANN401
        message = await self._stream.__anext__()
        if delay := self._pace.delay():
            await anyio.sleep(delay)
        return message

    async def receive(self) -> Any:  # noqa: ANN401
        return await self._stream.receive()

    async def aclose(self) -> None:
        await self._stream.aclose()


class _Callbacks:
    """Answers what the server asks."""

    def __init__(self, host: Host) -> None:
        self._host = host

    async def elicit(
        self, context: ClientRequestContext, params: types.ElicitRequestParams
    ) -> types.ElicitResult | types.ErrorData:
        del context
        if isinstance(params, types.ElicitRequestURLParams):
            question = Elicitation(self._host.server, params.message, url=str(params.url))
        else:
            try:
                fields = fields_of(params.requested_schema)
            except FormError as error:
                return types.ErrorData(
                    code=types.INVALID_PARAMS, message=f"No form can ask for this: {error}"
                )
            question = Elicitation(self._host.server, params.message, fields)
        answer = await self._host.ask(question)
        content: dict[str, Any] = {}
        for name, value in answer.values.items():
            content[name] = list(value) if isinstance(value, tuple) else value
        given = content if not question.url and answer.choice == "accept" else None
        return types.ElicitResult(action=answer.choice.value, content=given)

    async def sample(
        self, context: ClientRequestContext, params: types.CreateMessageRequestParams
    ) -> types.CreateMessageResult | types.ErrorData:
        del context
        if self._host.sample is None:
            return types.ErrorData(code=types.INVALID_REQUEST, message="Sampling not allowed")
        messages = tuple(
            PromptMessage(message.role, text_of([_json(b) for b in message.content_as_list]))
            for message in params.messages
        )
        wanted = Sampling(
            self._host.server, params.system_prompt or "", messages, params.max_tokens
        )
        try:
            text = await self._host.sample(wanted)
        except McpError as error:
            return types.ErrorData(code=types.INTERNAL_ERROR, message=str(error))
        return types.CreateMessageResult(
            role="assistant", content=types.TextContent(type="text", text=text), model=APP_NAME
        )

    async def roots(self, context: ClientRequestContext) -> types.ListRootsResult:
        del context
        folders = self._host.roots() if self._host.roots is not None else ()
        named = [{"uri": folder.as_uri(), "name": folder.name} for folder in folders]
        return types.ListRootsResult.model_validate({"roots": named})

    async def log(self, params: types.LoggingMessageNotificationParams) -> None:
        said = params.data
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, default=str)
        self._host.log(f"{params.level}: {text}")

    async def hear(self, message: object) -> None:
        if isinstance(message, types.ToolListChangedNotification):
            self._host.tools_changed()
        elif isinstance(message, Exception):
            self._host.log(f"{type(message).__name__}: {message}")


def _json(model: Any) -> Mapping[str, Any]:  # noqa: ANN401 (any of the SDK's models)
    dumped: Mapping[str, Any] = model.model_dump(by_alias=True, mode="json", exclude_none=True)
    return dumped
