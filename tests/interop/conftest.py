"""Servers of others: llama.cpp, and the LiteLLM proxy in front of it and of the demo endpoint."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import pytest

from desktop_app.chat.session import ChatSession
from desktop_app.demo.server import DemoServer
from desktop_app.domain.conversation import Conversation, Parameters
from desktop_app.providers.openai_chat import loading
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from desktop_app.settings.endpoints import CustomEndpoint
from tests.fakes.conversation_store import MemoryConversationStore
from tests.servers import gateway, local_model
from tests.servers.gateway import Behind, Gateway
from tests.servers.local_model import LocalModel

KEY = "sk-of-the-gateway-0123456789"
SCRIPTED = "scripted"
LOCAL = "local"
PARAMETERS = Parameters(max_tokens=24, temperature=0.2)
"""A model as small as the local one may go on for ever."""


@pytest.fixture(scope="session", autouse=True)
def _sdk_is_loaded() -> None:
    loading.preload()


@pytest.fixture(scope="session")
def llama() -> Iterator[LocalModel]:
    if not local_model.is_installed():
        pytest.skip("the local-model group is not installed (make local-model)")
    with local_model.serving() as served:
        yield served


@pytest.fixture(scope="session")
def keyless_llama() -> Iterator[LocalModel]:
    if not local_model.is_installed():
        pytest.skip("the local-model group is not installed (make local-model)")
    with local_model.serving(keyless=True) as served:
        yield served


@dataclass(frozen=True)
class Gateways:
    """Two gateways over the same servers, one with a key, and the scripted server behind them."""

    guarded: Gateway
    open: Gateway
    scripted: DemoServer


@pytest.fixture(scope="session")
def gateways(tmp_path_factory: pytest.TempPathFactory, llama: LocalModel) -> Iterator[Gateways]:
    if not gateway.is_installed():
        pytest.skip("the LiteLLM proxy is not installed (make interop)")
    with DemoServer() as scripted:
        servers = {
            SCRIPTED: Behind(scripted.base_url, "key-behind", "MiniMax-M2"),
            LOCAL: Behind(llama.base_url, llama.api_key, llama.model),
        }
        guarded = Gateway(tmp_path_factory.mktemp("guarded"), servers, KEY)
        unguarded = Gateway(tmp_path_factory.mktemp("open"), servers)
        with gateway.running(guarded, unguarded):
            yield Gateways(guarded, unguarded, scripted)


@pytest.fixture
async def model_at() -> AsyncIterator[Callable[..., OpenAIChatModel]]:
    made: list[OpenAIChatModel] = []

    def make(base_url: str, key: str = "") -> OpenAIChatModel:
        endpoint = CustomEndpoint("own", "Own", base_url)
        made.append(OpenAIChatModel(endpoint.connection, key))
        return made[-1]

    yield make
    for model in made:
        await model.aclose()


@pytest.fixture
async def session_on() -> AsyncIterator[Callable[..., ChatSession]]:
    made: list[ChatSession] = []

    def make(model: OpenAIChatModel, name: str) -> ChatSession:
        async def source() -> OpenAIChatModel:
            return model

        conversation = Conversation("c1", model=name, parameters=PARAMETERS)
        made.append(ChatSession(conversation, (), MemoryConversationStore(), source))
        return made[-1]

    yield make
    for session in made:
        await session.close()
