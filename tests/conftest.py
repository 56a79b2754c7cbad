"""What every test gets: an environment of its own, and a look at what it leaves behind.

A test fails when a task or a thread of its own outlives it, and when something is logged as an
error that it did not announce: with the fixture ``expect_error_log`` (which must then be logged), the
mark ``logs_errors`` (which may), or by taking ``caplog``, to look at the log itself.
"""

import asyncio
import gc
import inspect
import itertools
import logging
import os
import re
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Without a display, and where there is one without windows that flash up. End-to-end tests bring
# their own display.
_OFFSCREEN = "QT_QPA_PLATFORM" not in os.environ
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest.register_assert_rewrite("tests.contracts.model_contract", "tests.contracts.model_scripts")

# Hypothesis looks at the clock on the wall, which a busy machine lets run on; how fast a part is,
# the benchmarks measure, in processor time.
settings.register_profile(
    "interleave", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("interleave")

_FOREIGN_VARIABLES = ("OPENAI_", "MINIMAX_", "DBUS_SESSION_BUS_ADDRESS")
_XDG_FOLDERS = ("DATA_HOME", "CONFIG_HOME", "STATE_HOME")
_PATIENCE = 5.0
_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "logs_errors(pattern): errors that may stand in the log")


@pytest.fixture(autouse=True)
def _garbage_is_collected_on_this_thread() -> Iterator[None]:
    """A window that is part of a cycle must not be destroyed by a thread that happens to collect.

    The program keeps to the same rule; see ``desktop_app/ui/garbage.py``.
    """
    gc.disable()
    yield
    gc.collect(1)


@pytest.fixture(autouse=True)
def _own_environment(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """No key, address, desktop or folder of whoever runs the tests is read or written."""
    for name in tuple(os.environ):
        if name.startswith(_FOREIGN_VARIABLES):
            monkeypatch.delenv(name)
    # Named, not made: most tests write nothing.
    home = Path(tmp_path_factory.getbasetemp(), f"xdg-{next(_numbers)}")
    for name in _XDG_FOLDERS:
        monkeypatch.setenv(f"XDG_{name}", str(home / name.lower()))
    if _OFFSCREEN and request.node.get_closest_marker("e2e") is not None:
        monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)


@pytest.fixture(autouse=True)
def _nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Threads that the test started have ended, or do so within seconds; tasks have ended."""
    if inspect.iscoroutinefunction(request.function):
        request.getfixturevalue("_no_task_left")
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        # The loop's own pool ends with the loop, after this; a daemon that hangs on purpose, as an
        # unanswered keyring does, keeps nobody from leaving.
        if not thread.daemon and not thread.name.startswith("asyncio_"):
            thread.join(_PATIENCE)
            assert not thread.is_alive(), f"the thread {thread.name!r} outlives the test"


@pytest.fixture
async def _no_task_left() -> AsyncIterator[None]:
    yield
    left = asyncio.all_tasks() - {asyncio.current_task()}
    names = sorted(task.get_name() for task in left)
    assert not names, f"these tasks outlive the test: {', '.join(names)}"


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A test that sets up the program's log leaves no handler and no file open behind."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(level)


class _ErrorLog(logging.Handler):
    """Holds what is logged as an error, by the program or by asyncio."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def expect_error_log(request: pytest.FixtureRequest) -> Iterator[Callable[[str], None]]:
    """Call it with a pattern for each error that the test is going to cause in the log.

    Each pattern must be found, and no other error may be.
    """
    handler = _ErrorLog()
    # Not on the root, whose handlers the program replaces when it sets up its own log.
    loggers = [logging.getLogger(name) for name in ("desktop_app", "asyncio", "qasync")]
    for logger in loggers:
        logger.addHandler(handler)
    expected: list[str] = []
    yield expected.append
    for logger in loggers:
        logger.removeHandler(handler)
    logged = [record.getMessage() for record in handler.records]
    if "caplog" in request.fixturenames:
        return
    allowed = [*expected, *(mark.args[0] for mark in request.node.iter_markers("logs_errors"))]
    unexpected = [m for m in logged if not any(re.search(pattern, m) for pattern in allowed)]
    assert not unexpected, f"logged as errors: {unexpected}"
    missing = [p for p in expected if not any(re.search(p, message) for message in logged)]
    assert not missing, f"not logged: {missing}"
