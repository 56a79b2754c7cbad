"""The locks say what ``pyproject.toml`` asks for, pinned by hash, and nothing of where it came from."""

import importlib.util
import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "packaging" / "requirements"
LOCK_NAMES = sorted(path.name for path in LOCKS.glob("*.txt"))
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
OWN_NAME = PYPROJECT["project"]["name"]


@dataclass(frozen=True)
class Pin:
    requirement: Requirement
    hashes: tuple[str, ...]
    asked_by: tuple[str, ...]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> Version:
        (specifier,) = self.requirement.specifier
        assert specifier.operator == "=="
        return Version(specifier.version)


def pins_of(lock: str) -> list[Pin]:
    """Read a lock: each pin with its hashes and with whom the "via" comments name."""
    text = (LOCKS / lock).read_text("utf-8")
    pins = []
    for entry in re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)[1:]:
        code = "\n".join(line for line in entry.splitlines() if not line.lstrip().startswith("#"))
        requirement, *hashes = code.replace("\\\n", " ").split("--hash=")
        via = entry.partition("# via")[2]
        asked_by = [line.lstrip(" #").strip() for line in via.splitlines()]
        pins.append(
            Pin(
                Requirement(requirement.strip()),
                tuple(text.strip() for text in hashes),
                tuple(name for name in asked_by if name),
            )
        )
    return pins


def requirements_of_lock(lock: str) -> list[Requirement]:
    """What the lock was compiled from: project metadata, dependency groups or an ``.in`` file."""
    groups: dict[str, list[str]] = PYPROJECT["dependency-groups"]
    run: list[str] = PYPROJECT["project"]["dependencies"]
    source = (LOCKS / lock).with_suffix(".in")
    asked = {
        "run.txt": run,
        "dev.txt": [*run, *groups["dev"]],
        **{f"{name}.txt": rows for name, rows in groups.items() if name != "dev"},
    }.get(lock)
    if asked is None:
        asked = [line for line in source.read_text("utf-8").splitlines() if line[0] != "#"]
    return [Requirement(line) for line in asked]


def load_environment_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "environment", ROOT / "packaging" / "environment.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("lock", LOCK_NAMES)
def test_every_requirement_is_satisfied_by_its_pin(lock: str) -> None:
    pins = {pin.name: pin for pin in pins_of(lock)}

    for requirement in requirements_of_lock(lock):
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{name} is not in {lock}: run `make locks`"
        assert requirement.specifier.contains(pins[name].version, prereleases=True), (
            f"{lock} pins {name} {pins[name].version}, but {requirement} is asked: run `make locks`"
        )


@pytest.mark.parametrize("lock", LOCK_NAMES)
def test_nothing_is_pinned_that_nobody_asks_for(lock: str) -> None:
    pins = pins_of(lock)
    asked = {canonicalize_name(requirement.name) for requirement in requirements_of_lock(lock)}
    pinned = {pin.name for pin in pins}

    for pin in pins:
        askers = {name for name in pin.asked_by if not name.startswith("-")}
        from_project = {name for name in askers if name.startswith((f"{OWN_NAME} (", "-r "))}
        others = {canonicalize_name(name) for name in askers - from_project}
        assert pin.name in asked or (others and not from_project), f"{lock}: {pin.name} is stale"
        assert others <= pinned, f"{lock}: {pin.name} is asked for by a package that is not pinned"


@pytest.mark.parametrize("lock", LOCK_NAMES)
def test_every_pin_carries_hashes(lock: str) -> None:
    pins = pins_of(lock)

    assert pins
    for pin in pins:
        assert pin.hashes, f"{lock}: {pin.name} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in pin.hashes)


@pytest.mark.parametrize("file", sorted(LOCKS.iterdir()), ids=lambda file: file.name)
def test_no_lock_says_where_packages_come_from(file: Path) -> None:
    text = file.read_text("utf-8")

    assert "://" not in text
    assert not re.search(
        r"file:|--(index|extra-index|find-links|trusted-host)|^-[if] ", text, re.MULTILINE
    )


def test_the_locks_agree_with_one_another() -> None:
    script = load_environment_script()
    apart = {lock for group in script.GROUPS_APART for lock in script.LOCKS_OF_GROUP[group]}
    versions: dict[tuple[str, str], set[Version]] = {}
    for lock in set(LOCK_NAMES) - apart:
        for pin in pins_of(lock):
            versions.setdefault((pin.name, str(pin.requirement.marker)), set()).add(pin.version)

    assert {key: found for key, found in versions.items() if len(found) > 1} == {}
    assert {pin.name for pin in pins_of("run.txt")} <= {pin.name for pin in pins_of("dev.txt")}


def test_the_environment_script_knows_every_group_and_the_range_of_python() -> None:
    script = load_environment_script()
    locks_by_group = script.LOCKS_OF_GROUP

    assert set(locks_by_group) == set(PYPROJECT["dependency-groups"])
    assert {lock for locks in locks_by_group.values() for lock in locks} <= set(LOCK_NAMES)
    oldest, beyond = script.OLDEST_PYTHON, script.FIRST_UNSUPPORTED_PYTHON
    assert PYPROJECT["project"]["requires-python"] == (
        f">={oldest[0]}.{oldest[1]},<{beyond[0]}.{beyond[1]}"
    )


def test_packages_from_npm_are_pinned_by_hash_and_name_no_registry() -> None:
    text = (ROOT / "packaging" / "mcp-servers" / "package-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]
    asked = packages.pop("")["dependencies"]
    assert {f"node_modules/{name}" for name in asked} <= set(packages)
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "resolved" not in text
