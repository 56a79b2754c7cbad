"""A conversation and the parameters that the person set for it."""

from dataclasses import dataclass, field

TEMPERATURE_RANGE = (0.0, 1.0)
"""The service takes temperatures above 0 and up to 1 (vendor's quickstart, "Important Notes")."""

DEFAULT_TEMPERATURE = 1.0
MAX_TOKENS_LIMIT = 1_000_000


class ParameterError(ValueError):
    """A parameter outside what the service takes; ``field`` names it."""

    def __init__(self, field_name: str, value: object, allowed: str) -> None:
        super().__init__(f"{field_name} must be {allowed}, not {value!r}")
        self.field = field_name


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the person set for a conversation; ``None`` and ``""`` mean not set, so not sent.

    Attributes:
        system_prompt: Instructions that stand before the first message.
        temperature: In (0, 1].
        top_p: In (0, 1].
        max_tokens: Most tokens of one answer, thinking included.

    Raises:
        ParameterError: When a value is out of its range.
    """

    system_prompt: str = ""
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None

    def __post_init__(self) -> None:
        for name in ("temperature", "top_p"):
            value = getattr(self, name)
            # The comparison is written so that a NaN fails it.
            if value is not None and not 0.0 < value <= 1.0:
                raise ParameterError(name, value, "above 0 and at most 1")
        if self.max_tokens is not None and not 1 <= self.max_tokens <= MAX_TOKENS_LIMIT:
            raise ParameterError("max_tokens", self.max_tokens, f"from 1 to {MAX_TOKENS_LIMIT}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation, without its messages.

    Attributes:
        id: Identifier.
        title: What the list shows; empty until there is a first message.
        created_at: Seconds since the Unix epoch, UTC.
        updated_at: When its last message was added.
        model: Name of the model its next answer is asked of.
        parameters: What is sent beside the messages.
        head: The last message of the branch that is shown; ``None`` while it is empty.
        named: Whether the person chose the title, which then no rule and no model replaces.
        pinned: Whether it stands above all others in the list.
        archived: Whether it stands in the archive instead of the list.
        folder: Name of the folder it stands in; empty for none.
        tags: The person's words for it, in the order they were given, none twice.
        deleted_at: When it went to the trash; told of what is in the trash, never saved.
    """

    id: str
    title: str = ""
    created_at: float = 0.0
    updated_at: float = 0.0
    model: str = ""
    parameters: Parameters = field(default_factory=Parameters)
    head: str | None = None
    named: bool = False
    pinned: bool = False
    archived: bool = False
    folder: str = ""
    tags: tuple[str, ...] = ()
    deleted_at: float | None = None
