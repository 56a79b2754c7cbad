"""The endpoint at full speed, and a client for it."""

import pytest

from desktop_app.demo.server import DemoServer
from tests.demo.wire_client import WireClient


@pytest.fixture
def server():
    with DemoServer() as running:
        yield running


@pytest.fixture
def client(server):
    made = WireClient(server.port)
    yield made
    made.close()
