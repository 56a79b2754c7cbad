"""The ``Model`` port over the openai SDK: the SDK builds and sends, the answer is read here.

Nothing is imported from the SDK at the top of this module; see :mod:`.loading`.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from desktop_app.chat.ports import ChatRequest, ModelExchange, nothing
from desktop_app.domain.connection import Connection
from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.providers.openai_chat import listing, loading, tls
from desktop_app.providers.openai_chat.exchange import (
    ANSWER,
    Exchange,
    Opening,
    RawAnswer,
    TimeLimits,
)
from desktop_app.providers.openai_chat.faults import FaultNamer
from desktop_app.providers.openai_chat.reading import AnswerReader
from desktop_app.providers.openai_chat.recording import ExchangeRecorder
from desktop_app.providers.openai_chat.request import arguments
from desktop_app.providers.openai_chat.route import STRAIGHT, Route
from desktop_app.providers.openai_chat.secret import Secret
from desktop_app.providers.openai_chat.suspension import THIS_MACHINE
from desktop_app.providers.openai_chat.wire_shape import MINIMAX, OPENAI

if TYPE_CHECKING:
    from desktop_app.providers.openai_chat.sdk import Client

DEFAULT_LIMITS: Final = TimeLimits()


class OpenAIChatModel:
    """A server that speaks the OpenAI chat format; implements :class:`desktop_app.chat.ports.Model`.

    Use one for as long as connection and key stay the same: it keeps connections open between
    answers. It belongs to the event loop that it is first used on.

    Args:
        connection: Where the server is and how it likes to be spoken to.
        key: From :func:`desktop_app.domain.api_key.clean_key`; empty when there is none.
        limits: How long to wait.
        route: The proxy, and the certificates to trust beside the system's.
        context_factory: Makes the TLS context in place of what ``route`` says, on first use and for
            https only.
        slept: Returns how many seconds the machine has slept, counted from any moment.
    """

    def __init__(
        self,
        connection: Connection,
        key: str = "",
        *,
        limits: TimeLimits = DEFAULT_LIMITS,
        route: Route = STRAIGHT,
        context_factory: Callable[[], ssl.SSLContext] | None = None,
        slept: Callable[[], float] = THIS_MACHINE.seconds,
    ) -> None:
        self._connection = connection
        self._secret = Secret(key)
        self._limits = limits
        self._route = route
        self._context_factory = context_factory or partial(tls.context_with, route.ca_file)
        self._faults = FaultNamer(connection, self._secret)
        self._slept = slept
        self._slept_before = slept()
        self._client: Client | None = None
        self._retired: list[Client] = []

    def __repr__(self) -> str:
        """Name the server, so that no log or traceback shows more."""
        return f"OpenAIChatModel({self._connection.base_url})"

    @property
    def connection(self) -> Connection:
        """Where it is."""
        return self._connection

    def stream(self, request: ChatRequest, on_sent: Callable[[], None] = nothing) -> ModelExchange:
        """Send ``request``; see :meth:`desktop_app.chat.ports.Model.stream`."""
        return self._exchange(lambda: self._open(request), on_sent)

    def stream_body(self, body: str, on_sent: Callable[[], None] = nothing) -> ModelExchange:
        """Send ``body`` as it is; see :meth:`desktop_app.chat.ports.Model.stream_body`."""
        return self._exchange(lambda: self._open_body(body), on_sent)

    async def list_models(self) -> tuple[str, ...]:
        """Return the names of the models that the server lists.

        Raises:
            ChatError: When it cannot be asked or refuses.
        """
        try:
            client = await self._ready_client()
            async with (
                asyncio.timeout(self._limits.first_byte),
                client.models.with_streaming_response.list() as response,
            ):
                answer: RawAnswer = response.http_response.extensions[ANSWER]
                return await listing.read_models(answer, self._faults)
        except TimeoutError:
            failure = self._faults.plain(ErrorKind.FIRST_BYTE_TIMEOUT)
        except Exception as error:
            fault = self._faults.of_exception(error)
            if fault is None:
                raise
            failure = fault
        # Raised outside the handler: a library's exception would come along as its context.
        raise ChatError(failure)

    async def aclose(self) -> None:
        """Close connections that were kept open."""
        self._retire_client()
        for client in self._retired:
            await client.close()
        self._retired.clear()

    def _exchange(self, opening: Opening, on_sent: Callable[[], None]) -> Exchange:
        dialect = MINIMAX if self._connection.is_minimax else OPENAI
        reader = AnswerReader(dialect, self._faults)
        recorder = ExchangeRecorder(self._secret, on_sent)
        return Exchange(opening, reader, self._faults, self._limits, recorder, self._slept)

    @asynccontextmanager
    async def _open(self, request: ChatRequest) -> AsyncIterator[RawAnswer]:
        client = await self._ready_client()
        create = client.chat.completions.with_streaming_response.create
        async with create(**arguments(request, self._connection)) as response:
            yield response.http_response.extensions[ANSWER]

    @asynccontextmanager
    async def _open_body(self, body: str) -> AsyncIterator[RawAnswer]:
        client = await self._ready_client()
        async with client.send_chat(body.encode()) as response:
            yield response.extensions[ANSWER]

    async def _ready_client(self) -> "Client":
        await loading.loaded()
        slept, before = self._slept(), self._slept_before
        if slept - before > self._limits.nap:
            # Connections that were kept open look alive, and a request would vanish in them.
            self._slept_before = slept
            self._retire_client()
        if self._client is None:
            from desktop_app.providers.openai_chat import sdk

            https = self._connection.base_url.startswith("https:")
            self._client = sdk.build_client(
                self._connection.base_url,
                self._secret,
                connect_timeout=self._limits.connect,
                context=self._context_factory() if https else None,
                route=self._route,
            )
        return self._client

    def _retire_client(self) -> None:
        """Use it no more; an answer may still come to its end on it."""
        if self._client is not None:
            self._retired.append(self._client)
        self._client = None
