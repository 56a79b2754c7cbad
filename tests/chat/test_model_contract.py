"""The contract of a model, on the fake. The provider runs it on a real socket."""

import pytest

from tests.contracts.model_contract import ModelContract
from tests.contracts.scripted_server import FakeModelServer


class TestScriptedModel(ModelContract):
    @pytest.fixture
    def server(self):
        return FakeModelServer()
