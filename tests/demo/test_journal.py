"""Waiting across threads: woken by the event, never by the clock."""

import asyncio
import threading

import pytest

from desktop_app.demo.journal import Gate, Journal, Moment


def test_a_wait_returns_at_once_when_enough_is_there():
    journal = Journal("words")
    journal.append("a")
    journal.append("b")
    assert journal.wait_for(2, timeout=0) == ["a", "b"]


def test_a_blocked_wait_is_woken_by_another_thread():
    journal = Journal("words")
    writer = threading.Thread(target=lambda: [journal.append(word) for word in "abc"])
    writer.start()
    assert journal.wait_for(3) == ["a", "b", "c"]
    writer.join()


async def test_an_awaited_entry_arrives_from_another_thread():
    journal = Journal("words")
    waiting = asyncio.get_running_loop().create_task(journal.arrived(1))
    await asyncio.sleep(0)
    writer = threading.Thread(target=journal.append, args=("a",))
    writer.start()
    assert await waiting == ["a"]
    writer.join()


def test_a_vain_wait_says_what_was_missing():
    journal = Journal("requests")
    journal.append("one")
    with pytest.raises(TimeoutError, match="1 of 2 requests"):
        journal.wait_for(2, timeout=0.01)


async def test_a_vain_await_says_what_was_missing():
    with pytest.raises(TimeoutError, match="0 of 1 requests"):
        await Journal("requests").arrived(1, timeout=0.01)


def test_a_short_memory_goes_on_counting():
    journal = Journal("words", keep=2)
    for word in "abc":
        journal.append(word)
    assert list(journal) == ["b", "c"]
    assert journal.total == 3
    assert journal.wait_for(3, timeout=0) == ["b", "c"]


def test_a_moment_happens_once():
    moment = Moment("bell")
    assert not moment.happened
    moment.mark()
    moment.mark()
    moment.wait(timeout=0)
    assert moment.happened


async def test_an_opened_gate_stays_open():
    gate = Gate()
    gate.open()
    await gate.opened.arrived(timeout=0)
    await gate.opened.arrived(timeout=0)
