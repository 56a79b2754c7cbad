"""What a session tells those who watch it. Plain values; the window turns them into Qt signals."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, TypeAlias

from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import Delta, TextDelta, ThinkingDelta, ToolCallDelta
from desktop_app.domain.errors import ErrorRecord
from desktop_app.domain.message import Message, MessageState
from desktop_app.domain.tool import Approval, ToolProgress


class Phase(StrEnum):
    """What a session is doing at this moment, as the status line says it."""

    READY = "ready"
    CONNECTING = "connecting"
    WAITING = "waiting"
    THINKING = "thinking"
    WRITING = "writing"
    RETRYING = "retrying"
    ASKING = "asking"
    """Waits for the person to allow or deny a call."""
    RUNNING_TOOL = "running_tool"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self not in {Phase.READY, Phase.STOPPED, Phase.FAILED}

    def with_deltas(self, deltas: Iterable[Delta]) -> "Phase":
        """Return what a session does once ``deltas`` have arrived."""
        phase = self
        for delta in deltas:
            if isinstance(delta, ThinkingDelta):
                phase = Phase.THINKING
            elif isinstance(delta, TextDelta | ToolCallDelta):
                phase = Phase.WRITING
        return phase

    @classmethod
    def after(cls, answer: Message) -> Self:
        """Return what a session does once ``answer`` has ended as it did."""
        match answer.state:
            case MessageState.STOPPED:
                return cls.STOPPED
            case MessageState.FAILED | MessageState.CUT_OFF:
                return cls.FAILED
            case _:
                return cls.READY


@dataclass(frozen=True, slots=True)
class Status:
    """A phase and when it began.

    Attributes:
        phase: What is being done.
        turn_started: Monotonic seconds at which the request was made; 0 when nothing runs.
        last_data: Monotonic seconds at which something last arrived; 0 before anything did.
        retry_due: Monotonic seconds at which the request is repeated; 0 when that is not planned.
        cause: Why it is repeated.
        tool: Name of the tool that runs; of several, the first that is not done.
        round: Which request of this turn is made, counted from 1; 0 when nothing runs.
        rounds: How many there may be.
    """

    phase: Phase = Phase.READY
    turn_started: float = 0.0
    last_data: float = 0.0
    retry_due: float = 0.0
    cause: ErrorRecord | None = None
    tool: str = ""
    round: int = 0
    rounds: int = 0


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """A message now stands at the end of the branch."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageRemoved:
    """A message left the branch that is shown; it is still stored."""

    message_id: str


@dataclass(frozen=True, slots=True)
class BranchShown:
    """Another branch is shown.

    Attributes:
        messages: All of it.
        kept: How many of them, from the first, were shown before too.
        replaced: The id of the message that stood after these until now; empty without one.
    """

    messages: tuple[Message, ...]
    kept: int
    replaced: str


@dataclass(frozen=True, slots=True)
class BranchDeleted:
    """A message with all below it was deleted; what is shown now was told before."""

    message_id: str


@dataclass(frozen=True, slots=True)
class BranchTrouble:
    """A branch could not be read, deleted or restored; all is as it was. ``detail`` says why."""

    detail: str


@dataclass(frozen=True, slots=True)
class DeltasArrived:
    """A streaming message grew."""

    message_id: str
    deltas: tuple[Delta, ...]


@dataclass(frozen=True, slots=True)
class MessageFinished:
    """A streaming message is final now."""

    message: Message


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """A call waits for the person's word."""

    approval: Approval


@dataclass(frozen=True, slots=True)
class ApprovalSettled:
    """A call waits no longer: it was allowed or denied, or the answer was stopped."""

    call_id: str


@dataclass(frozen=True, slots=True)
class ToolProgressed:
    """A running call says how far it has come."""

    call_id: str
    progress: ToolProgress


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The session does something else now."""

    status: Status


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """Title, model, parameters or the shown branch changed."""

    conversation: Conversation


@dataclass(frozen=True, slots=True)
class WishesChanged:
    """What is wanted of these messages in later requests is something else now."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class StorageTrouble:
    """What was said is on the screen but could not be stored; ``detail`` says why.

    An empty one says that all of it is stored by now.
    """

    detail: str


Event: TypeAlias = (
    MessageAdded
    | MessageRemoved
    | BranchShown
    | BranchDeleted
    | BranchTrouble
    | DeltasArrived
    | MessageFinished
    | ApprovalAsked
    | ApprovalSettled
    | ToolProgressed
    | StatusChanged
    | ConversationChanged
    | WishesChanged
    | StorageTrouble
)
