"""What tests of the whole program share: a desktop of their own, and the program started on it."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop_app.demo.server import DemoServer
from tests.e2e.driver import PYATSPI, SYSTEM_PYTHON, Application, running_program
from tests.servers.desktop_session import DesktopSession, desktop_session, missing_programs

LOOPBACK_ONLY = Path(__file__).with_name("loopback_only")

# Qt remarks on questions that it has no answer to: about an element that went away while it was
# being read, and one about the bus that pyatspi asks every program.
_HARMLESS = "qt.accessibility.atspi:"

Launch = Callable[..., AbstractContextManager[Application]]


@pytest.fixture(scope="session")
def _desktop_programs() -> None:
    """Skip where the desktop's parts are not installed; in CI they always are."""
    missing = missing_programs()
    missing += [str(file) for file in (SYSTEM_PYTHON, PYATSPI) if not file.exists()]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"make system installs what is missing here: {', '.join(missing)}")


@pytest.fixture
def desktop(tmp_path: Path, _desktop_programs: None) -> Iterator[DesktopSession]:
    """Give a desktop without a keyring."""
    with desktop_session(tmp_path) as session:
        yield session


@pytest.fixture
def desktop_with_keyring(tmp_path: Path, _desktop_programs: None) -> Iterator[DesktopSession]:
    """Give a desktop with an unlocked GNOME Keyring."""
    with desktop_session(tmp_path, keyring=True) as session:
        yield session


@pytest.fixture
def chinese_desktop(tmp_path: Path, _desktop_programs: None) -> Iterator[DesktopSession]:
    """Give the desktop of a person who reads Simplified Chinese."""
    with desktop_session(tmp_path, languages="zh_CN") as session:
        yield session


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return the folder that the program writes to."""
    return tmp_path / "data"


@pytest.fixture
def write_settings(data_dir: Path) -> Callable[..., None]:
    """Return what writes the settings file before the program starts."""

    def write(**values: Any) -> None:
        data_dir.mkdir(exist_ok=True)
        (data_dir / "settings.json").write_text(json.dumps(values), encoding="utf-8")

    return write


@pytest.fixture
def launch(tmp_path: Path, data_dir: Path) -> Launch:
    """Return what starts the program on a desktop.

    Left as a block, it also looks at what the program said: an error that nobody expected is the
    test's failure, and so is one that was ``expected`` and did not come. When a test fails, a
    picture of the screen is kept beside the data.
    """
    starts = 0

    @contextmanager
    def start(
        desktop: DesktopSession,
        *arguments: str,
        environment: dict[str, str] | None = None,
        expected: str = "",
    ) -> Iterator[Application]:
        nonlocal starts
        starts += 1
        variables = {"PYTHONPATH": str(LOOPBACK_ONLY), **(environment or {})}
        log = tmp_path / f"output-{starts}.txt"
        with running_program(
            desktop, "--data-dir", data_dir, *arguments, log=log, environment=variables
        ) as app:
            try:
                yield app
            except BaseException as error:
                picture = tmp_path / f"screen-{starts}.png"
                if desktop.screenshot(picture):
                    error.add_note(f"the screen at that moment: {picture}")
                raise
        said = [line for line in app.log.splitlines() if not line.startswith(_HARMLESS)]
        if expected:
            assert any(expected in line for line in said)
            said = [line for line in said if expected not in line]
        assert said == []

    return start


@pytest.fixture
def server() -> Iterator[DemoServer]:
    """Give an endpoint that answers what the test queues."""
    with DemoServer() as running:
        yield running


@pytest.fixture
def to_server(server: DemoServer) -> dict[str, str]:
    """Return the environment variables that send the program to `server`."""
    return {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "e2e-key"}
