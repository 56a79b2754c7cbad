"""Messages as entries of the transcript, and their chain as steps of the thinking pane.

Pure functions: the same message always gives the same entries, streamed or reopened.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from desktop_app.chat.branches import Versions
from desktop_app.chat.error_actions import ErrorAction
from desktop_app.chat.error_text import actions as actions_for
from desktop_app.chat.error_text import details
from desktop_app.domain.message import (
    Message,
    MessageState,
    Role,
    Text,
    Thought,
    ToolCall,
    ToolResult,
)
from desktop_app.ui.conversation.usage_text import usage_line, usage_tip
from desktop_app.ui.error_text import action_label, advice, sentence
from desktop_app.ui.transcript.chrome import BACK, FORWARD
from desktop_app.ui.transcript.entry import Entry, EntryAction, EntryKind

COPY: Final = "copy"
WIRE: Final = "wire"
EDIT: Final = "edit"
COMPARE: Final = "compare"
PREVIOUS_VERSION: Final = "version-previous"
NEXT_VERSION: Final = "version-next"
DELETE_VERSION: Final = "version-delete"
CONTINUE: Final = ErrorAction.CONTINUE.value
COPY_REPORT: Final = ErrorAction.COPY_REPORT.value
RETRY: Final = ErrorAction.RETRY.value
OPEN_SETTINGS: Final = ErrorAction.OPEN_SETTINGS.value
ASK_OTHER_REGION: Final = ErrorAction.ASK_OTHER_REGION.value
OTHER_REGION: Final = ErrorAction.OTHER_REGION.value

_ERROR_SUFFIX: Final = ":error"

ALONE: Final = Versions(("",), 0)
"""The place of a message without siblings."""


def message_entries(
    message: Message, *, is_last: bool = True, versions: Versions = ALONE
) -> tuple[Entry, ...]:
    """Return what the transcript shows of ``message``: itself, and its failure below it.

    Args:
        message: Any message.
        is_last: Whether it ends the branch; only then can it be gone on with.
        versions: Where it stands among its siblings.
    """
    if message.role is Role.TOOL:
        return ()
    if message.role is Role.USER:
        return (_own_entry(message, versions),)
    entries = []
    shows_answer = bool(message.text) or message.error is None
    if shows_answer:
        entries.append(_answer_entry(message, is_last=is_last))
    if message.error is not None:
        entries.append(_error_entry(message, is_last=is_last))
    if message.is_final:
        first = entries[0]
        entries[0] = replace(
            first,
            actions=(*_version_actions(versions), *first.actions),
            menu=_answer_menu(versions, is_last=is_last),
        )
    return tuple(entries)


def message_id_of(entry_id: str) -> str:
    """Return the id of the message that an entry of the transcript belongs to."""
    return entry_id.removesuffix(_ERROR_SUFFIX)


def chain_entries(messages: Iterable[Message]) -> tuple[Entry, ...]:
    """Return the steps of a turn in the order in which they came."""
    return tuple(step for message in messages for step in _steps(message))


def thought_id(message_id: str, ordinal: int) -> str:
    """Return the id of the entry for the ``ordinal``-th thought of a message, counted from 0."""
    return f"{message_id}/thought{ordinal}"


def thought_entry(identifier: str, text: str, seconds: float | None) -> Entry:
    """Return the step for one thought; ``seconds`` is ``None`` while it is still going on."""
    return Entry(
        id=identifier,
        kind=EntryKind.THOUGHT,
        name=QCoreApplication.translate("Transcript", "Thought"),
        text=text,
        caption="" if seconds is None else duration(seconds),
        streaming=seconds is None,
    )


def duration(seconds: float) -> str:
    """Return a length of time as a person says it."""
    if seconds < 9.95:
        return f"{QLocale().toString(seconds, 'f', 1)} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _own_entry(message: Message, versions: Versions) -> Entry:
    if message.is_continuation:
        return Entry(
            id=message.id,
            kind=EntryKind.NOTICE,
            name=QCoreApplication.translate("Transcript", "You"),
            text=QCoreApplication.translate("Transcript", "Continued"),
            caption=time_text(message.created_at),
            actions=_version_actions(versions),
            markdown=False,
            menu=_version_menu(versions),
        )
    edit = EntryAction(EDIT, QCoreApplication.translate("Transcript", "Edit"))
    return Entry(
        id=message.id,
        kind=EntryKind.USER,
        name=QCoreApplication.translate("Transcript", "You"),
        text=message.text,
        caption=time_text(message.created_at),
        note=_damage_note(message),
        actions=(*_version_actions(versions), edit),
        menu=_version_menu(versions),
    )


def _version_actions(versions: Versions) -> tuple[EntryAction, ...]:
    """Return the way to the versions before and after, where there are several."""
    count = len(versions.ids)
    if count < 2:
        return ()
    number = QLocale().toString
    back = QCoreApplication.translate("Transcript", "Previous version")
    on = QCoreApplication.translate("Transcript", "Next version")
    return (
        EntryAction(PREVIOUS_VERSION, back, glyph=BACK, enabled=versions.previous is not None),
        EntryAction(
            NEXT_VERSION,
            on,
            glyph=FORWARD,
            lead=f"{number(versions.position + 1)} / {number(count)}",
            enabled=versions.next is not None,
        ),
    )


def _version_menu(versions: Versions) -> tuple[EntryAction, ...]:
    if len(versions.ids) < 2:
        return ()
    label = QCoreApplication.translate("Transcript", "Delete this version")
    return (EntryAction(DELETE_VERSION, label),)


def _answer_menu(versions: Versions, *, is_last: bool) -> tuple[EntryAction, ...]:
    menu = []
    if not is_last:
        menu.append(EntryAction(RETRY, QCoreApplication.translate("Transcript", "Retry")))
    if len(versions.ids) > 1:
        compare = QCoreApplication.translate("Transcript", "Compare versions…")
        menu.append(EntryAction(COMPARE, compare))
    return (*menu, *_version_menu(versions))


def _answer_entry(message: Message, *, is_last: bool) -> Entry:
    caption = " · ".join(filter(None, (time_text(message.created_at), message.model or "")))
    actions = []
    if message.is_final and message.text:
        actions.append(EntryAction(COPY, QCoreApplication.translate("Transcript", "Copy")))
    if is_last and message.error is None and message.can_continue:
        label = QCoreApplication.translate("Transcript", "Continue")
        actions.append(EntryAction(CONTINUE, label))
    if message.is_final and is_last and message.error is None:
        label = QCoreApplication.translate("Transcript", "Retry")
        actions.append(EntryAction(RETRY, label))
    if message.is_final and message.error is None:
        actions.append(_wire_action())
    return Entry(
        id=message.id,
        kind=EntryKind.ASSISTANT,
        name="MiniMax",
        text=message.text,
        caption=caption,
        actions=tuple(actions),
        streaming=not message.is_final,
        note=_note(message),
        note_tip=usage_tip(message),
    )


def _error_entry(message: Message, *, is_last: bool) -> Entry:
    record = message.error
    if record is None:
        raise ValueError("a message without a failure has no error entry")
    wanted = list(actions_for(record)) if is_last else []
    if ErrorAction.RETRY in wanted and message.can_continue:
        wanted.insert(wanted.index(ErrorAction.RETRY), ErrorAction.CONTINUE)
    actions = [
        EntryAction(action.value, action_label(action), primary=position == 0)
        for position, action in enumerate((*wanted, ErrorAction.COPY_REPORT))
    ]
    actions.insert(-1, _wire_action())
    return Entry(
        id=message.id + _ERROR_SUFFIX,
        kind=EntryKind.ERROR,
        name=QCoreApplication.translate("Transcript", "Error"),
        text=f"{sentence(record)}\n{advice(record)}",
        caption=time_text(message.created_at),
        actions=tuple(actions),
        details=details(record),
        markdown=False,
    )


def _wire_action() -> EntryAction:
    return EntryAction(WIRE, QCoreApplication.translate("Transcript", "Wire"))


def _note(message: Message) -> str:
    notes = []
    if message.state is MessageState.STOPPED:
        notes.append(
            QCoreApplication.translate("Transcript", "Stopped")
            if message.text
            else QCoreApplication.translate("Transcript", "Stopped before an answer came")
        )
    elif message.state is MessageState.INTERRUPTED:
        notes.append(
            QCoreApplication.translate(
                "Transcript", "Interrupted: the program ended while this was being written"
            )
        )
    if "output_sensitive" in message.notices:
        notes.append(
            QCoreApplication.translate("Transcript", "The service marked this answer as sensitive")
        )
    if "input_sensitive" in message.notices:
        notes.append(
            QCoreApplication.translate("Transcript", "The service marked the request as sensitive")
        )
    notes.append(_damage_note(message))
    notes.append(usage_line(message))
    return " · ".join(filter(None, notes))


def _damage_note(message: Message) -> str:
    if "checksum" not in message.notices:
        return ""
    return QCoreApplication.translate(
        "Transcript", "Damaged on the disk: this is not what was saved"
    )


def _steps(message: Message) -> Iterable[Entry]:
    thoughts = 0
    for position, part in enumerate(message.parts):
        match part:
            case Thought(text, seconds):
                is_open = not message.is_final and position == len(message.parts) - 1
                identifier = thought_id(message.id, thoughts)
                yield thought_entry(identifier, text, None if is_open else seconds or 0.0)
                thoughts += 1
            case ToolCall(call_id, name, arguments):
                label = QCoreApplication.translate("Transcript", "Tool call {name}")
                yield Entry(
                    id=f"{message.id}/call/{call_id}",
                    kind=EntryKind.TOOL_CALL,
                    name=label.replace("{name}", name),
                    text=arguments,
                    markdown=False,
                )
            case ToolResult(call_id, name, text, _):
                label = QCoreApplication.translate("Transcript", "Tool result {name}")
                yield Entry(
                    id=f"{message.id}/result/{call_id}",
                    kind=EntryKind.TOOL_RESULT,
                    name=label.replace("{name}", name),
                    text=text,
                    markdown=False,
                )
            case Text():
                pass


def time_text(seconds: float) -> str:
    """Return a moment as a person says it: the time alone where it was today."""
    if not seconds:
        return ""
    moment = QDateTime.fromSecsSinceEpoch(int(seconds))
    locale = QLocale()
    if moment.date() == QDateTime.currentDateTime().date():
        return locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    return locale.toString(moment, QLocale.FormatType.ShortFormat)
