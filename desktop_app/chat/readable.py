"""A conversation as something to be read: who speaks, in which order, and with which parts. Pure.

The readable formats differ in how they write it, not in what they write.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from desktop_app.chat.exporting import ExportOptions, ThinkingForm
from desktop_app.domain.conversation_tree import ConversationTree
from desktop_app.domain.message import (
    Message,
    MessageState,
    Part,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.domain.text import one_line

if TYPE_CHECKING:
    from markdown_it.token import Token

_BOXES: Final = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}
_STATES: Final = {
    MessageState.STREAMING: "Interrupted",
    MessageState.STOPPED: "Stopped",
    MessageState.CUT_OFF: "Cut off",
    MessageState.INTERRUPTED: "Interrupted",
    MessageState.FAILED: "Failed",
}


class PieceKind(Enum):
    """How a piece is to be written."""

    TEXT = auto()
    """Markdown."""
    THINKING = auto()
    """Markdown, set apart."""
    TOOL = auto()
    """As it stands, in a fixed pitch, set apart."""
    NOTE = auto()
    """One plain sentence."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of what somebody said; ``title`` stands above one that is set apart."""

    kind: PieceKind
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What one speaker says at a time.

    Attributes:
        speaker: A name, in the person's language.
        caption: When, and which model.
        is_person: Whether it is the person.
        pieces: In their order.
    """

    speaker: str
    caption: str
    is_person: bool
    pieces: tuple[Piece, ...]


def title_of(tree: ConversationTree, options: ExportOptions) -> str:
    """Return the title in one line, or a word that stands for one."""
    return one_line(tree.conversation.title, 300) or options.translate("Conversation")


def subtitle_of(tree: ConversationTree, options: ExportOptions) -> str:
    """Return when it was last continued, and with which model."""
    conversation = tree.conversation
    when = options.date(conversation.updated_at) if conversation.updated_at else ""
    return " · ".join(filter(None, (when, one_line(conversation.model, 100))))


def sections(tree: ConversationTree, options: ExportOptions) -> Iterator[Section]:
    """Yield the shown branch, the instructions before it as a section of their own.

    An answer with tools is one section, however many messages it is made of.
    """
    if prompt := tree.conversation.parameters.system_prompt.strip():
        piece = Piece(PieceKind.TEXT, prompt)
        yield Section(options.translate("System prompt"), "", is_person=False, pieces=(piece,))
    for said in _turns(tree.branch):
        pieces = tuple(piece for message in said for piece in _pieces(message, options))
        if pieces:
            first = said[0]
            is_person = first.role is Role.USER
            model = "" if is_person else one_line(first.model or "", 100)
            when = options.date(first.created_at) if first.created_at else ""
            yield Section(
                speaker=options.translate("You" if is_person else "Assistant"),
                caption=" · ".join(filter(None, (when, model))),
                is_person=is_person,
                pieces=pieces,
            )


def _turns(branch: Sequence[Message]) -> Iterator[list[Message]]:
    """Yield each message of the person, and all that answers it together."""
    answer: list[Message] = []
    for message in branch:
        # Two answers in a row are no rounds of one unless tools stand between them.
        belongs = answer and Role.TOOL in {message.role, answer[-1].role}
        if message.role is not Role.USER and belongs:
            answer.append(message)
            continue
        if answer:
            yield answer
        answer = [message]
    if answer:
        yield answer


def _pieces(message: Message, options: ExportOptions) -> Iterator[Piece]:
    for part in message.parts:
        if (piece := _piece(part, options)) is not None and piece.text.strip():
            yield piece
        if isinstance(part, ToolResult) and part.images:
            note = f"{options.translate('Pictures')}: {len(part.images)}"
            yield Piece(PieceKind.NOTE, note)
    if message.error is not None:
        yield Piece(PieceKind.NOTE, f"{options.translate('Error')}: {options.error(message.error)}")
    elif (state := _STATES.get(message.state)) is not None:
        yield Piece(PieceKind.NOTE, options.translate(state))


def _piece(part: Part, options: ExportOptions) -> Piece | None:
    match part:
        case Text(text):
            return Piece(PieceKind.TEXT, text)
        case Thought(text, seconds):
            if options.thinking is ThinkingForm.NONE:
                return None
            title = options.translate("Thinking")
            title = title if seconds is None else f"{title} · {seconds:.1f} s"
            return Piece(PieceKind.THINKING, text, title)
        case ToolCall(_, name, arguments):
            title = f"{options.translate('Tool call')} {one_line(name)}"
            return Piece(PieceKind.TOOL, _pretty(arguments) or "{}", title)
        case ToolResult(_, name, text, is_error):
            kind = options.translate("Tool error" if is_error else "Tool result")
            lasted = "" if part.seconds is None else f" · {part.seconds:.1f} s"
            return Piece(PieceKind.TOOL, text, f"{kind} {one_line(name)}{lasted}")


def tick_boxes(tokens: Sequence["Token"]) -> None:
    """Let tasks in parsed Markdown (``- [x] done``) begin with a box instead of brackets."""
    for before, token in zip(tokens, tokens[2:], strict=False):
        if before.type != "list_item_open" or token.type != "inline" or not token.children:
            continue
        first = token.children[0]
        for brackets, box in _BOXES.items():
            if first.type == "text" and first.content.startswith(brackets):
                first.content = box + first.content.removeprefix(brackets)


def _pretty(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return arguments
