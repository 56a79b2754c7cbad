"""``--ask`` as a person or a script runs it: a child process, pipes, a real server on loopback."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.chat.error_text import ERROR_TEXTS, english
from desktop_app.demo import faults
from desktop_app.demo.script import Answer, End, Gate, JsonBody, Reply, Say, Think, Wait
from desktop_app.demo.server import DemoServer
from desktop_app.domain.errors import ErrorKind, ErrorRecord
from tests.servers.program import Child, environment, files_below, run

CANARY = "sk-canary-7b1e5f20c4"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer() as running:
        yield running


@pytest.fixture
def to_server(server: DemoServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": CANARY}


def host_of(server: DemoServer) -> str:
    return f"127.0.0.1:{server.port}"


def test_thinking_goes_to_stderr_and_the_answer_to_stdout(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    server.enqueue(Reply([Think("First "), Think("this."), Say("Then "), Say("that.")]))
    ended = run("--ask", "What comes first?", home=tmp_path, variables=to_server)
    assert ended.stdout == "Then that.\n"
    assert ended.stderr == "First this.\n\n"
    assert ended.returncode == 0
    (request,) = server.posts
    assert request.field("messages") == [{"role": "user", "content": "What comes first?"}]
    assert request.field("model") == "MiniMax-M2"
    assert request.field("reasoning_split") is True
    assert request.header("authorization") == f"Bearer {CANARY}"


def test_each_piece_is_printed_the_moment_it_comes(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    after_thinking, after_half = Gate(), Gate()
    server.enqueue(
        Reply([Think("Hm."), Wait(after_thinking), Say("Half"), Wait(after_half), Say(" whole")])
    )
    with Child("--ask", "Well?", home=tmp_path, variables=to_server) as child:
        child.read_until(stderr="Hm.")
        assert child.stdout == ""
        after_thinking.open()
        child.read_until(stdout="Half")
        assert "whole" not in child.stdout
        after_half.open()
        assert child.wait() == 0
        assert child.stdout == "Half whole\n"


def test_ctrl_c_keeps_what_came_and_closes_the_connection(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("As far as this"), Wait(gate), Say(" and not further")]))
    with Child("--ask", "Go", home=tmp_path, variables=to_server) as child:
        child.read_until(stdout="As far as this")
        child.process.send_signal(signal.SIGINT)
        assert child.wait() == 1
        assert child.stdout == "As far as this\n"
        assert child.stderr == ""
    server.disconnected.wait_for(1)


def test_ctrl_c_before_the_first_token(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    gate = Gate()
    server.enqueue(Reply([Say("never")], before=[Wait(gate)]))
    with Child("--ask", "Go", home=tmp_path, variables=to_server) as child:
        gate.reached.wait()
        child.process.send_signal(signal.SIGINT)
        assert child.wait() == 1
        assert (child.stdout, child.stderr) == ("", "")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (faults.wrong_key(), ErrorKind.INVALID_KEY),
        (faults.no_balance(), ErrorKind.BALANCE),
        (faults.rate_limited(1039), ErrorKind.RATE_LIMIT),
        (faults.server_error(422, 1013), ErrorKind.SERVER),
        (Reply([Say("")]), ErrorKind.EMPTY_ANSWER),
    ],
    ids=lambda value: value.value if isinstance(value, ErrorKind) else "",
)
def test_a_failure_ends_with_the_sentence_of_the_window(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path, answer: Answer, kind: ErrorKind
) -> None:
    server.enqueue(answer)
    ended = run("--ask", "Go", home=tmp_path, variables=to_server)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == english(ErrorRecord(kind, host=host_of(server))) + "\n"


def test_a_request_that_is_repeated_is_announced(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    server.enqueue(faults.overloaded(), Reply([Say("Here.")]))
    ended = run("--ask", "Go", home=tmp_path, variables=to_server)
    assert (ended.returncode, ended.stdout) == (0, "Here.\n")
    sentence = english(ErrorRecord(ErrorKind.OVERLOADED, host=host_of(server)))
    assert ended.stderr == f"{sentence} Retrying in 1 s.\n"
    assert len(server.posts) == 2


def test_what_came_before_a_failure_is_printed_too(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    server.enqueue(Reply([Think("Hm."), Say("Half of")], end=End.RST))
    ended = run("--ask", "Go", home=tmp_path, variables=to_server)
    assert ended.returncode == 1
    assert ended.stdout == "Half of\n"
    thought, _, sentence = ended.stderr.rstrip("\n").rpartition("\n")
    assert thought.strip() == "Hm."
    kinds = (ErrorKind.CONNECTION_LOST, ErrorKind.CUT_OFF)
    assert sentence in {english(ErrorRecord(kind, host=host_of(server))) for kind in kinds}


def test_an_answer_that_is_cut_off_is_no_success(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    server.enqueue(Reply([Say("Once upon a")], finish_reason="length"))
    ended = run("--ask", "Go", home=tmp_path, variables=to_server)
    assert ended.returncode == 1
    assert ended.stdout == "Once upon a\n"
    assert ERROR_TEXTS[ErrorKind.LENGTH].sentence in ended.stderr


def test_nothing_answers(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        variables = {"OPENAI_BASE_URL": f"http://127.0.0.1:{port}", "OPENAI_API_KEY": CANARY}
        ended = run("--ask", "Go", home=tmp_path, variables=variables)
    assert ended.returncode == 1
    record = ErrorRecord(ErrorKind.REFUSED, host=f"127.0.0.1:{port}")
    assert ended.stderr == english(record) + "\n"


@pytest.mark.parametrize("blank", ["", " ", "\n\t "])
def test_a_blank_question_is_not_asked(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path, blank: str
) -> None:
    ended = run("--ask", blank, home=tmp_path, variables=to_server)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert "--ask is empty" in ended.stderr
    assert server.accepted == 0


def test_the_demo_needs_no_key(tmp_path: Path) -> None:
    ended = run("--demo", "--ask", "Hello, my name is Ada", home=tmp_path)
    assert ended.returncode == 0
    assert "built-in demo" in ended.stdout
    assert "A friendly opening." in ended.stderr
    assert "Error" not in ended.stderr


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://203.0.113.7/v1", "http"),
        ("127.0.0.1:8000", "https://"),
        ("https://user:secret-word@127.0.0.1/v1", "name"),
    ],
)
def test_an_address_that_cannot_be_used_is_a_sentence(
    tmp_path: Path, address: str, said: str
) -> None:
    variables = {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": CANARY}
    ended = run("--ask", "Go", home=tmp_path, variables=variables)
    assert ended.returncode == 1
    assert ended.stderr.startswith("OPENAI_BASE_URL cannot be used.")
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret-word" not in ended.stderr
    assert CANARY not in ended.stderr


def test_a_key_with_a_control_character_is_a_sentence(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    broken = {**to_server, "OPENAI_API_KEY": f"{CANARY}\x07"}
    ended = run("--ask", "Go", home=tmp_path, variables=broken)
    assert ended.returncode == 1
    assert ended.stderr.startswith("OPENAI_API_KEY cannot be used as a key")
    assert CANARY not in ended.stderr
    assert server.accepted == 0


def test_a_key_of_another_vendor_alone_goes_nowhere(tmp_path: Path) -> None:
    """Without an address OPENAI_API_KEY is ignored, so there is no key for MiniMax at all."""
    report = tmp_path / "audit.txt"
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "usercustomize.py").write_text(
        "import sys\n"
        "def note(event, arguments):\n"
        "    if event in {'socket.getaddrinfo', 'socket.connect'}:\n"
        f"        open({str(report)!r}, 'a').write(f'{{event}} {{arguments[-1]!r}}\\n')\n"
        "sys.addaudithook(note)\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    variables = environment(home, OPENAI_API_KEY=CANARY)
    variables["PYTHONPATH"] += f":{tmp_path / 'site'}"
    ended = subprocess.run(
        [sys.executable, "-m", "desktop_app", "--ask", "Go"],
        env=variables, cwd=home, capture_output=True, encoding="utf-8", timeout=30, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.endswith(english(ErrorRecord(ErrorKind.NO_KEY, "api.minimax.io")) + "\n")
    assert CANARY not in ended.stderr
    # Looking for a keyring asks the session bus, which is no way out of this machine.
    asked = report.read_text().splitlines() if report.exists() else []
    assert [line for line in asked if "/nonexistent" not in line] == []


def test_the_vendors_own_variable_is_a_key_for_the_region(tmp_path: Path) -> None:
    """The request is on its way to MiniMax; here the network ends at this machine."""
    ended = run("--ask", "Go", home=tmp_path, variables={"MINIMAX_API_KEY": f"  {CANARY}\n"})
    assert ended.returncode == 1
    about_the_way = (ErrorKind.HOST_NOT_FOUND, ErrorKind.REFUSED, ErrorKind.CONNECTION_LOST)
    sentences = [english(ErrorRecord(kind, "api.minimax.io")) for kind in about_the_way]
    assert ended.stderr.rstrip("\n") in sentences
    assert CANARY not in ended.stderr


def test_the_key_stands_in_no_output_and_no_file(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    server.enqueue(
        JsonBody({"error": {"message": f"invalid key {CANARY}", "type": "auth"}}, status=401)
    )
    ended = run("--ask", "Go", home=tmp_path, variables=to_server)
    assert ended.returncode == 1
    assert CANARY not in ended.stdout + ended.stderr
    assert server.posts[0].header("authorization") == f"Bearer {CANARY}"
    for file in files_below(tmp_path):
        assert CANARY.encode() not in (tmp_path / file).read_bytes()


def test_nothing_is_kept(server: DemoServer, to_server: dict[str, str], tmp_path: Path) -> None:
    server.enqueue(Reply([Say("Fine.")]))
    data = tmp_path / "data"
    ended = run("--data-dir", data, "--ask", "Go", home=tmp_path, variables=to_server)
    assert ended.returncode == 0
    assert files_below(tmp_path) == []


def test_it_needs_neither_qt_nor_a_display(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    server.enqueue(Reply([Think("Hm."), Say("Fine.")]))
    probe = (
        "import sys; sys.modules['PySide6'] = sys.modules['qasync'] = None\n"
        "from desktop_app.__main__ import main\n"
        "status = main(['--ask', 'Go'])\n"
        "assert not [n for n in sys.modules if n.startswith(('PySide6.', 'shiboken6'))]\n"
        "raise SystemExit(status)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", probe],
        env=environment(tmp_path, **to_server), cwd=tmp_path,
        capture_output=True, encoding="utf-8", timeout=30, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "Fine.\n", "Hm.\n\n")


def test_a_terminal_that_cannot_show_a_character_shows_a_stand_in(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    server.enqueue(Reply([Think("想"), Say("茶 tea")]))
    variables = {**to_server, "PYTHONIOENCODING": "ascii"}
    ended = run("--ask", "Go", home=tmp_path, variables=variables)
    assert ended.returncode == 0
    assert ended.stdout == "? tea\n"


def test_a_reader_that_left_is_no_crash(
    server: DemoServer, to_server: dict[str, str], tmp_path: Path
) -> None:
    """As with ``--ask ... | head -1``: the other end of the pipe is gone when the rest comes."""
    gate = Gate()
    server.enqueue(Reply([Say("one\n"), Wait(gate), *[Say("more\n")] * 50]))
    with Child("--ask", "Go", home=tmp_path, variables=to_server) as child:
        child.read_until(stdout="one\n")
        assert child.process.stdout is not None
        child.process.stdout.close()
        gate.open()
        assert child.process.stderr is not None
        said = child.process.stderr.read().decode()
        status = child.process.wait(30)
    assert status == 1
    assert "Traceback" not in said
    assert "Exception ignored" not in said
