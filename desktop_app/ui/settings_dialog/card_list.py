"""Things one below the other on a card, each with what is said of it and a button that takes it away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.ui.forms import line, link_button, muted_label, plain_label


@dataclass(frozen=True, slots=True)
class CardRow:
    """One thing.

    Attributes:
        words: What it is.
        facts: What is said of it; may be empty.
        action: Text of the button.
        action_name: What a screen reader calls the button.
        act: What the button does.
    """

    words: str
    facts: str
    action: str
    action_name: str
    act: Callable[[], None]


class CardList(QWidget):
    """Shows rows, each below a thin line."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)

    def show_rows(self, rows: Sequence[CardRow]) -> None:
        """Show ``rows`` in place of what was there."""
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(rows))
        for row in rows:
            for widget in (line(), _widget(row)):
                self._layout.addWidget(widget)
                # Qt would show it with the next turn of the loop, and what has the focus flickers.
                widget.show()


def _widget(row: CardRow) -> QWidget:
    words, facts, button = plain_label(), muted_label(), link_button()
    words.setText(row.words)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    facts.setText(row.facts)
    facts.setVisible(bool(row.facts))
    button.setText(row.action)
    button.setAccessibleName(row.action_name)
    # Without the signal's own argument.
    button.clicked.connect(lambda: row.act())  # noqa: PLW0108
    texts = QVBoxLayout()
    texts.setSpacing(1)
    texts.addWidget(words)
    texts.addWidget(facts)
    widget = QWidget()
    layout = QHBoxLayout(widget)
    layout.setContentsMargins(0, 2, 0, 2)
    layout.addLayout(texts, 1)
    layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
    return widget
