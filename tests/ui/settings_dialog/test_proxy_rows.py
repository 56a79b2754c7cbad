"""The rows about the proxy: a typed login goes where it belongs; the password is stored and removed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton

from desktop_app.chat.connections import ConnectionBook
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import PROXY_URL, PROXY_USER, Page
from desktop_app.ui.settings_dialog.dialog import SettingsDialog
from tests.fakes.key_store import MemoryKeyStore
from tests.ui.probes import FakeProbe

PASSWORD = "canary p@ss wörd"
ACCOUNT = "proxy http://proxy.test:3128"


class Shown:
    """The page "Network", driven by accessible names."""

    def __init__(self, qtbot, tmp_path, keys=None, address="http://proxy.test:3128"):
        self.file = tmp_path / "settings.json"
        self.settings = SettingsStore(self.file)
        if address:
            self.settings.set(PROXY_URL, address)
        self.keys = keys or MemoryKeyStore()
        book = ConnectionBook(self.settings, self.keys)
        self.dialog = SettingsDialog(self.settings, book, self.keys, FakeProbe())
        qtbot.addWidget(self.dialog)

    async def __aenter__(self):
        self.dialog.show()
        self.dialog.show_page(Page.NETWORK)
        await self.done()
        return self

    async def __aexit__(self, *_exception):
        self.dialog.hide()
        await self.dialog.aclose()

    def named(self, kind, name):
        found = [w for w in self.dialog.findChildren(kind) if w.accessibleName() == name]
        assert len(found) == 1, (name, found)
        return found[0]

    @property
    def field(self) -> QLineEdit:
        return self.named(QLineEdit, "Password at the proxy")

    @property
    def state(self) -> str:
        return self.field.accessibleDescription()

    def enter(self, name, text):
        line = self.named(QLineEdit, name)
        line.setText(text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    async def press(self, name):
        QTest.mouseClick(self.named(QPushButton, name), Qt.MouseButton.LeftButton)
        await self.done()

    async def done(self):
        await self.dialog.password_row._tasks.join()
        await self.dialog.key_block.key_form._tasks.join()

    def shown_texts(self):
        labels = (label.text() for label in self.dialog.findChildren(QLabel))
        lines = (line.text() for line in self.dialog.findChildren(QLineEdit))
        return "\n".join((*labels, *lines))


@pytest.fixture
def shown(qtbot, tmp_path):
    return lambda **arguments: Shown(qtbot, tmp_path, **arguments)


@pytest.mark.parametrize("by", ["Enter", "button", "leaving the page", "closing"])
def test_a_password_is_stored_and_not_shown_again(qloop, shown, by):
    async def scenario():
        async with shown() as it:
            assert "None yet" in it.state
            assert it.named(QPushButton, "Remove the password").isHidden()
            it.field.setText(PASSWORD)
            assert it.field.echoMode() is QLineEdit.EchoMode.Password
            match by:
                case "Enter":
                    QTest.keyClick(it.field, Qt.Key.Key_Return)
                case "button":
                    await it.press("Save the password")
                case "leaving the page":
                    it.dialog.show_page(Page.CHAT)
                case "closing":
                    it.dialog.hide()
            await it.done()
            assert it.keys.items == {ACCOUNT: PASSWORD}
            assert PASSWORD not in it.shown_texts()
            assert it.field.text() == ""
            it.dialog.show()
            it.dialog.show_page(Page.NETWORK)
            await it.done()
            assert "Stored in the system keyring" in it.state
            assert PASSWORD not in it.shown_texts() + it.file.read_text("utf-8")

    qloop(scenario())


def test_a_stored_password_can_be_replaced_and_removed(qloop, shown):
    async def scenario():
        async with shown(keys=MemoryKeyStore({ACCOUNT: "old"})) as it:
            assert "Stored in the system keyring" in it.state
            it.enter("Password at the proxy", PASSWORD)
            await it.done()
            assert it.keys.items == {ACCOUNT: PASSWORD}
            await it.press("Remove the password")
            assert it.keys.items == {}
            assert "None yet" in it.state
            assert it.named(QPushButton, "Remove the password").isHidden()

    qloop(scenario())


def test_a_login_typed_into_the_address_goes_where_it_belongs(qloop, shown):
    async def scenario():
        async with shown(address="") as it:
            it.enter(
                "Address of the proxy", "http://ann:canary%20p%40ss%20w%C3%B6rd@proxy.test:3128"
            )
            await it.done()
            assert it.settings.text(PROXY_URL) == "http://proxy.test:3128"
            assert it.settings.text(PROXY_USER) == "ann"
            assert it.named(QLineEdit, "Address of the proxy").text() == "http://proxy.test:3128"
            assert it.named(QLineEdit, "User name at the proxy").text() == "ann"
            assert it.keys.items == {ACCOUNT: PASSWORD}
            assert "Stored in the system keyring" in it.state
            assert "canary" not in it.shown_texts() + it.file.read_text("utf-8")
            address = it.named(QLineEdit, "Address of the proxy")
            address.undo()
            assert "canary" not in address.text()

    qloop(scenario())


def test_a_password_is_that_of_one_address(qloop, shown):
    async def scenario():
        async with shown(keys=MemoryKeyStore({ACCOUNT: "old"})) as it:
            it.enter("Address of the proxy", "http://other.test:1")
            await it.done()
            assert "None yet" in it.state
            it.enter("Address of the proxy", "proxy.test:3128")
            await it.done()
            assert "Stored in the system keyring" in it.state

    qloop(scenario())


def test_without_an_address_nothing_is_kept(qloop, shown):
    async def scenario():
        async with shown(address="") as it:
            it.enter("Password at the proxy", PASSWORD)
            await it.done()
            assert it.keys.items == {}
            assert "enter the address above first" in it.state
            it.dialog.hide()
            assert it.field.text() == ""

    qloop(scenario())


def test_what_can_be_no_password_is_told(qloop, shown):
    async def scenario():
        async with shown() as it:
            it.enter("Password at the proxy", "茶" * 86)
            await it.done()
            assert it.keys.items == {}
            assert "at most 255 bytes" in it.state
            it.field.clear()

    qloop(scenario())


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [
        (KeyringState.ABSENT, "No usable keyring", "no keyring that may be used"),
        (KeyringState.LOCKED, "is locked, so a password", "the keyring is locked"),
        (KeyringState.TIMED_OUT, "did not answer", "the keyring did not answer"),
        (KeyringState.FAILED, "reported an error", "did not take it"),
    ],
)
def test_without_a_keyring_it_is_kept_for_this_run(qloop, shown, state, before, after):
    async def scenario():
        async with shown(keys=MemoryKeyStore(state=state)) as it:
            assert before in it.state
            it.enter("Password at the proxy", PASSWORD)
            await it.done()
            assert it.state.startswith("Kept for this run only")
            assert after in it.state
            assert it.keys.items == {}
            assert it.keys.this_run == {ACCOUNT: PASSWORD}

    qloop(scenario())


def test_a_locked_keyring_may_still_hold_a_removed_password(qloop, shown):
    async def scenario():
        keys = MemoryKeyStore({ACCOUNT: "old"})
        async with shown(keys=keys) as it:
            keys.state = KeyringState.LOCKED
            await it.press("Remove the password")
            assert "may still be in the system keyring" in it.state

    qloop(scenario())


def test_the_eye_shows_what_is_typed(qloop, shown):
    async def scenario():
        async with shown() as it:
            it.field.setText(PASSWORD)
            it.named(QToolButton, "Show the password").click()
            assert it.field.echoMode() is QLineEdit.EchoMode.Normal
            it.named(QToolButton, "Hide the password").click()
            assert it.field.echoMode() is QLineEdit.EchoMode.Password
            it.field.clear()

    qloop(scenario())


def test_the_search_finds_the_row(qloop, shown):
    async def scenario():
        async with shown() as it:
            it.named(QLineEdit, "Search settings").setText("password")
            assert it.dialog.password_row.isVisible()
            it.named(QLineEdit, "Search settings").setText("language")
            assert not it.dialog.password_row.isVisible()

    qloop(scenario())
