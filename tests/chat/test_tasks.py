"""Tasks have an owner: none is left, none fails in silence."""

import asyncio

import pytest

from desktop_app.chat.tasks import TaskScope


async def test_a_failure_is_logged_with_its_trace(expect_error_log, caplog):
    expect_error_log("task writing failed")

    async def work():
        raise ZeroDivisionError("here")

    scope = TaskScope()
    scope.start(work(), "writing")
    await scope.join()
    assert "ZeroDivisionError: here" in caplog.text


async def test_who_was_told_to_end_and_fails_at_that_is_no_error(caplog):
    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            raise ZeroDivisionError("on the way out")

    scope = TaskScope()
    task = scope.start(work(), "leaving")
    await asyncio.sleep(0)
    with caplog.at_level("INFO"):
        await scope.close()
    assert isinstance(task.exception(), ZeroDivisionError)
    (record,) = [each for each in caplog.records if "task leaving failed" in each.message]
    assert record.levelname == "INFO"


async def test_a_cancelled_task_is_not_a_failure():
    scope = TaskScope()
    task = scope.start(asyncio.Event().wait(), "waiting")
    task.cancel()
    await scope.join()
    assert task.cancelled()


async def test_closing_cancels_and_waits_for_the_clean_up():
    cleaned = []

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    scope = TaskScope()
    for number in range(3):
        scope.start(work(), f"work {number}")
    await asyncio.sleep(0)
    await scope.close()
    assert cleaned == [True] * 3
    await scope.close()


async def test_joining_waits_for_tasks_that_tasks_start():
    done = []
    scope = TaskScope()

    async def second():
        await asyncio.sleep(0)
        done.append("second")

    async def first():
        await asyncio.sleep(0)
        scope.start(second(), "second")
        done.append("first")

    scope.start(first(), "first")
    await scope.join()
    assert done == ["first", "second"]


async def test_a_task_may_close_its_own_scope():
    scope = TaskScope()
    scope.start(asyncio.Event().wait(), "other")
    task = scope.start(scope.close(), "closing")
    await asyncio.wait({task})
    assert not task.cancelled()
    await scope.join()


async def test_giving_up_on_joining_ends_nothing():
    scope = TaskScope()
    go = asyncio.Event()
    task = scope.start(go.wait(), "saving")
    joining = asyncio.get_running_loop().create_task(scope.join())
    await asyncio.wait({joining}, timeout=0)
    joining.cancel()
    with pytest.raises(asyncio.CancelledError):
        await joining
    assert not task.done()
    go.set()
    await scope.join()
    assert task.result() is True
