"""What the person allowed for whole conversations: a list, and the way to take each back."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QVBoxLayout

from desktop_app.chat.permissions import Permissions
from desktop_app.chat.ports import StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.chat.tool_names import BUILTIN
from desktop_app.domain.permission import Permission
from desktop_app.domain.text import one_line
from desktop_app.domain.translatable import QT_TRANSLATE_NOOP
from desktop_app.settings.builtin_settings import BUILTIN_SETTINGS
from desktop_app.ui.error_text import store_sentence
from desktop_app.ui.forms import Heading, link_button, muted_label
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.settings_dialog.card import Card
from desktop_app.ui.settings_dialog.card_list import CardList, CardRow
from desktop_app.ui.settings_dialog.editors import translated

_SEARCHED: Final = QT_TRANSLATE_NOOP("Settings", "permissions, allowed, tools, withdraw")
_SHOWN_AT_FIRST: Final = 8
_LONGEST_NAME: Final = 80


class PermissionsBlock(Card):
    """The standing permissions, the newest first.

    Args:
        permissions: Gives and withdraws them; ``None`` where there are none in this run.
        title_of: Returns the title of a conversation; empty when it has none, or is gone.
    """

    def __init__(self, permissions: Permissions | None, title_of: Callable[[str], str]) -> None:
        super().__init__()
        self._permissions = permissions
        self._title_of = title_of
        self._tasks = TaskScope()
        self._given: tuple[Permission, ...] = ()
        self._shows_all = False
        self._heading, self._help, self._none = Heading(1.05), muted_label(), muted_label()
        self._list, self._more, self.notice = CardList(), link_button(), Notice()
        self._more.clicked.connect(self._on_more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(8)
        for widget in (self._heading, self._help, self._none, self._list, self.notice):
            layout.addWidget(widget)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self._retranslate()

    async def aclose(self) -> None:
        """End everything that still runs; called before the loop ends."""
        await self._tasks.close()

    def _found_by(self) -> str:
        return f"{_SEARCHED}\n{translated(_SEARCHED)}\n{self._heading.text()}"

    def _follow(self) -> Callable[[], None] | None:
        if self._permissions is None:
            return None
        self._read()
        return self._permissions.subscribe(self._read)

    def _change_language(self) -> None:
        self.notice.clear()
        super()._change_language()

    def _read(self) -> None:
        if self._permissions is not None:
            self._tasks.start(self._read_from(self._permissions), "list of permissions")

    async def _read_from(self, permissions: Permissions) -> None:
        try:
            self._given = await permissions.everything()
        except StoreError as error:
            self.notice.show_message(NoticeKind.ERROR, store_sentence(error))
        self._refresh()

    def _withdraw(self, permission: Permission) -> None:
        if self._permissions is not None:
            self.notice.clear()
            self._tasks.start(self._take_back(self._permissions, permission), "withdraw")

    async def _take_back(self, permissions: Permissions, permission: Permission) -> None:
        try:
            # It tells its listeners, this one among them.
            await permissions.withdraw(permission)
        except StoreError as error:
            self.notice.show_message(NoticeKind.ERROR, store_sentence(error))

    def _on_more(self) -> None:
        self._shows_all = True
        self._refresh()
        self.focusNextChild()

    def _refresh(self) -> None:
        shown = self._given if self._shows_all else self._given[:_SHOWN_AT_FIRST]
        self._list.show_rows([self._row(permission) for permission in shown])
        self._none.setVisible(not self._given)
        hidden = len(self._given) - len(shown)
        self._more.setText(self.tr("Show {count} more").replace("{count}", str(hidden)))
        self._more.setVisible(hidden > 0)

    def _row(self, permission: Permission) -> CardRow:
        name = self._name(permission)
        title = one_line(self._title_of(permission.conversation))
        place = self.tr("In “{title}”") if title else self.tr("In an untitled conversation")
        moment = QDateTime.fromSecsSinceEpoch(int(permission.given_at))
        return CardRow(
            name,
            f"{place.replace('{title}', title)} · {QLocale().toString(moment, QLocale.FormatType.ShortFormat)}",
            self.tr("Withdraw"),
            self.tr("Withdraw the permission for {tool}").replace("{tool}", name),
            lambda: self._withdraw(permission),
        )

    def _name(self, permission: Permission) -> str:
        # A server's names may say anything, also on several lines.
        tool = one_line(permission.tool, _LONGEST_NAME)
        if permission.source != BUILTIN:
            return f"{one_line(permission.source, _LONGEST_NAME)}: {tool}"
        keys = {setting.key: setting.label for setting in BUILTIN_SETTINGS}
        return translated(keys.get(f"tool_{tool}", "")) or tool

    def _retranslate(self) -> None:
        self._heading.setText(self.tr("Standing permissions"))
        self._help.setText(
            self.tr(
                "Tools that you allowed for a whole conversation. They are asked about again once "
                "you withdraw that, and whenever a tool is not what it was."
            )
        )
        self._none.setText(self.tr("None at the moment."))
        self._refresh()
