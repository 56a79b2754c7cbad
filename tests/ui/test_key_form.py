"""Region and key: what is shown, stored, removed and asked, and of whom."""

import asyncio
from typing import Self

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer, QTranslator
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMessageBox, QPushButton, QToolButton

from desktop_app.catalog.regions import REGIONS
from desktop_app.chat.connections import (
    ConnectionBook,
    environment_connection,
    region_connection,
)
from desktop_app.chat.key_check import KeyCheck, ask_within_time
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.errors import ChatError, ErrorKind, ErrorRecord
from desktop_app.domain.keyring_state import KeyringState, KeyWriting
from desktop_app.settings.endpoints import CustomEndpoint
from desktop_app.settings.store import SettingsStore
from desktop_app.ui.key_form import KeyForm
from desktop_app.ui.notice import NoticeKind
from tests.fakes.key_store import MemoryKeyStore
from tests.ui.probes import FakeProbe, refused, until

INTERNATIONAL, CHINA = (region_connection(region) for region in REGIONS)
KEY = "sk-cp-abcdefghijkl1234"
LOCAL = CustomEndpoint("local", "My machine", "http://127.0.0.1:8000/v1")


class Shown:
    """A form with everything round it, driven by accessible names."""

    def __init__(self, qtbot, **arguments) -> None:
        self.settings = SettingsStore(None)
        self.settings.set_endpoints(arguments.pop("endpoints", ()))
        self.keys = arguments.pop("keys", None) or MemoryKeyStore()
        self.book = ConnectionBook(self.settings, self.keys, **arguments)
        self.probe = FakeProbe()
        self.form = KeyForm(self.book, self.keys, self.probe)
        qtbot.addWidget(self.form)

    async def __aenter__(self) -> Self:
        self.form.show()
        await self.form._tasks.join()
        return self

    async def __aexit__(self, *_exception) -> None:
        self.form.hide()
        await self.form.aclose()

    def named(self, kind, name):
        found = [w for w in self.form.findChildren(kind) if name in {w.accessibleName(), _text(w)}]
        assert len(found) == 1, (name, found)
        return found[0]

    @property
    def field(self) -> QLineEdit:
        return self.named(QLineEdit, "API key")

    @property
    def region(self) -> QComboBox:
        return self.named(QComboBox, "Region")

    @property
    def state(self) -> str:
        return self.field.accessibleDescription()

    def press(self, name: str) -> None:
        QTest.mouseClick(self.named(QPushButton, name), Qt.MouseButton.LeftButton)

    def choose(self, name: str) -> None:
        self.region.setCurrentIndex(self.region.findText(name))
        self.region.activated.emit(self.region.currentIndex())

    async def done(self) -> None:
        await self.form._tasks.join()


def _text(widget) -> str:
    return widget.text().replace("&", "") if isinstance(widget, QPushButton) else ""


@pytest.fixture
def shown(qtbot):
    return lambda **arguments: Shown(qtbot, **arguments)


def test_regions_and_endpoints_can_be_chosen(qloop, shown):
    async def scenario():
        async with shown(endpoints=(LOCAL,)) as it:
            names = [it.region.itemText(i) for i in range(it.region.count())]
            assert names == ["International", "China", "My machine"]
            it.choose("My machine")
            await it.done()
            assert it.book.current.id == "local"
            assert it.form.is_usable
            assert "may not need one" in it.state
            assert it.named(QPushButton, "Get a key").isHidden()

    qloop(scenario())


def test_the_link_leads_to_the_region_s_key_page(qloop, shown, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))

    async def scenario():
        async with shown() as it:
            it.press("Get a key")
            it.choose("China")
            it.press("Get a key")
        assert opened == [region.key_page for region in REGIONS]

    qloop(scenario())


def test_switching_region_switches_host_and_shows_that_region_s_key(qloop, shown):
    keys = MemoryKeyStore({CHINA.key_account: KEY})

    async def scenario():
        async with shown(keys=keys) as it:
            assert it.state == "No key yet."
            assert not it.form.is_usable
            assert it.named(QPushButton, "Remove key").isHidden()
            it.choose("China")
            await it.done()
            assert it.book.current == CHINA
            assert it.region.accessibleDescription().count("api.minimaxi.com") == 1
            assert it.state.startswith("Stored in the system keyring")
            assert it.field.placeholderText() == "••••1234"
            assert it.field.text() == ""
            assert it.form.is_usable
            assert not it.named(QPushButton, "Remove key").isHidden()

    qloop(scenario())


