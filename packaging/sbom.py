"""The bill of materials of the built program, in CycloneDX: ``dist/interleave-VERSION.cdx.json``.

``cyclonedx-py`` lists what is installed where the program was built; the tools that are not in the
program are taken out, and what no Python package is put in: Qt, Python, and on Linux the libraries
of the build machine that the program carries.
"""

import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import bundle
import notices
import program_version
from freeze import DIST, PROGRAM, ROOT

from desktop_app import APP_NAME, __version__

CYCLONEDX = ROOT / ".venv-release" / "bin" / "cyclonedx-py"
SPEC = "1.6"


def main() -> int:
    """Write the bill and return the exit status."""
    target = DIST / f"interleave-{__version__}.cdx.json"
    bill = complete(listed(), carried_packages(DIST / PROGRAM))
    target.write_text(json.dumps(bill, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"interleave: dist/{target.name}, {len(bill['components'])} components")
    return 0


def listed() -> dict[str, Any]:
    """Return the bill of all that is installed beside this Python.

    Raises:
        subprocess.CalledProcessError: When the tool fails.
    """
    said = subprocess.run(
        [
            *(CYCLONEDX, "environment", sys.executable, "--output-reproducible"),
            *("--spec-version", SPEC, "--output-format", "JSON"),
        ],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    bill: dict[str, Any] = json.loads(said)
    return bill


def complete(bill: dict[str, Any], carried: list[dict[str, str]]) -> dict[str, Any]:
    """Return ``bill`` with the components that the program holds, and no others."""
    names = {_key(one.metadata["Name"]) for one in notices.distributions()}
    kept = [part for part in bill["components"] if _key(part["name"]) in names]
    kept += [
        {
            "type": "framework", "name": "Qt", "bom-ref": "qt", "version": version("PySide6_Essentials"),
            "licenses": [{"license": {"id": "LGPL-3.0-only"}}],
        },
        {
            "type": "platform", "name": "CPython", "bom-ref": "cpython",
            "version": sys.version.split()[0], "licenses": [{"license": {"id": "PSF-2.0"}}],
        },
        *carried,
    ]  # fmt: skip
    references = {part["bom-ref"] for part in kept}
    root = {
        "type": "application", "name": APP_NAME, "bom-ref": "interleave", "version": __version__,
        "licenses": [{"license": {"id": "MIT"}}], "copyright": program_version.COPYRIGHT,
    }  # fmt: skip
    edges = [
        {
            "ref": edge["ref"],
            "dependsOn": [to for to in edge.get("dependsOn", ()) if to in references],
        }
        for edge in bill.get("dependencies", ())
        if edge["ref"] in references
    ]
    edges.append({"ref": "interleave", "dependsOn": sorted(references)})
    return {
        **bill,
        "metadata": {**bill.get("metadata", {}), "component": root},
        "components": sorted(kept, key=lambda part: (part["type"], part["name"].lower())),
        "dependencies": edges,
    }


def carried_packages(program: Path) -> list[dict[str, str]]:
    """Return the Debian packages whose libraries lie in the built program, with their versions."""
    if not sys.platform.startswith("linux"):
        return []
    top = program / "_internal"
    own = [
        file for file in bundle.elf_files(top) if file.parent == top and file.name.startswith("lib")
    ]
    packages: set[str] = set()
    for file in own:
        try:
            packages.add(notices.package_of(bundle.find_library(file.name)))
        except LookupError:
            continue  # Python's own, which stands in the bill by itself.
    parts = []
    for name in sorted(packages):
        said = subprocess.run(
            ["dpkg-query", "--show", "--showformat=${Version}", name],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        purl = f"pkg:deb/debian/{name}@{said}"
        parts.append(
            {"type": "library", "name": name, "version": said, "bom-ref": purl, "purl": purl}
        )
    return parts


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
