"""Blocking calls beside the event loop: one at a time, and never in the way of leaving."""

import asyncio
import contextlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop_app.keystore.daemon_calls import Call, OneAtATime

ROOT = Path(__file__).parents[2]
NAME = "calls under test"


def workers():
    return [thread for thread in threading.enumerate() if thread.name == NAME]


@pytest.fixture
def thread():
    yield OneAtATime(NAME)
    for worker in workers():
        worker.join(10)
    assert workers() == []


@pytest.fixture
def prompt(thread):
    """Blocks what waits for it, until it is set; at the latest when the test ends."""
    answered = threading.Event()
    yield answered
    answered.set()


def call(work):
    return Call(work, failed=lambda error: f"failed: {error!r}")


async def test_answers_come_in_the_order_of_asking(thread):
    order = []
    calls = [thread.submit(call(lambda n=n: order.append(n) or f"answer {n}")) for n in range(50)]
    assert [await each.wait(10) for each in calls] == [f"answer {n}" for n in range(50)]
    assert order == list(range(50))


async def test_runs_in_a_daemon_thread(thread):
    async_call = thread.submit(call(lambda: threading.current_thread().daemon))
    assert await async_call.wait(10) is True


async def test_the_thread_ends_when_there_is_nothing_to_do_and_comes_back(thread):
    for _ in range(3):
        assert await thread.submit(call(lambda: "done")).wait(10) == "done"
        for worker in workers():
            worker.join(10)
        assert workers() == []


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(1), KeyboardInterrupt()])
async def test_whatever_is_raised_becomes_an_answer(thread, error):
    def fail():
        raise error

    assert await thread.submit(call(fail)).wait(10) == f"failed: {error!r}"


async def test_the_loop_runs_on_while_a_call_blocks(thread, prompt):
    async_call = thread.submit(call(prompt.wait))
    rounds = 0
    waiting = asyncio.get_running_loop().create_task(async_call.wait(0.3))
    while not waiting.done():
        rounds += 1
        await asyncio.sleep(0)
    assert waiting.result() is None
    assert rounds > 100


async def test_an_answer_after_the_time_out_can_be_fetched(thread, prompt):
    async_call = thread.submit(call(lambda: prompt.wait() and "late"))
    assert await async_call.wait(0.05) is None
    assert async_call.answer is None
    assert async_call.can_be_awaited
    prompt.set()
    assert await async_call.wait(10) == "late"
    assert async_call.answer == "late"


async def test_what_nobody_waits_for_any_more_never_begins(thread, prompt):
    ran = []
    first = thread.submit(call(prompt.wait))
    dropped = [thread.submit(call(lambda: ran.append("dropped"))) for _ in range(20)]
    for each in dropped:
        assert await each.wait(0) is None
        assert not each.can_be_awaited
    assert len(workers()) == 1
    last = thread.submit(call(lambda: ran.append("last") or "last"))
    prompt.set()
    assert await first.wait(10) is True
    assert await last.wait(10) == "last"
    assert ran == ["last"]


async def test_a_call_is_dropped_only_by_the_last_who_waits(thread, prompt):
    thread.submit(call(prompt.wait))
    shared = thread.submit(call(lambda: "shared"))
    patient = asyncio.get_running_loop().create_task(shared.wait(10))
    await asyncio.sleep(0)
    assert await shared.wait(0) is None
    assert shared.can_be_awaited
    prompt.set()
    assert await patient == "shared"


async def test_cancelling_who_waits_drops_what_has_not_begun(thread, prompt):
    ran = []
    thread.submit(call(prompt.wait))
    unwanted = thread.submit(call(lambda: ran.append("unwanted")))
    waiting = asyncio.get_running_loop().create_task(unwanted.wait(None))
    await asyncio.sleep(0)
    waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    last = thread.submit(call(lambda: "last"))
    prompt.set()
    assert await last.wait(10) == "last"
    assert ran == []


def test_a_thread_that_ends_after_the_loop_is_silent(thread, prompt, monkeypatch):
    raised = []
    monkeypatch.setattr(threading, "excepthook", raised.append)

    async def leave_early():
        assert await thread.submit(call(prompt.wait)).wait(0.05) is None

    asyncio.run(leave_early())
    (worker,) = workers()
    prompt.set()
    worker.join(10)
    assert not worker.is_alive()
    assert raised == []


def test_a_call_belongs_to_the_loop_that_made_it(thread):
    async def make():
        made = thread.submit(call(lambda: "answer"))
        await made.wait(10)
        return made

    async def is_mine(made):
        return made.can_be_awaited

    made = asyncio.run(make())
    assert asyncio.run(is_mine(made)) is False


def test_a_program_ends_at_once_although_a_call_blocks():
    code = """
import asyncio, threading
from desktop_app.keystore.daemon_calls import Call, OneAtATime
async def main():
    call = OneAtATime("x").submit(Call(threading.Event().wait, repr))
    print(await call.wait(0.05))
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=20
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "None\n", "")
