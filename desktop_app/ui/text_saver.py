"""Saves a text as a file of the person's choice; never over another file without a question."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.ui.forms import confirm
from desktop_app.ui.transcript.view import BlockView
from desktop_app.ui.whole_file import write_whole

_SHOWN_CHARACTERS: Final = 60


class TextSaver(QObject):
    """Asks where a text goes and writes it there.

    Args:
        parent: The window in front of which it asks.
        say: Shows the person a short word on how it went.
    """

    def __init__(self, parent: QWidget, say: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._window = parent
        self._say = say
        self._folder = ""
        self.dialog: QFileDialog | None = None

    def follow(self, views: Iterable[BlockView]) -> None:
        """Save the code that ``views`` are asked to save."""
        for view in views:
            view.code_save_requested.connect(self.ask)

    def ask(self, name: str, text: str) -> None:
        """Ask for a file for ``text``, with ``name`` as the suggestion."""
        dialog = QFileDialog(self._window, self.tr("Save the code"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # The question comes from `save`, which also sees a file that came in between.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setDirectory(self._folder or _documents())
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen), text))
        dialog.finished.connect(dialog.deleteLater)
        self.dialog = dialog
        dialog.open()

    def save(self, path: Path, text: str) -> None:
        """Write ``text`` to ``path``; asks first where there is such a file already."""
        self._folder = str(path.parent)
        whole = text if text.endswith("\n") else f"{text}\n"
        try:
            write_whole(path, whole, replace=False)
        except FileExistsError:
            question = self.tr("“{name}” is already there. Replace it?")
            confirm(
                self._window,
                question.replace("{name}", _shown(path.name)),
                self.tr("What it holds now will be lost."),
                self.tr("Replace"),
                lambda: self._replace(path, whole),
            )
        except OSError as error:
            self._say_refused(error)
        else:
            self._say_saved(path)

    def _replace(self, path: Path, text: str) -> None:
        try:
            write_whole(path, text, replace=True)
        except OSError as error:
            self._say_refused(error)
        else:
            self._say_saved(path)

    def _say_saved(self, path: Path) -> None:
        self._say(self.tr("Saved as {name}").replace("{name}", _shown(path.name)))

    def _say_refused(self, error: OSError) -> None:
        reason = _shown(error.strerror or str(error))
        self._say(self.tr("Not saved: {reason}").replace("{reason}", reason))


def _documents() -> str:
    place = QStandardPaths.StandardLocation.DocumentsLocation
    documents = QStandardPaths.writableLocation(place)
    return documents if Path(documents).is_dir() else str(Path.home())


def _shown(words: str) -> str:
    return words if len(words) <= _SHOWN_CHARACTERS else f"{words[:_SHOWN_CHARACTERS]}…"
