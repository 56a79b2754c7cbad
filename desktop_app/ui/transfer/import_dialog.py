"""What a file holds and what of it is wanted: read, shown, chosen, stored; each can be ended."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from desktop_app.chat.importing import (
    Candidate,
    ImportBatch,
    ImportCancelledError,
    Importing,
    ImportRefusedError,
    Watch,
)
from desktop_app.chat.ports import Imported, StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import (
    muted_label,
    plain_label,
    primary_button,
    secondary_button,
    text_width,
)
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.transfer.choice_delegate import FACTS_ROLE, ChoiceDelegate
from desktop_app.ui.transfer.texts import date_text, filled, left_out_lines, problem_sentence
from desktop_app.ui.wire_view.plain_wire import visible

MOST_LISTED: Final = 300
"""Conversations that are offered one by one; of more, all that are new are taken."""
_REFRESH_MS: Final = 100


class ImportDialog(QDialog):
    """Reads ``path``, shows what is in it, and stores what is chosen.

    Args:
        importing: Reads and stores.
        path: The file.
        on_imported: Called with what was stored, even when the dialog was closed meanwhile.
        parent: The window in front of which it stands.
    """

    def __init__(
        self,
        importing: Importing,
        path: Path,
        on_imported: Callable[[Imported], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._importing, self._path, self._on_imported = importing, path, on_imported
        self._reading, self._storing = TaskScope(), TaskScope()
        self._watch = Watch()
        self._is_over = False
        self._candidates: tuple[Candidate, ...] = ()
        self._batch: ImportBatch | None = None
        self._name, self._summary, self._left_out = plain_label(), plain_label(), muted_label()
        self.notice = Notice()
        self.list = QListWidget()
        self.again = QCheckBox()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self.accept_button, self._cancel = primary_button(), secondary_button()
        self.accept_button.clicked.connect(self._on_accept)
        self._cancel.clicked.connect(self.reject)
        self.list.itemChanged.connect(self._count)
        self.again.toggled.connect(self._count)
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self._show_share)
        self._lay_out()
        wear_form_style(self)
        self._name.setText(visible(path.name))
        self._show_stage()
        self.finished.connect(self._on_finished)

    def begin(self) -> None:
        """Read the file; returns at once."""
        self._reading.start(self._read(), "read an import")

    async def aclose(self) -> None:
        """End what still runs; what is being stored is undone, or else was stored already."""
        self._watch.cancel()
        await self._reading.close()
        await self._storing.join()

    def chosen(self) -> list[Candidate]:
        """Return the conversations that are to be stored."""
        if self.list.count():
            states = (self.list.item(n).checkState() for n in range(self.list.count()))
            marked = zip(self._candidates, states, strict=True)
            return [candidate for candidate, state in marked if state is Qt.CheckState.Checked]
        return [c for c in self._candidates if self.again.isChecked() or not c.is_known]

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._show_stage()

    async def _read(self) -> None:
        self._timer.start()
        try:
            self._batch, self._candidates = await self._importing.preview(self._path, self._watch)
        except ImportRefusedError as refused:
            self._fail(problem_sentence(refused.problem), refused.detail)
        except ImportCancelledError:
            pass
        except StoreError as error:
            self._fail(str(error))
        # Closed meanwhile, the dialog is gone.
        if not self._is_over:
            self._timer.stop()
            self._fill()
            self._show_stage()
            (self.list if self.list.isVisible() else self.accept_button).setFocus()
            if self._batch is None:
                self.resize(self.width(), self.sizeHint().height())

    async def _store(self, chosen: list[Candidate]) -> None:
        self._timer.start()
        trees = [candidate.tree for candidate in chosen]
        try:
            imported = await self._importing.store(trees, self._watch)
        except ImportCancelledError:
            return
        except ImportRefusedError as refused:
            self._fail(problem_sentence(refused.problem))
        except StoreError as error:
            self._fail(str(error))
        else:
            if not self._is_over:
                self.accept()
            self._on_imported(imported)
            return
        if not self._is_over:
            self._timer.stop()
            self._show_stage()

    def _on_accept(self) -> None:
        chosen = self.chosen()
        self._watch = Watch()
        for widget in (self.list, self.again, self.accept_button):
            widget.setEnabled(False)
        self._bar.setValue(0)
        self._bar.show()
        self._storing.start(self._store(chosen), "store an import")

    def _on_finished(self) -> None:
        self._is_over = True
        self._timer.stop()
        self._watch.cancel()

    def _fail(self, sentence: str, details: str = "") -> None:
        self._batch, self._candidates = None, ()
        if self._is_over:
            return
        self.list.clear()
        self.notice.show_message(NoticeKind.ERROR, sentence, details=visible(details))

    def _fill(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        if len(self._candidates) <= MOST_LISTED:
            for candidate in self._candidates:
                item = QListWidgetItem(_title(candidate))
                item.setData(FACTS_ROLE, _facts(candidate))
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, _facts(candidate))
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                wanted = Qt.CheckState.Unchecked if candidate.is_known else Qt.CheckState.Checked
                item.setCheckState(wanted)
                self.list.addItem(item)
            self.list.setCurrentRow(0)
        self.list.blockSignals(False)

    def _show_share(self) -> None:
        self._bar.setValue(int(self._watch.share * 1000))

    def _show_stage(self) -> None:
        """Say what there is to say at this stage."""
        self.setWindowTitle(QCoreApplication.translate("Import", "Import conversations"))
        self.setAccessibleName(self.windowTitle())
        is_read, has_failed = self._batch is not None, not self.notice.isHidden()
        self._bar.setVisible(not is_read and not has_failed)
        self._bar.setAccessibleName(QCoreApplication.translate("Import", "Progress"))
        self._summary.setVisible(not has_failed)
        known = sum(candidate.is_known for candidate in self._candidates)
        self.list.setVisible(self.list.count() > 0)
        self.list.setAccessibleName(
            QCoreApplication.translate("Import", "Conversations in the file")
        )
        self.again.setVisible(is_read and not self.list.count() and known > 0)
        self.again.setText(
            filled(
                QCoreApplication.translate(
                    "Import", "Import the {count} that are here already again, as copies"
                ),
                count=known,
            )
        )
        self.accept_button.setVisible(not has_failed)
        close = QCoreApplication.translate("Import", "Close")
        cancel = QCoreApplication.translate("Import", "Cancel")
        self._cancel.setText(close if has_failed else cancel)
        lines = left_out_lines(self._batch.left_out) if self._batch else []
        heading = QCoreApplication.translate("Import", "Left out:")
        self._left_out.setText("\n".join([heading, *lines]) if lines else "")
        self._left_out.setVisible(bool(lines))
        self._summary.setText(self._summary_text(known))
        self._count()

    def _summary_text(self, known: int) -> str:
        if self._batch is None:
            return QCoreApplication.translate("Import", "Reading…")
        trees = self._batch.trees
        lines = [
            filled(
                QCoreApplication.translate(
                    "Import",
                    "{format} · conversations: {conversations} · messages: {messages} · "
                    "branches: {branches}",
                ),
                format=self._batch.format,
                conversations=len(trees),
                messages=sum(len(tree.messages) for tree in trees),
                branches=sum(tree.branch_count for tree in trees),
            )
        ]
        if known:
            lines.append(
                filled(QCoreApplication.translate("Import", "Here already: {count}"), count=known)
            )
        return "\n".join(lines)

    def _count(self) -> None:
        count = len(self.chosen())
        self.accept_button.setEnabled(count > 0)
        self.accept_button.setText(
            filled(QCoreApplication.translate("Import", "Import {count}"), count=count)
            if count
            else QCoreApplication.translate("Import", "Import")
        )

    def _lay_out(self) -> None:
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self.accept_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(10)
        for widget in (self._name, self._summary, self.notice, self._bar):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.again)
        layout.addWidget(self._left_out)
        layout.addStretch(0)
        layout.addLayout(buttons)
        self.list.setItemDelegate(ChoiceDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(120)
        self.setMinimumWidth(text_width(60))


def _title(candidate: Candidate) -> str:
    untitled = QCoreApplication.translate("Import", "Untitled")
    return visible(candidate.tree.conversation.title) or untitled


def _facts(candidate: Candidate) -> str:
    updated = candidate.tree.conversation.updated_at
    facts = [
        date_text(updated) if updated else "",
        filled(
            QCoreApplication.translate("Import", "Messages: {count}"),
            count=len(candidate.tree.messages),
        ),
        QCoreApplication.translate("Import", "here already") if candidate.is_known else "",
    ]
    return " · ".join(filter(None, facts))
