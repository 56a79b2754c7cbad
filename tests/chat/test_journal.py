"""Deltas reach the store in order, soon, and together; a store that refuses is told of once."""

import asyncio

import pytest

from desktop_app.chat import journal as journal_module
from desktop_app.chat.journal import DeltaJournal
from desktop_app.chat.ports import StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.demo.journal import Gate
from desktop_app.domain.conversation import Conversation
from desktop_app.domain.delta import FinishDelta, TextDelta, ThinkingDelta, ToolCallDelta
from desktop_app.domain.message import Message, MessageState, Role

CONVERSATION = Conversation("c1", head="m1")
STREAMING = Message("m1", Role.ASSISTANT, state=MessageState.STREAMING)


class Clock:
    """Stands in for the journal's timers: they ring when the test says so."""

    def __init__(self, plain):
        self.timers = []
        self._plain = plain

    def call_later(self, delay, callback, *arguments, **options):
        if not isinstance(getattr(callback, "__self__", None), DeltaJournal):
            return self._plain(delay, callback, *arguments, **options)
        timer = Timer(delay, callback)
        self.timers.append(timer)
        return timer

    @property
    def waiting(self):
        return [timer for timer in self.timers if not timer.cancelled and not timer.rang]

    def ring(self):
        for timer in self.waiting:
            timer.rang = True
            timer.callback()


class Timer:
    def __init__(self, delay, callback):
        self.delay = delay
        self.callback = callback
        self.cancelled = self.rang = False

    def cancel(self):
        self.cancelled = True


@pytest.fixture
async def clock(monkeypatch):
    loop = asyncio.get_running_loop()
    clock = Clock(loop.call_later)
    monkeypatch.setattr(loop, "call_later", clock.call_later)
    return clock


@pytest.fixture
async def scope(store):
    scope = TaskScope()
    await store.add_messages(CONVERSATION, (STREAMING,))
    store.calls.clear()
    yield scope
    for gate in store.gates.values():
        gate.open()
    async with asyncio.timeout(10):
        await scope.join()


@pytest.fixture
def troubles():
    return []


@pytest.fixture
async def journal(store, scope, troubles):
    return DeltaJournal(store, "m1", scope, troubles.append)


def text(characters):
    return TextDelta("x" * characters)


def written(store):
    return [argument for name, argument in store.calls if name == "append"]


async def test_a_little_waits_for_the_timer_and_goes_together(journal, store, scope, clock):
    deltas = [ThinkingDelta("a"), TextDelta("b"), FinishDelta("stop")]
    for delta in deltas:
        journal.add((delta,))
    assert [timer.delay for timer in clock.timers] == [journal_module.FLUSH_SECONDS]
    await scope.join()
    assert written(store) == []
    clock.ring()
    await scope.join()
    assert written(store) == [tuple(deltas)]


async def test_every_delta_waits_at_most_one_interval(journal, store, scope, clock):
    """The first that waits starts the timer; the next timer starts with the next delta."""
    for expected in range(1, 4):
        journal.add((text(1),))
        journal.add((text(1),))
        assert len(clock.timers) == expected
        clock.ring()
        await scope.join()
        assert len(written(store)) == expected
    assert journal_module.FLUSH_SECONDS <= 0.25


async def test_much_is_written_at_once(journal, store, scope, clock):
    journal.add((text(journal_module.FLUSH_CHARACTERS - 1),))
    await scope.join()
    assert written(store) == []
    journal.add((ToolCallDelta(0, "call", "look", "x"),))
    await scope.join()
    assert len(written(store)) == 1
    assert clock.waiting == []
    # It counts afresh.
    journal.add((text(journal_module.FLUSH_CHARACTERS - 1),))
    await scope.join()
    assert len(written(store)) == 1


