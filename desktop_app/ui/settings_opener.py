"""Opens the settings: made when they are first wanted, and kept."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop_app.settings.table import Page
from desktop_app.ui.window_parts import WindowParts

if TYPE_CHECKING:
    from desktop_app.ui.settings_dialog.dialog import SettingsDialog
    from desktop_app.ui.settings_dialog.section import Block


class SettingsOpener:
    """The settings of the program in front of ``window``."""

    def __init__(self, parts: WindowParts, window: QWidget) -> None:
        self._parts = parts
        self._window = window
        self._dialog: SettingsDialog | None = None
        self.data_blocks: Callable[[], Sequence[Block]] = tuple
        """Gives what stands on the page "Data" beside the backups."""

    def open(self, page: Page | None = None) -> "SettingsDialog":
        """Open the settings, at ``page`` where one is meant, or bring them to the front."""
        if self._dialog is None:
            # Loaded when it is first wanted: the window paints sooner without it.
            from desktop_app.ui.settings_dialog.dialog import SettingsDialog

            parts = self._parts
            self._dialog = SettingsDialog(
                parts.settings,
                parts.book,
                parts.keys,
                parts.probe,
                self._window,
                data_blocks=self.data_blocks(),
                paths=parts.paths,
                upkeep=parts.upkeep,
                permissions=parts.permissions,
                title_of=self._title_of,
                servers=parts.servers() if parts.servers is not None else None,
            )
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        if page is not None:
            self._dialog.show_page(page)
        return self._dialog

    def _title_of(self, conversation_id: str) -> str:
        conversation = self._parts.library.find(conversation_id)
        return conversation.title if conversation is not None else ""

    async def aclose(self) -> None:
        """End everything that still runs in it."""
        if self._dialog is not None:
            await self._dialog.aclose()
