"""The timeline of one turn in a view: kept true while the turn goes on, at the cost of what changed.

What streams into an open step goes straight into the view. Only where a step begins or ends, or a
call changes its state, are the steps made anew from the messages, and what differs is shown.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from desktop_app.domain.delta import Delta, TextDelta, ThinkingDelta, ToolCallDelta, ToolResultDelta
from desktop_app.domain.message import Message, Part, Role, Thought, ToolCall
from desktop_app.ui.conversation.tool_calls import AT_REST, Live
from desktop_app.ui.thinking.steps import Step, call_id, thought_id, turn_steps
from desktop_app.ui.transcript.view import BlockView

_TEXT: Final = "text"
"""Stands for the step that is open while the answer itself streams: there is none."""


class Timeline:
    """Shows the steps of a turn in ``view``."""

    def __init__(self, view: BlockView) -> None:
        self._view = view
        self._messages: list[Message] = []
        self._live = AT_REST
        self._steps: dict[str, Step] = {}
        self._open = ""
        self._positions: list[int] = []

    @property
    def view(self) -> BlockView:
        """Where it is shown."""
        return self._view

    @property
    def messages(self) -> Sequence[Message]:
        """The messages of the turn, as far as they are known here."""
        return self._messages

    @property
    def is_empty(self) -> bool:
        """Whether there is no step."""
        return not self._steps

    def show(self, messages: Iterable[Message], live: Live | None = None) -> None:
        """Show another turn, from its beginning, without what the person said.

        Its last message may still be streaming.
        """
        self._messages = [message for message in messages if message.role is not Role.USER]
        self._live = live or AT_REST
        steps = turn_steps(self._messages, self._live)
        self._steps = {step.entry.id: step for step in steps}
        self._view.set_entries([step.entry for step in steps])
        self._find_open()

    def add(self, message: Message) -> None:
        """Take a further message of the turn, or the newer form of one."""
        place = next((n for n, m in enumerate(self._messages) if m.id == message.id), None)
        if place is None:
            self._messages.append(message)
        else:
            self._messages[place] = message
        self._bring_up_to_date()
        self._find_open()

    def set_live(self, live: Live) -> None:
        """Take what is known only while the turn runs."""
        if live != self._live:
            self._live = live
            self._bring_up_to_date()

    def retranslate(self) -> None:
        """Say the same in another language."""
        self._bring_up_to_date()

    def grow(self, deltas: Sequence[Delta], so_far: Callable[[], Message]) -> None:
        """Take what arrived for the last message.

        Args:
            deltas: What arrived.
            so_far: Gives that message with all of it; costs time in proportion to its text.
        """
        for delta in deltas:
            step, text = self._place_of(delta)
            if step == self._open or step is None:
                if step and step != _TEXT:
                    self._view.append_text(step, text)
                continue
            came = [each.position for each in deltas if isinstance(each, ToolCallDelta)]
            positions = list(dict.fromkeys([*self._positions, *came]))
            # Everything that came with it is in that message already.
            self.add(so_far())
            self._positions = positions
            return

    def step_of(self, message_id: str, part: int) -> str:
        """Return the id of the step for a part of a message; empty for none."""
        return next(
            (
                key
                for key, step in self._steps.items()
                if (step.message_id, step.part) == (message_id, part)
            ),
            "",
        )

    def first_step_of(self, message_id: str) -> str:
        """Return the id of the first step of a message, or of the first after it; empty for none."""
        following = False
        for message in self._messages:
            following |= message.id == message_id
            if following:
                for key, step in self._steps.items():
                    if step.message_id == message.id:
                        return key
        return ""

    def first_call_of(self, message_id: str) -> str:
        """Return the id of the step for the first call of a message; empty for none."""
        step = call_id(message_id, 0)
        return step if step in self._steps else ""

    def message_of(self, step_id: str) -> str:
        """Return the id of the message that a step belongs to; empty for an unknown step."""
        step = self._steps.get(step_id)
        return step.message_id if step is not None else ""

    def part_of(self, step_id: str) -> Part | None:
        """Return the part of a message that a step shows; ``None`` for an unknown step."""
        step = self._steps.get(step_id)
        if step is None:
            return None
        message = next(m for m in self._messages if m.id == step.message_id)
        return message.parts[step.part]

    def _bring_up_to_date(self) -> None:
        """Make the steps anew, and show those that are new or differ."""
        made = {step.entry.id: step for step in turn_steps(self._messages, self._live)}
        for key in [key for key in self._steps if key not in made]:
            self._view.remove_entry(key)
        for place, (key, step) in enumerate(made.items()):
            shown = self._steps.get(key)
            if shown is None:
                self._view.insert(place, step.entry)
            elif shown.entry != step.entry:
                self._view.update_entry(step.entry)
        self._steps = made

    def _place_of(self, delta: Delta) -> tuple[str | None, str]:
        """Return the step a delta belongs to, ``None`` where it says nothing of steps, and its text."""
        message = self._messages[-1]
        match delta:
            case ThinkingDelta("") | TextDelta(""):
                return None, ""
            case ThinkingDelta(text):
                is_going_on = self._open.startswith(f"{message.id}/thought")
                return (self._open if is_going_on else "another thought"), text
            case TextDelta():
                return _TEXT, ""
            case ToolCallDelta(position=position, arguments=arguments):
                if position not in self._positions:
                    return "another call", ""
                # Calls may be written in turns: which of them is not a new step.
                self._open = call_id(message.id, self._positions.index(position))
                return self._open, arguments
            case ToolResultDelta():
                return "a result", ""
            case _:
                return None, ""

    def _find_open(self) -> None:
        """Say which step the next delta may go on with."""
        self._open, self._positions = "", []
        message = self._messages[-1] if self._messages else None
        if message is None or message.is_final or not message.parts:
            return
        # Positions are not kept in a message; services count them in the order of the calls.
        self._positions = list(range(len(message.tool_calls)))
        last = message.parts[-1]
        if isinstance(last, Thought):
            count = sum(isinstance(part, Thought) for part in message.parts)
            self._open = thought_id(message.id, count - 1)
        elif isinstance(last, ToolCall):
            self._open = call_id(message.id, len(message.tool_calls) - 1)
        elif message.role is Role.ASSISTANT:
            self._open = _TEXT
