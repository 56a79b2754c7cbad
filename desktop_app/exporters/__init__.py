"""Formats to export to: one file that declares ``FORMAT`` is one format. Free of Qt.

What they share stands in modules whose names begin with an underscore.
"""

from functools import cache

from desktop_app.chat.exporting import ExportFormat
from desktop_app.declared import declared_in


@cache
def export_formats() -> tuple[ExportFormat, ...]:
    """Return every format of this room, the one that loses nothing first.

    Raises:
        LookupError: When a file declares none.
    """
    formats = declared_in(__name__, __path__, "FORMAT", ExportFormat)
    return tuple(sorted(formats, key=lambda form: (not form.is_lossless, form.id)))
