"""The key store on keyrings that hang, lie and fail."""

import asyncio
import contextlib
import io
import logging
import sys
import threading
import traceback

import pytest
from keyring.backends import null
from keyring.errors import KeyringError, KeyringLocked, PasswordSetError

from desktop_app.domain.keyring_state import KeyReading, KeyringState, KeyWriting
from desktop_app.keystore.backends import LONGEST_KEY, WINDOWS_LONGEST_KEY, NoUsableKeyring
from desktop_app.keystore.keyring_key_store import KeyringKeyStore

ACCOUNT = "intl https://api.minimax.io:443"
CANARY = "sk-canary-0123456789"


class Backend:
    """A keyring in memory that does one thing wrong when told to.

    ``prompt`` holds up every call until it is set; ``error`` is raised by every call.
    """

    def __init__(self):
        self.items = {}
        self.calls = []
        self.prompt = threading.Event()
        self.prompt.set()
        self.asked = threading.Event()
        self.error = None

    def get_password(self, service, username):
        self._begin("get")
        return self.items.get((service, username))

    def set_password(self, service, username, password):
        self._begin("set")
        self.items[service, username] = password

    def delete_password(self, service, username):
        self._begin("delete")
        del self.items[service, username]

    def _begin(self, verb):
        self.calls.append(verb)
        self.asked.set()
        assert self.prompt.wait(30)
        if self.error is not None:
            raise self.error


@pytest.fixture
def backend():
    backend = Backend()
    yield backend
    backend.prompt.set()
    for thread in threading.enumerate():
        if thread.name == "keyring":
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture
def store(backend):
    return KeyringKeyStore(lambda: backend, longest_key=None)


def stored(backend, key):
    backend.items["Interleave", ACCOUNT] = key


# Time


async def test_a_keyring_that_hangs_is_given_up(backend, store):
    stored(backend, "sk-1")
    backend.prompt.clear()
    reading = await store.read(ACCOUNT, timeout=0.05)
    assert (reading.key, reading.state, reading.kept) == (None, KeyringState.TIMED_OUT, False)


async def test_the_next_read_waits_for_the_prompt_that_is_open(backend, store):
    stored(backend, "sk-1")
    backend.prompt.clear()
    for _ in range(20):
        assert (await store.read(ACCOUNT, timeout=0.01)).state is KeyringState.TIMED_OUT
    assert sum(thread.name == "keyring" for thread in threading.enumerate()) == 1
    backend.prompt.set()
    reading = await store.read(ACCOUNT)
    assert (reading.key, reading.kept) == ("sk-1", True)
    assert backend.calls == ["get"]


async def test_an_answer_that_came_late_is_used_once(backend, store):
    stored(backend, "sk-1")
    backend.prompt.clear()
    await store.read(ACCOUNT, timeout=0.01)
    late = store._reads[ACCOUNT]
    backend.prompt.set()
    await late.wait(10)
    backend.error = KeyringLocked("locked again")
    assert (await store.read(ACCOUNT)).key == "sk-1"
    assert backend.calls == ["get"]
    assert (await store.read(ACCOUNT)).state is KeyringState.LOCKED
    assert backend.calls == ["get", "get"]


async def test_a_refusal_that_came_late_is_asked_again(backend, store):
    stored(backend, "sk-1")
    backend.prompt.clear()
    backend.error = KeyringLocked("dismissed")
    await store.read(ACCOUNT, timeout=0.01)
    late = store._reads[ACCOUNT]
    backend.prompt.set()
    await late.wait(10)
    backend.error = None
    reading = await store.read(ACCOUNT)
    assert (reading.key, reading.state) == ("sk-1", KeyringState.READY)


async def test_a_late_answer_does_not_undo_a_write(backend, store):
    stored(backend, "sk-old")
    backend.prompt.clear()
    await store.read(ACCOUNT, timeout=0.01)
    writing = asyncio.get_running_loop().create_task(store.write(ACCOUNT, "sk-new"))
    await asyncio.sleep(0)
    backend.prompt.set()
    assert await writing == KeyWriting(KeyringState.READY, kept=True)
    assert (await store.read(ACCOUNT)).key == "sk-new"
    assert backend.calls == ["get", "set", "get", "get"]


