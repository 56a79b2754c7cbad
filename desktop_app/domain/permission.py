"""A person's standing word that a tool may be called."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """A tool, in the form it had then, may be called in one conversation without asking.

    Attributes:
        conversation: Id of the conversation.
        source: Who offers the tool.
        tool: What the source calls it.
        fingerprint: Of the tool as it was, see :attr:`desktop_app.domain.tool.Tool.fingerprint`.
        given_at: Seconds since the Unix epoch, UTC.
    """

    conversation: str
    source: str
    tool: str
    fingerprint: str
    given_at: float

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one permission for."""
        return self.conversation, self.source, self.tool
