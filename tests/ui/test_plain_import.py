"""An import costs what Python's own does: PySide6's look into each module's source is off."""

import json
import subprocess
import sys

_LOOK = """
import builtins, json, linecache
import desktop_app.ui
import desktop_app.app, pydantic
import PySide6.QtDBus
read = [name for name in linecache.cache if "desktop_app/" in name or "pydantic" in name]
print(json.dumps([builtins.__import__.__name__, read]))
"""


def test_what_is_loaded_has_its_source_read_by_nobody() -> None:
    said = subprocess.run(
        [sys.executable, "-c", _LOOK], capture_output=True, text=True, check=True
    ).stdout
    imports_by, read = json.loads(said)
    assert imports_by != "__feature_import__"
    assert read == []