async def test_a_read_overtaken_by_a_deletion_is_not_remembered(backend, store):
    stored(backend, "sk-1")
    backend.prompt.clear()
    reading = asyncio.get_running_loop().create_task(store.read(ACCOUNT))
    await asyncio.sleep(0)
    removal = asyncio.get_running_loop().create_task(store.delete(ACCOUNT))
    await asyncio.sleep(0)
    backend.prompt.set()
    await asyncio.gather(reading, removal)
    backend.error = KeyringLocked("locked")
    assert (await store.read(ACCOUNT)).key is None


async def test_a_write_waits_for_the_prompt_of_a_read(backend, store):
    backend.prompt.clear()
    await store.read(ACCOUNT, timeout=0.01)
    writing = asyncio.get_running_loop().create_task(store.write(ACCOUNT, "sk-1"))
    await asyncio.sleep(0)
    assert not writing.done()
    backend.prompt.set()
    assert (await writing).kept


async def test_a_write_that_never_began_is_for_this_run(backend, store):
    backend.prompt.clear()
    await store.read("another", timeout=0.01)
    writing = await store.write(ACCOUNT, "sk-1", timeout=0.01)
    assert (writing.state, writing.kept) == (KeyringState.TIMED_OUT, False)
    backend.prompt.set()
    reading = await store.read(ACCOUNT)
    assert (reading.key, reading.state, reading.kept) == ("sk-1", KeyringState.READY, False)
    assert "set" not in backend.calls


async def test_a_write_that_succeeds_late_is_found_kept(backend, store):
    backend.prompt.clear()
    asked = asyncio.get_running_loop().create_task(store.write(ACCOUNT, "sk-1", timeout=0.05))
    await asyncio.sleep(0)
    assert backend.asked.wait(10)
    assert (await asked).state is KeyringState.TIMED_OUT
    backend.prompt.set()
    reading = await store.read(ACCOUNT)
    assert (reading.key, reading.kept) == ("sk-1", True)


async def test_a_deletion_that_times_out_may_have_left_the_key(backend, store):
    stored(backend, "sk-1")
    backend.prompt.clear()
    removal = await store.delete(ACCOUNT, timeout=0.01)
    assert (removal.state, removal.kept) == (KeyringState.TIMED_OUT, True)


async def test_who_stops_waiting_for_a_write_still_has_the_key_in_this_run(backend, store):
    backend.prompt.clear()
    writing = asyncio.get_running_loop().create_task(store.write(ACCOUNT, "sk-1"))
    await asyncio.sleep(0)
    writing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await writing
    assert (await store.read(ACCOUNT, timeout=0.01)).key == "sk-1"


def test_a_store_serves_one_loop_after_another(backend, store):
    stored(backend, "sk-1")
    backend.prompt.clear()
    assert asyncio.run(store.read(ACCOUNT, timeout=0.01)).state is KeyringState.TIMED_OUT
    backend.prompt.set()
    assert asyncio.run(store.read(ACCOUNT)).key == "sk-1"


# Length


async def test_a_key_that_the_keyring_cannot_take_is_not_offered(backend):
    store = KeyringKeyStore(lambda: backend, longest_key=WINDOWS_LONGEST_KEY)
    stored(backend, "sk-old")
    assert (await store.write(ACCOUNT, "k" * 1280)).kept
    writing = await store.write(ACCOUNT, "k" * 1281)
    assert (writing.state, writing.kept) == (KeyringState.TOO_LONG, False)
    assert "1281" in writing.detail
    assert backend.calls == ["set", "get"]
    reading = await store.read(ACCOUNT)
    assert (reading.key, reading.kept) == ("k" * 1281, False)


async def test_length_is_counted_as_windows_counts(backend):
    store = KeyringKeyStore(lambda: backend, longest_key=4)
    assert (await store.write(ACCOUNT, "😀😀")).state is KeyringState.READY
    assert (await store.write(ACCOUNT, "😀😀a")).state is KeyringState.TOO_LONG


