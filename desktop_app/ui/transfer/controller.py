"""Ties the window to the files: what is exported where, what is imported, and what is said of it."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_app.chat.exporting import ExportFormat, ExportOptions, ThinkingForm
from desktop_app.chat.ports import Imported, StoreError
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tasks import TaskScope
from desktop_app.settings.table import EXPORT_THINKING
from desktop_app.ui import error_text
from desktop_app.ui.banner import Banners
from desktop_app.ui.conversation_list.sidebar import Sidebar
from desktop_app.ui.toast import Toast
from desktop_app.ui.transfer.data_block import TransferBlock
from desktop_app.ui.transfer.texts import date_text, filled
from desktop_app.ui.window_parts import WindowParts
from desktop_app.ui.wire_view.plain_wire import visible

# The dialogs are loaded when they are first wanted: the window paints sooner without them.
if TYPE_CHECKING:
    from desktop_app.ui.transfer.export_target import ExportTarget
    from desktop_app.ui.transfer.import_dialog import ImportDialog


class Transfer(QObject):
    """Exports and imports for one window, dropped files included.

    Args:
        parts: What there is to work with.
        window: Stands behind every dialog.
        sidebar: Asks for the export of a conversation in it.
        toast: Says what was done.
        banners: Say what could not be done.
        shown: Gives the conversation that is open.

    Signals:
        shown_is_gone(): The conversation that is open was imported, and that was undone.
    """

    shown_is_gone = Signal()

    def __init__(
        self,
        parts: WindowParts,
        window: QWidget,
        sidebar: Sidebar,
        toast: Toast,
        banners: Banners,
        shown: Callable[[], ChatSession | None],
    ) -> None:
        super().__init__(window)
        self._parts, self._window = parts, window
        self._toast, self._banners = toast, banners
        self._shown = shown
        self._scope = TaskScope()
        self.target: ExportTarget | None = None
        self.dialog: ImportDialog | None = None
        sidebar.export_requested.connect(self.export)
        window.setAcceptDrops(True)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what the window's actions do."""

        def export_shown() -> None:
            session = self._shown()
            if session is not None and session.messages:
                self.export([session.conversation.id])

        return {"export": export_shown, "export_all": self.export_all, "import": self.choose_file}

    def settings_block(self) -> TransferBlock:
        """Return the part of the settings that leads here."""
        block = TransferBlock()
        block.import_requested.connect(self.choose_file)
        block.export_requested.connect(self.export_all)
        return block

    async def aclose(self) -> None:
        """End what still runs."""
        if self.dialog is not None:
            await self.dialog.aclose()
        await self._scope.close()

    def enter(self, event: QDragEnterEvent) -> None:
        """A drag has come over the window: say whether it could be dropped."""
        if _dropped_file(event) is not None:
            event.acceptProposedAction()

    def drop(self, event: QDropEvent) -> None:
        """Take a file that is dropped on the window."""
        path = _dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.import_file(path)

    # Export

    def export_all(self) -> None:
        """Export every conversation of the list and of the archive."""
        library = self._parts.library
        self.export([item.id for item in (*library.conversations, *library.archived)])

    def export(self, conversation_ids: Sequence[str]) -> None:
        """Ask where to, and write the conversations there."""
        found = [c for c in map(self._parts.library.find, conversation_ids) if c is not None]
        titles = {c.id: c.title for c in found}
        known = list(titles)
        if not known:
            said = QCoreApplication.translate("Export", "There is no conversation to export yet.")
            self._toast.say(said)
            return
        from desktop_app.ui.transfer.export_target import ExportTarget
        from desktop_app.ui.transfer.pdf import PDF

        several = len(known) > 1
        conversations = QCoreApplication.translate("Export", "Conversations")
        self.target = ExportTarget(
            (*self._parts.export_formats(), PDF),
            conversations if several else titles[known[0]],
            lambda path, form, replace: self._start(known, path, form, replace=replace),
            self._window,
            several=several,
        )
        self.target.destroyed.connect(self._on_target_gone)
        self.target.open()

    def _start(
        self, conversation_ids: Sequence[str], path: Path, form: ExportFormat, *, replace: bool
    ) -> None:
        self._scope.start(self.write(conversation_ids, path, form, replace=replace), "export")

    async def write(
        self, conversation_ids: Sequence[str], path: Path, form: ExportFormat, *, replace: bool
    ) -> None:
        """Write conversations to ``path``, and say what came of it."""
        from desktop_app.ui.transfer.progress import ExportProgress

        task = asyncio.current_task()

        def cancel() -> None:
            if task is not None:
                task.cancel()

        progress = ExportProgress(len(conversation_ids), cancel, self._window)
        try:
            await self._parts.exporting.write(
                path, form, conversation_ids, self._options(), progress.show_done, replace=replace
            )
        except FileExistsError:
            self._refuse(QCoreApplication.translate("Export", "a file of this name is there now"))
        except (OSError, StoreError) as error:
            self._refuse(getattr(error, "strerror", None) or str(error))
        else:
            self._banners.remove("export")
            self._toast.say(
                filled(
                    QCoreApplication.translate("Export", "Exported to {name}"),
                    name=visible(path.name),
                )
            )
        finally:
            progress.end()

    def _options(self) -> ExportOptions:
        # Asked here and now: the file is written on another thread.
        return ExportOptions(
            thinking=ThinkingForm(self._parts.settings.text(EXPORT_THINKING)),
            translate=lambda text: QCoreApplication.translate("Export", text),
            date=date_text,
            error=lambda record: f"{error_text.sentence(record)} {error_text.advice(record)}",
            language=QLocale().bcp47Name(),
        )

    def _refuse(self, reason: str) -> None:
        said = filled(
            QCoreApplication.translate("Export", "Not exported: {reason}"), reason=visible(reason)
        )
        self._banners.show_notice("export", said)

    def _on_target_gone(self) -> None:
        self.target = None

    # Import

    def choose_file(self) -> None:
        """Ask for a file and show what is in it."""
        title = QCoreApplication.translate("Import", "Import conversations")
        chooser = QFileDialog(self._window, title)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        exports = QCoreApplication.translate("Import", "Exports")
        every = QCoreApplication.translate("Import", "All files")
        chooser.setNameFilters([f"{exports} (*.json *.zip)", f"{every} (*)"])
        chooser.fileSelected.connect(lambda name: self.import_file(Path(name)))
        chooser.open()

    def import_file(self, path: Path) -> "ImportDialog | None":
        """Show what is in ``path`` and ask what of it is wanted; ``None`` while that is being done."""
        if self.dialog is not None:
            self.dialog.raise_()
            return None
        from desktop_app.ui.transfer.import_dialog import ImportDialog

        self.dialog = ImportDialog(self._parts.importing, path, self._on_imported, self._window)
        self.dialog.finished.connect(self._on_dialog_finished)
        self.dialog.open()
        self.dialog.begin()
        return self.dialog

    def _on_dialog_finished(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            self._scope.start(dialog.aclose(), "end an import")

    def _on_imported(self, imported: Imported) -> None:
        count = len(imported.conversation_ids)
        said = (
            QCoreApplication.translate("Import", "1 conversation imported")
            if count == 1
            else filled(
                QCoreApplication.translate("Import", "{count} conversations imported"), count=count
            )
        )
        undo = QCoreApplication.translate("Import", "Undo")
        self._toast.say(said, undo, lambda: self.undo(imported))

    def undo(self, imported: Imported) -> None:
        """Move what was imported to the trash."""
        self._scope.start(self._undo(imported), "undo an import")

    async def _undo(self, imported: Imported) -> None:
        try:
            await self._parts.importing.undo(imported)
        except StoreError as error:
            self._banners.show_notice("storage", str(error))
        else:
            session = self._shown()
            if session is not None and session.conversation.id in imported.conversation_ids:
                self.shown_is_gone.emit()
            self._toast.say(QCoreApplication.translate("Import", "Import undone"))


def _dropped_file(event: QDragEnterEvent | QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in {".json", ".zip"} else None
