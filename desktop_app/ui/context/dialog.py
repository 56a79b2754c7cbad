"""The ledger: what a request holds, piece by piece, what that takes, and what is not sent and why.

It shows the next request, or any earlier one that was recorded. It changes nothing itself.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QBrush, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.chat.forecast import Forecast
from desktop_app.domain.message import Sending
from desktop_app.ui.context import words
from desktop_app.ui.context.rows import Row, ledger_rows
from desktop_app.ui.conversation.turns import turn_with
from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import Choice, muted_label, plain_label, secondary_button
from desktop_app.ui.icons import icon
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme
from desktop_app.ui.wire_view.foot import Foot

NEXT: Final = ""
"""Stands for the next request among those that can be chosen."""

_ROW: Final = Qt.ItemDataRole.UserRole
_TITLE, _TOKENS, _SHARE, _FATE = range(4)


class ContextDialog(QDialog):
    """Shows requests one at a time.

    Signals:
        request_chosen(str): The id of the answer whose request is wanted; ``NEXT`` for the next.
        sending_wanted(str, object): A message, and the ``Sending`` that is wanted of it.
        summary_wanted(): What is left out is to be summed up by the model.
        summary_edit_wanted(str): The summary before this message is to be edited.
    """

    request_chosen = Signal(str)
    sending_wanted = Signal(str, object)
    summary_wanted = Signal()
    summary_edit_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forecast: Forecast | None = None
        self._can_sum_up = False
        self._tokens: Tokens | None = None
        self.chooser, self.head, self.figures = Choice(), plain_label(), muted_label()
        self.tree = QTreeWidget()
        self.detail, self.said = muted_label(), muted_label()
        self._pin, self._leave, self._sum_up, self._edit = (secondary_button() for _ in range(4))
        self._foot = Foot([self._pin, self._leave, self._sum_up, self._edit])
        self._lay_out()
        wear_form_style(self)
        follow_theme(self.tree, self._restyle)
        self.chooser.activated.connect(self._on_chosen)
        self.tree.itemExpanded.connect(self._fill)
        self.tree.currentItemChanged.connect(self._show_choices)
        self._pin.clicked.connect(lambda: self._on_wanted(Sending.PINNED))
        self._leave.clicked.connect(lambda: self._on_wanted(Sending.LEFT_OUT))
        self._sum_up.clicked.connect(self.summary_wanted)
        self._edit.clicked.connect(self._on_edit)
        self._retranslate()
        self.tree.setFocus()

    @property
    def chosen(self) -> str:
        """The id of the answer whose request is shown; ``NEXT`` for the next."""
        return str(self.chooser.currentData() or NEXT)

    def set_requests(self, requests: Sequence[tuple[str, str]]) -> None:
        """Offer earlier requests beside the next one: ids of answers, and what they are called."""
        chosen = self.chosen
        self.chooser.blockSignals(True)
        self.chooser.clear()
        self.chooser.addItem(self.tr("Next request"), NEXT)
        for message_id, name in reversed(requests):
            self.chooser.addItem(name, message_id)
        self.chooser.setCurrentIndex(max(0, self.chooser.findData(chosen)))
        self.chooser.blockSignals(False)

    def choose(self, message_id: str) -> None:
        """Show the request of an answer, as if it had been chosen."""
        place = self.chooser.findData(message_id)
        if place >= 0:
            self.chooser.setCurrentIndex(place)
            self._on_chosen()

    def show_forecast(self, forecast: Forecast, *, can_sum_up: bool = False) -> None:
        """Show a request; what was unfolded and selected stays so."""
        unfolded, current = self._unfolded(), self._current_key()
        self._forecast, self._can_sum_up = forecast, can_sum_up
        self.head.setText(words.head_text(forecast))
        self.figures.setText(words.figures_text(forecast))
        self.tree.setUpdatesEnabled(False)
        self.tree.clear()
        found: QTreeWidgetItem | None = None
        for row in ledger_rows(forecast):
            item = self._add(self.tree.invisibleRootItem(), row)
            found = item if row.key == current else found
            if row.key in unfolded:
                item.setExpanded(True)  # which fills it
                for piece in self._pieces_of(item):
                    found = piece if self._row(piece).key == current else found
        self.tree.setUpdatesEnabled(True)
        if found is None and not current:
            turns = [i for i in self._top_items() if self._row(i).below is not None]
            found = turns[-1] if turns else None
        if found is not None:
            self.tree.setCurrentItem(found)
            self.tree.scrollToItem(found)
        self._show_choices()

    def show_nothing(self, why: str) -> None:
        """Show no request, and say why."""
        self._forecast = None
        self.tree.clear()
        self.head.setText(why)
        self.figures.clear()
        self._show_choices()

    def select_message(self, message_id: str) -> None:
        """Unfold and select the first row that belongs to a message."""
        branch = self._forecast.branch if self._forecast is not None else ()
        turn = turn_with(branch, message_id)
        for item in self._top_items():
            if turn and self._row(item).key == turn[0].id:
                item.setExpanded(True)
                for piece in self._pieces_of(item):
                    if self._row(piece).key.startswith(f"{message_id}/"):
                        self.tree.setCurrentItem(piece)
                        return

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            if self._forecast is not None:
                self.show_forecast(self._forecast, can_sum_up=self._can_sum_up)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the share out where there is little room."""
        super().resizeEvent(event)
        self.tree.setColumnHidden(_SHARE, self.width() < 560)

    def _add(self, parent: QTreeWidgetItem, row: Row) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent)
        for column, text in enumerate((row.title, words.number(row.tokens), row.share, row.fate)):
            item.setText(column, text)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        item.setTextAlignment(_TOKENS, right)
        item.setTextAlignment(_SHARE, right)
        item.setData(_TITLE, _ROW, row)
        if row.below is not None:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        said = ", ".join(filter(None, (row.title, self._counted(row.tokens), row.share, row.fate)))
        item.setData(_TITLE, Qt.ItemDataRole.AccessibleTextRole, said)
        if self._tokens is not None:
            self._colour(item, row, self._tokens)
        return item

    def _colour(self, item: QTreeWidgetItem, row: Row, tokens: Tokens) -> None:
        if not row.sent:
            for column in range(4):
                item.setForeground(column, QBrush(tokens.text_muted))
        if row.below is not None and row.sending is Sending.PINNED:
            item.setIcon(_TITLE, icon("pin", tokens.accent))

    def _fill(self, item: QTreeWidgetItem) -> None:
        """Make the rows below a row when it is unfolded first: of 5,000 turns few are looked into."""
        if not item.childCount():
            for piece in self._row(item).pieces:
                self._add(item, piece)

    def _pieces_of(self, item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
        pieces = [item.child(n) for n in range(item.childCount())]
        return [piece for piece in pieces if piece is not None]

    def _counted(self, tokens: int) -> str:
        return self.tr("{count} tokens").replace("{count}", words.number(tokens))

    def _row(self, item: QTreeWidgetItem) -> Row:
        row = item.data(_TITLE, _ROW)
        assert isinstance(row, Row)  # noqa: S101 (what this class itself put there)
        return row

    def _current_row(self) -> Row | None:
        item = self.tree.currentItem()
        return None if item is None else self._row(item)

    def _current_key(self) -> str:
        row = self._current_row()
        return "" if row is None else row.key

    def _unfolded(self) -> set[str]:
        return {self._row(item).key for item in self._top_items() if item.isExpanded()}

    def _top_items(self) -> list[QTreeWidgetItem]:
        items = [self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount())]
        return [item for item in items if item is not None]

    def _show_choices(self) -> None:
        """Offer what can be wanted of the row that is selected."""
        row = self._current_row()
        # The column may have no room for it.
        self.detail.setText("" if row is None else row.fate)
        is_next = self.chosen == NEXT
        item = self.tree.currentItem()
        is_turn = item is not None and item.parent() is None
        is_last = is_turn and item is not None and self._is_draft(item)
        changes = is_next and row is not None and bool(row.message_id) and not is_last
        sending = Sending.AUTO if row is None else row.sending
        has_summary = row is not None and "/summary/" in row.key
        self._pin.setEnabled(changes and is_turn and not has_summary)
        self._leave.setEnabled(changes and not has_summary)
        self._edit.setEnabled(changes and has_summary)
        self._sum_up.setEnabled(is_next and self._can_sum_up)
        pinned, left = sending is Sending.PINNED, sending is Sending.LEFT_OUT
        self._pin.setText(self.tr("Un&pin") if pinned else self.tr("&Pin"))
        self._leave.setText(self.tr("&Send again") if left else self.tr("&Leave out"))
        self._foot.rearrange()

    def _is_draft(self, item: QTreeWidgetItem) -> bool:
        forecast = self._forecast
        return forecast is not None and self._row(item).message_id == forecast.branch[-1].id

    def _on_chosen(self) -> None:
        self.said.clear()
        self.request_chosen.emit(self.chosen)
        self._show_choices()

    def _on_wanted(self, wanted: Sending) -> None:
        row = self._current_row()
        if row is not None:
            # Pressed again it is taken back.
            self.sending_wanted.emit(
                row.message_id, Sending.AUTO if row.sending is wanted else wanted
            )

    def _on_edit(self) -> None:
        row = self._current_row()
        if row is not None:
            self.summary_edit_wanted.emit(row.message_id)

    def _lay_out(self) -> None:
        self.head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.figures.setWordWrap(True)
        self.detail.setWordWrap(True)
        self.said.setWordWrap(True)
        self.tree.setColumnCount(4)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionsMovable(False)
        self.tree.header().setSectionResizeMode(_TITLE, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(_FATE, QHeaderView.ResizeMode.Stretch)
        for column in (_TOKENS, _SHARE):
            mode = QHeaderView.ResizeMode.ResizeToContents
            self.tree.header().setSectionResizeMode(column, mode)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 14)
        layout.setSpacing(10)
        for widget in (self.chooser, self.head, self.figures):
            layout.addWidget(widget)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.detail)
        layout.addWidget(self._foot)
        layout.addWidget(self.said)
        self.setMinimumSize(380, 420)
        self.resize(820, 620)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Context"))
        self.setAccessibleName(self.tr("Context"))
        self.chooser.setAccessibleName(self.tr("Request"))
        self.tree.setAccessibleName(self.tr("What the request holds"))
        self.tree.setHeaderLabels(
            [self.tr("Piece"), self.tr("Tokens"), self.tr("Share"), self.tr("Sent?")]
        )
        self._sum_up.setText(self.tr("Su&mmarise…"))
        self._sum_up.setToolTip(self.tr("Have the model sum up what is left out"))
        self._edit.setText(self.tr("&Edit summary…"))
        if self.chooser.count():
            self.chooser.setItemText(0, self.tr("Next request"))
        self._show_choices()

    def _restyle(self, tokens: Tokens) -> None:
        self._tokens = tokens
        text, muted, border = tokens.text.name(), tokens.text_muted.name(), tokens.border.name()
        chosen = mix(tokens.surface, tokens.accent, 0.2).name()
        self.tree.setStyleSheet(
            f"""
QTreeWidget {{ color: {text}; background: {tokens.surface.name()}; border: 1px solid {border};
  outline: none; }}
QTreeWidget:focus {{ border: 2px solid {tokens.accent.name()}; }}
QTreeWidget::item {{ padding: 4px 4px; }}
QTreeWidget::item:selected {{ background: {chosen}; color: {text}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ color: {muted}; background: {tokens.surface.name()}; border: none;
  border-bottom: 1px solid {border}; padding: 5px 6px; }}
"""
        )
        if self._forecast is not None:
            self.show_forecast(self._forecast, can_sum_up=self._can_sum_up)
