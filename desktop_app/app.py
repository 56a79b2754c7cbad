"""The program with its window: builds it, runs it on one event loop, and shuts it down in order."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QEvent,
    QMessageLogContext,
    QObject,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app import APP_ID, APP_NAME, __version__
from desktop_app.chat.summarising import sum_up
from desktop_app.chat.tasks import TaskScope
from desktop_app.composition import (
    Options,
    Services,
    compose,
    export_formats,
    preload_in_background,
    prepare_folders,
)
from desktop_app.paths import app_paths
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import LANGUAGE
from desktop_app.ui import accessible_choice
from desktop_app.ui.appearance import Appearance
from desktop_app.ui.event_loop import EventLoop
from desktop_app.ui.garbage import IdleCollector
from desktop_app.ui.icons import app_icon
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.notices import show_start_notices
from desktop_app.ui.single_instance import SingleInstance, Start
from desktop_app.ui.translations import install_language
from desktop_app.ui.update_notice import tell_of_update
from desktop_app.ui.window_parts import WindowParts
from desktop_app.ui.window_state import WindowState

if TYPE_CHECKING:
    from desktop_app.ui.mcp_servers.attendant import Attendant

_log = logging.getLogger(__name__)

_ALREADY_RUNNING: Final = (
    f"{APP_NAME} is already running with this data folder and does not answer. Close it, or use "
    "another folder with --data-dir."
)


_NEEDED_SOON: Final = ("markdown_it", "mdit_py_plugins.dollarmath")
"""What the first answer with Markdown in it would otherwise wait for."""


def run(options: Options, *, no_display: str) -> int:
    """Open the window and return the exit status once it is closed.

    Args:
        options: What the command line and the environment ask for.
        no_display: What is said when no window can be opened.
    """
    QGuiApplication.setDesktopFileName(APP_ID)
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
    services = await compose(options)
    _follow_language(app, services.settings)
    Appearance(app, services.settings)
    accessible_choice.install()
    window = MainWindow(_parts(services))
    closed = asyncio.get_running_loop().create_future()

    def leave() -> None:
        if not closed.done():
            closed.set_result(None)

    window.closed.connect(leave)
    # A termination signal closes the window in order, as Ctrl+Q does.
    _close_on_signals(window)
    window.show()

    attendants: list[Attendant] = []

    def painted() -> None:
        # The half second that the SDK's import takes must not delay the first paint.
        preload_in_background(*_NEEDED_SOON)
        services.search.note_change()
        attendants.append(_attend(services, window))
        services.servers().start()
        window.motion.follow_system()

    _FirstPaint(window, painted)
    await window.start()
    instance.listen(window.come_forward)
    opening = services.opening
    show_start_notices(
        window.banners,
        settings_kept_as=services.settings.kept_aside,
        storage_problem=opening.problem.value if opening.problem else "",
        storage_kept_as=opening.kept_as,
        environment_problem=services.environment_problem,
        show_backups=window.show_backups,
    )
    if services.upkeep is not None:
        services.upkeep.start()
    IdleCollector(window)
    tasks = TaskScope()
    tasks.start(tell_of_update(services.updates, window.banners), "look for a new version")
    await closed
    window.hide()
    for attendant in attendants:
        attendant.leave()
    await tasks.close()
    await window.finish()
    await services.aclose()
    return 0


def _attend(services: Services, window: MainWindow) -> "Attendant":
    # Loaded after the first paint: its dialogs are seldom wanted.
    from desktop_app.ui.mcp_servers.attendant import Attendant

    return Attendant(services.servers(), window)


def _parts(services: Services) -> WindowParts:
    return WindowParts(
        settings=services.settings,
        book=services.book,
        keys=services.keys,
        library=services.library,
        search=services.search,
        probe=services.probe,
        known_models=services.models.known_models,
        list_models=services.models.list_models,
        load_exchanges=services.store.load_exchanges,
        outlook=services.outlook,
        sum_up=partial(sum_up, services.models),
        start_demo=services.start_demo,
        state=WindowState(services.paths.window_state),
        exporting=services.exporting,
        export_formats=export_formats,
        importing=services.importing,
        paths=services.paths,
        upkeep=services.upkeep,
        permissions=services.tools.permissions,
        servers=services.servers,
    )


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


class _FirstPaint(QObject):
    """Does something once ``window`` has been painted; a timer alone may come before that."""

    def __init__(self, window: QWidget, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._then = then
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._then)
        return False


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
