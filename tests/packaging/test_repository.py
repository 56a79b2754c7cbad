"""What may lie in the repository, and what no module of the program may do."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "desktop_app"
MODULES = sorted(PROGRAM.rglob("*.py"))

ALLOWED_AT_THE_TOP = {
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "build.spec",
    "desktop_app",
    "packaging",
    "pyproject.toml",
    "resources",
    "tests",
}
LONGEST_MODULE = 400
BARE_TASKS = {"asyncio.create_task", "asyncio.ensure_future"}

# Spelled with classes and escapes, so that this file does not find itself.
FORBIDDEN_TEXT = {
    "a path of one machine": re.compile(
        r"/wor[k]/(main|shared|\.)|/roo[t]/|/hom[e]/(?!user\b)\w+/|/op[t]/(pypi|wheels)|[C]:\\Users\\"
    ),
    "the host of a package index": re.compile(
        r"\b(pypi\.org|pythonhosted\.org|npmjs\.(org|com)|deb\.debian\.org|pkg\.dev)\b"
    ),
}


def tracked_files() -> list[Path]:
    answer = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if answer.returncode != 0:
        pytest.skip("not a git checkout: there is no list of tracked files")
    names = answer.stdout.decode("utf-8").split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def calls_that_must_not_be(source: str, *, owns_tasks: bool = False) -> Iterator[str]:
    """Name the calls in ``source`` that start a nested event loop or a task that nobody owns."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                if name == "qasync.asyncSlot" or (not owns_tasks and name in BARE_TASKS):
                    yield f"line {node.lineno}: {name}"
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "qasync.asyncSlot":
            yield f"line {node.lineno}: qasync.asyncSlot"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = ast.unparse(node.func)
            if node.func.attr in {"exec", "exec_"} or (called in BARE_TASKS and not owns_tasks):
                yield f"line {node.lineno}: {called}"
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = ast.unparse(node.value.func)
            if re.search(r"loop(\(\))?\.create_task$", called):
                yield f"line {node.lineno}: {called}, its task kept by nobody"


def test_only_known_names_stand_at_the_top() -> None:
    top = {file.relative_to(ROOT).parts[0] for file in tracked_files()}

    assert {name for name in top if not name.startswith(".")} <= ALLOWED_AT_THE_TOP


@pytest.mark.parametrize("what", FORBIDDEN_TEXT)
def test_tracked_files_do_not_contain(what: str) -> None:
    found = []
    for file in tracked_files():
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{file.relative_to(ROOT)}: {match.group()}"
            for match in FORBIDDEN_TEXT[what].finditer(text)
        ]

    assert found == []


def test_no_module_is_too_long() -> None:
    lengths = {
        str(module.relative_to(ROOT)): len(module.read_text("utf-8").splitlines())
        for module in MODULES
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_the_program_nests_no_event_loop_and_drops_no_task() -> None:
    found = [
        f"{module.relative_to(ROOT)}, {call}"
        for module in MODULES
        for call in calls_that_must_not_be(
            module.read_text("utf-8"), owns_tasks=module == PROGRAM / "chat" / "tasks.py"
        )
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "dialog.exec()",
        "self.menu().exec_(point)",
        "from qasync import asyncSlot",
        "@qasync.asyncSlot()\ndef clicked(): ...",
        "task = asyncio.create_task(work())",
        "from asyncio import ensure_future",
        "asyncio.get_running_loop().create_task(work())",
        "self._loop.create_task(work())",
    ],
)
def test_a_banned_call_is_seen(source: str) -> None:
    assert list(calls_that_must_not_be(source))


@pytest.mark.parametrize(
    "source",
    [
        "cursor.execute(sql)",
        "scope.start(work())",
        "dialog.open()",
        "self.task = self._loop.create_task(work())",
        "group.create_task(work())",
    ],
)
def test_a_good_call_is_left_alone(source: str) -> None:
    assert list(calls_that_must_not_be(source)) == []


def test_the_owner_of_tasks_may_create_them() -> None:
    assert list(calls_that_must_not_be("asyncio.create_task(work())", owns_tasks=True)) == []
    assert list(calls_that_must_not_be("dialog.exec()", owns_tasks=True))
