"""Custom endpoints: servers that a person runs or rents, named and kept in the settings file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.domain.connection import Connection, ConnectionSource, normalised_base_url


@dataclass(frozen=True, slots=True)
class CustomEndpoint:
    """One endpoint of the person's own.

    Attributes:
        id: Stable identifier; a new name does not change it, so the key stays found.
        name: What the person calls it.
        base_url: From :func:`desktop_app.domain.connection.normalised_base_url`.
        reasoning_split: Whether to send MiniMax's ``reasoning_split``; strict servers refuse it.
    """

    id: str
    name: str
    base_url: str
    reasoning_split: bool = False

    @property
    def connection(self) -> Connection:
        """This endpoint as something to talk to."""
        return Connection(
            id=self.id,
            name=self.name,
            base_url=self.base_url,
            source=ConnectionSource.CUSTOM,
            # Whoever asks for MiniMax's field speaks to MiniMax, directly or through a gateway.
            is_minimax=self.reasoning_split,
            reasoning_split=self.reasoning_split,
            needs_key=False,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the form that stands in the settings file."""
        return {
            "id": self.id,
            "name": self.name,
            "base_url": self.base_url,
            "reasoning_split": self.reasoning_split,
        }


def endpoint_from_json(value: object) -> CustomEndpoint:
    """Read one endpoint from the settings file.

    Raises:
        ValueError: When it is not one, or its address cannot be used.
    """
    if not isinstance(value, Mapping):
        raise ValueError("an endpoint is an object")
    identifier, name, base_url = (value.get(key) for key in ("id", "name", "base_url"))
    split = value.get("reasoning_split", False)
    if not (isinstance(identifier, str) and identifier and isinstance(name, str) and name.strip()):
        raise ValueError("an endpoint has an id and a name")
    if not isinstance(base_url, str) or not isinstance(split, bool):
        raise ValueError("an endpoint has an address, and reasoning_split is true or false")
    return CustomEndpoint(identifier, name.strip(), normalised_base_url(base_url), split)
