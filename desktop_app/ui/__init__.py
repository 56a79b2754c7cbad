"""What the person meets: windows, panes and their parts. The only room, with app, that knows Qt.

Importing PySide6 puts an ``__import__`` of its own in place. From then on it looks for the word PySide6
in the source of every module that is loaded, and keeps all that source: 10 MB, and a quarter of the
time of an import (PySide6 6.11.3). Its look at pydantic's half-loaded modules could also make their
import fail. It serves ``from __feature__ import ...`` alone, which is used nowhere here, so the one
that was there before is put back.
"""

import builtins

import PySide6.QtCore  # noqa: F401

# Without the replacement, as on PyPy, there is nothing to put back.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
