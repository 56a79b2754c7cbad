"""The real model on a real server keeps what every model keeps."""

from collections.abc import Iterator

import pytest

from desktop_app.demo.server import DemoServer
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from tests.contracts.model_contract import ModelContract
from tests.contracts.scripted_server import DemoModelServer


class TestOpenAIChatModel(ModelContract):
    @pytest.fixture
    def server(self) -> Iterator[DemoModelServer]:
        with DemoServer() as running:
            yield DemoModelServer(running, OpenAIChatModel)
