"""Blocking work in a daemon thread."""

import asyncio
import threading

import pytest

from desktop_app.chat.background import DaemonThread, in_daemon_thread


async def test_work_is_done_in_order_on_one_thread_that_ends():
    thread = DaemonThread("work")
    names = [await thread.run(lambda: threading.current_thread()) for _ in range(3)]
    assert len(set(names)) == 1
    assert names[0].daemon
    assert names[0] is not threading.current_thread()
    done = threading.Event()
    thread.post(done.set)
    thread.end()
    names[0].join(20)
    assert done.is_set()
    assert not names[0].is_alive()


async def test_one_piece_of_work_gets_a_daemon_thread_that_ends_with_it():
    thread = await in_daemon_thread(threading.current_thread, "once")
    thread.join(20)
    assert (thread.name, thread.daemon, thread.is_alive()) == ("once", True, False)


async def test_what_work_raises_is_raised_to_whoever_waits():
    thread = DaemonThread("work")

    def fail() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await thread.run(fail)
    assert await thread.run(lambda: 1) == 1
    thread.end()


async def test_whoever_is_cancelled_waits_for_nothing():
    thread, go_on = DaemonThread("work"), threading.Event()
    loop, begun = asyncio.get_running_loop(), asyncio.Event()

    def work() -> None:
        loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(20)

    task = loop.create_task(thread.run(work))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    assert await thread.run(lambda: 2) == 2
    thread.end()


async def test_work_that_nobody_waits_for_fails_into_the_log(expect_error_log):
    thread = DaemonThread("work")

    def fail() -> None:
        raise KeyError("x")

    expect_error_log("work that nobody waited for failed")
    thread.post(fail)
    assert await thread.run(lambda: 3) == 3
    thread.end()
