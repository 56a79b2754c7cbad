"""Where the program reads its resources and writes its files.

Nothing else computes a path. With ``--data-dir`` everything that is written goes below that folder.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop_app import APP_ID, APP_NAME


@dataclass(frozen=True, slots=True)
class AppPaths:
    """The folders and files that the program writes.

    Attributes:
        data: The database, its backups, and what a person would want to keep.
        config: Settings.
        logs: Log files.
    """

    data: Path
    config: Path
    logs: Path

    @property
    def database(self) -> Path:
        """The conversations."""
        return self.data / "interleave.db"

    @property
    def backups(self) -> Path:
        """The folder of copies of the conversations."""
        return self.data / "backups"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.json"

    @property
    def window_state(self) -> Path:
        """Window geometry; apart from the settings, since it changes with every move."""
        return self.config / "window.json"

    @property
    def model_lists(self) -> Path:
        """What each server listed last."""
        return self.data / "models"

    @property
    def log_file(self) -> Path:
        """The log of this and earlier runs."""
        return self.logs / "interleave.log"

    @property
    def own(self) -> tuple[Path, ...]:
        """Every folder in which the program keeps what is its own."""
        return self.data, self.config, self.logs

    def create(self) -> None:
        """Make the folders, readable by this user alone.

        Raises:
            OSError: When a folder can neither be found nor made.
        """
        for folder in (self.data, self.config, self.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def app_paths(data_dir: Path | None = None) -> AppPaths:
    """Return the platform's own folders, or folders below ``data_dir`` when it is given."""
    if data_dir is not None:
        root = _expanded(data_dir).absolute()
        return AppPaths(data=root, config=root, logs=root / "logs")
    name = (
        APP_ID
        if sys.platform == "darwin"
        else APP_NAME
        if sys.platform == "win32"
        else "interleave"
    )
    folders = platformdirs.PlatformDirs(name, appauthor=False)
    return AppPaths(
        data=folders.user_data_path,
        config=folders.user_config_path,
        logs=folders.user_log_path,
    )


def downloads(data_dir: Path | None = None) -> Path:
    """Return where the person's downloads go, or a folder below ``data_dir`` when it is given."""
    if data_dir is not None:
        return _expanded(data_dir).absolute() / "downloads"
    return platformdirs.user_downloads_path()


def _expanded(folder: Path) -> Path:
    try:
        return folder.expanduser()
    except RuntimeError:
        # "~name" of nobody here is a folder of that name.
        return folder


def resource(*parts: str) -> Path:
    """Return the path of a file below ``resources/``: frozen, installed, or in a checkout."""
    return _resource_root().joinpath(*parts)


def _resource_root() -> Path:
    frozen: str | None = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    package = Path(__file__).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"
