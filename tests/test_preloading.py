"""What is loaded ahead of its use may fail, or be overtaken by the end of the program, in silence."""

import logging
import subprocess
import sys

import pytest

from desktop_app.composition import preload_in_background

_QUIT_WHILE_LOADING = """
import atexit, sys, threading, types
from desktop_app.composition import preload_in_background

class Late:
    "Finds a module that is imported once Python has begun to leave."

    def find_spec(self, name, path=None, target=None):
        if name == "needed_soon":
            threading.main_thread().join()
            import concurrent.futures.thread
            print("imported after all")

sys.meta_path.insert(0, Late())
thread = preload_in_background("needed_soon")
# Python leaves a daemon thread behind as soon as these have run.
atexit.register(lambda: print("still loading" if thread.join(20) or thread.is_alive() else "ended"))
"""


def test_quitting_while_the_sdk_loads_says_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _QUIT_WHILE_LOADING],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")


def test_what_cannot_be_loaded_ahead_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    preload_in_background("no_such_module_anywhere").join(20)
    (record,) = (record for record in caplog.records if "ahead of its use" in record.message)
    assert record.levelno == logging.INFO
    assert record.exc_info is not None
    assert record.exc_info[0] is ModuleNotFoundError
