"""Build the program for the system it runs on: ``dist/interleave``, the same from the same source.

``freeze.py`` builds once; ``freeze.py --twice`` builds two times in two folders and compares every
file. Run it with the Python of ``.venv-package``, which holds the program's locks and PyInstaller
and nothing else (``make dist`` does).
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
PROGRAM = "interleave"


def main() -> int:
    """Build and return the exit status."""
    parser = argparse.ArgumentParser(description="Build the program with PyInstaller.")
    parser.add_argument(
        "--twice", action="store_true", help="build anew elsewhere and compare with dist/"
    )
    options = parser.parse_args()
    first = build(DIST, ROOT / "build")
    print(f"interleave: {first.relative_to(ROOT)}, {size_of(first) / 2**20:.1f} MiB")
    if not options.twice:
        return 0
    with tempfile.TemporaryDirectory() as folder:
        second = build(Path(folder, "dist"), Path(folder, "build"))
        different = differences(first, second)
    for name in different:
        print(f"interleave: differs between two builds: {name}")
    if not different:
        print(f"interleave: two builds, {len(contents(first))} files, no difference")
    return 1 if different else 0


def build(dist: Path, work: Path) -> Path:
    """Run PyInstaller in an environment that leaves no trace in what it writes.

    Returns:
        The folder of the program.

    Raises:
        subprocess.CalledProcessError: When it fails; what it said was shown.
    """
    subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "PyInstaller",
                "--noconfirm",
                "--clean",
                "--log-level",
                "ERROR",
            ),
            *("--distpath", str(dist), "--workpath", str(work), str(ROOT / "build.spec")),
        ],
        cwd=ROOT,
        env=reproducible_environment(),
        check=True,
    )
    return dist / PROGRAM


def reproducible_environment() -> dict[str, str]:
    """Return the environment of a build: hashes and dates fixed, nothing of the person's Qt."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("QT_", "LC_"))}
    return kept | {
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "SOURCE_DATE_EPOCH": str(source_date()),
    }


def source_date() -> int:
    """Return the date of the source in seconds: SOURCE_DATE_EPOCH, or that of the last commit.

    Raises:
        SystemExit: When neither is known.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    answer = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "log", "-1", "--format=%ct"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if answer.returncode != 0:
        raise SystemExit("interleave: no git checkout: set SOURCE_DATE_EPOCH to the source's date")
    return int(answer.stdout)


def size_of(folder: Path) -> int:
    """Return the bytes of all files below ``folder``; a link counts nothing."""
    return sum(file.stat().st_size for file in folder.rglob("*") if is_own_file(file))


def is_own_file(path: Path) -> bool:
    """Say whether ``path`` is a file and no link to one."""
    return path.is_file() and not path.is_symlink()


def contents(folder: Path) -> dict[str, str]:
    """Return what is below ``folder``: a digest for each file, its goal for each link."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[path.relative_to(folder).as_posix()] = f"-> {path.readlink()}"
        elif path.is_file():
            mode = path.stat().st_mode & 0o111
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[path.relative_to(folder).as_posix()] = f"{digest} {mode:o}"
    return found


def differences(first: Path, second: Path) -> list[str]:
    """Return the names that are not the same, or not there, in both folders."""
    ours, theirs = contents(first), contents(second)
    return sorted(name for name in {*ours, *theirs} if ours.get(name) != theirs.get(name))


if __name__ == "__main__":
    sys.exit(main())
