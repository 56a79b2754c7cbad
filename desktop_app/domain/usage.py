"""How many tokens an answer took."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one request as the server reported them.

    ``completion`` includes ``reasoning``. A count that was not reported is ``None``: the server may
    leave ``reasoning`` at zero although the thinking is long, so zero is not a measurement of it.
    """

    prompt: int | None = None
    completion: int | None = None
    cached: int | None = None
    reasoning: int | None = None

    @property
    def total(self) -> int:
        """Tokens of the request and the answer together."""
        return (self.prompt or 0) + (self.completion or 0)
