"""What a run of the program is asked for, and the folders it writes to: all that is known at first."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app import log
from desktop_app.paths import AppPaths

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line and the environment ask for.

    Attributes:
        data_dir: Folder below which everything is written; ``None`` uses the platform's own.
        demo: Whether to talk to the built-in endpoint.
        environment: The environment variables.
        keep: Whether conversations are kept; ``--ask`` keeps none.
        attended: Whether somebody can be asked before a tool is called; without, there are only the
            built-in ones that read.
    """

    data_dir: Path | None = None
    demo: bool = False
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    keep: bool = True
    attended: bool = True


def prepare_folders(paths: AppPaths) -> None:
    """Make the folders and send the log there; a place that takes nothing is no reason to stop."""
    try:
        paths.create()
    except OSError as error:
        log.set_up(None)
        _log.warning("folders cannot be made: %s", error)
        return
    log.set_up(paths.log_file)
