"""The workflows on GitHub: no action that can change under us, no right that is not needed."""

import re
from pathlib import Path

import pytest

WORKFLOWS = sorted((Path(__file__).parents[2] / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned_by_commit_with_their_version_beside(file: Path) -> None:
    uses = re.findall(r"uses: (.+)", file.read_text("utf-8"))

    assert uses
    pinned = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [line for line in uses if not pinned.fullmatch(line)] == []


def test_an_action_is_pinned_to_one_commit_everywhere() -> None:
    text = "".join(file.read_text("utf-8") for file in WORKFLOWS)
    pins: dict[str, set[str]] = {}
    for name, commit in re.findall(r"uses: (\S+)@(\S+)", text):
        pins.setdefault(name, set()).add(commit)

    assert {name: commits for name, commits in pins.items() if len(commits) > 1} == {}


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_no_right_is_given_to_all_jobs_and_only_the_draft_may_write(file: Path) -> None:
    text = file.read_text("utf-8")
    before, _, jobs = text.partition("\njobs:\n")

    assert "\npermissions: {}\n" in before
    writing = [job for job in re.split(r"\n  (?=\w)", jobs) if ": write" in job]
    assert [job.split(":")[0] for job in writing] in ([], ["draft"])


def test_nothing_is_cached_where_a_release_is_made() -> None:
    text = next(file for file in WORKFLOWS if file.name == "release.yml").read_text("utf-8")

    assert re.findall(r"actions/cache|cache:|restore-keys", text) == []
