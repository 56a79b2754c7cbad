"""A process that is nothing but the client: asks what it is told to, and says what that cost it.

Each line on its input is a JSON object with ``base_url`` and ``limits``; each line on its output
tells what the person reads, how long it took, and by how many megabytes the memory grew at most.
The server lives in another process, so that its copies do not count.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from desktop_app.chat.error_text import english
from desktop_app.providers.openai_chat import loading
from desktop_app.providers.openai_chat.exchange import TimeLimits
from tests.wire.chain import Chain

STATUS = Path("/proc/self/status")
FORGET_THE_PEAK = "5"


def forget_the_peak() -> None:
    """Begin a new measurement, where the system can."""
    if STATUS.exists():
        Path("/proc/self/clear_refs").write_text(FORGET_THE_PEAK)


def megabytes() -> float:
    """Return the largest size of this process since the peak was last forgotten."""
    if STATUS.exists():
        lines = STATUS.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


async def ask(order: dict[str, Any], folder: Path, number: int) -> dict[str, Any]:
    """Ask once, in a conversation and a database of its own."""
    server: Any = SimpleNamespace(base_url=order["base_url"])
    chain = await Chain.begin(server, folder / f"{number}.db")
    chain.use(TimeLimits(**order["limits"]))
    forget_the_peak()
    before, began = megabytes(), time.monotonic()
    answer = await chain.ask()
    spent, grown = time.monotonic() - began, megabytes() - before
    chain.events.clear()
    await chain.end()
    error = answer.error
    return {
        "kind": error.kind.value if error else None,
        "sentence": english(error) if error else "",
        "text": answer.text[:100],
        "seconds": spent,
        "grown": grown,
    }


def main() -> None:
    """Answer orders until there are no more."""
    loading.preload()
    with tempfile.TemporaryDirectory() as folder:
        for number, line in enumerate(sys.stdin):
            report = asyncio.run(ask(json.loads(line), Path(folder), number))
            print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
