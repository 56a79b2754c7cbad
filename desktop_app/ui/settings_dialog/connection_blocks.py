"""The blocks of the page "Connection": region and key, and the person's own endpoints."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.chat.connections import ConnectionBook
from desktop_app.chat.key_check import KeyProbe
from desktop_app.chat.ports import KeyStore
from desktop_app.chat.tasks import TaskScope
from desktop_app.settings.endpoints import CustomEndpoint
from desktop_app.settings.store import SettingsStore
from desktop_app.settings.table import CONNECTION
from desktop_app.ui.forms import (
    Heading,
    confirm,
    line,
    link_button,
    muted_label,
    plain_label,
    secondary_button,
)
from desktop_app.ui.key_form import KeyForm
from desktop_app.ui.settings_dialog.card import Card
from desktop_app.ui.settings_dialog.endpoint_dialog import EndpointDialog


class KeyBlock(Card):
    """The key form on a card."""

    def __init__(self, book: ConnectionBook, keys: KeyStore, probe: KeyProbe) -> None:
        super().__init__()
        self.key_form = KeyForm(book, keys, probe)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.addWidget(self.key_form)

    def _found_by(self) -> str:
        english = "region api key keyring test host international china"
        own = self.tr("region, API key, keyring, test, host")
        return f"{english}\n{own}"


class EndpointsBlock(Card):
    """The custom endpoints, with what can be done to each."""

    def __init__(
        self, store: SettingsStore, book: ConnectionBook, keys: KeyStore, probe: KeyProbe
    ) -> None:
        super().__init__()
        self._store, self._book, self._keys = store, book, keys
        self._tasks = TaskScope()
        self.dialog = EndpointDialog(book, keys, probe, self)
        self.dialog.saved.connect(self._on_saved)
        self._heading, self._help = Heading(1.05), muted_label()
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self._add = secondary_button()
        self._add.clicked.connect(lambda: self.dialog.edit(None))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self._help)
        layout.addLayout(self._list)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 4, 0, 0)
        buttons.addWidget(self._add)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        self._retranslate()

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self.dialog.aclose()
        await self._tasks.close()

    def _found_by(self) -> str:
        english = (
            "custom endpoints server address url api key reasoning_split vllm sglang llama.cpp"
        )
        own = self.tr("custom endpoints, server, address, key")
        names = "\n".join(f"{e.name}\n{e.base_url}" for e in self._store.endpoints)
        return f"{english}\n{own}\n{names}"

    def _follow(self) -> Callable[[], None]:
        self._show_endpoints()
        return self._store.subscribe(self._on_setting_changed)

    def _on_setting_changed(self, key: str) -> None:
        if key == "endpoints":
            self._show_endpoints()

    def _show_endpoints(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for endpoint in self._store.endpoints:
            self._list.addWidget(line())
            self._list.addWidget(self._row(endpoint))

    def _row(self, endpoint: CustomEndpoint) -> QWidget:
        name, address = plain_label(), muted_label()
        name.setText(endpoint.name)
        address.setText(endpoint.base_url)
        edit, remove = link_button(), link_button()
        edit.setText(self.tr("Edit"))
        edit.setAccessibleName(self.tr("Edit {name}").replace("{name}", endpoint.name))
        edit.clicked.connect(lambda: self.dialog.edit(endpoint))
        remove.setText(self.tr("Remove"))
        remove.setAccessibleName(self.tr("Remove {name}").replace("{name}", endpoint.name))
        remove.clicked.connect(lambda: self._on_remove(endpoint))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(name)
        words.addWidget(address)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.addLayout(words, 1)
        layout.addWidget(edit)
        layout.addWidget(remove)
        return row

    def _on_saved(self, endpoint: CustomEndpoint) -> None:
        known = self._store.endpoints
        if any(other.id == endpoint.id for other in known):
            changed = (endpoint if other.id == endpoint.id else other for other in known)
            self._store.set_endpoints(tuple(changed))
        else:
            self._store.set_endpoints((*known, endpoint))

    def _on_remove(self, endpoint: CustomEndpoint) -> None:
        confirm(
            self,
            self.tr("Remove the endpoint {name}?").replace("{name}", endpoint.name),
            self.tr("Its key is taken out of the system keyring too. This cannot be undone."),
            self.tr("Remove"),
            lambda: self._remove(endpoint),
        )

    def _remove(self, endpoint: CustomEndpoint) -> None:
        left = tuple(other for other in self._store.endpoints if other.id != endpoint.id)
        if self._store.text(CONNECTION) == endpoint.id:
            self._store.reset(CONNECTION)
        self._store.set_endpoints(left)
        account = endpoint.connection.key_account
        self._tasks.start(self._delete_key(account), "remove an endpoint's key")

    async def _delete_key(self, account: str) -> None:
        await self._keys.delete(account)

    def _retranslate(self) -> None:
        self._heading.setText(self.tr("Custom endpoints"))
        self._help.setText(
            self.tr(
                "Servers of your own that speak the OpenAI protocol: vLLM, SGLang, llama.cpp or a "
                "gateway. Choose one as the region above."
            )
        )
        self._add.setText(self.tr("Add an endpoint…"))
        self._show_endpoints()
