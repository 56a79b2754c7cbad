"""What the whole program spends on an answer, beside a bare window that appends plain text.

The program as it is installed runs on a display of its own (Xvfb) and streams from a scripted
server on loopback, at three rates. A person's keys ask the question. Its CPU time is what the
system counts for its process, from before the question until it rests again, per 1,000 tokens; a
token is a chunk of four characters. The bare window reads the same stream from the socket, splits
and parses its events, and appends the text to a QPlainTextEdit: the least that any client could do.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from desktop_app.demo.pacing import Pacing
from desktop_app.demo.script import Reply, Say
from desktop_app.demo.server import DemoServer
from tests.benchmarks.transcript_kit import MIXED, ratio_row
from tests.servers.desktop_session import DesktopSession, desktop_session, missing_programs

ROOT = Path(__file__).parents[2]
RATES = {50: 500, 200: 2_000, 1_000: 6_000}
"""Tokens a second, and how many tokens are sent."""
TOKEN = 4
MOST = 1.5
STARTING = 30.0
REST = 3.0

BARE = """
import json, os, socket, sys
from urllib.parse import urlsplit
from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QPlainTextEdit

app = QApplication([])
box = QPlainTextEdit()
box.setUndoRedoEnabled(False)
box.resize(1240, 800)
box.show()
url = urlsplit(sys.argv[1])
body = json.dumps({"model": "MiniMax-M2", "stream": True, "messages": [{"role": "user", "content": "Go"}]})
kept = b""

def ask():
    global notifier, connection
    connection = socket.create_connection((url.hostname, url.port))
    connection.sendall(
        f"POST {url.path}/chat/completions HTTP/1.1\\r\\nHost: {url.netloc}\\r\\n"
        f"Authorization: Bearer x\\r\\nContent-Type: application/json\\r\\n"
        f"Content-Length: {len(body)}\\r\\n\\r\\n{body}".encode()
    )
    notifier = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(read)

def read():
    global kept
    data = connection.recv(65536)
    if not data:
        notifier.setEnabled(False)
    if data.startswith(b"HTTP/1.1 4"):
        sys.exit("the server ended it: " + data.decode())
    *events, kept = (kept + data).split(b"\\n\\n")
    for event in events:
        place = event.find(b"data: {")
        if place < 0:
            continue
        choices = json.loads(event[place + 6:]).get("choices")
        text = choices[0]["delta"].get("content") if choices else None
        if text:
            box.moveCursor(box.textCursor().MoveOperation.End)
            box.insertPlainText(text)

sys.stdin.close()
QTimer.singleShot(int(sys.argv[2]), ask)
app.exec()
"""


def main() -> None:
    """Print a row for each rate."""
    missing = missing_programs()
    if missing:
        sys.exit(f"make system installs what is missing here: {', '.join(missing)}")
    print(
        "\nCPU ms for 1,000 tokens, the whole program against a bare window (and tokens a second)"
    )
    with tempfile.TemporaryDirectory() as folder, desktop_session(Path(folder)) as desktop:
        environment = {
            **desktop.environment,
            # What a screen reader asks for is no part of this.
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "0",
            "QT_ACCESSIBILITY": "0",
            "NO_AT_BRIDGE": "1",
            "PYTHONDONTWRITEBYTECODE": "",
        }
        for rate, tokens in RATES.items():
            with DemoServer() as server:
                server.otherwise(reply(rate, tokens))
                seconds = tokens / rate
                bare = bare_cost(environment, server, seconds)
                ours = our_cost(environment, desktop, server, seconds, Path(folder) / str(rate))
            per = 1_000 / tokens * 1_000
            ratio_row(f"{rate:,} tokens/s", ours * per, bare * per, MOST)


def reply(rate: int, tokens: int) -> Reply:
    """An answer of many small chunks at their times."""
    text = (MIXED * (tokens * TOKEN // len(MIXED) + 1))[: tokens * TOKEN]
    pieces = [text[start : start + TOKEN] for start in range(0, len(text), TOKEN)]
    gap = 1 / rate
    return Reply([Say(piece) for piece in pieces], pacing=Pacing(gap, gap, gap))


def spent(process: subprocess.Popen[bytes]) -> float:
    """CPU seconds of a process so far, all its threads together."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    command: list[str], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command,
        env=dict(environment),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def resting(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process spends next to nothing."""
    deadline = time.monotonic() + STARTING
    before = spent(process)
    while time.monotonic() < deadline:
        time.sleep(1.0)
        now = spent(process)
        if now - before < 0.03:
            return
        before = now
    sys.exit("the process never rests")


def bare_cost(environment: Mapping[str, str], server: DemoServer, seconds: float) -> float:
    delay = 4_000
    command = [sys.executable, "-c", BARE, server.base_url, str(delay)]
    with running(command, environment) as process:
        time.sleep(delay / 1000 - 0.5)
        before = spent(process)
        server.wait_for_requests(1)
        time.sleep(seconds + REST)
        if process.poll() is not None:
            sys.exit("the bare window ended too soon")
        return spent(process) - before


def our_cost(
    environment: Mapping[str, str],
    desktop: DesktopSession,
    server: DemoServer,
    seconds: float,
    folder: Path,
) -> float:
    ours = {**environment, "OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "sk-bench"}
    command = [sys.executable, "-m", "desktop_app", "--data-dir", str(folder)]
    with running(command, ours) as process:
        time.sleep(3.0)
        resting(process)
        desktop.type("Go")
        resting(process)
        before = spent(process)
        desktop.key("Return")
        server.wait_for_requests(2)
        time.sleep(seconds + REST)
        return spent(process) - before


if __name__ == "__main__":
    main()
