"""The bill of materials: what the program holds, no tool that only built it, no edge to nowhere."""

from typing import Any

import pytest

from desktop_app import APP_NAME, __version__
from tests.packaging.scripts import script

sbom = script("sbom")

LISTED: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "components": [
        {"type": "library", "name": name, "version": "1", "bom-ref": f"{name}==1"}
        for name in ("openai", "mdit-py-plugins", "pytest", "altgraph")
    ],
    "dependencies": [
        {"ref": "openai==1", "dependsOn": ["pytest==1", "mdit-py-plugins==1"]},
        {"ref": "pytest==1", "dependsOn": ["altgraph==1"]},
    ],
}
CARRIED = [{"type": "library", "name": "zlib1g", "version": "1.2", "bom-ref": "deb"}]


@pytest.fixture
def bill(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(script("notices"), "BESIDE_THE_LOCK", ())
    made: dict[str, Any] = sbom.complete(LISTED, CARRIED)
    return made


def test_it_names_what_the_program_holds_and_nothing_else(bill: dict[str, Any]) -> None:
    names = {part["name"] for part in bill["components"]}

    assert names == {"openai", "mdit-py-plugins", "Qt", "CPython", "zlib1g"}


def test_it_is_the_bill_of_this_version(bill: dict[str, Any]) -> None:
    root = bill["metadata"]["component"]

    assert (root["name"], root["version"]) == (APP_NAME, __version__)


def test_no_edge_leads_to_what_is_not_there(bill: dict[str, Any]) -> None:
    references = {part["bom-ref"] for part in bill["components"]} | {"interleave"}
    edges = {edge["ref"]: set(edge["dependsOn"]) for edge in bill["dependencies"]}

    assert set(edges) == {"openai==1", "interleave"}
    assert edges["openai==1"] == {"mdit-py-plugins==1"}
    assert all(goals <= references for goals in edges.values())
