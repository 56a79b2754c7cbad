"""The program behind its window: loaded and built once that is painted, ended in order when it closes."""

import asyncio
from functools import partial
from typing import Final

from desktop_app.chat.summarising import sum_up
from desktop_app.chat.tasks import TaskScope
from desktop_app.composition import Services, compose, export_formats, preload_in_background
from desktop_app.options import Options
from desktop_app.settings.store import SettingsStore
from desktop_app.ui.garbage import IdleCollector
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.notices import show_start_notices
from desktop_app.ui.single_instance import SingleInstance
from desktop_app.ui.update_notice import UpdateNotice
from desktop_app.ui.window_parts import WindowParts

_NEEDED_SOON: Final = ("markdown_it", "mdit_py_plugins.dollarmath")
"""What the first answer with Markdown in it would otherwise wait for."""

_HEAD_START: Final = 0.5
"""Seconds for which the start has the interpreter to itself; a keyring that asks takes longer."""


async def run_behind(
    window: MainWindow,
    options: Options,
    settings: SettingsStore,
    instance: SingleInstance,
    closed: "asyncio.Future[None]",
) -> None:
    """Furnish ``window``, which is shown, and keep the program going until it is ``closed``."""
    services = await compose(options, settings)
    window.furnish(parts_of(services))
    instance.listen(window.come_forward)
    opening = services.opening
    show_start_notices(
        window.banners,
        settings_kept_as=settings.kept_aside,
        storage_problem=opening.problem.value if opening.problem else "",
        storage_kept_as=opening.kept_as,
        environment_problem=services.environment_problem,
        show_backups=window.work.show_backups,
    )
    tasks = TaskScope()
    starting = tasks.start(window.start(), "start")
    await asyncio.wait({starting}, timeout=_HEAD_START)
    # Its dialogs are seldom wanted, and the window is usable without them.
    from desktop_app.ui.mcp_servers.attendant import Attendant

    attendant = Attendant(services.servers(), window)
    services.servers().start()
    window.work.motion.follow_system()
    preload_in_background(*_NEEDED_SOON)
    services.search.note_change()
    await starting
    if services.upkeep is not None:
        services.upkeep.start()
    IdleCollector(window)
    updates = UpdateNotice(services.updates, services.update_download, window.banners)
    tasks.start(updates.look(), "look for a new version")
    await closed
    window.hide()
    attendant.leave()
    await tasks.close()
    await updates.aclose()
    await window.finish()
    await services.aclose()


def parts_of(services: Services) -> WindowParts:
    """Return what the window is given to work with."""
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
        exporting=services.exporting,
        export_formats=export_formats,
        importing=services.importing,
        paths=services.paths,
        upkeep=services.upkeep,
        permissions=services.tools.permissions,
        servers=services.servers,
    )
