"""The workflows on GitHub: no action that can change under us, no right that is not needed."""

import hashlib
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.packaging.scripts import FOLDER

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


def test_every_system_is_tried_with_the_oldest_and_the_newest_python() -> None:
    text = next(file for file in WORKFLOWS if file.name == "ci.yml").read_text("utf-8")
    project = tomllib.loads((WORKFLOWS[0].parents[2] / "pyproject.toml").read_text("utf-8"))
    bounds = project["project"]["requires-python"]
    oldest, below = re.findall(r"3\.(\d+)", bounds)
    wanted = {f"3.{oldest}", f"3.{int(below) - 1}"}

    lists = re.findall(r"(?:python|version): \[(.+)\]", text)
    assert len(lists) == 2
    for versions in lists:
        assert wanted <= set(re.findall(r'"(3\.\d+)"', versions))


def test_what_an_appimage_is_made_with_is_pinned_by_checksum() -> None:
    script = FOLDER / "linux" / "appimage.sh"
    text = script.read_text("utf-8")

    sums = re.findall(r"^ +(tool|runtime)_sum=([0-9a-f]{64})$", text, re.MULTILINE)
    assert [kind for kind, _ in sums] == ["tool", "runtime"] * 2
    assert len({digest for _, digest in sums}) == 4
    assert text.count("curl") == 1, "everything is fetched in one place, which checks it"
    fetch = text.split("fetch() {")[1].split("\n}")[0]
    assert fetch.index("curl") < fetch.index("sha256sum --check")
    assert "continuous" not in text, "a tag that moves"


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="Linux's own")
def test_what_has_another_checksum_ends_the_script(tmp_path: Path) -> None:
    text = (FOLDER / "linux" / "appimage.sh").read_text("utf-8")
    fetch = "fetch() {" + text.split("fetch() {")[1].split("\n}")[0] + "\n}\n"
    # In place of the network.
    came = 'curl() { printf tool >"$work/tool"; }\n'
    for digest, status in ((hashlib.sha256(b"tool").hexdigest(), 0), ("0" * 64, 1)):
        ended = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f'{fetch}{came}fetch https://x {digest} "$work/tool"'],
            env={**os.environ, "work": str(tmp_path)}, capture_output=True, check=False,
        )  # fmt: skip
        assert ended.returncode == status
