"""What is made of pip-audit's answers: a weak package and an unknown one both fail."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.scripts import script

audit = script("audit")

GOOD = {"name": "good", "version": "1.0", "vulns": []}
WEAK = {
    "name": "weak", "version": "2.0",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}, {"id": "PYSEC-2", "fix_versions": []}],
}  # fmt: skip
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}


def answers(tmp_path: Path, said: str, status: int = 0) -> tuple[str, ...]:
    """Return a command that says ``said``, whatever it is asked."""
    source = tmp_path / "pip-audit.py"
    source.write_text(f"print({said!r})\nraise SystemExit({status})\n", "utf-8")
    return (sys.executable, str(source))


def test_packages_that_are_known_and_not_weak_are_well() -> None:
    assert audit.verdict([GOOD, GOOD]) == (["no known weakness in 2 packages"], True)


@pytest.mark.parametrize(
    ("packages", "words"),
    [
        ([GOOD, WEAK], ["weak 2.0: PYSEC-1, mended in 2.1", "PYSEC-2, mended in no version yet"]),
        ([GOOD, UNKNOWN], ["did not answer for 1 of 2 packages, such as unknown"]),
        ([WEAK, UNKNOWN], ["PYSEC-1", "1 of 2"]),
        ([], ["pin nothing"]),
    ],
)
def test_a_weak_package_an_unknown_one_and_none_at_all_are_not_well(
    packages: list[dict[str, Any]], words: list[str]
) -> None:
    lines, is_well = audit.verdict(packages)

    assert not is_well
    assert all(any(word in line for line in lines) for word in words)


@pytest.mark.parametrize(
    ("said", "status", "ends"),
    [
        (json.dumps({"dependencies": [GOOD]}), 0, 0),
        (json.dumps({"dependencies": [WEAK]}), 1, 1),
        (json.dumps({"dependencies": [UNKNOWN]}), 0, 1),
        ("no JSON", 1, 2),
        ("", 1, 2),
    ],
)
def test_the_exit_status_says_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, status: int, ends: int
) -> None:
    monkeypatch.setattr(audit, "COMMAND", answers(tmp_path, said, status))

    assert audit.main() == ends


def test_the_command_of_the_project_asks_this() -> None:
    makefile = (audit.ROOT / "Makefile").read_text("utf-8")
    recipe = makefile.split("\naudit:")[1].split("\n\n")[0]

    assert "packaging/audit.py" in recipe.split()
    assert "make audit" in (audit.ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
