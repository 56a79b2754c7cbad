"""Finds what the modules of a room declare: a room of which each file is one thing needs no list."""

import importlib
import pkgutil
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def declared_in(room: str, folders: Iterable[str], name: str, kind: type[T]) -> tuple[T, ...]:
    """Return what every module of a room calls ``name``, in the order of their names.

    Modules whose names begin with an underscore hold what the others share, and are left out.

    Args:
        room: Full name of the package.
        folders: Its ``__path__``.
        name: What is declared, in capitals.
        kind: What it is.

    Raises:
        LookupError: When a module declares none.
    """
    modules = [
        found.name for found in pkgutil.iter_modules(folders) if not found.name.startswith("_")
    ]
    found = []
    for module in modules:
        declared = getattr(importlib.import_module(f"{room}.{module}"), name, None)
        if not isinstance(declared, kind):
            raise LookupError(f"{module} declares no {name.lower()}")
        found.append(declared)
    return tuple(found)
