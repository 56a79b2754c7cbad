"""Our own MCP server as a process: ``python mcp_stdio.py [misbehaviour...]``."""

import json
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from mcp_behaviour import Behaviour, options

_lock = threading.Lock()


def send(message: Mapping[str, Any]) -> None:
    with _lock:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def main() -> None:
    chosen = options(sys.argv[1:])
    behaviour = Behaviour(chosen, send)
    if chosen.die:
        sys.stderr.write("Traceback: no module named nothing\n")
        sys.exit(7)
    if chosen.stubborn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if chosen.garbage:
        for line in range(2_000):
            print(f"Starting up… {line} \x1b[31mred\x1b[0m", flush=True)
        sys.stdout.buffer.write(
            b'\xff\xfe\x00{"jsonrpc":\n{"jsonrpc":"2.0"}\n[1,2]\n' + b"[" * 9_000 + b"\n"
        )
        sys.stdout.flush()
    if chosen.endless_line:
        for _ in range(20):
            sys.stdout.write("y" * 1_000_000)
        sys.stdout.write("\n")
        sys.stdout.flush()
    if chosen.flood:
        sys.stderr.write("flood " * 2_000_000 + "\n" + "line\n" * 200_000)
        sys.stderr.flush()
    if chosen.talkative:
        sys.stderr.write("hello from stderr\nwith a key: Bearer abcdefgh12345\n")
        sys.stderr.flush()
    for line in sys.stdin:
        behaviour.take(json.loads(line))
    if chosen.stubborn:
        threading.Event().wait(600)


if __name__ == "__main__":
    main()