def test_a_choice_made_elsewhere_is_followed(qloop, shown):
    async def scenario():
        async with shown() as it:
            it.book.select("china")
            assert it.region.currentText() == "China"

    qloop(scenario())


def test_save_cleans_the_key_and_keeps_it(qloop, shown):
    async def scenario():
        async with shown() as it:
            saved, announced = [], []
            it.form.key_saved.connect(saved.append)
            it.book.subscribe(lambda: announced.append(True))
            it.field.setText(f"  Bearer {KEY[:8]}\n{KEY[8:]} ")
            it.press("Save")
            await it.done()
            assert it.keys.items == {INTERNATIONAL.key_account: KEY}
            assert it.form.notice.kind is NoticeKind.SUCCESS
            assert it.form.notice.text == "Saved in the system keyring."
            assert it.field.text() == ""
            assert it.field.placeholderText() == "••••1234"
            assert saved == [True]
            assert announced

    qloop(scenario())


def test_enter_saves(qloop, shown):
    async def scenario():
        async with shown() as it:
            QTest.keyClicks(it.field, KEY)
            QTest.keyClick(it.field, Qt.Key.Key_Return)
            await it.done()
            assert it.keys.items[INTERNATIONAL.key_account] == KEY

    qloop(scenario())


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (KeyringState.ABSENT, "No usable keyring"),
        (KeyringState.LOCKED, "locked"),
        (KeyringState.TIMED_OUT, "did not answer"),
        (KeyringState.FAILED, "did not take"),
        (KeyringState.TOO_LONG, "too long"),
    ],
)
def test_a_key_that_is_not_kept_says_so_and_why(qloop, shown, state, words):
    keys = MemoryKeyStore(state=state)

    async def scenario():
        async with shown(keys=keys) as it:
            saved = []
            it.form.key_saved.connect(saved.append)
            it.field.setText(KEY)
            it.press("Save")
            await it.done()
            assert it.form.notice.kind is NoticeKind.WARNING
            sentence, reason = it.form.notice.text.split("\n")
            assert words in sentence
            assert "for this run only" in sentence
            assert reason
            assert saved == [False]
            assert it.form.is_usable
            assert it.state == "Kept for this run only."

    qloop(scenario())


@pytest.mark.parametrize("state", [KeyringState.ABSENT, KeyringState.LOCKED])
def test_a_keyring_that_cannot_be_read_is_said(qloop, shown, state):
    async def scenario():
        async with shown(keys=MemoryKeyStore(state=state)) as it:
            assert ("locked" if state is KeyringState.LOCKED else "No usable") in it.state

    qloop(scenario())


@pytest.mark.parametrize("button", ["Save", "Test key"])
def test_a_refused_character_is_named_with_its_place(qloop, shown, button):
    async def scenario():
        async with shown() as it:
            it.field.setText("sk-“abc”")
            it.press(button)
            await it.done()
            assert it.form.notice.kind is NoticeKind.ERROR
            assert "character 4 is LEFT DOUBLE QUOTATION MARK" in it.form.notice.text
            assert it.keys.items == {}
            assert it.probe.asked == []

    qloop(scenario())


@pytest.mark.parametrize("button", ["Save", "Test key"])
def test_without_a_key_there_is_nothing_to_do(qloop, shown, button):
    async def scenario():
        async with shown() as it:
            it.press(button)
            await it.done()
            assert it.form.notice.text == "Enter a key first."
            assert it.probe.asked == []

    qloop(scenario())


def test_remove_asks_first(qloop, shown):
    keys = MemoryKeyStore({INTERNATIONAL.key_account: KEY})

    async def scenario():
        async with shown(keys=keys) as it:
            it.press("Remove key")
            box = it.form.findChild(QMessageBox)
            assert keys.items
            next(b for b in box.buttons() if b.text() == "Remove key").click()
            await it.done()
            assert keys.items == {}
            assert it.form.notice.text == "The key was removed."
            assert not it.form.is_usable

    qloop(scenario())


def test_a_key_that_may_remain_is_said(qloop, shown):
    keys = MemoryKeyStore({INTERNATIONAL.key_account: KEY})

    async def scenario():
        async with shown(keys=keys) as it:
            keys.state = KeyringState.LOCKED
            it.form._start_removing(INTERNATIONAL)
            await it.done()
            assert "may still be in the system keyring" in it.form.notice.text

    qloop(scenario())


