"""A page of the settings: a heading and blocks below it, all of which a search can narrow down."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_app.settings.table import PAGE_TITLES, Page
from desktop_app.ui.forms import Heading, line
from desktop_app.ui.settings_dialog.card import Card
from desktop_app.ui.settings_dialog.editors import translated
from desktop_app.ui.settings_dialog.proxy_rows import ProxyPasswordRow
from desktop_app.ui.settings_dialog.rows import SettingRow


class Block(Protocol):
    """A part of a page that knows whether a search means it."""

    def narrow(self, words: list[str]) -> bool:
        """Show only what has all of ``words`` (everything for none); whether anything is left."""
        ...

    def widget(self) -> QWidget:
        """The block itself."""
        ...


class RowsBlock(Card):
    """Settings of the table, one below the other on a card.

    Args:
        rows: They.
        heading: Stands above them; translatable, empty for none.
    """

    def __init__(self, rows: Sequence[SettingRow | ProxyPasswordRow], heading: str = "") -> None:
        super().__init__()
        self._rows = rows
        self._lines = [line() for _ in rows[1:]]
        self._text, self._heading = heading, Heading(1.05)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(0)
        if heading:
            self._heading.setContentsMargins(18, 12, 18, 2)
            layout.addWidget(self._heading)
        for index, row in enumerate(rows):
            if index:
                layout.addWidget(self._lines[index - 1])
            layout.addWidget(row)
        self._retranslate()

    def narrow(self, words: list[str]) -> bool:
        """Show the rows that match, with lines between them."""
        shown = False
        for index, row in enumerate(self._rows):
            matches = row.matches(words)
            row.setVisible(matches)
            if index:
                self._lines[index - 1].setVisible(matches and shown)
            shown = shown or matches
        self.setVisible(shown)
        return shown

    def _retranslate(self) -> None:
        self._heading.setText(translated(self._text))


class Section(QWidget):
    """One page."""

    def __init__(self, page: Page, blocks: Sequence[Block]) -> None:
        super().__init__()
        self.page = page
        self._blocks = blocks
        self._heading = Heading()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.setSpacing(12)
        layout.addWidget(self._heading)
        for block in blocks:
            layout.addWidget(block.widget())
        self._retranslate()

    @property
    def title(self) -> str:
        """What the page is called, in the present language."""
        return translated(PAGE_TITLES[self.page])

    def narrow(self, words: list[str]) -> bool:
        """Show only what has all of ``words``; a page whose title has them is shown whole."""
        titles = f"{PAGE_TITLES[self.page]}\n{self.title}".casefold()
        if all(word in titles for word in words):
            words = []
        shown = [block.narrow(words) for block in self._blocks]  # every block has to hear of it
        return any(shown)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self._heading.setText(self.title)
