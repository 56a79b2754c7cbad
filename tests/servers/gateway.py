"""The LiteLLM proxy: somebody else's gateway, as people put it in front of their servers.

It runs in a process and an environment of its own (``make interop``), reaches this machine alone,
and hands requests on to servers that a test names.
"""

import contextlib
import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / ".venv-interop" / ("Scripts" if os.name == "nt" else "bin")
LITELLM = SCRIPTS / ("litellm.exe" if os.name == "nt" else "litellm")
LOOPBACK_ONLY = ROOT / "tests" / "e2e" / "loopback_only"
START_SECONDS = 180.0
"""It takes 12 seconds of processor time to start, and more of the clock on a busy machine."""


@dataclass(frozen=True)
class Behind:
    """A server behind the gateway: where it is, its key, and the model that it is asked for."""

    base_url: str
    api_key: str
    model: str


def is_installed() -> bool:
    """Whether the environment of the gateway has been made."""
    return LITELLM.exists()


class Gateway:
    """One running proxy.

    Args:
        folder: For its configuration and whatever it writes.
        servers: By the name under which the gateway offers each.
        key: Which clients have to show; empty lets everybody in.
    """

    def __init__(self, folder: Path, servers: Mapping[str, Behind], key: str = "") -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{port}/v1"
        self.key = key
        self._ready = threading.Event()
        self._said: list[str] = []
        models = [
            {
                "model_name": name,
                "litellm_params": {
                    "model": f"openai/{server.model}",
                    "api_base": server.base_url,
                    "api_key": server.api_key or "none",
                },
            }
            for name, server in servers.items()
        ]
        # Each request is to be handed on exactly once, whatever became of those before it.
        routing = {"num_retries": 0, "disable_cooldowns": True}
        config = folder / "gateway.yaml"
        # JSON is YAML too.
        config.write_text(
            json.dumps(
                {
                    "model_list": models,
                    "router_settings": routing,
                    "litellm_settings": {"telemetry": False, "num_retries": 0},
                }
            )
        )
        variables = {
            name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP") if name in os.environ
        }
        variables |= {
            "HOME": str(folder),
            "PYTHONPATH": str(LOOPBACK_ONLY),
            "PYTHONUNBUFFERED": "1",
            # Without it the table of prices is fetched from the network.
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
            **(
                {"LITELLM_MASTER_KEY": key}
                if key
                else {"LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true"}
            ),
        }
        self._process = subprocess.Popen(
            [str(LITELLM), "--config", str(config), "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, name="gateway output", daemon=True)
        self._reader.start()

    def wait(self) -> None:
        """Wait until it takes requests."""
        in_time = self._ready.wait(START_SECONDS)
        if not in_time or self._process.poll() is not None:
            pytest.fail(f"the gateway did not start: {''.join(self._said[-40:])}")

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.append(line)
            if "Uvicorn running on" in line:
                self._ready.set()
        self._ready.set()


@contextlib.contextmanager
def running(*gateways: Gateway) -> Iterator[None]:
    """Wait for all of ``gateways``, which start side by side, and end them with the block."""
    try:
        for gateway in gateways:
            gateway.wait()
        yield
    finally:
        for gateway in gateways:
            gateway.stop()