def test_only_windows_has_a_limit():
    assert (LONGEST_KEY is not None) == (sys.platform == "win32")


# Keyrings that lie and fail


async def test_a_keyring_that_loses_the_key_is_found_out():
    store = KeyringKeyStore(null.Keyring)
    writing = await store.write(ACCOUNT, "sk-1")
    assert (writing.state, writing.kept) == (KeyringState.FAILED, False)
    reading = await store.read(ACCOUNT)
    assert (reading.key, reading.kept) == ("sk-1", False)


async def test_a_keyring_that_changes_the_key_is_found_out(backend, store, monkeypatch):
    monkeypatch.setattr(backend, "get_password", lambda service, username: "sk-")
    assert (await store.write(ACCOUNT, "sk-1")).state is KeyringState.FAILED
    assert (await store.read(ACCOUNT)).key == "sk-1"


async def test_a_key_that_comes_back_after_its_deletion_is_reported(backend, store, monkeypatch):
    stored(backend, "sk-1")
    monkeypatch.setattr(backend, "delete_password", lambda service, username: None)
    removal = await store.delete(ACCOUNT)
    assert (removal.state, removal.kept) == (KeyringState.FAILED, True)


async def test_a_key_removed_by_another_program_is_gone_here_too(backend, store):
    stored(backend, "sk-1")
    assert (await store.read(ACCOUNT)).key == "sk-1"
    backend.items.clear()
    assert await store.read(ACCOUNT) == KeyReading(None, KeyringState.READY)


async def test_an_empty_item_is_no_key(backend, store):
    stored(backend, "")
    reading = await store.read(ACCOUNT)
    assert (reading.key, reading.state, reading.kept) == (None, KeyringState.READY, False)


async def test_no_keyring_at_all():
    def none():
        raise NoUsableKeyring("there is no bus")

    store = KeyringKeyStore(none)
    assert (await store.read(ACCOUNT)).state is KeyringState.ABSENT
    assert await store.write(ACCOUNT, "sk-1") == KeyWriting(
        KeyringState.ABSENT, kept=False, detail="there is no bus"
    )
    assert (await store.read(ACCOUNT)).key == "sk-1"
    assert not (await store.delete(ACCOUNT)).kept
    assert (await store.read(ACCOUNT)).key is None


@pytest.mark.parametrize(
    "error", [KeyringError("x"), OSError(5, "x"), ValueError("x"), SystemExit(1)], ids=repr
)
async def test_nothing_that_a_keyring_raises_comes_out(backend, store, error):
    backend.error = error
    assert (await store.read(ACCOUNT)).state is KeyringState.FAILED
    assert (await store.write(ACCOUNT, "sk-1")).state is KeyringState.FAILED
    assert (await store.delete(ACCOUNT)).state is KeyringState.FAILED


@pytest.mark.parametrize("kind", [PasswordSetError, KeyringLocked, ValueError, OSError])
async def test_the_key_is_neither_logged_nor_shown_nor_raised(backend, store, kind, caplog):
    caplog.set_level(logging.DEBUG)
    output = io.StringIO()
    backend.error = kind(f"could not store {CANARY!r}, really: {CANARY}")
    with contextlib.redirect_stderr(output), contextlib.redirect_stdout(output):
        answers = [
            await store.write(ACCOUNT, CANARY),
            await store.read(ACCOUNT),
            await store.delete(ACCOUNT),
        ]
    shown = [output.getvalue(), caplog.text, *(f"{answer!r} {answer.detail}" for answer in answers)]
    assert "canary" not in "".join(shown)
    assert answers[1].key == CANARY


async def test_a_traceback_with_locals_shows_no_key(store):
    await store.write(ACCOUNT, CANARY)
    reading = await store.read(ACCOUNT)
    assert reading.key == CANARY
    try:
        raise RuntimeError("our bug")
    except RuntimeError as error:
        text = "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )
    assert "reading" in text
    assert CANARY not in text
    assert CANARY not in repr(store._memory)
