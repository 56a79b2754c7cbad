"""Which command lines and addresses the person agreed to, each by its hash; a change asks again."""

import json
import logging
from pathlib import Path

from desktop_app.domain.mcp_server import ServerConfig
from desktop_app.mcp_client.config_file import write_json

_log = logging.getLogger(__name__)


class Approvals:
    """The hashes in the file at ``path``; what cannot be read there was not agreed to."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hashes: dict[str, str] = {}
        try:
            content = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            _log.warning("the file of approved MCP servers cannot be read: %s", error)
            return
        if isinstance(content, dict):
            self._hashes = {str(name): str(value) for name, value in content.items()}

    def covers(self, config: ServerConfig) -> bool:
        """Whether the person agreed to exactly this."""
        return self._hashes.get(config.name) == config.fingerprint

    def add(self, config: ServerConfig) -> None:
        """Keep that the person agreed to ``config``; for this run only where it cannot be written."""
        self._hashes[config.name] = config.fingerprint
        self._save()

    def drop(self, name: str) -> None:
        """Forget what was agreed to under ``name``."""
        if self._hashes.pop(name, None) is not None:
            self._save()

    def _save(self) -> None:
        try:
            write_json(self._path, self._hashes)
        except OSError as error:
            _log.warning("the approval of an MCP server is not kept: %s", error)
