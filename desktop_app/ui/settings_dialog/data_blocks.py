"""The blocks of the page "Data": where everything is, and the backups with the way back to one."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.chat.ports import StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.chat.upkeep import BackedUp, Upkeep, UpkeepEvent
from desktop_app.domain.backup import Backup, BackupReason
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.ui.error_text import store_sentence
from desktop_app.ui.external_links import show_folder
from desktop_app.ui.forms import (
    Heading,
    confirm,
    line,
    link_button,
    muted_label,
    plain_label,
    secondary_button,
)
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.settings_dialog.card import Card

_SHOWN_AT_FIRST: Final = 6

_REASONS: Final = {
    BackupReason.AUTOMATIC: QT_TRANSLATE_NOOP("Backups", "Automatic"),
    BackupReason.MANUAL: QT_TRANSLATE_NOOP("Backups", "Made by you"),
    BackupReason.BEFORE_MIGRATION: QT_TRANSLATE_NOOP("Backups", "Before an update"),
    BackupReason.BEFORE_RESTORE: QT_TRANSLATE_NOOP("Backups", "Before a backup was restored"),
    BackupReason.BEFORE_IMPORT: QT_TRANSLATE_NOOP("Backups", "Before an import"),
    BackupReason.BEFORE_DELETION: QT_TRANSLATE_NOOP("Backups", "Before a deletion"),
}


class LocationBlock(Card):
    """The folder in which everything is."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._heading, self._place = Heading(1.05), muted_label()
        self._place.setText(str(folder))
        self._place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._show, self._notice = secondary_button(), Notice()
        self._show.clicked.connect(self._on_show)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._heading)
        words.addWidget(self._place)
        row = QHBoxLayout()
        row.addLayout(words, 1)
        row.addWidget(self._show, 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.addLayout(row)
        layout.addWidget(self._notice)
        self._retranslate()

    def _found_by(self) -> str:
        own = self.tr("location, folder, data")
        return f"location folder data\n{own}\n{self._folder}"

    def _on_show(self) -> None:
        if show_folder(self._folder):
            self._notice.clear()
        else:
            self._notice.show_message(
                NoticeKind.WARNING, self.tr("This system has no program that shows folders.")
            )

    def _retranslate(self) -> None:
        self._heading.setText(self.tr("Your conversations are here"))
        self._show.setText(self.tr("Show folder"))
        self._show.setAccessibleName(self.tr("Show folder"))


class BackupsBlock(Card):
    """The backups, newest first.

    Args:
        upkeep: Makes and restores them; ``None`` when nothing is stored in this run.
    """

    def __init__(self, upkeep: Upkeep | None) -> None:
        super().__init__()
        self._upkeep = upkeep
        self._tasks = TaskScope()
        self._backups: tuple[Backup, ...] = ()
        self._shows_all = False
        self._busy = False
        self._heading, self._help = Heading(1.05), muted_label()
        self._make, self._more = secondary_button(), link_button()
        self.notice = Notice(working_icon="retry")
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self._make.clicked.connect(self._on_make)
        self._more.clicked.connect(self._on_more)
        self._make.setVisible(upkeep is not None)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 4, 0, 0)
        buttons.addWidget(self._make)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self._help)
        layout.addLayout(buttons)
        layout.addWidget(self.notice)
        layout.addLayout(self._list)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._retranslate()

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self._tasks.close()

    def _found_by(self) -> str:
        own = self.tr("backups, copies, restore")
        return f"backups copies restore\n{own}"

    def _follow(self) -> Callable[[], None] | None:
        if self._upkeep is None:
            return None
        self._read()
        return self._upkeep.subscribe(self._on_upkeep)

    def _change_language(self) -> None:
        self.notice.clear()
        super()._change_language()

    # What the person does

    def _on_make(self) -> None:
        if self._upkeep is not None:
            self._begin(self._back_up(self._upkeep), self.tr("Making a backup and checking it …"))

    def _on_restore(self, backup: Backup) -> None:
        confirm(
            self,
            self.tr("Go back to the backup of {date}?").replace("{date}", _date(backup)),
            self.tr(
                "Answers that are on their way are stopped and saved. What is there now is backed up "
                "first, so that you can come back to it."
            ),
            self.tr("Restore"),
            lambda: self._restore(backup),
        )

    def _restore(self, backup: Backup) -> None:
        if self._upkeep is not None:
            self._begin(self._go_back(self._upkeep, backup), self.tr("Restoring the backup …"))

    def _on_more(self) -> None:
        self._shows_all = True
        self._show_backups()
        self.focusNextChild()

    # What comes of it

    def _begin(self, work: Coroutine[Any, Any, None], sentence: str) -> None:
        if self._busy:
            work.close()
            return
        self._set_busy(busy=True)
        self.notice.show_message(NoticeKind.WORKING, sentence)
        self._tasks.start(self._until_done(work), "backups")

    async def _until_done(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except StoreError as error:
            self.notice.show_message(NoticeKind.ERROR, store_sentence(error))
        finally:
            self._set_busy(busy=False)

    async def _back_up(self, upkeep: Upkeep) -> None:
        backup = await upkeep.back_up_now()
        if backup.is_damaged:
            sentence = self.tr(
                "The backup was made, but messages in it were damaged on the disk before."
            )
            self.notice.show_message(NoticeKind.WARNING, sentence)
        else:
            sentence = self.tr("The backup was made and checked.")
            self.notice.show_message(NoticeKind.SUCCESS, sentence)

    async def _go_back(self, upkeep: Upkeep, backup: Backup) -> None:
        before = await upkeep.restore(backup.name)
        self.notice.show_message(
            NoticeKind.SUCCESS,
            self.tr("The backup of {date} was restored.").replace("{date}", _date(backup)),
            self.tr("What was there before is a backup too."),
            action=(self.tr("Undo"), lambda: self._restore(before)),
        )
        self._read()

    def _on_upkeep(self, event: UpkeepEvent) -> None:
        if isinstance(event, BackedUp):
            self._read()

    def _read(self) -> None:
        if self._upkeep is not None:
            self._tasks.start(self._read_from(self._upkeep), "list of backups")

    async def _read_from(self, upkeep: Upkeep) -> None:
        try:
            self._backups = await upkeep.list_backups()
        except StoreError as error:
            self.notice.show_message(NoticeKind.ERROR, store_sentence(error))
        self._show_backups()

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self._make.setEnabled(not busy)
        for index in range(self._list.count()):
            item = self._list.itemAt(index)
            if item is not None and (row := item.widget()) is not None:
                row.setEnabled(not busy)

    def _show_backups(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        shown = self._backups if self._shows_all else self._backups[:_SHOWN_AT_FIRST]
        for backup in shown:
            self._list.addWidget(line())
            self._list.addWidget(self._row(backup))
        hidden = len(self._backups) - len(shown)
        self._more.setText(self.tr("Show {count} more").replace("{count}", str(hidden)))
        self._more.setVisible(hidden > 0)
        self._set_busy(busy=self._busy)

    def _row(self, backup: Backup) -> QWidget:
        date, facts, restore = plain_label(), muted_label(), link_button()
        date.setText(_date(backup))
        facts.setText(self._facts(backup))
        restore.setText(self.tr("Restore…"))
        name = self.tr("Restore the backup of {date}").replace("{date}", _date(backup))
        restore.setAccessibleName(name)
        restore.setVisible(backup.conversations is not None)
        restore.clicked.connect(lambda: self._on_restore(backup))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(date)
        words.addWidget(facts)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.addLayout(words, 1)
        layout.addWidget(restore)
        return row

    def _facts(self, backup: Backup) -> str:
        facts = [translated_reason(backup.reason)]
        if backup.conversations is None:
            facts.append(self.tr("cannot be read"))
        else:
            one = backup.conversations == 1
            text = self.tr("1 conversation") if one else self.tr("{count} conversations")
            facts.append(text.replace("{count}", QLocale().toString(backup.conversations)))
            facts.append(QLocale().formattedDataSize(backup.size, 1))
        if backup.is_damaged:
            facts.append(self.tr("has damaged messages"))
        return " · ".join(facts)

    def _retranslate(self) -> None:
        self._heading.setText(self.tr("Backups"))
        self._help.setText(
            self.tr(
                "Copies of all conversations, made by themselves: every half hour in which something "
                "changed, when you leave, and before anything that could go wrong. Each is checked. "
                "The last 12 are kept, then one a day for 7 days, one a week for 4 weeks and one a "
                "month for 6 months; keys are in none of them."
            )
            if self._upkeep is not None
            else self.tr("Nothing is saved in this run, so there is nothing to back up.")
        )
        self._make.setText(self.tr("Back up now"))
        self._make.setAccessibleName(self.tr("Back up now"))
        self._show_backups()


def translated_reason(reason: BackupReason) -> str:
    """Return why a backup was made, in the present language."""
    return QCoreApplication.translate("Backups", _REASONS[reason])


def _date(backup: Backup) -> str:
    moment = QDateTime.fromSecsSinceEpoch(backup.made_at)
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)
