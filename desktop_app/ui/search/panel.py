"""What stands below the search field: what is searched, what was found, or why there is nothing."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QLocale, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.search import Scope, SearchQuery, SearchResult, Tally
from desktop_app.ui.icons import icon
from desktop_app.ui.search.filter_popup import FilterPopup
from desktop_app.ui.search.hit_delegate import HitDelegate
from desktop_app.ui.search.hits_model import FoundRow, HitsModel, scope_name
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme

_CHIP_SIDES: Final = 16


class SearchPanel(QFrame):
    """Shows a result; says what is wanted of the next.

    Signals:
        query_changed(): Scopes or filters were changed.
        hit_chosen(FoundRow): A hit is to be opened.
    """

    query_changed = Signal()
    hit_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("SearchPanel")
        self._result = SearchResult()
        self._query = SearchQuery("")
        self._failure = ""
        self._chips = {scope: self._chip() for scope in Scope}
        self._filter_button = QToolButton()
        self._filter_button.setIconSize(QSize(16, 16))
        self._filter_button.clicked.connect(self._show_filter)
        self.filter = FilterPopup(self)
        self.filter.changed.connect(self._on_changed)
        self._model = HitsModel()
        self.hits = QListView()
        self.hits.setModel(self._model)
        self.hits.setItemDelegate(HitDelegate(self.hits))
        self.hits.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hits.setFrameShape(QFrame.Shape.NoFrame)
        self.hits.setMouseTracking(True)
        self.hits.setUniformItemSizes(False)
        self.hits.clicked.connect(self._on_chosen)
        self.hits.activated.connect(self._on_chosen)
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setContentsMargins(18, 10, 18, 2)
        self._rest = QWidget()
        self._widen = QPushButton()
        self._widen.clicked.connect(self.widen)
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        self._arrange()
        top = QHBoxLayout()
        top.setContentsMargins(12, 2, 12, 4)
        top.setSpacing(4)
        top.addLayout(self._grid, 1)
        top.addWidget(self._filter_button, 0, Qt.AlignmentFlag.AlignTop)
        widen = QHBoxLayout()
        widen.setContentsMargins(12, 2, 12, 4)
        widen.addWidget(self._widen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._words)
        column.addLayout(widen)
        column.addWidget(self.hits, 1)
        column.addWidget(self._rest, 1)
        self._retranslate()
        follow_theme(self, self._restyle)

    def query(self, text: str) -> SearchQuery:
        """Return ``text`` with what is chosen here."""
        wanted = self.filter
        scopes = frozenset(scope for scope, chip in self._chips.items() if chip.isChecked())
        return SearchQuery(
            text, scopes, wanted.model, wanted.since, wanted.until, in_trash=wanted.in_trash
        )

    def show_result(self, query: SearchQuery, result: SearchResult) -> None:
        """Show what ``query`` found; the place in the list is kept where the rows are the same."""
        self._query, self._result, self._failure = query, result, ""
        self._model.show(result)
        self._say()

    def show_failure(self, sentence: str) -> None:
        """Say why there is no result."""
        self._result, self._failure = SearchResult(), sentence
        self._model.show(self._result)
        self._say()

    def set_models(self, models: Sequence[str]) -> None:
        """Offer ``models`` in the filter."""
        self.filter.set_models(models)

    def widen(self) -> None:
        """Search everything."""
        for chip in self._chips.values():
            chip.blockSignals(True)
            chip.setChecked(True)
            chip.blockSignals(False)
        self.filter.reset()

    def choose_first(self) -> None:
        """Open the first hit, if there is one."""
        self._on_chosen(self._model.index(0))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the chips of a narrow list a line each."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the chips side by side in two columns where there is room, else in one."""
        chips = list(self._chips.values())
        # Not the size hint: styles leave room beside the words that a chip can do without.
        words = (chip.fontMetrics().horizontalAdvance(chip.text()) for chip in chips)
        widest = max(words) + _CHIP_SIDES
        room = self.width() - self._filter_button.sizeHint().width() - 36
        columns = 2 if 2 * widest <= room else 1
        if self._grid.count() and (self._grid.itemAtPosition(0, 1) is not None) is (columns == 2):
            return
        for chip in chips:
            self._grid.removeWidget(chip)
        for place, chip in enumerate(chips):
            self._grid.addWidget(chip, place // columns, place % columns)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if columns == 2 else 0)

    def _chip(self) -> QToolButton:
        chip = QToolButton()
        chip.setCheckable(True)
        chip.setChecked(True)
        chip.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        chip.setProperty("kind", "chip")
        chip.toggled.connect(self._on_changed)
        return chip

    def _on_changed(self) -> None:
        self._show_filter_state()
        self.query_changed.emit()

    def _on_chosen(self, index: QModelIndex) -> None:
        if (found := self._model.row_at(index.row())) is not None:
            self.hits.setCurrentIndex(index)
            self.hit_chosen.emit(FoundRow(*found))

    def _show_filter(self) -> None:
        below = QPoint(self._filter_button.width() - self.filter.sizeHint().width(), 0)
        below.setY(self._filter_button.height() + 4)
        place = self._filter_button.mapToGlobal(below)
        self.filter.move(max(self.window().mapToGlobal(QPoint(8, 0)).x(), place.x()), place.y())
        self.filter.show()
        self.filter.setFocus(Qt.FocusReason.PopupFocusReason)

    def _say(self) -> None:
        """Counts on the chips, and words where there is nothing to show or more to come."""
        for scope, chip in self._chips.items():
            count = _count_text(self._result.count(scope))
            chip.setText(f"{scope_name(scope)} {count}")
            chip.setAccessibleName(scope_name(scope))
            chip.setAccessibleDescription(self.tr("{count} found").replace("{count}", count))
        self._words.setText(self._sentence())
        self._words.setVisible(bool(self._words.text()))
        nothing = not self._result.conversations and not self._failure
        self._widen.setVisible(nothing and (self._query.is_narrowed or self._query.in_trash))
        self.hits.setVisible(bool(self._result.conversations))
        self._rest.setVisible(not self._result.conversations)
        self._arrange()

    def _sentence(self) -> str:
        if self._failure:
            return self._failure
        if not self._result.is_complete:
            return self.tr("Older messages are still being read; more may be found in a moment.")
        if self._result.conversations:
            return ""
        names = [scope_name(scope) for scope in Scope if scope in self._query.scopes]
        if not names:
            return self.tr("Nothing is searched: choose where to look.")
        sentence = (
            self.tr("Nothing found in the trash. Searched: {scopes}.")
            if self._query.in_trash
            else self.tr("Nothing found. Searched: {scopes}.")
        )
        return sentence.replace("{scopes}", self.tr(", ").join(names))

    def _show_filter_state(self) -> None:
        is_set = self.filter.is_set
        if self._filter_button.property("active") is not is_set:
            self._filter_button.setProperty("active", is_set)
            self._filter_button.style().unpolish(self._filter_button)
            self._filter_button.style().polish(self._filter_button)
        self._filter_button.setAccessibleDescription(
            self.tr("The search is narrowed") if is_set else ""
        )

    def _retranslate(self) -> None:
        self.hits.setAccessibleName(self.tr("Search results"))
        name = self.tr("Narrow the search")
        self._filter_button.setAccessibleName(name)
        self._filter_button.setToolTip(name)
        self._widen.setText(self.tr("Search everything"))
        self._widen.setAccessibleName(self.tr("Search everything"))
        self._model.retranslate()
        self._show_filter_state()
        self._say()

    def _restyle(self, tokens: Tokens) -> None:
        self._filter_button.setIcon(icon("parameters", tokens.text_muted))
        palette = self._words.palette()
        palette.setColor(QPalette.ColorRole.WindowText, tokens.text_muted)
        self._words.setPalette(palette)
        chosen = mix(tokens.window, tokens.accent, 0.17).name()
        self.setStyleSheet(
            f"""
#SearchPanel {{ background: transparent; border: none; }}
QToolButton[kind="chip"] {{ border: 1px solid {tokens.border.name()}; border-radius: 11px;
  padding: 2px 6px; color: {tokens.text_muted.name()}; background: transparent; }}
QToolButton[kind="chip"]:checked {{ background: {chosen}; color: {tokens.text.name()};
  border-color: {chosen}; }}
QToolButton[kind="chip"]:hover {{ border-color: {tokens.text_muted.name()}; }}
QToolButton[kind="chip"]:focus {{ border: 1px solid {tokens.accent.name()}; padding: 2px 6px; }}
QToolButton[active="true"] {{ background: {chosen}; }}
"""
        )


def _count_text(tally: Tally) -> str:
    return QLocale().toString(tally.number) + ("+" if tally.is_least else "")
