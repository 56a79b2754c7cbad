"""What is said about files: why one is refused, and what of it is left out. Follows the language."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from desktop_app.chat.importing import ImportProblem, LeftOut
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP

_PROBLEMS: Final[Mapping[ImportProblem, str]] = MappingProxyType(
    {
        ImportProblem.UNREADABLE: QT_TRANSLATE_NOOP("Import", "This file cannot be read."),
        ImportProblem.EMPTY: QT_TRANSLATE_NOOP("Import", "This file is empty."),
        ImportProblem.TOO_LARGE: QT_TRANSLATE_NOOP(
            "Import", "This file is too large: at most 200 MB of text are read, and 64 MB for one "
            "conversation."
        ),
        ImportProblem.BOMB: QT_TRANSLATE_NOOP(
            "Import", "This archive would unpack to far more than it is; it is not opened."
        ),
        ImportProblem.BAD_ZIP: QT_TRANSLATE_NOOP(
            "Import", "This archive is damaged or incomplete. Download it again."
        ),
        ImportProblem.ENCRYPTED: QT_TRANSLATE_NOOP(
            "Import", "This archive is protected by a password. Unpack it first."
        ),
        ImportProblem.BAD_ENCODING: QT_TRANSLATE_NOOP(
            "Import", "The text in this file is not in UTF-8."
        ),
        ImportProblem.NOT_JSON: QT_TRANSLATE_NOOP(
            "Import", "This file is no JSON, or it is incomplete."
        ),
        ImportProblem.TOO_DEEP: QT_TRANSLATE_NOOP(
            "Import", "What is in this file is nested too deeply to be conversations."
        ),
        ImportProblem.WEB_PAGE: QT_TRANSLATE_NOOP(
            "Import", "This is a web page, not an export. Perhaps the download needed a login."
        ),
        ImportProblem.DATABASE: QT_TRANSLATE_NOOP(
            "Import", "This is a database. Foreign databases are not opened; export the "
            "conversations from the program that made it."
        ),
        ImportProblem.UNKNOWN: QT_TRANSLATE_NOOP(
            "Import", "No known export is in this file. Exports of Interleave, ChatGPT, Claude, "
            "Cherry Studio and Open WebUI can be read."
        ),
        ImportProblem.RAW_BACKUP: QT_TRANSLATE_NOOP(
            "Import", "This backup holds the files of a browser’s database, which only the program "
            "that made it can read. Make a backup there that holds a data.json."
        ),
        ImportProblem.NEWER: QT_TRANSLATE_NOOP(
            "Import", "This file was exported by a newer version of Interleave. Update this one to "
            "read it."
        ),
        ImportProblem.DAMAGED: QT_TRANSLATE_NOOP(
            "Import", "This file of Interleave is damaged; nothing of it was taken."
        ),
        ImportProblem.NOTHING: QT_TRANSLATE_NOOP("Import", "There is no conversation in this file."),
        ImportProblem.TOO_LONG: QT_TRANSLATE_NOOP(
            "Import", "Reading this file takes too long; it was given up."
        ),
    }
)  # fmt: skip

_LEFT_OUT: Final[Mapping[LeftOut, str]] = MappingProxyType(
    {
        LeftOut.PICTURES: QT_TRANSLATE_NOOP("Import", "Images, of which a note stays: {count}"),
        LeftOut.FILES: QT_TRANSLATE_NOOP("Import", "Attached files, of which the name stays: {count}"),
        LeftOut.HIDDEN: QT_TRANSLATE_NOOP("Import", "Messages that were hidden there: {count}"),
        LeftOut.UNKNOWN_PARTS: QT_TRANSLATE_NOOP("Import", "Parts of an unknown kind: {count}"),
        LeftOut.DAMAGED: QT_TRANSLATE_NOOP("Import", "Parts that are missing in the file: {count}"),
        LeftOut.EMPTY: QT_TRANSLATE_NOOP("Import", "Conversations without a message: {count}"),
    }
)  # fmt: skip


def problem_sentence(problem: ImportProblem) -> str:
    """Return why a file is refused."""
    return QCoreApplication.translate("Import", _PROBLEMS[problem])


def left_out_lines(left_out: Mapping[LeftOut, int]) -> list[str]:
    """Return what is left out, a kind a line."""
    return [
        filled(QCoreApplication.translate("Import", _LEFT_OUT[kind]), count=count)
        for kind, count in left_out.items()
    ]


def filled(text: str, **values: int | str) -> str:
    """Return ``text``, which was translated, with its placeholders filled; numbers as they are written."""
    for name, value in values.items():
        shown = QLocale().toString(value) if isinstance(value, int) else value
        text = text.replace(f"{{{name}}}", shown)
    return text


def date_text(seconds: float) -> str:
    """Return a moment as the person writes it."""
    moment = QDateTime.fromSecsSinceEpoch(int(seconds))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)