def test_a_working_key_says_models_and_time(qloop, shown):
    async def scenario():
        async with shown() as it:
            it.field.setText(KEY)
            it.press("Test key")
            await it.done()
            assert it.probe.asked == [("international", KEY)]
            assert it.form.notice.kind is NoticeKind.SUCCESS
            assert "api.minimax.io answered in 231 ms and lists 2 models." in it.form.notice.text
            assert it.keys.items == {}

    qloop(scenario())


@pytest.mark.parametrize(
    ("models", "words"), [(("M2",), "lists one model: M2."), ((), "lists no models.")]
)
def test_one_model_and_none(qloop, shown, models, words):
    async def scenario():
        async with shown() as it:
            it.probe.answers["international"] = KeyCheck(models, 5)
            it.field.setText(KEY)
            it.press("Test key")
            await it.done()
            assert words in it.form.notice.text

    qloop(scenario())


def test_the_stored_key_is_tested_when_none_is_typed(qloop, shown):
    keys = MemoryKeyStore({INTERNATIONAL.key_account: KEY})

    async def scenario():
        async with shown(keys=keys) as it:
            it.press("Test key")
            await it.done()
            assert it.probe.asked == [("international", KEY)]

    qloop(scenario())


def test_an_endpoint_is_tested_without_a_key(qloop, shown):
    async def scenario():
        async with shown(endpoints=(LOCAL,)) as it:
            it.choose("My machine")
            it.press("Test key")
            await it.done()
            assert it.probe.asked == [("local", "")]
            assert it.form.notice.text.startswith("The server answers.")

    qloop(scenario())


def test_a_slow_server_does_not_stop_the_window(qloop, shown):
    async def scenario():
        async with shown() as it:
            it.probe.gate = asyncio.Event()
            it.field.setText(KEY)
            it.press("Test key")
            ticks = []
            timer = QTimer()
            timer.timeout.connect(lambda: ticks.append(True))
            timer.start(1)
            await until(lambda: len(ticks) >= 5)
            timer.stop()
            assert it.form.notice.kind is NoticeKind.WORKING
            assert not it.named(QPushButton, "Test key").isEnabled()
            it.probe.gate.set()
            await it.done()
            assert it.form.notice.kind is NoticeKind.SUCCESS
            assert it.named(QPushButton, "Test key").isEnabled()

    qloop(scenario())


@pytest.mark.parametrize("leave", ["hide", "choose", "type"])
def test_leaving_takes_the_question_back(qloop, shown, leave):
    async def scenario():
        async with shown() as it:
            it.probe.gate = asyncio.Event()
            it.field.setText(KEY)
            it.press("Test key")
            await until(lambda: it.probe.asked)
            if leave == "hide":
                it.form.hide()
            elif leave == "choose":
                it.choose("China")
            else:
                QTest.keyClicks(it.field, "x")
            await it.done()
            assert it.probe.cancelled == 1
            assert it.form.notice.text == ""
            assert it.named(QPushButton, "Test key").isEnabled()

    qloop(scenario())


async def test_time_out_becomes_a_sentence():
    probe = FakeProbe()
    probe.gate = asyncio.Event()
    check = await ask_within_time(probe, INTERNATIONAL, KEY, seconds=0.01)
    assert check.error == ErrorRecord(ErrorKind.FIRST_BYTE_TIMEOUT, host="api.minimax.io")
    assert probe.cancelled == 1


async def test_what_a_probe_raises_becomes_a_sentence(caplog):
    probe = FakeProbe()
    record = ErrorRecord(ErrorKind.TLS, host="h")
    probe.answers["international"] = ChatError(record)
    assert (await ask_within_time(probe, INTERNATIONAL, KEY)).error == record
    probe.answers["international"] = ZeroDivisionError()
    check = await ask_within_time(probe, INTERNATIONAL, KEY)
    assert check.error is not None
    assert check.error.kind is ErrorKind.INTERNAL
    assert "could not be tested" in caplog.text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ErrorKind.REFUSED, "Nothing answers at api.minimax.io."),
        (ErrorKind.TLS, "identity of api.minimax.io"),
        (ErrorKind.RATE_LIMIT, "Too many requests"),
    ],
)
def test_an_error_is_said_and_offers_no_other_region(qloop, shown, kind, words):
    async def scenario():
        async with shown() as it:
            it.probe.answers["international"] = refused(kind, detail="what the system said")
            it.field.setText(KEY)
            it.press("Test key")
            await it.done()
            assert it.form.notice.kind is NoticeKind.ERROR
            assert words in it.form.notice.text
            assert "what the system said" in it.form.notice.text
            assert it.form.notice.action_button.isHidden()

    qloop(scenario())


