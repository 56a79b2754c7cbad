import asyncio
import contextvars
import socket
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from desktop_app.ui.event_loop import EventLoop

SIZE = 3_000_000


@pytest.fixture
def loop(qapp):
    loop = EventLoop(qapp)
    yield loop
    loop.close()


def test_callbacks_come_in_their_order_and_in_their_context(loop):
    variable = contextvars.ContextVar("variable", default="outside")
    context = contextvars.copy_context()
    context.run(variable.set, "inside")
    came = []

    def first() -> None:
        came.append(1)
        loop.call_soon(came.append, 3)
        loop.call_soon(lambda: came.append(variable.get()), context=context)
        loop.call_soon(loop.stop)

    loop.call_soon(first)
    loop.call_soon(came.append, 2)
    loop.run_forever()

    assert came == [1, 2, 3, "inside"]


def test_what_callbacks_bring_runs_in_the_same_turn_of_qt(loop):
    came = []

    def first() -> None:
        QTimer.singleShot(0, lambda: came.append("qt"))
        loop.call_soon(second)

    def second() -> None:
        came.append("second")
        loop.call_soon(came.append, "third")

    loop.call_soon(first)
    loop.call_later(0.01, loop.stop)
    loop.run_forever()

    assert came == ["second", "third", "qt"]


def test_a_cancelled_callback_is_not_called(loop):
    came = []
    loop.call_soon(lambda: cancelled.cancel())
    cancelled = loop.call_soon(came.append, "cancelled")
    loop.call_soon(came.append, "called")
    loop.call_soon(loop.stop)
    loop.run_forever()

    assert came == ["called"]


def test_callbacks_without_end_leave_qt_its_turns(loop):
    turns = 0

    def again() -> None:
        nonlocal turns
        turns += 1
        loop.call_soon(again)

    loop.call_soon(again)
    QTimer.singleShot(20, loop.stop)
    loop.run_forever()

    assert turns > 100


def test_a_failing_callback_is_reported_and_the_next_one_called(loop):
    reported = []
    loop.set_exception_handler(lambda _, context: reported.append(context["exception"]))

    def fail() -> None:
        raise ValueError("as told")

    loop.call_soon(fail)
    loop.call_soon(loop.stop)
    loop.run_forever()

    assert [str(error) for error in reported] == ["as told"]


def test_another_thread_wakes_the_loop(loop):
    async def scenario() -> str:
        answer = loop.create_future()
        thread = threading.Thread(
            target=lambda: loop.call_soon_threadsafe(answer.set_result, "from the thread")
        )
        # Nothing else is due, so the loop waits in Qt.
        thread.start()
        result = await answer
        thread.join()
        return result

    assert loop.run_until_complete(scenario()) == "from the thread"


def test_a_nested_loop_of_qt_keeps_tasks_waiting_and_breaks_none(loop):
    came = []

    async def other() -> None:
        came.append("other begins")
        await asyncio.sleep(0)
        came.append("other goes on")

    async def scenario() -> None:
        task = loop.create_task(other())
        nested = QEventLoop()
        QTimer.singleShot(20, nested.quit)
        nested.exec()
        came.append("nested loop ended")
        await task

    loop.run_until_complete(scenario())

    assert came == ["nested loop ended", "other begins", "other goes on"]


def test_megabytes_go_both_ways_through_a_socket(loop):
    """Reading is paused and resumed, and writing waits for room, many times over."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(10_000):
            writer.write(data)
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def scenario() -> bytes:
        server = await asyncio.start_server(echo, "127.0.0.1", 0, limit=1_000)
        async with server:
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1_000)

            async def send() -> None:
                writer.write(bytes(SIZE))
                await writer.drain()
                writer.write_eof()

            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(send())
                received = await reader.read(-1)
            writer.close()
            await writer.wait_closed()
        return received

    assert loop.run_until_complete(scenario()) == bytes(SIZE)


def test_a_socket_that_was_closed_is_not_taken_for_the_next_with_its_number(loop):
    came = []

    async def scenario() -> None:
        one, other = socket.socketpair()
        number = one.fileno()
        loop.add_reader(one, came.append, "never")
        await asyncio.sleep(0)
        loop.remove_reader(one)
        one.close()
        other.close()
        reused, other = socket.socketpair()
        try:
            assert number in (reused.fileno(), other.fileno())
            ready = loop.create_future()
            listening, sending = (reused, other) if reused.fileno() == number else (other, reused)
            loop.add_reader(listening, ready.set_result, None)
            sending.send(b"x")
            await ready
            assert loop.remove_reader(listening)
            assert not loop.remove_reader(listening)
        finally:
            reused.close()
            other.close()

    loop.run_until_complete(scenario())

    assert came == []


def test_readers_come_and_go_from_slots_of_qt(loop):
    """Outside of any callback of the loop, as a button of the window would do it."""
    one, other = socket.socketpair()
    came = []

    def read() -> None:
        came.append(one.recv(1))
        loop.stop()

    try:
        QTimer.singleShot(0, lambda: loop.add_reader(one, read))
        QTimer.singleShot(5, lambda: other.send(b"x"))
        loop.run_forever()
        QTimer.singleShot(0, lambda: came.append(loop.remove_reader(one)))
        QTimer.singleShot(5, lambda: other.send(b"y"))
        QTimer.singleShot(30, loop.stop)
        loop.run_forever()
    finally:
        one.close()
        other.close()

    assert came == [b"x", True]


def test_a_reader_in_a_nested_loop_is_called_when_the_callback_has_ended(loop):
    one, other = socket.socketpair()
    came = []

    def read() -> None:
        came.append(one.recv(1))
        loop.stop()

    def callback() -> None:
        nested = QEventLoop()
        QTimer.singleShot(20, nested.quit)
        other.send(b"x")
        nested.exec()
        came.append("ended")

    try:
        loop.add_reader(one, read)
        loop.call_soon(callback)
        loop.run_forever()
        loop.remove_reader(one)
    finally:
        one.close()
        other.close()

    assert came == ["ended", b"x"]


def test_a_closed_loop_calls_nobody(qapp):
    loop = EventLoop(qapp)
    came = []
    loop.call_soon(came.append, "soon")
    loop.close()
    loop.close()
    loop.call_soon(came.append, "later")
    loop.call_soon_threadsafe(came.append, "from a thread")
    QCoreApplication.processEvents()

    assert came == []
