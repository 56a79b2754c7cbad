"""The key of a connection, held so that nothing shows it by accident."""

from typing import Final

from desktop_app.domain.api_key import masked

_SHORTEST_SECRET: Final = 8
"""Shorter keys are placeholders for servers that want some, such as "x", "EMPTY" or "ollama":
blotting those out would garble what was said, and the bodies that are kept to be sent again."""


class Secret:
    """An API key that can be sent and blotted out, but neither printed nor pickled.

    Args:
        key: From :func:`desktop_app.domain.api_key.clean_key`; empty when there is none.
    """

    __slots__ = ("_key",)

    def __init__(self, key: str) -> None:
        self._key = key

    def __bool__(self) -> bool:
        return bool(self._key)

    def __repr__(self) -> str:
        return f"Secret({'set' if self._key else 'none'})"

    def __reduce__(self) -> tuple[type["Secret"], tuple[str]]:
        return Secret, ("",)

    def headers(self) -> dict[str, str]:
        """Return the header that carries the key, or none."""
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def blotted(self, text: str) -> str:
        """Return ``text`` with the key, should a server repeat it, reduced to its last characters."""
        if len(self._key) < _SHORTEST_SECRET:
            return text
        return text.replace(self._key, masked(self._key))
