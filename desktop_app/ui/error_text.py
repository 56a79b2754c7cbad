"""The sentences of failures in the language of the window."""

from PySide6.QtCore import QCoreApplication

from desktop_app.chat.error_actions import ErrorAction
from desktop_app.chat.error_text import ERROR_TEXTS, UNKNOWN_HOST, advices, fill
from desktop_app.domain.errors import ErrorRecord
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP

_ACTION_LABELS = {
    ErrorAction.CONTINUE: QT_TRANSLATE_NOOP("Errors", "Continue"),
    ErrorAction.RETRY: QT_TRANSLATE_NOOP("Errors", "Retry"),
    ErrorAction.OPEN_SETTINGS: QT_TRANSLATE_NOOP("Errors", "Open settings"),
    ErrorAction.ASK_OTHER_REGION: QT_TRANSLATE_NOOP("Errors", "Ask the other region"),
    ErrorAction.OTHER_REGION: QT_TRANSLATE_NOOP("Errors", "Switch region"),
    ErrorAction.COPY_REPORT: QT_TRANSLATE_NOOP("Errors", "Copy report"),
}


def _translated(text: str) -> str:
    return QCoreApplication.translate("Errors", text)


def sentence(record: ErrorRecord) -> str:
    """Return what happened, in one plain sentence."""
    template = _translated(ERROR_TEXTS[record.kind].sentence)
    return fill(template, record, _translated(UNKNOWN_HOST))


def store_sentence(refusal: Exception | str) -> str:
    """Return why something could not be stored or read, in one plain sentence."""
    return QCoreApplication.translate("Storage", str(refusal)) if str(refusal) else ""


def advice(record: ErrorRecord) -> str:
    """Return what to do about it."""
    host = _translated(UNKNOWN_HOST)
    return " ".join(fill(_translated(template), record, host) for template in advices(record))


def action_label(action: ErrorAction) -> str:
    """Return what the button of an action says."""
    return _translated(_ACTION_LABELS[action])
