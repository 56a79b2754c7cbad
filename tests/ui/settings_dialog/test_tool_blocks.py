"""The page "Tools and permissions": folders that are granted, and permissions that are taken back."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QMessageBox, QWidget

from desktop_app.chat.connections import ConnectionBook
from desktop_app.chat.permissions import Permissions
from desktop_app.chat.ports import StoreError
from desktop_app.domain.permission import Permission
from desktop_app.settings.builtin_settings import (
    BUILTIN_SETTINGS,
    GRANTED_FOLDERS,
    RUN_PYTHON,
    folders_in,
)
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import Page
from desktop_app.ui.notice import NoticeKind
from desktop_app.ui.settings_dialog import folders_block
from desktop_app.ui.settings_dialog.dialog import SettingsDialog
from desktop_app.ui.settings_dialog.folders_block import FoldersBlock
from tests.fakes.key_store import MemoryKeyStore
from tests.ui.probes import FakeProbe, tabbed_names, until


@dataclass
class PermissionRows:
    """A ``PermissionStore`` in memory that can be told to refuse."""

    rows: dict[tuple[str, str, str], Permission] = field(default_factory=dict)
    refuses: bool = False

    async def permissions(self, conversation_id: str | None = None) -> tuple[Permission, ...]:
        self._look()
        wanted = (None, conversation_id)
        return tuple(
            row
            for row in self.rows.values()
            if conversation_id is None or row.conversation in wanted
        )

    async def save_permission(self, permission: Permission) -> None:
        self._look()
        self.rows[permission.key] = permission

    async def remove_permission(self, permission: Permission) -> None:
        self._look()
        self.rows.pop(permission.key, None)

    def _look(self) -> None:
        if self.refuses:
            raise StoreError("the disk is full")


@pytest.fixture
def store() -> SettingsStore:
    return SettingsStore(None)


@pytest.fixture
def make(qtbot, store) -> Callable[..., SettingsDialog]:
    def made(permissions: Permissions | None = None) -> SettingsDialog:
        keys = MemoryKeyStore()
        dialog = SettingsDialog(
            store,
            ConnectionBook(store, keys),
            keys,
            FakeProbe(),
            permissions=permissions,
            title_of=lambda conversation: {"c1": "Tea\nand cake"}.get(conversation, ""),
        )
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.show_page(Page.TOOLS)
        return dialog

    return made


@pytest.fixture
def block(qtbot, store) -> FoldersBlock:
    made = FoldersBlock(store)
    qtbot.addWidget(made)
    made.show()
    return made


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def button(widget: QWidget, name: str) -> QAbstractButton:
    found = [
        one
        for one in widget.findChildren(QAbstractButton)
        if name in {one.text(), one.accessibleName()} and one.isVisible()
    ]
    assert len(found) == 1, (name, found)
    return found[0]


def granted(store: SettingsStore) -> tuple[str, ...]:
    return folders_in(store.text(GRANTED_FOLDERS))


# Folders


def test_a_folder_is_added_by_a_dialog_that_blocks_nothing(block, store, tmp_path):
    assert "None yet" in words(block)
    QTest.mouseClick(button(block, "Add a folder…"), Qt.MouseButton.LeftButton)
    (chooser,) = [one for one in block.findChildren(QFileDialog) if one.isVisible()]
    assert chooser.fileMode() is QFileDialog.FileMode.Directory
    chooser.fileSelected.emit(str(tmp_path))
    chooser.close()
    assert granted(store) == (str(tmp_path.resolve()),)
    assert str(tmp_path.resolve()) in words(block)
    assert "None yet" not in words(block)


def test_a_folder_is_kept_by_its_real_path(block, store, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    block.grant(str(tmp_path / "link"))
    assert granted(store) == (str((tmp_path / "real").resolve()),)


def test_removing_gives_the_focus_to_what_is_left(block, store, tmp_path, qtbot):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    block.activateWindow()
    qtbot.waitUntil(block.isActiveWindow)
    for name in ("a", "b"):
        block.grant(str(tmp_path / name))
    button(block, f"Remove {tmp_path.resolve() / 'a'}").click()
    assert granted(store) == (str(tmp_path.resolve() / "b"),)
    assert button(block, "Add a folder…").hasFocus()


def test_what_is_granted_already_or_no_folder_is_said(block, store, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "new\nline").mkdir()
    block.grant(str(tmp_path / "sub"))
    for path, sentence in (
        (tmp_path / "sub", "already"),
        (tmp_path / "file", "no folder"),
        (tmp_path / "new\nline", "cannot be kept"),
    ):
        block.grant(str(path))
        assert block.notice.kind is NoticeKind.WARNING
        assert sentence in block.notice.text
    assert granted(store) == (str((tmp_path / "sub").resolve()),)
    # The one around it takes its place.
    block.grant(str(tmp_path))
    assert granted(store) == (str(tmp_path.resolve()),)
    assert not block.notice.isVisible()


@pytest.mark.parametrize("which", ["home", "around", "drive"])
def test_everything_of_the_person_is_never_granted_without_a_question(
    block, store, tmp_path, monkeypatch, which
):
    home = (tmp_path / "home").resolve()
    home.mkdir()
    monkeypatch.setattr(folders_block.Path, "home", lambda: home)
    folder = {"home": home, "around": home.parent, "drive": Path(home.anchor)}[which]
    block.grant(str(folder))
    assert granted(store) == ()
    (question,) = [box for box in block.findChildren(QMessageBox) if box.isVisible()]
    assert str(folder) in question.text()
    button(question, "Cancel").click()
    assert granted(store) == ()
    block.grant(str(folder))
    (question,) = [box for box in block.findChildren(QMessageBox) if box.isVisible()]
    button(question, "Use all of it").click()
    assert granted(store) == (str(folder),)


def test_what_changes_elsewhere_is_shown(block, store, tmp_path):
    store.set(GRANTED_FOLDERS, str(tmp_path.resolve()))
    assert str(tmp_path.resolve()) in words(block)


def test_the_search_finds_the_cards_and_the_tools(make, qloop):
    async def scenario() -> None:
        dialog = make()
        dialog._search.setText("tool_folders")
        assert dialog.folders_block.isVisible()
        assert not dialog.permissions_block.isVisible()
        dialog._search.setText("withdraw")
        assert dialog.permissions_block.isVisible()
        dialog._search.setText("run python")
        assert [row.setting for row in dialog.rows if row.isVisible()] == [RUN_PYTHON]
        assert "Built-in tools" in words(dialog)
        await dialog.aclose()

    qloop(scenario())


def test_every_tool_has_its_switch_and_its_sentence_on_the_page(make, qloop):
    async def scenario() -> None:
        dialog = make()
        text = words(dialog)
        for setting in BUILTIN_SETTINGS:
            assert setting.label in text
            assert setting.help in text
        await dialog.aclose()

    qloop(scenario())


def test_another_language_at_once(make, qloop, store, tmp_path, qapp):
    class Shouting(QTranslator):
        def translate(self, _context, text, _hint=None, _n=-1):
            return text.upper()

        def isEmpty(self):  # noqa: N802 (Qt's name)
            return False

    async def scenario() -> None:
        store.set(GRANTED_FOLDERS, str(tmp_path.resolve()))
        dialog = make()
        translator = Shouting()
        qapp.installTranslator(translator)
        try:
            for widget in (dialog, *dialog.findChildren(QWidget)):
                qapp.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
            text = words(dialog)
        finally:
            qapp.removeTranslator(translator)
        for heading in ("FOLDERS THAT TOOLS MAY USE", "BUILT-IN TOOLS", "STANDING PERMISSIONS"):
            assert heading in text
        await dialog.aclose()

    qloop(scenario())


# Permissions


def test_permissions_are_listed_and_withdrawn(make, qloop):
    async def scenario() -> None:
        rows = PermissionRows()
        permissions = Permissions(rows)
        now = time.time()
        await permissions.allow(Permission("c1", "builtin", "run_python", "f", now))
        await permissions.allow(Permission("c2", "files\nof mine", "wri\tte", "f", now - 60))
        dialog = make(permissions)
        block = dialog.permissions_block
        await until(lambda: "Run Python" in words(block))
        text = words(block)
        assert "In “Tea and cake” · " in text
        assert "In an untitled conversation · " in text
        assert "files of mine: wri te" in text
        assert text.index("Run Python") < text.index("files of mine")
        button(block, "Withdraw the permission for Run Python").click()
        await until(lambda: "Run Python" not in words(block))
        assert [row.tool for row in rows.rows.values()] == ["wri\tte"]
        button(block, "Withdraw").click()
        await until(lambda: "None at the moment" in words(block))
        # One that is given meanwhile appears by itself.
        await permissions.allow(Permission("c1", "builtin", "calculator", "f", now))
        await until(lambda: "Calculator" in words(block))
        assert "Add a folder that tools may use" in await tabbed_names(dialog)
        dialog.hide()
        assert permissions._listeners == []
        await dialog.aclose()

    qloop(scenario())


def test_many_permissions_are_shown_on_demand(make, qloop):
    async def scenario() -> None:
        permissions = Permissions(PermissionRows())
        for number in range(12):
            await permissions.allow(Permission("c1", "server", f"tool {number:02}", "f", number))
        dialog = make(permissions)
        block = dialog.permissions_block
        await until(lambda: "tool 11" in words(block))
        assert "tool 03" not in words(block)
        button(block, "Show 4 more").click()
        assert "tool 00" in words(block)
        await dialog.aclose()

    qloop(scenario())


def test_a_disk_that_refuses_is_said_and_the_permission_still_stands(make, qloop):
    async def scenario() -> None:
        rows = PermissionRows()
        permissions = Permissions(rows)
        await permissions.allow(Permission("c1", "builtin", "calculator", "f", 1))
        dialog = make(permissions)
        block = dialog.permissions_block
        await until(lambda: "Calculator" in words(block))
        rows.refuses = True
        button(block, "Withdraw").click()
        await until(lambda: block.notice.isVisible())
        assert block.notice.kind is NoticeKind.ERROR
        assert "Calculator" in words(block)
        await asyncio.sleep(0)
        await dialog.aclose()

    qloop(scenario())
