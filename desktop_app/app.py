"""The program with its window: builds it, runs it on one event loop, and shuts it down in order."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from types import TracebackType
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app import APP_NAME, __version__
from desktop_app.options import Options, prepare_folders
from desktop_app.paths import app_paths
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import LANGUAGE
from desktop_app.ui import accessible_choice
from desktop_app.ui.appearance import Appearance
from desktop_app.ui.event_loop import EventLoop
from desktop_app.ui.icons import app_icon
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.single_instance import SingleInstance, Start
from desktop_app.ui.translations import install_language
from desktop_app.ui.window_identity import identify_windows
from desktop_app.ui.window_state import WindowState

_log = logging.getLogger(__name__)

_ALREADY_RUNNING: Final = (
    f"{APP_NAME} is already running with this data folder and does not answer. Close it, or use "
    "another folder with --data-dir."
)

_PATIENCE: Final = 1.0
"""Seconds to wait for the first paint; a window that opens out of sight is not painted."""


def run(options: Options, *, no_display: str) -> int:
    """Open the window and return the exit status once it is closed.

    Args:
        options: What the command line and the environment ask for.
        no_display: What is said when no window can be opened.
    """
    identify_windows()
    app = _application(no_display)
    app.setApplicationName("interleave")
    app.setApplicationDisplayName(APP_NAME)
    app.setApplicationVersion(__version__)
    app.setWindowIcon(app_icon())
    app.setQuitOnLastWindowClosed(False)
    sys.excepthook = _report
    paths = app_paths(options.data_dir)
    prepare_folders(paths)
    instance = SingleInstance(paths.data)
    start = instance.begin()
    if start is not Start.FIRST:
        if start is Start.UNANSWERED:
            print(_ALREADY_RUNNING, file=sys.stderr)
        return 0 if start is Start.RAISED else 1
    try:
        return _run(app, options, instance)
    finally:
        instance.end()


def _application(no_display: str) -> QApplication:
    """Return the application, or say ``no_display`` and end where there is no display.

    Qt itself ends the process with a signal then, after a page on plugins: nothing can be caught.
    """
    said: list[str] = []

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        del context
        if kind is QtMsgType.QtFatalMsg:
            print(*said, no_display, sep="\n", file=sys.stderr, flush=True)
            os._exit(1)
        said.append(text)

    qInstallMessageHandler(hear)
    app = QApplication(sys.argv[:1])
    qInstallMessageHandler(None)
    for text in said:
        _log.warning("Qt: %s", text)
    return app


def _run(app: QApplication, options: Options, instance: SingleInstance) -> int:
    with asyncio.Runner(loop_factory=lambda: EventLoop(app)) as runner:
        runner.get_loop().set_exception_handler(_report_task)
        return runner.run(_main(app, options, instance))


async def _main(app: QApplication, options: Options, instance: SingleInstance) -> int:
    paths = app_paths(options.data_dir)
    settings = SettingsStore(paths.settings)
    _follow_language(app, settings)
    Appearance(app, settings)
    accessible_choice.install()
    window = MainWindow(WindowState(paths.window_state))
    closed = asyncio.get_running_loop().create_future()

    def leave() -> None:
        if not closed.done():
            closed.set_result(None)

    window.closed.connect(leave)
    # A termination signal closes the window in order, as Ctrl+Q does.
    _close_on_signals(window)
    window.show()
    await _first_paint(window)
    if not closed.done():
        # Loading it takes several times as long as the window until here.
        from desktop_app import running

        await running.run_behind(window, options, settings, instance, closed)
    return 0


def _follow_language(app: QApplication, settings: SettingsStore) -> None:
    def apply(key: str = LANGUAGE.key) -> None:
        if key == LANGUAGE.key:
            install_language(app, settings.text(LANGUAGE))

    apply()
    settings.subscribe(apply)


def _close_on_signals(window: MainWindow) -> None:
    if os.name == "nt":
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, window.close)


async def _first_paint(window: QWidget) -> None:
    """Wait until ``window`` has been painted; a timer alone may come before that."""
    watch = _PaintWatch(window)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(watch.painted, _PATIENCE)
    watch.deleteLater()


class _PaintWatch(QObject):
    """Knows once ``window`` has been painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.painted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._note)
        return False

    def _note(self) -> None:
        if not self.painted.done():
            self.painted.set_result(None)


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what no code of ours expected; the window goes on."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.critical("unexpected error", exc_info=(kind, error, trace))


def _report_task(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    del loop
    error = context.get("exception")
    _log.critical(
        "unexpected error in a task: %s",
        context.get("message", ""),
        exc_info=error if isinstance(error, BaseException) else None,
    )