def test_an_invalid_key_can_be_tried_in_the_other_region(qloop, shown):
    async def scenario():
        async with shown() as it:
            it.probe.answers["international"] = refused(ErrorKind.INVALID_KEY, code=2049)
            it.field.setText(KEY)
            it.press("Test key")
            await it.done()
            assert it.probe.asked == [("international", KEY)]  # nothing was asked of the other
            assert it.book.current.id == "international"
            it.press("Ask api.minimaxi.com about this key")
            await it.done()
            assert it.probe.asked[1:] == [("china", KEY)]
            assert it.book.current.id == "international"
            assert "The key belongs to China." in it.form.notice.text
            it.press("Use China with this key")
            await it.done()
            assert it.book.current.id == "china"
            assert it.keys.items == {CHINA.key_account: KEY}

    qloop(scenario())


def test_a_key_that_no_region_takes_is_offered_to_none(qloop, shown):
    async def scenario():
        async with shown() as it:
            for region in ("international", "china"):
                it.probe.answers[region] = refused(ErrorKind.INVALID_KEY)
            it.field.setText(KEY)
            it.press("Test key")
            await it.done()
            it.form.notice.action_button.click()
            await it.done()
            assert it.form.notice.kind is NoticeKind.ERROR
            assert it.form.notice.action_button.isHidden()

    qloop(scenario())


def test_a_key_from_the_environment_is_shown_but_not_edited(qloop, shown):
    environment = environment_connection({"MINIMAX_API_KEY": KEY})

    async def scenario():
        async with shown(environment=environment) as it:
            assert it.field.isReadOnly()
            assert "environment" in it.state
            assert it.field.placeholderText() == "••••1234"
            assert it.named(QPushButton, "Save").isHidden()
            assert it.form.is_usable
            QTest.keyClick(it.field, Qt.Key.Key_Return)
            it.press("Test key")
            await it.done()
            assert it.probe.asked == [("international", KEY)]
            assert it.keys.items == {}

    qloop(scenario())


def test_the_environment_s_own_connection(qloop, shown):
    environment = environment_connection(
        {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_API_KEY": KEY}
    )

    async def scenario():
        async with shown(environment=environment) as it:
            assert it.region.currentText() == "Environment"
            assert it.field.isReadOnly()

    qloop(scenario())


def test_the_demo_needs_no_key(qloop, shown):
    demo = Connection("demo", "Demo", "http://127.0.0.1:9/v1", ConnectionSource.DEMO)

    async def scenario():
        async with shown(demo=demo) as it:
            assert it.state == "The demo needs no key."
            assert it.field.placeholderText() == "No key needed"

    qloop(scenario())


def test_the_key_can_be_shown_and_is_hidden_again(qloop, shown):
    async def scenario():
        async with shown() as it:
            it.field.setText(KEY)
            assert it.field.echoMode() is QLineEdit.EchoMode.Password
            it.named(QToolButton, "Show the key").click()
            assert it.field.echoMode() is QLineEdit.EchoMode.Normal
            it.form.hide()
            assert it.field.echoMode() is QLineEdit.EchoMode.Password

    qloop(scenario())


def test_a_key_is_stored_even_when_the_form_is_hidden_meanwhile(qloop, shown):
    class SlowKeys(MemoryKeyStore):
        gate = asyncio.Event()

        async def write(self, account, key, *, timeout=None) -> KeyWriting:
            await self.gate.wait()
            return await super().write(account, key, timeout=timeout)

    async def scenario():
        async with shown(keys=SlowKeys()) as it:
            it.field.setText(KEY)
            it.press("Save")
            assert "Storing" in it.form.notice.text
            assert not it.named(QPushButton, "Save").isEnabled()
            it.form.hide()
            SlowKeys.gate.set()
            await it.done()
            assert it.keys.items[INTERNATIONAL.key_account] == KEY

    qloop(scenario())


def test_another_language_at_once(qloop, shown, qapp):
    class Chinese(QTranslator):
        def translate(self, _context, text, _hint=None, _n=-1):
            return {"Test key": "测试密钥", "Enter a key first.": "请先输入密钥。"}.get(text)

        def isEmpty(self):  # noqa: N802 (Qt's name)
            return False

    async def scenario():
        async with shown() as it:
            it.press("Test key")
            await it.done()
            translator = Chinese()
            qapp.installTranslator(translator)
            try:
                qapp.sendEvent(it.form, QEvent(QEvent.Type.LanguageChange))
                assert it.named(QPushButton, "测试密钥")
                assert it.form.notice.text == "请先输入密钥。"
            finally:
                qapp.removeTranslator(translator)

    qloop(scenario())
