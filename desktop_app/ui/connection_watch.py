"""Keeps the window true to the connection in use: its name, its models, and where its key lives."""

from PySide6.QtCore import QObject, Signal

from desktop_app import APP_NAME
from desktop_app.catalog.models import MODELS
from desktop_app.domain.connection import Connection, ConnectionSource
from desktop_app.domain.keyring_state import KeyReading
from desktop_app.ui.banner import Banners
from desktop_app.ui.conversation.page import ConversationPage
from desktop_app.ui.window_parts import WindowParts


class ConnectionWatch(QObject):
    """Shows on ``page`` and ``banners`` what there is to know of the connection."""

    own_key_requested = Signal()

    def __init__(self, parts: WindowParts, page: ConversationPage, banners: Banners) -> None:
        super().__init__(page)
        self._parts = parts
        self._page = page
        self._banners = banners

    def show(self) -> None:
        """Show the connection in use, and that it is a demo where it is one."""
        book = self._parts.book
        self._page.set_connections(book.choices, book.current)
        is_demo = book.current.source is ConnectionSource.DEMO
        # The name stands last: Qt would otherwise put it behind once more.
        demo = self.tr("Demo")
        self._page.window().setWindowTitle(f"{demo} – {APP_NAME}" if is_demo else APP_NAME)
        if is_demo:
            self._banners.show_notice(
                "demo",
                self.tr("This is a demo: the answers are scripted and come from this computer."),
                self.tr("Use your own key"),
                self.own_key_requested.emit,
            )
        else:
            self._banners.remove("demo")

    async def read_key(self, connection: Connection) -> KeyReading:
        """Read the key of ``connection``; says so where it lives for this run only."""
        book = self._parts.book
        reading = await book.key(connection)
        from_keyring = connection.source in {ConnectionSource.REGION, ConnectionSource.CUSTOM}
        if (
            from_keyring
            and reading.key
            and not reading.kept
            and not book.environment_key(connection)
        ):
            self._banners.show_notice(
                "keyring",
                self.tr(
                    "There is no usable system keyring, so the key is kept for this run only and "
                    "is asked for again next time."
                ),
            )
        else:
            self._banners.remove("keyring")
        return reading

    async def refresh_models(self) -> None:
        """Offer the catalogue's models and those known at once; the server's list when it comes."""
        connection = self._parts.book.current
        names = [model.name for model in MODELS] if connection.is_minimax else []
        known = self._parts.known_models()
        self._page.header.set_models(list(dict.fromkeys([*names, *known])))
        listed = await self._parts.list_models()
        if connection == self._parts.book.current:
            self._page.header.set_models(list(dict.fromkeys([*names, *listed])))