async def test_the_real_timer_rings(store, scope, troubles, monkeypatch):
    monkeypatch.setattr(journal_module, "FLUSH_SECONDS", 0.0)
    gate = store.gates["append"] = Gate()
    journal = DeltaJournal(store, "m1", scope, troubles.append)
    journal.add((text(1),))
    await gate.reached.arrived()
    gate.open()


async def test_what_comes_while_the_store_is_busy_follows_in_order(journal, store, scope, clock):
    gate = store.gates["append"] = Gate()
    journal.add((TextDelta("1"),))
    clock.ring()
    await gate.reached.arrived()
    for number in range(2, 10):
        journal.add((TextDelta(str(number)),))
        clock.ring()
    assert len(written(store)) == 1
    gate.open()
    await scope.join()
    assert len(written(store)) == 2
    assert "".join(delta.text for delta in store.deltas["m1"]) == "123456789"


async def test_a_slow_store_is_asked_one_thing_at_a_time(journal, store, scope, monkeypatch):
    monkeypatch.setattr(journal_module, "FLUSH_CHARACTERS", 1)
    running = most = 0
    plain = store.append_deltas

    async def append_deltas(message_id, deltas):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        await plain(message_id, deltas)
        running -= 1

    monkeypatch.setattr(store, "append_deltas", append_deltas)
    for number in range(100):
        journal.add((TextDelta(f"{number},"),))
        await asyncio.sleep(0)
    await scope.join()
    assert most == 1
    assert "".join(delta.text for delta in store.deltas["m1"]) == "".join(
        f"{number}," for number in range(100)
    )


async def test_closing_waits_for_the_write_and_drops_what_waits(journal, store, scope, clock):
    gate = store.gates["append"] = Gate()
    journal.add((TextDelta("1"),))
    clock.ring()
    await gate.reached.arrived()
    journal.add((TextDelta("2"),))
    closing = asyncio.get_running_loop().create_task(journal.close())
    await asyncio.wait({closing}, timeout=0)
    assert not closing.done()
    gate.open()
    await closing
    # The finished message, which is written next, holds it.
    assert written(store) == [(TextDelta("1"),)]
    assert clock.waiting == []


async def test_closing_an_unused_journal(journal):
    await journal.close()
    await journal.close()


@pytest.mark.parametrize(
    ("failure", "told"),
    [(StoreError("no room"), "no room"), (ZeroDivisionError(), "ZeroDivisionError")],
)
async def test_a_refusal_is_told_once_and_ends_the_journal(
    journal, store, scope, clock, troubles, failure, told, caplog
):
    store.failures["append"] = failure
    for _ in range(3):
        journal.add((text(1),))
        clock.ring()
        await scope.join()
    assert troubles == [told]
    assert len(written(store)) == 1
    store.failures.clear()
    journal.add((text(1),))
    clock.ring()
    await journal.close()
    # Never a text with a hole in it.
    assert store.deltas == {}
    assert "cannot be stored" in caplog.text or "failed unexpectedly" in caplog.text


async def test_what_must_be_durable_is_waited_for_with_all_before_it(journal, store, scope):
    journal.add((text(1),))
    await journal.write((FinishDelta("stop"),))
    assert written(store) == [(text(1), FinishDelta("stop"))]


async def test_it_waits_behind_a_write_that_is_under_way(journal, store, scope):
    gate = store.gates["append"] = Gate()
    journal.add((text(journal_module.FLUSH_CHARACTERS),))
    await gate.reached.arrived()
    waiting = asyncio.get_running_loop().create_task(journal.write((FinishDelta("stop"),)))
    await asyncio.sleep(0)
    assert not waiting.done()
    gate.open()
    await waiting
    assert written(store)[-1] == (FinishDelta("stop"),)


async def test_a_refusal_ends_the_waiting_and_is_told_once(journal, store, scope, troubles):
    store.failures["append"] = StoreError("full")
    await journal.write((FinishDelta("stop"),))
    await journal.write((FinishDelta("stop"),))
    assert troubles == ["full"]
