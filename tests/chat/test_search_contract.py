"""The fake search keeps the contract."""

import pytest

from tests.contracts.search_contract import SearchContract
from tests.fakes.conversation_store import MemoryConversationStore
from tests.fakes.search import MemorySearch


class TestMemorySearch(SearchContract):
    @pytest.fixture
    def store(self) -> MemoryConversationStore:
        return MemoryConversationStore()

    @pytest.fixture
    def search(self, store: MemoryConversationStore) -> MemorySearch:
        return MemorySearch(store)
