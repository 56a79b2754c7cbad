"""Formats to export to: one file that declares ``FORMAT`` is one format. Free of Qt.

What they share stands in modules whose names begin with an underscore.
"""

import importlib
import pkgutil
from functools import cache

from desktop_app.chat.exporting import ExportFormat


@cache
def export_formats() -> tuple[ExportFormat, ...]:
    """Return every format of this room, the one that loses nothing first.

    Raises:
        LookupError: When a file declares none.
    """
    names = [
        found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_")
    ]
    formats = []
    for name in names:
        declared = getattr(importlib.import_module(f"{__name__}.{name}"), "FORMAT", None)
        if not isinstance(declared, ExportFormat):
            raise LookupError(f"{name} declares no format")
        formats.append(declared)
    return tuple(sorted(formats, key=lambda form: (not form.is_lossless, form.id)))
