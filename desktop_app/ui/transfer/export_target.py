"""Asks where to and in which format; opened, never executed."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.chat.exporting import ExportFormat, suffix_of, with_suffix
from desktop_app.chat.file_names import file_name
from desktop_app.ui.forms import confirm
from desktop_app.ui.transfer.texts import filled
from desktop_app.ui.wire_view.plain_wire import visible


class ExportTarget(QFileDialog):
    """The dialog in which a file is named; its filters are the formats.

    Args:
        forms: The formats, the first of them chosen.
        title: What is exported; gives the file its name.
        several: Whether it is more than one conversation.
        on_chosen: Called with the path, the format, and whether a file may be replaced.
        parent: The window in front of which it stands.
    """

    def __init__(
        self,
        forms: Sequence[ExportFormat],
        title: str,
        on_chosen: Callable[[Path, ExportFormat, bool], None],
        parent: QWidget,
        *,
        several: bool,
    ) -> None:
        super().__init__(parent, QCoreApplication.translate("Export", "Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # The name gets its suffix afterwards, so only this program knows whether that file exists.
        self.setOption(QFileDialog.Option.DontConfirmOverwrite)
        self.setDirectory(_folder())
        self._on_chosen, self._window = on_chosen, parent
        self._suffixes = {form.id: suffix_of(form, several=several) for form in forms}
        self._forms = {self._filter(form): form for form in forms}
        self.setNameFilters(list(self._forms))
        self.filterSelected.connect(self._on_filter)
        self.fileSelected.connect(self._on_selected)
        self.selectFile(file_name(title, self._suffixes[forms[0].id]))

    def _meant(self, name: str) -> ExportFormat:
        """Return the format whose suffix was typed, or else the one that was chosen."""
        forms = list(self._forms.values())
        chosen = self._forms.get(self.selectedNameFilter(), forms[0])
        typed = [f for f in forms if name.casefold().endswith(self._suffixes[f.id])]
        return chosen if chosen in typed or not typed else typed[0]

    def take(self, path: Path, form: ExportFormat) -> None:
        """Take ``path``, with the suffix it should have; ask first where there is such a file."""
        path = with_suffix(path, self._suffixes[form.id])
        if not path.exists():
            self._on_chosen(path, form, False)
            return
        confirm(
            self._window,
            filled(
                QCoreApplication.translate("Export", "“{name}” is already there. Replace it?"),
                name=visible(path.name),
            ),
            QCoreApplication.translate("Export", "What it holds now will be lost."),
            QCoreApplication.translate("Export", "Replace"),
            lambda: self._on_chosen(path, form, True),
        )

    def _filter(self, form: ExportFormat) -> str:
        label = QCoreApplication.translate("Export", form.label)
        suffix = self._suffixes[form.id]
        if suffix != form.suffix:
            label = filled(
                QCoreApplication.translate("Export", "{format}, a file each in an archive"),
                format=label,
            )
        return f"{label} (*{suffix})"

    def _on_filter(self, chosen: str) -> None:
        """Give the name that stands there the suffix of the format."""
        names = self.selectedFiles()
        if chosen not in self._forms or not names:
            return
        stem = _stem(Path(names[0]).name, self._suffixes.values())
        self.selectFile(stem + self._suffixes[self._forms[chosen].id])

    def _on_selected(self, name: str) -> None:
        self.take(Path(name), self._meant(name))


def _stem(name: str, suffixes: Iterable[str]) -> str:
    """Return ``name`` without its suffix, also where Qt has put another for the last part of it."""
    for suffix in sorted(suffixes, key=len, reverse=True):
        if name.endswith(suffix):
            name = name.removesuffix(suffix)
            break
    for suffix in suffixes:
        if first := suffix.rpartition(".")[0]:
            name = name.removesuffix(first)
    return name


def _folder() -> str:
    """Return where documents are, or else where the person is at home."""
    places = QStandardPaths.StandardLocation
    documents = QStandardPaths.writableLocation(places.DocumentsLocation)
    if Path(documents).is_dir():
        return documents
    return QStandardPaths.writableLocation(places.HomeLocation)
