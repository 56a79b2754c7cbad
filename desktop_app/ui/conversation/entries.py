"""Messages as entries of the transcript; the rounds of one answer read as one.

Pure functions: the same message always gives the same entries, streamed or reopened.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from desktop_app.chat.branches import Versions
from desktop_app.chat.error_actions import ErrorAction
from desktop_app.chat.error_text import actions as actions_for
from desktop_app.chat.error_text import details
from desktop_app.domain.message import ROUNDS_USED_UP, Message, MessageState, Role, Sending
from desktop_app.ui.conversation.lengths import time_text
from desktop_app.ui.conversation.tool_calls import AT_REST, Live, calls_line, standings
from desktop_app.ui.conversation.turns import ALONE_IN_TURN, Place, text_of_answer
from desktop_app.ui.conversation.usage_text import usage_line, usage_tip
from desktop_app.ui.error_text import action_label, advice, sentence
from desktop_app.ui.transcript.chrome import BACK, FORWARD
from desktop_app.ui.transcript.entry import Entry, EntryAction, EntryKind

COPY: Final = "copy"
CALLS: Final = "calls"
"""Leads to the calls of a round in the timeline."""
WIRE: Final = "wire"
REQUEST: Final = "request"
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
    message: Message,
    *,
    place: Place = ALONE_IN_TURN,
    versions: Versions = ALONE,
    live: Live = AT_REST,
) -> tuple[Entry, ...]:
    """Return what the transcript shows of ``message``: itself, and its failure below it.

    Of the rounds of one answer the first has the name and the last the buttons; a round that calls
    tools has a line about them, which leads to the timeline.

    Args:
        message: Any message.
        place: Where it stands in its answer, and whether it can be gone on with.
        versions: Where it, or the answer that it ends, stands among others in its place.
        live: What is known of its turn only while that runs.
    """
    if message.role is Role.TOOL:
        return ()
    if message.role is Role.USER:
        return (_own_entry(message, versions),)
    entries = []
    shows_answer = bool(message.text) or message.error is None
    if shows_answer:
        entries.append(_answer_entry(message, place, live))
    if message.error is not None:
        can_continue = message.can_continue or (place.is_last and live.can_continue)
        entries.append(_error_entry(message, is_last=place.is_last, can_continue=can_continue))
    if message.is_final and (place.ends or len(versions.ids) > 1):
        first = entries[0]
        entries[0] = replace(
            first,
            actions=(*_version_actions(versions), *first.actions),
            menu=(*_answer_menu(versions, is_last=place.is_last), *first.menu),
        )
    return tuple(entries)


def message_id_of(entry_id: str) -> str:
    """Return the id of the message that an entry of the transcript belongs to."""
    return entry_id.removesuffix(_ERROR_SUFFIX)


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
        note=" · ".join(filter(None, (_damage_note(message), _sending_note(message)))),
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
    sent = QCoreApplication.translate("Transcript", "What was sent for this…")
    return (*menu, EntryAction(REQUEST, sent), *_version_menu(versions))


def _answer_entry(message: Message, place: Place, live: Live) -> Entry:
    caption = " · ".join(filter(None, (time_text(message.created_at), message.model or "")))
    actions = []
    calls = standings(message, place.results, live)
    if calls:
        actions.append(EntryAction(CALLS, calls_line(calls)))
    is_over = message.is_final and place.ends and not (calls and live.is_running)
    if is_over:
        actions += _answer_actions(message, place, can_continue=live.can_continue)
    answer = place.answer or (message,)
    return Entry(
        id=message.id,
        kind=EntryKind.ASSISTANT,
        name="MiniMax",
        text=message.text,
        caption=caption,
        actions=tuple(actions),
        streaming=not message.is_final,
        note=_note(_ending(message, place.results), answer if is_over else ()),
        note_tip=usage_tip(answer) if is_over else "",
        menu=() if is_over or not message.is_final else (_wire_action(),),
        follows=place.follows,
    )


def _ending(message: Message, results: Message | None) -> Message:
    """Return ``message``, with the state of its tools where they were stopped or interrupted."""
    if results is None or results.state in (MessageState.COMPLETE, MessageState.STREAMING):
        return message
    return replace(message, state=results.state)


def _answer_actions(message: Message, place: Place, *, can_continue: bool) -> list[EntryAction]:
    """Return the buttons below the end of an answer."""
    actions = []
    if text_of_answer(place.answer or (message,)):
        actions.append(EntryAction(COPY, QCoreApplication.translate("Transcript", "Copy")))
    if message.error is not None:
        return actions
    if place.is_last and (message.can_continue or can_continue):
        label = QCoreApplication.translate("Transcript", "Continue")
        actions.append(EntryAction(CONTINUE, label))
    if place.is_last:
        label = QCoreApplication.translate("Transcript", "Retry")
        actions.append(EntryAction(RETRY, label))
    actions.append(_wire_action())
    return actions


def _error_entry(message: Message, *, is_last: bool, can_continue: bool) -> Entry:
    record = message.error
    if record is None:
        raise ValueError("a message without a failure has no error entry")
    wanted = list(actions_for(record)) if is_last else []
    if ErrorAction.RETRY in wanted and can_continue:
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


def _note(message: Message, answer: Sequence[Message]) -> str:
    """Return what is to be known of a message, and what its whole ``answer`` took at its end."""
    notes = []
    if message.state is MessageState.STOPPED:
        notes.append(
            QCoreApplication.translate("Transcript", "Stopped")
            if message.text or message.tool_calls
            else QCoreApplication.translate("Transcript", "Stopped before an answer came")
        )
    elif message.state is MessageState.INTERRUPTED:
        notes.append(
            QCoreApplication.translate(
                "Transcript", "Interrupted: the program ended while this was being written"
            )
        )
    if ROUNDS_USED_UP in message.notices:
        notes.append(
            QCoreApplication.translate(
                "Transcript", "All rounds were used: no more tools could be called"
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
    notes += [_damage_note(message), _sending_note(message)]
    notes.append(usage_line(answer))
    return " · ".join(filter(None, notes))


def _sending_note(message: Message) -> str:
    match message.sending:
        case Sending.PINNED:
            return QCoreApplication.translate("Transcript", "Pinned: always sent")
        case Sending.LEFT_OUT:
            return QCoreApplication.translate("Transcript", "Left out: not sent")
    return ""


def _damage_note(message: Message) -> str:
    if "checksum" not in message.notices:
        return ""
    return QCoreApplication.translate(
        "Transcript", "Damaged on the disk: this is not what was saved"
    )
