"""The formulas of all views: set once each, between frames, and remembered.

Setting a formula is pure Python and takes 2.5 ms, a page of aligned equations 60 ms. Measured while
a view streams, 95 of 100 steps end within 1.7 ms; beside a thread that sets formulas freely within
11 ms, since both want the interpreter (4.6 ms with a switch interval of 0.5 ms instead of 5). So
the thread here runs only while it is lent time: the window's thread waits for it, 4 ms at most, and
only when it has nothing else to do. Both are never at work at once, and no lock is needed.
"""

from __future__ import annotations

import gc
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Semaphore, Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop_app.ui.transcript.clock import frame_clock
from desktop_app.ui.transcript.formula_source import FormulaError
from desktop_app.ui.transcript.placement import FormulaKey

if TYPE_CHECKING:
    from desktop_app.ui.transcript.formula_outline import Outline

_log = logging.getLogger(__name__)

SLICE_SECONDS = 0.004
BUDGET_SECONDS = 0.4
"""CPU seconds for one formula; an aligned derivation of a whole page takes a third of it."""
LOADING_MILLISECONDS = 15
KEPT_MARKS = 30_000
"""Glyphs and lines in all remembered formulas: about 6 MB, some 2,000 formulas."""
KEPT_FAILURES = 4_000
"""More than a large screen shows: one that were forgotten while it is looked at would be tried again."""


class Formulas(QObject):
    """Outlines by key. Whoever is told None and that it waits, hears `arrived` later."""

    arrived = Signal(object)
    """A set of keys that were waited for: set by now, or known to fail."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.revision = 0
        """Grows whenever a formula arrives."""
        self._known: OrderedDict[FormulaKey, Outline] = OrderedDict()
        self._failed: OrderedDict[FormulaKey, None] = OrderedDict()
        self._marks = 0
        self._waiting: dict[FormulaKey, None] = {}
        self._running: FormulaKey | None = None
        self._told: set[FormulaKey] = set()
        self._setter: _Setter | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._slice)

    def find(self, key: FormulaKey) -> Outline | None:
        """The outline when it is there. Else it is asked for, unless it is known to fail."""
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        if key not in self._failed and key != self._running and key not in self._waiting:
            self._waiting[key] = None
            if not self._timer.isActive():
                self._timer.start(0)
        return None

    def is_awaited(self, key: FormulaKey) -> bool:
        """Whether the formula was asked for and will arrive, set or failed."""
        return key in self._waiting or key == self._running

    def is_busy(self) -> bool:
        """Whether any formula still waits, or was not told of yet."""
        return self._running is not None or bool(self._waiting) or bool(self._told)

    @property
    def marks(self) -> int:
        """Glyphs and lines that are remembered."""
        return self._marks

    def _slice(self) -> None:
        """Lend the setter a little time."""
        if self._running is None and not self._waiting:
            self._timer.stop()
            return
        if self._setter is None:
            self._setter = _Setter()
        if not self._setter.take_in():
            self._timer.setInterval(LOADING_MILLISECONDS)
            return
        self._timer.setInterval(0)
        if self._running is None:
            # The newest first: what was asked for last is what is looked at now.
            self._running, _ = self._waiting.popitem()
            self._setter.begin(self._running)
        if self._setter.lend(SLICE_SECONDS):
            key, self._running = self._running, None
            self._keep(key, self._setter.result)

    def _keep(self, key: FormulaKey, made: Outline | None) -> None:
        self.revision += 1
        if made is None:
            self._failed[key] = None
            if len(self._failed) > KEPT_FAILURES:
                self._failed.popitem(last=False)
        else:
            self._known[key] = made
            self._marks += made.marks
            while self._marks > KEPT_MARKS and len(self._known) > 1:
                _, oldest = self._known.popitem(last=False)
                self._marks -= oldest.marks
        self._told.add(key)
        frame_clock().request(self._tell)

    def _tell(self) -> None:
        told, self._told = self._told, set()
        if told:
            self.arrived.emit(told)


class _Setter:
    """A thread that sets formulas while somebody waits for it, and stands still otherwise."""

    def __init__(self) -> None:
        self.is_loaded = False
        self.result: Outline | None = None
        self._key = FormulaKey("", is_display=False)
        self._until = 0.0
        self._begun = 0.0
        self._is_done = False
        # A collection in the thread would end widgets there, which Qt does not survive. The program
        # itself collects on the window's thread alone, and has it disabled by now.
        self._collects = gc.isenabled()
        gc.disable()
        self._go = Semaphore(0)
        self._back = Semaphore(0)
        Thread(target=self._run, name="formulas", daemon=True).start()

    def take_in(self) -> bool:
        """Whether the thread is ready."""
        if self.is_loaded and self._collects:
            self._collects = False
            gc.enable()
        return self.is_loaded

    def begin(self, key: FormulaKey) -> None:
        """Set this formula next."""
        self._key, self._is_done = key, False

    def lend(self, seconds: float) -> bool:
        """Wait while the thread works for about `seconds`; true when the formula is over."""
        self._until = time.perf_counter() + seconds
        collects = gc.isenabled()
        gc.disable()
        self._go.release()
        self._back.acquire()
        if collects:
            gc.enable()
        return self._is_done

    def _run(self) -> None:
        # 200 ms of imports and tables: the one thing done here without being lent the time for it.
        try:
            from desktop_app.ui.transcript.formula_outline import outline

            # The first formula reads the tables of the font, which cannot be paused.
            outline(r"\left(\sum \sqrt{x}\right)", is_display=True, breathe=lambda: None)
        except Exception:
            # Formulas stay source; nothing else depends on them.
            _log.exception("formulas cannot be drawn")
            outline = _refuse

        self.is_loaded = True
        while True:
            self._go.acquire()
            self._begun = time.thread_time()
            source, is_display = self._key
            try:
                self.result = outline(source, is_display=is_display, breathe=self._breathe)
            except Exception as error:
                self.result = None
                _log.debug("a formula stays source: %s", type(error).__name__)
            self._is_done = True
            self._back.release()

    def _breathe(self) -> None:
        """Stand still when the lent time is over. Raises FormulaError when all of it is."""
        if time.perf_counter() < self._until:
            return
        if time.thread_time() - self._begun > BUDGET_SECONDS:
            raise FormulaError("takes too long")
        self._back.release()
        self._go.acquire()


def _refuse(source: str, *, is_display: bool, breathe: Callable[[], None]) -> Outline:
    del source, is_display, breathe
    raise FormulaError("there is nothing to set formulas with")


def formulas() -> Formulas:
    """The formulas of this application."""
    application = QCoreApplication.instance()
    found = application.findChild(Formulas, "formulas") if application else None
    if found is None:
        found = Formulas(application)
        found.setObjectName("formulas")
    return found
