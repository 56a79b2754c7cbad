"""Garbage is collected on the window's thread, and on no other."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from desktop_app.ui import garbage
from desktop_app.ui.garbage import IdleCollector


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QObject]:
    parent = QObject()
    yield parent
    gc.unfreeze()


class _InACycle(QObject):
    def __init__(self, destroyed_by: list[int]) -> None:
        super().__init__()
        self._self = self
        self._timer = QTimer(self)
        self._timer.start(5)
        weakref.finalize(self, lambda: destroyed_by.append(threading.get_ident()))


def _make_many_objects() -> None:
    kept = [[number] for number in range(50_000)]
    del kept


def test_a_thread_that_makes_many_objects_destroys_no_window(
    parent: QObject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "_MANY", 0)
    collector = IdleCollector(parent, interval=100_000)
    destroyed_by: list[int] = []
    _InACycle(destroyed_by)
    thread = threading.Thread(target=_make_many_objects)
    thread.start()
    thread.join()
    assert destroyed_by == []
    collector.collect()
    assert destroyed_by == [threading.get_ident()]


def test_it_collects_by_itself(
    parent: QObject, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "_MANY", 0)
    IdleCollector(parent, interval=1)
    destroyed_by: list[int] = []
    _InACycle(destroyed_by)
    qtbot.waitUntil(lambda: destroyed_by == [threading.get_ident()], timeout=5000)


def test_few_new_objects_are_not_looked_at(parent: QObject, qtbot: QtBot) -> None:
    collector = IdleCollector(parent, interval=100_000)
    gc.collect()
    destroyed_by: list[int] = []
    _InACycle(destroyed_by)
    collector.collect()
    assert destroyed_by == []
