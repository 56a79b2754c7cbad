"""The values of the settings, and the file that keeps them.

A damaged file is kept aside under another name, never overwritten and never a reason not to start.
Keys are not settings: they live in the keyring.
"""

import contextlib
import json
import logging
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from desktop_app.settings.endpoints import CustomEndpoint, endpoint_from_json
from desktop_app.settings.table import SETTINGS, Setting, Value

_log = logging.getLogger(__name__)

_FORMAT_VERSION: Final = 1
_MOST_BYTES: Final = 4_000_000


class SettingError(ValueError):
    """A value that a setting does not take."""

    def __init__(self, setting: Setting, value: object) -> None:
        # A text that was refused may hold a password.
        shown = "this" if setting.problem else repr(value)
        super().__init__(f"{setting.key} does not take {shown}")
        self.setting = setting


class SettingsStore:
    """The settings of one person on one machine.

    Args:
        file: Where they are kept; ``None`` keeps them in memory for this run.

    Attributes:
        kept_aside: Where a file that could not be read was put, or left, when this store was opened;
            the window says it once.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._values: dict[str, Value] = {}
        self._endpoints: tuple[CustomEndpoint, ...] = ()
        self._unknown: dict[str, Any] = {}
        self._unusable_endpoints: list[Any] = []
        self._version = _FORMAT_VERSION
        self._listeners: list[Callable[[str], None]] = []
        self.kept_aside: Path | None = None
        self._load()

    def value(self, setting: Setting) -> Value:
        """Return the value that was set, or the default."""
        return self._values.get(setting.key, setting.default)

    def text(self, setting: Setting) -> str:
        """Return the value of a setting that is a text."""
        return str(self.value(setting))

    def number(self, setting: Setting) -> float:
        """Return the value of a setting that is a number."""
        return float(self.value(setting))

    def set(self, setting: Setting, value: Value) -> None:
        """Keep ``value``; it is in the file when this returns, and listeners have been told.

        Raises:
            SettingError: When the setting does not take the value.
        """
        if not setting.accepts(value):
            raise SettingError(setting, value)
        if self.value(setting) == value:
            return
        self._unknown.pop(setting.key, None)
        if value == setting.default:
            self._values.pop(setting.key, None)
        else:
            self._values[setting.key] = value
        self._changed(setting.key)

    def reset(self, setting: Setting) -> None:
        """Return to the default."""
        self.set(setting, setting.default)

    @property
    def endpoints(self) -> tuple[CustomEndpoint, ...]:
        """The custom endpoints, in the person's order."""
        return self._endpoints

    def set_endpoints(self, endpoints: tuple[CustomEndpoint, ...]) -> None:
        """Replace the custom endpoints."""
        if endpoints != self._endpoints:
            self._endpoints = endpoints
            self._changed("endpoints")

    def subscribe(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Call ``listener`` with the key of each setting that changes; returns how to stop that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _changed(self, key: str) -> None:
        self._save()
        for listener in tuple(self._listeners):
            listener(key)

    def _load(self) -> None:
        if self._file is None:
            return
        try:
            with self._file.open("rb") as stream:
                content = json.loads(stream.read(_MOST_BYTES))
            if not isinstance(content, dict):
                raise ValueError("the settings file holds no object")
        except FileNotFoundError:
            return
        except OSError as error:
            # What cannot be read must not be written over: this run keeps its settings in memory.
            _log.warning("settings cannot be read, defaults are used: %s", error)
            self.kept_aside = self._file
            self._file = None
            return
        except (ValueError, RecursionError) as error:
            self._keep_aside(self._file, error)
            return
        self._take(content)

    def _take(self, content: dict[str, Any]) -> None:
        """Take what is valid; a single bad value falls back to its default and is logged."""
        known = {setting.key: setting for setting in SETTINGS}
        for key, value in content.items():
            if (setting := known.get(key)) is not None:
                if setting.accepts(value):
                    self._values[key] = value
                else:
                    _log.warning("setting %s has an unusable value, its default is used", key)
                    self._unknown[key] = value
            elif key not in {"version", "endpoints"}:
                # A newer version's settings, like the unusable values above, survive a visit of
                # this one.
                self._unknown[key] = value
        version = content.get("version")
        if isinstance(version, int) and version > _FORMAT_VERSION:
            self._version = version
        endpoints = []
        listed = content.get("endpoints", [])
        for item in listed if isinstance(listed, list) else [listed]:
            try:
                endpoints.append(endpoint_from_json(item))
            except ValueError as error:
                _log.warning("a custom endpoint cannot be used and is left out: %s", error)
                self._unusable_endpoints.append(item)
        self._endpoints = tuple(endpoints)

    def _keep_aside(self, file: Path, error: Exception) -> None:
        stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
        aside = file.with_name(f"{file.name}.damaged-{stamp}")
        try:
            file.replace(aside)
        except OSError as reason:
            # It could not be moved, so it must not be written either: this run keeps its settings
            # in memory.
            _log.warning("damaged settings cannot be moved aside: %s", reason)
            self.kept_aside = file
            self._file = None
            return
        _log.warning("settings were damaged (%s); kept as %s", error, aside.name)
        self.kept_aside = aside

    def _save(self) -> None:
        if self._file is None:
            return
        content: dict[str, Any] = {
            "version": self._version,
            **self._unknown,
            **self._values,
            "endpoints": [
                *(endpoint.as_json() for endpoint in self._endpoints),
                *self._unusable_endpoints,
            ],
        }
        try:
            write_atomically(self._file, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        except OSError as error:
            _log.warning("settings cannot be saved: %s", error)


def write_atomically(file: Path, text: str) -> None:
    """Replace ``file`` by one that holds ``text``, so that no crash leaves half of it.

    Raises:
        OSError: When the folder takes no file; the old file is untouched.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        # Half of a surrogate pair, which no UTF-8 can hold, becomes the escape that JSON reads.
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
