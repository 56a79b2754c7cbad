"""Ask for the known weaknesses of all that the program's locks pin: ``make audit``; needs the network.

pip-audit asks PyPI, and ends well when PyPI knows nothing of a package, as a mirror without that
interface does of every one. Here a package that nobody answered for is as bad as a weak one.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from environment import LOCKS, ROOT

COMMAND = (str(ROOT / ".venv-release" / "bin" / "pip-audit"),)
AUDITED = ("run.txt", "package.txt")
"""What is in the built program, and what builds it."""


def main() -> int:
    """Ask, say what was found, and return 0 when every package is known and none is weak."""
    said = subprocess.run(
        [
            *COMMAND, "--require-hashes", "--disable-pip", "--progress-spinner", "off",
            "--format", "json",
            *(part for name in AUDITED for part in ("--requirement", str(LOCKS / name))),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        packages = json.loads(said.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = said.stderr.strip().splitlines()[-1:] or [f"pip-audit ended with {said.returncode}"]
        print(f"interleave: the list of weaknesses was not reached: {last[0]}", file=sys.stderr)
        return 2
    lines, is_well = verdict(packages)
    print(*(f"interleave: {line}" for line in lines), sep="\n")
    return 0 if is_well else 1


def verdict(packages: Iterable[Mapping[str, Any]]) -> tuple[list[str], bool]:
    """Return what is to be said of ``packages``, as pip-audit lists them, and whether all is well."""
    asked = list(packages)
    lines = [
        f"{package['name']} {package['version']}: {weakness['id']},"
        f" mended in {' or '.join(weakness['fix_versions']) or 'no version yet'}"
        for package in asked
        for weakness in package.get("vulns", ())
    ]
    unknown = [package["name"] for package in asked if "skip_reason" in package]
    if unknown:
        lines.append(
            f"PyPI did not answer for {len(unknown)} of {len(asked)} packages, such as {unknown[0]}:"
            " it is not reachable from here. CI asks it in every run."
        )
    if not lines and asked:
        return [f"no known weakness in {len(asked)} packages"], True
    return lines or ["the locks pin nothing"], False


if __name__ == "__main__":
    sys.exit(main())
