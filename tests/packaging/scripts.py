"""Loads the scripts below ``packaging/``, which are no package and import one another by name."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parents[2] / "packaging"


def script(name: str) -> ModuleType:
    """Return the script ``packaging/NAME.py`` as a module."""
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    return importlib.import_module(name)
