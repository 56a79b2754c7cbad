"""What a person has written and not sent: the text in the box, and messages that wait."""

from dataclasses import dataclass, field

from desktop_app.domain.ids import new_id


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that waits for the answer before it.

    Attributes:
        text: What the person wrote.
        id: The id that the message has once it is sent; so one that is stored already, because the
            program ended between the two, is never sent twice.
    """

    text: str
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is unsent in one conversation.

    Attributes:
        text: What stands in the box.
        queue: What waits, the first to be sent first.
        editing: The id of the message that is being edited; empty when none is.
        edited: What has become of its text.
    """

    text: str = ""
    queue: tuple[Queued, ...] = ()
    editing: str = ""
    edited: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return not (self.text or self.queue or self.editing)
