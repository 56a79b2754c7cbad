"""Runs first in the built program on Linux: text is UTF-8 where the person's locale is not there.

Python does the same when it is started by itself (PEP 538) and leaves it out when it is built into a
program; Qt would then complain at every start with LANG=C, or with a locale that is not installed.
"""

import locale
import os


def coerce() -> None:
    """Take ``C.UTF-8`` for the kinds of letters when the locale of the environment is plain C."""
    try:
        current = locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        current = "C"
    if current in {"C", "POSIX"} and not os.environ.get("LC_ALL"):
        try:
            locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
        except locale.Error:
            return  # A system without it, such as one of musl; Qt takes what it finds.
        os.environ["LC_CTYPE"] = "C.UTF-8"


coerce()
