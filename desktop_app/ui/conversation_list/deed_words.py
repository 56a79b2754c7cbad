"""What is said of a deed that was done to conversations."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from desktop_app.chat.undo import Deed, DeedKind
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP

WORDS: Final[dict[DeedKind, tuple[str, str]]] = {
    DeedKind.DELETE: (
        QT_TRANSLATE_NOOP("Deeds", "Conversation deleted"),
        QT_TRANSLATE_NOOP("Deeds", "{count} conversations deleted"),
    ),
    DeedKind.VERSION: (
        QT_TRANSLATE_NOOP("Deeds", "Version deleted"),
        QT_TRANSLATE_NOOP("Deeds", "Version deleted"),
    ),
    DeedKind.RESTORE: (
        QT_TRANSLATE_NOOP("Deeds", "Conversation restored"),
        QT_TRANSLATE_NOOP("Deeds", "{count} conversations restored"),
    ),
    DeedKind.EMPTY: (
        QT_TRANSLATE_NOOP("Deeds", "Messages removed"),
        QT_TRANSLATE_NOOP("Deeds", "Messages removed"),
    ),
    DeedKind.DUPLICATE: (
        QT_TRANSLATE_NOOP("Deeds", "Conversation duplicated"),
        QT_TRANSLATE_NOOP("Deeds", "{count} conversations duplicated"),
    ),
    DeedKind.RENAME: (
        QT_TRANSLATE_NOOP("Deeds", "Conversation renamed"),
        QT_TRANSLATE_NOOP("Deeds", "{count} conversations renamed"),
    ),
    DeedKind.MOVE: (
        QT_TRANSLATE_NOOP("Deeds", "Conversation moved"),
        QT_TRANSLATE_NOOP("Deeds", "{count} conversations moved"),
    ),
    DeedKind.TAG: (
        QT_TRANSLATE_NOOP("Deeds", "Tags changed"),
        QT_TRANSLATE_NOOP("Deeds", "Tags of {count} conversations changed"),
    ),
    DeedKind.PIN: (
        QT_TRANSLATE_NOOP("Deeds", "Conversation pinned"),
        QT_TRANSLATE_NOOP("Deeds", "{count} conversations pinned"),
    ),
    DeedKind.UNPIN: (
        QT_TRANSLATE_NOOP("Deeds", "Conversation unpinned"),
        QT_TRANSLATE_NOOP("Deeds", "{count} conversations unpinned"),
    ),
    DeedKind.ARCHIVE: (
        QT_TRANSLATE_NOOP("Deeds", "Conversation archived"),
        QT_TRANSLATE_NOOP("Deeds", "{count} conversations archived"),
    ),
    DeedKind.UNARCHIVE: (
        QT_TRANSLATE_NOOP("Deeds", "Conversation taken out of the archive"),
        QT_TRANSLATE_NOOP("Deeds", "{count} conversations taken out of the archive"),
    ),
    DeedKind.SENDING: (
        QT_TRANSLATE_NOOP("Deeds", "What is sent was changed"),
        QT_TRANSLATE_NOOP("Deeds", "What is sent was changed"),
    ),
    DeedKind.SUMMARY: (
        QT_TRANSLATE_NOOP("Deeds", "Summary changed"),
        QT_TRANSLATE_NOOP("Deeds", "Summary changed"),
    ),
}


def done_words(deed: Deed) -> str:
    """Say that ``deed`` was done."""
    one, many = WORDS[deed.kind]
    text = QCoreApplication.translate("Deeds", one if len(deed.ids) == 1 else many)
    return text.replace("{count}", str(len(deed.ids)))


def undone_words(deed: Deed) -> str:
    """Say that ``deed`` was undone."""
    text = QCoreApplication.translate("Deeds", "Undone: {deed}")
    return text.replace("{deed}", done_words(deed))
