"""A real keyring for the tests that are marked ``keyring``."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.secret_service import missing_programs, private_secret_service

pytest.register_assert_rewrite("tests.contracts.keystore_contract")


@pytest.fixture
def secret_service(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An unlocked GNOME Keyring of this test's own: the variables that lead a process to it."""
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    with private_secret_service(tmp_path) as variables:
        yield variables
