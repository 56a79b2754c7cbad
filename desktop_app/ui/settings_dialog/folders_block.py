"""The folders that tools may use: a list, a way to add one, and a way to take one away again."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.settings.builtin_settings import GRANTED_FOLDERS, folders_in
from desktop_app.settings.store import SettingsStore
from desktop_app.ui.forms import Heading, confirm, muted_label, secondary_button
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.settings_dialog.card import Card
from desktop_app.ui.settings_dialog.card_list import CardList, CardRow
from desktop_app.ui.settings_dialog.editors import translated

_SEARCHED: Final = QT_TRANSLATE_NOOP("Settings", "folders, files, permissions, tools")


class FoldersBlock(Card):
    """Edits :data:`GRANTED_FOLDERS`; a change is applied at once.

    Args:
        store: Keeps them.
    """

    def __init__(self, store: SettingsStore) -> None:
        super().__init__()
        self._store = store
        self._heading, self._help, self._none = Heading(1.05), muted_label(), muted_label()
        self._add = secondary_button()
        self._list = CardList()
        self.notice = Notice()
        self._add.clicked.connect(self._on_add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(8)
        for widget in (self._heading, self._help, self._none, self._list, self.notice):
            layout.addWidget(widget)
        layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self._retranslate()

    def grant(self, folder: str) -> None:
        """Let tools use ``folder``; one that holds all of the person's files is asked about first."""
        real = os.path.realpath(folder)
        if not Path(real).is_dir():
            self._warn(self.tr("That is no folder."))
        elif not real.isprintable():
            self._warn(self.tr("The name of this folder has characters in it that cannot be kept."))
        elif any(Path(real).is_relative_to(known) for known in self._folders):
            self._warn(self.tr("Tools may use this folder already."))
        elif _holds_everything(Path(real)):
            self._ask(real)
        else:
            self._take(real)

    def _found_by(self) -> str:
        texts = (GRANTED_FOLDERS.key, GRANTED_FOLDERS.label, GRANTED_FOLDERS.help, _SEARCHED)
        return "\n".join((*texts, *map(translated, texts), *self._folders))

    def _follow(self) -> Callable[[], None]:
        self._refresh()
        return self._store.subscribe(self._on_setting_changed)

    def _change_language(self) -> None:
        self.notice.clear()
        super()._change_language()

    @property
    def _folders(self) -> tuple[str, ...]:
        return folders_in(self._store.text(GRANTED_FOLDERS))

    def _on_add(self) -> None:
        places = QStandardPaths.StandardLocation
        chooser = QFileDialog(self, self.tr("A folder that tools may use"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setDirectory(QStandardPaths.writableLocation(places.DocumentsLocation))
        chooser.fileSelected.connect(self.grant)
        chooser.open()

    def _ask(self, folder: str) -> None:
        confirm(
            self,
            self.tr("Let tools use all of {folder}?").replace("{folder}", folder),
            self.tr(
                "This holds nearly everything of yours. What a tool reads goes to the model, and so "
                "to its service. A smaller folder does for most tasks."
            ),
            self.tr("Use all of it"),
            lambda: self._take(folder),
        )

    def _take(self, folder: str) -> None:
        # What lies inside the new one needs no place of its own.
        kept = [known for known in self._folders if not Path(known).is_relative_to(folder)]
        self._set((*kept, folder))

    def _remove(self, folder: str) -> None:
        self._set(tuple(known for known in self._folders if known != folder))
        # The button that had the focus is gone now.
        self._add.setFocus()

    def _set(self, folders: tuple[str, ...]) -> None:
        self.notice.clear()
        self._store.set(GRANTED_FOLDERS, "\n".join(folders))
        self._refresh()

    def _warn(self, sentence: str) -> None:
        self.notice.show_message(NoticeKind.WARNING, sentence)

    def _on_setting_changed(self, key: str) -> None:
        if key == GRANTED_FOLDERS.key:
            self._refresh()

    def _refresh(self) -> None:
        self._list.show_rows([self._row(folder) for folder in self._folders])
        self._none.setVisible(not self._folders)

    def _row(self, folder: str) -> CardRow:
        name = self.tr("Remove {folder}").replace("{folder}", folder)
        return CardRow(folder, "", self.tr("Remove"), name, lambda: self._remove(folder))

    def _retranslate(self) -> None:
        self._heading.setText(translated(GRANTED_FOLDERS.label))
        self._help.setText(translated(GRANTED_FOLDERS.help))
        self._none.setText(
            self.tr("None yet, so the model is not offered the tools for files at all.")
        )
        self._add.setText(self.tr("Add a folder…"))
        self._add.setAccessibleName(self.tr("Add a folder that tools may use"))
        self._refresh()


def _holds_everything(folder: Path) -> bool:
    """Whether it is the person's home, or a folder around it, or the whole of a drive."""
    return Path(os.path.realpath(Path.home())).is_relative_to(folder) or folder == folder.parent
