"""What a person saw before a change, so that nothing else is changed than what was seen."""

import hashlib
import json
from collections import OrderedDict
from typing import Final

from desktop_app.chat.tool_ports import ToolError
from desktop_app.domain.message import Json

_MOST: Final = 200

ABSENT: Final = "absent"
"""State of a file that is not there."""


class PreviewMemory:
    """Remembers, for each change that was shown, the state of the file that it was shown against.

    Shown again, the same change counts as it was shown last.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, str] = OrderedDict()

    def remember(self, arguments: Json, state: str) -> None:
        """Note that the change by ``arguments`` was shown to a file in ``state``."""
        key = _key(arguments)
        self._seen[key] = state
        self._seen.move_to_end(key)
        while len(self._seen) > _MOST:
            self._seen.popitem(last=False)

    def check(self, arguments: Json, state: str) -> None:
        """Refuse a change to something else than what was shown; what was not shown passes.

        Raises:
            ToolError: When the file is in another state now.
        """
        if self._seen.get(_key(arguments), state) != state:
            raise ToolError(
                "The file changed after the change was shown. Read it again, then propose the "
                "change anew."
            )

    def forget(self, arguments: Json) -> None:
        """Forget what was shown of the change: it was made, or refused."""
        self._seen.pop(_key(arguments), None)


def state_of(content: bytes | None) -> str:
    """Return what tells one content of a file from another; ``None`` is a file that is not there."""
    return ABSENT if content is None else hashlib.sha256(content).hexdigest()


def _key(arguments: Json) -> str:
    text = json.dumps(arguments, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
