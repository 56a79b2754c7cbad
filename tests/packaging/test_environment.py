"""The script that builds ``.venv`` does no more than is needed, and says plainly what it cannot do."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.packaging.test_locks import load_environment_script

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a POSIX script")

linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the script is for Linux and its bash"
)

STAND_IN = """#!{python}
import json, pathlib, sys
if sys.argv[1:] == ["--version"]:
    print("uv 0.13.9")
    sys.exit()
with open({log!r}, "a") as log:
    print(json.dumps(sys.argv[1:]), file=log)
if sys.argv[1] == "venv":
    folder = pathlib.Path(sys.argv[-1])
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    (folder / "bin" / "python").touch()
    (folder / "pyvenv.cfg").write_text("version_info = {version}\\n")
"""


class House:
    """A project folder with a stand-in for uv that writes down what it was asked to do."""

    def __init__(self, root: Path, script: ModuleType) -> None:
        self.root = root
        self.script = script
        self._log = root / "uv.log"
        self._log.touch()
        (root / "tools").mkdir()
        uv = root / "tools" / "uv"
        version = f"{sys.version_info[0]}.{sys.version_info[1]}.0"
        uv.write_text(
            STAND_IN.format(python=sys.executable, log=str(self._log), version=version), "utf-8"
        )
        uv.chmod(0o755)

    def asked(self) -> list[str]:
        """Return the steps that uv was asked for since the last call."""
        lines = [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]
        self._log.write_text("", "utf-8")
        return [line[0] if line[0] == "venv" else line[1] for line in lines]

    def synced_locks(self) -> list[str]:
        """Return the names of the locks that the last sync was given."""
        lines = [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]
        (sync,) = [line for line in lines if line[1] == "sync"]
        assert "--require-hashes" in sync
        return [Path(word).name for word in sync if word.endswith(".txt")]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    script = load_environment_script()
    root = tmp_path / "a house"
    (root / "packaging" / "requirements").mkdir(parents=True)
    for locks in script.LOCKS_OF_GROUP.values():
        for lock in locks:
            (root / "packaging" / "requirements" / lock).write_text(lock, "utf-8")
    (root / "pyproject.toml").write_text("[project]\n", "utf-8")
    monkeypatch.setattr(script, "ROOT", root)
    monkeypatch.setattr(script, "LOCKS", root / "packaging" / "requirements")
    monkeypatch.setattr(script, "ENVIRONMENT", root / ".venv")
    monkeypatch.setattr(script, "UV_ENVIRONMENT", root / ".venv-uv")
    built = House(root, script)
    monkeypatch.setenv("PATH", str(root / "tools"))
    return built


def test_the_first_time_everything_is_made(house: House) -> None:
    assert house.script.main([]) == 0

    assert house.asked() == ["venv", "sync", "install"]


def test_the_second_time_nothing_is_done(house: House, capfd: pytest.CaptureFixture[str]) -> None:
    house.script.main([])
    house.asked()
    capfd.readouterr()

    assert house.script.main([]) == 0

    assert house.asked() == []
    assert capfd.readouterr() == ("", "")


def test_a_changed_lock_is_installed(house: House) -> None:
    house.script.main([])
    house.asked()
    (house.root / "packaging" / "requirements" / "dev.txt").write_text("newer", "utf-8")

    house.script.main([])

    assert house.asked() == ["sync", "install"]


def test_changed_metadata_installs_the_project_alone(house: House) -> None:
    house.script.main([])
    house.asked()
    (house.root / "pyproject.toml").write_text("[project]\nname = 'other'\n", "utf-8")

    house.script.main([])

    assert house.asked() == ["install"]


def test_a_group_once_added_stays(house: House) -> None:
    house.script.main(["--group", "local-model"])
    house.asked()
    (house.root / "packaging" / "requirements" / "dev.txt").write_text("newer", "utf-8")

    house.script.main([])

    assert house.synced_locks() == ["dev.txt", "local-model.txt", "local-model-weights.txt"]


def test_a_group_apart_has_an_environment_of_its_own(house: House) -> None:
    house.script.main(["--group", "interop"])

    assert house.synced_locks() == ["interop.txt"]
    assert house.asked() == ["venv", "sync"]
    assert (house.root / ".venv-interop").is_dir()
    assert not (house.root / ".venv").exists()

    house.script.main(["--group", "interop"])

    assert house.asked() == []
    (house.root / "packaging" / "requirements" / "interop.txt").write_text("newer", "utf-8")

    house.script.main(["--group", "interop"])

    assert house.asked() == ["venv", "sync"]


def test_what_another_tool_changed_is_put_right(house: House) -> None:
    house.script.main([])
    house.asked()
    added = house.root / ".venv" / "lib" / "python3.11" / "site-packages" / "other-1.0.dist-info"
    added.mkdir(parents=True)

    house.script.main([])

    assert house.asked() == ["sync", "install"]


def test_an_environment_made_elsewhere_is_made_anew(house: House) -> None:
    house.script.main([])
    house.asked()
    stamp = house.root / ".venv" / house.script.STAMP_NAME
    stamp.write_text(stamp.read_text("utf-8").replace("a house", "another"), "utf-8")

    house.script.main([])

    assert house.asked() == ["venv", "sync", "install"]


@pytest.mark.parametrize("version", [(3, 10), (3, 15), (2, 7)])
def test_an_unsupported_python_is_refused_with_a_sentence(
    house: House, version: tuple[int, int]
) -> None:
    with pytest.raises(house.script.SetupError, match=r"Python 3\.11 to 3\.14 is needed"):
        house.script.check_python(version)


@linux_only
def test_without_apt_the_missing_libraries_are_named_and_the_run_goes_on(tmp_path: Path) -> None:
    answer = _ask_for_system_packages(tmp_path, "test", ci=False)

    assert answer.returncode == 0
    assert "xvfb" in answer.stderr
    assert "gnome-keyring" in answer.stderr


@linux_only
def test_in_ci_a_missing_system_package_is_an_error(tmp_path: Path) -> None:
    assert _ask_for_system_packages(tmp_path, "test", ci=True).returncode == 1


@linux_only
def test_an_unknown_group_of_system_packages_is_refused(tmp_path: Path) -> None:
    answer = _ask_for_system_packages(tmp_path, "everything", ci=False)

    assert answer.returncode == 2
    assert answer.stderr.startswith("usage:")


def _ask_for_system_packages(
    folder: Path, group: str, *, ci: bool
) -> subprocess.CompletedProcess[str]:
    """Run the script on a system that has neither apt nor anything that is looked for."""
    for command in ("bash", "cat", "id"):
        (folder / command).symlink_to(_find(command))
    script = Path(__file__).parents[2] / "packaging" / "linux" / "system_packages.sh"
    return subprocess.run(
        [str(folder / "bash"), str(script), group],
        env={"PATH": str(folder), **({"CI": "true"} if ci else {})},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def _find(command: str) -> Path:
    for folder in ("/bin", "/usr/bin"):
        if (Path(folder) / command).exists():
            return Path(folder) / command
    pytest.skip(f"this system has no {command}")
