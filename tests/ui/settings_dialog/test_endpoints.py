"""Custom endpoints: added, edited, removed, tested, and refused with a reason."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QMessageBox, QPushButton

from desktop_app.chat.connections import ConnectionBook
from desktop_app.chat.endpoint_text import ENDPOINT_TEXTS
from desktop_app.domain.connection import EndpointError, normalised_base_url
from desktop_app.domain.errors import ErrorKind
from desktop_app.domain.keyring_state import KeyringState
from desktop_app.settings.endpoints import CustomEndpoint
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import CONNECTION
from desktop_app.ui.notice import NoticeKind
from desktop_app.ui.settings_dialog.connection_blocks import EndpointsBlock
from tests.fakes.key_store import MemoryKeyStore
from tests.ui.probes import FakeProbe, refused, until

KEY = "sk-abcdefghijkl1234"
LOCAL = CustomEndpoint("local", "My machine", "http://127.0.0.1:8000/v1")
GATEWAY = CustomEndpoint("gate", "Gateway", "https://gateway.example.com/v1", reasoning_split=True)


class Shown:
    """The block and its dialog."""

    def __init__(self, qtbot) -> None:
        self.store = SettingsStore(None)
        self.keys = MemoryKeyStore()
        self.book = ConnectionBook(self.store, self.keys)
        self.probe = FakeProbe()
        self.block = EndpointsBlock(self.store, self.book, self.keys, self.probe)
        self.dialog = self.block.dialog
        qtbot.addWidget(self.block)
        self.block.show()

    async def press(self, name: str) -> None:
        def found() -> list[QPushButton]:
            buttons = [
                *self.block.findChildren(QPushButton),
                *self.dialog.findChildren(QPushButton),
            ]
            return [b for b in buttons if b.isVisible() and name in {b.text(), b.accessibleName()}]

        await until(found)
        QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)

    def fill(self, **texts: str) -> None:
        for name, text in texts.items():
            wanted = {"key": "API key"}.get(name, name.capitalize())
            fields = self.dialog.findChildren(QLineEdit)
            next(f for f in fields if f.accessibleName() == wanted).setText(text)

    async def done(self) -> None:
        await self.dialog._tasks.join()
        await self.block._tasks.join()

    @property
    def words(self) -> list[str]:
        return [w.text() for w in self.block.findChildren(QLabel) if w.isVisibleTo(self.block)]


@pytest.fixture
def shown(qtbot):
    return Shown(qtbot)


@pytest.fixture
def run(qloop, shown):
    def play(scenario):
        async def whole():
            await scenario()
            await shown.done()
            await shown.block.aclose()

        qloop(whole())

    return play


def test_add(run, shown):
    async def scenario():
        await shown.press("Add an endpoint…")
        assert shown.dialog.isVisible()
        shown.fill(name=" My machine ", address=" http://127.0.0.1:8000/v1/ ")
        await shown.press("Save")
        assert not shown.dialog.isVisible()
        (endpoint,) = shown.store.endpoints
        assert (endpoint.name, endpoint.base_url) == ("My machine", "http://127.0.0.1:8000/v1")
        assert not endpoint.reasoning_split
        await until(lambda: "My machine" in shown.words)
        assert shown.keys.items == {}
        assert endpoint.connection in shown.book.choices

    run(scenario)


def test_a_nameless_endpoint_is_called_by_its_host(run, shown):
    async def scenario():
        await shown.press("Add an endpoint…")
        shown.fill(address="http://localhost:8000/v1")
        await shown.press("Save")
        assert shown.store.endpoints[0].name == "localhost:8000"

    run(scenario)


@pytest.mark.parametrize(
    "address",
    ["", "example.com/v1", "ftp://a/v1", "http://example.com/v1", "https://", "https://a b/v1",
     "https://me:pw@a/v1", "https://a/v1?x=1", "https://a:99999/v1"],
)  # fmt: skip
def test_a_bad_address_is_refused_with_the_reason(run, shown, address):
    with pytest.raises(EndpointError) as problem:
        normalised_base_url(address)

    async def scenario():
        await shown.press("Add an endpoint…")
        shown.fill(name="x", address=address, key=KEY)
        for button in ("Save", "Test key"):
            await shown.press(button)
            assert shown.dialog.isVisible()
            assert shown.dialog.notice.kind is NoticeKind.ERROR
            assert shown.dialog.notice.text == ENDPOINT_TEXTS[problem.value.problem]
        assert shown.store.endpoints == ()
        assert shown.probe.asked == []
        assert shown.keys.items == {}

    run(scenario)


def test_plain_http_says_why(run, shown):
    async def scenario():
        await shown.press("Add an endpoint…")
        shown.fill(address="http://example.com/v1")
        await shown.press("Save")
        assert "unprotected" in shown.dialog.notice.text

    run(scenario)


def test_a_key_is_kept_under_the_endpoint_s_account(run, shown):
    async def scenario():
        await shown.press("Add an endpoint…")
        shown.fill(name="Gateway", address="https://gateway.example.com/v1", key=f" {KEY}\n")
        await shown.press("Save")
        await shown.done()
        (endpoint,) = shown.store.endpoints
        assert shown.keys.items == {endpoint.connection.key_account: KEY}
        assert not shown.dialog.isVisible()

    run(scenario)


def test_a_key_that_is_not_kept_says_so(run, shown):
    async def scenario():
        shown.keys.state = KeyringState.ABSENT
        await shown.press("Add an endpoint…")
        shown.fill(address="https://gateway.example.com/v1", key=KEY)
        await shown.press("Save")
        await shown.done()
        assert len(shown.store.endpoints) == 1
        assert shown.dialog.isVisible()
        assert "for this run only" in shown.dialog.notice.text
        await shown.press("Save")
        assert len(shown.store.endpoints) == 1
        assert not shown.dialog.isVisible()

    run(scenario)


def test_edit_keeps_the_id_and_shows_that_there_is_a_key(run, shown):
    async def scenario():
        shown.keys.items[GATEWAY.connection.key_account] = KEY
        shown.store.set_endpoints((LOCAL, GATEWAY))
        await shown.press("Edit Gateway")
        await shown.done()
        fields = {f.accessibleName(): f for f in shown.dialog.findChildren(QLineEdit)}
        assert fields["API key"].text() == ""
        assert fields["API key"].placeholderText() == "••••1234"
        switch = shown.dialog.findChild(QCheckBox)
        assert switch.isChecked()
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
        shown.fill(name="Gate 2")
        await shown.press("Save")
        assert shown.store.endpoints == (
            LOCAL,
            CustomEndpoint("gate", "Gate 2", GATEWAY.base_url, reasoning_split=False),
        )

    run(scenario)


def test_the_key_of_one_address_never_goes_to_another(run, shown):
    async def scenario():
        shown.keys.items[GATEWAY.connection.key_account] = KEY
        shown.store.set_endpoints((GATEWAY,))
        await shown.press("Edit Gateway")
        await shown.press("Test key")
        await shown.done()
        assert shown.probe.asked == [("gate", KEY)]
        shown.fill(address="https://elsewhere.example.com/v1")
        await shown.press("Test key")
        await shown.done()
        assert shown.probe.asked[1:] == [("gate", "")]

    run(scenario)


def test_remove_asks_first_and_takes_the_key_along(run, shown):
    async def scenario():
        shown.keys.items[GATEWAY.connection.key_account] = KEY
        shown.store.set_endpoints((LOCAL, GATEWAY))
        shown.book.select("gate")
        await shown.press("Remove Gateway")
        assert len(shown.store.endpoints) == 2
        box = shown.block.findChild(QMessageBox)
        next(b for b in box.buttons() if b.text() == "Remove").click()
        await shown.done()
        assert shown.store.endpoints == (LOCAL,)
        assert shown.keys.items == {}
        assert shown.store.value(CONNECTION) == CONNECTION.default

    run(scenario)


def test_remove_can_be_thought_better_of(run, shown):
    async def scenario():
        shown.store.set_endpoints((LOCAL,))
        await shown.press("Remove My machine")
        box = shown.block.findChild(QMessageBox)
        box.button(QMessageBox.StandardButton.Cancel).click()
        assert shown.store.endpoints == (LOCAL,)

    run(scenario)


def test_an_error_of_the_server_is_said(run, shown):
    async def scenario():
        shown.store.set_endpoints((LOCAL,))
        shown.probe.answers["local"] = refused(ErrorKind.REFUSED)
        await shown.press("Edit My machine")
        await shown.press("Test key")
        await shown.done()
        assert "Nothing answers at 127.0.0.1:8000." in shown.dialog.notice.text

    run(scenario)


def test_a_bad_key_is_refused(run, shown):
    async def scenario():
        await shown.press("Add an endpoint…")
        shown.fill(address="https://a.example/v1", key="sk-\u200babc")
        await shown.press("Save")
        assert "character 4 is ZERO WIDTH SPACE" in shown.dialog.notice.text
        assert shown.store.endpoints == ()

    run(scenario)


def test_a_long_sentence_is_not_cut(run, shown):
    async def scenario():
        await shown.press("Add an endpoint…")
        shown.dialog.resize(380, 100)
        shown.fill(address="http://example.com/v1")
        await shown.press("Save")
        dialog = shown.dialog
        await until(lambda: dialog.height() >= dialog.layout().heightForWidth(dialog.width()))

    run(scenario)
