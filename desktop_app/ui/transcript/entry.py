"""What a block view shows, as values: entries and the actions painted under them.

Generic on purpose: the conversation and the thinking timeline are both lists of entries. Nothing
here knows sessions, storage or the wire.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class EntryKind(StrEnum):
    """What an entry is; decides its card, its type size and its place in the view."""

    USER = "user"
    ASSISTANT = "assistant"
    ERROR = "error"
    NOTICE = "notice"
    THOUGHT = "thought"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    FIELD = "field"
    """A part of a form: a name and a text that take the whole width."""

    @property
    def is_step(self) -> bool:
        """Whether it is a step of the thinking timeline (compact, with a dot and a line)."""
        return self in (EntryKind.THOUGHT, EntryKind.TOOL_CALL, EntryKind.TOOL_RESULT)


class Tone(StrEnum):
    """How a step stands, told by the colour of its dot beside the words."""

    PLAIN = "plain"
    BUSY = "busy"
    WAITING = "waiting"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture below a text: its `data:` address, empty where it cannot be shown, and words."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class EntryAction:
    """A small button in the entry's footer; `id` comes back with `action_activated`.

    Where there is a `glyph`, that is painted and the label is what a screen reader says. `lead` is
    painted before the button, and described with it. One that is not enabled is only seen.
    """

    id: str
    label: str
    primary: bool = False
    glyph: str = ""
    lead: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One message, error, notice or step.

    `name` and `caption` make the accessible name ("You, 14:03"); `text` is Markdown unless
    `markdown` is false; `details` is plain text behind a "Details" button; `note` is one muted
    line below the text, and `note_tip` what the mouse finds behind it. `menu` are actions that the
    context menu has beside its own.

    Text that is not Markdown is shown as code of the language `code`, where that is not None.
    `pictures` stand below it. `heading` is painted above the entry, as the first of a group;
    `tone` colours the dot of a step. One that `follows` goes on with the entry before it: its
    name is told, but not painted. One that is `foldable` can be folded to its name line.
    """

    id: str
    kind: EntryKind
    name: str
    text: str
    caption: str = ""
    actions: tuple[EntryAction, ...] = ()
    details: str = ""
    markdown: bool = True
    streaming: bool = False
    note: str = ""
    note_tip: str = ""
    menu: tuple[EntryAction, ...] = ()
    code: str | None = None
    pictures: tuple[Picture, ...] = ()
    heading: str = ""
    tone: Tone = Tone.PLAIN
    follows: bool = False
    foldable: bool = False

    @property
    def accessible_name(self) -> str:
        """What a screen reader calls the entry."""
        return ", ".join(filter(None, (self.name, self.caption, self.heading)))


class EntrySequence(Sequence[Entry]):
    """Entries that are made when they are asked for; it never changes."""

    @abstractmethod
    def ids(self) -> Sequence[str]:
        """The ids of all entries, without making them."""

    @abstractmethod
    def text_lengths(self) -> Sequence[int]:
        """About how many characters each entry's text has, without making it."""
