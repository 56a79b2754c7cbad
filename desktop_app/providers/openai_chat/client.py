"""The ``Model`` port over the openai SDK: the SDK builds and sends, the answer is read here.

Nothing is imported from the SDK at the top of this module; see :mod:`.loading`.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Final

from desktop_app.chat.ports import ChatRequest, ModelStream, nothing
from desktop_app.domain.connection import Connection
from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.providers.openai_chat import listing, loading, tls
from desktop_app.providers.openai_chat.exchange import (
    ANSWER,
    ON_SENT,
    Exchange,
    RawAnswer,
    TimeLimits,
)
from desktop_app.providers.openai_chat.faults import FaultNamer
from desktop_app.providers.openai_chat.history import MINIMAX, OPENAI
from desktop_app.providers.openai_chat.reading import AnswerReader
from desktop_app.providers.openai_chat.request import arguments
from desktop_app.providers.openai_chat.secret import Secret

if TYPE_CHECKING:
    import openai

DEFAULT_LIMITS: Final = TimeLimits()


class OpenAIChatModel:
    """A server that speaks the OpenAI chat format; implements :class:`desktop_app.chat.ports.Model`.

    Use one for as long as connection and key stay the same: it keeps connections open between
    answers. It belongs to the event loop that it is first used on.

    Args:
        connection: Where the server is and how it likes to be spoken to.
        key: From :func:`desktop_app.domain.api_key.clean_key`; empty when there is none.
        limits: How long to wait.
        context_factory: Makes the TLS context, on first use and for https only.
    """

    def __init__(
        self,
        connection: Connection,
        key: str = "",
        *,
        limits: TimeLimits = DEFAULT_LIMITS,
        context_factory: Callable[[], ssl.SSLContext] = tls.system_context,
    ) -> None:
        self._connection = connection
        self._secret = Secret(key)
        self._limits = limits
        self._context_factory = context_factory
        self._faults = FaultNamer(connection, self._secret)
        self._client: openai.AsyncOpenAI | None = None

    def __repr__(self) -> str:
        """Name the server, so that no log or traceback shows more."""
        return f"OpenAIChatModel({self._connection.base_url})"

    @property
    def connection(self) -> Connection:
        """Where it is."""
        return self._connection

    def stream(
        self, request: ChatRequest, on_sent: Callable[[], None] = nothing
    ) -> AbstractAsyncContextManager[ModelStream]:
        """Send ``request``; see :meth:`desktop_app.chat.ports.Model.stream`."""
        dialect = MINIMAX if self._connection.is_minimax else OPENAI
        reader = AnswerReader(dialect, self._faults)
        return Exchange(lambda: self._open(request, on_sent), reader, self._faults, self._limits)

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
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    @asynccontextmanager
    async def _open(
        self, request: ChatRequest, on_sent: Callable[[], None]
    ) -> AsyncIterator[RawAnswer]:
        client = await self._ready_client()
        # The SDK has no room for it on the way to the guard; this runs in a task of its own.
        ON_SENT.set(on_sent)
        create = client.chat.completions.with_streaming_response.create
        async with create(**arguments(request, self._connection)) as response:
            yield response.http_response.extensions[ANSWER]

    async def _ready_client(self) -> "openai.AsyncOpenAI":
        await loading.loaded()
        if self._client is None:
            from desktop_app.providers.openai_chat import sdk

            https = self._connection.base_url.startswith("https:")
            self._client = sdk.build_client(
                self._connection.base_url,
                self._secret,
                connect_timeout=self._limits.connect,
                context=self._context_factory() if https else None,
            )
        return self._client
