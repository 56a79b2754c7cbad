"""The small popup that narrows a search: by model, by time, or to the trash."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QDate, QDateTime, QEvent, Qt, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QFrame,
    QLabel,
    QWidget,
)

from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import Choice, DateInput


class Period(StrEnum):
    """A stretch of time that can be chosen."""

    ANY = "any"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    BETWEEN = "between"


_DAYS: Final = {Period.TODAY: 0, Period.WEEK: 6, Period.MONTH: 29, Period.YEAR: 364}


class FilterPopup(QFrame):
    """Asks for a model, a time and whether to search the trash."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("SearchFilter")
        self.setProperty("kind", "card")
        self._model = Choice()
        self._when = Choice()
        self._from, self._to = DateInput(), DateInput()
        self._trash = QCheckBox()
        self._labels = [QLabel() for _ in range(4)]
        form = QFormLayout(self)
        form.setContentsMargins(16, 14, 16, 14)
        fields = (self._model, self._when, self._from, self._to)
        for label, field in zip(self._labels, fields, strict=True):
            label.setBuddy(field)
            form.addRow(label, field)
        form.addRow(self._trash)
        today = QDate.currentDate()
        for edit, day in ((self._from, today.addMonths(-1)), (self._to, today)):
            edit.setDate(day)
            edit.dateChanged.connect(self.changed)
        self._model.addItem("", None)
        for period in Period:
            self._when.addItem("", period)
        self._model.currentIndexChanged.connect(self.changed)
        self._when.currentIndexChanged.connect(self._on_period)
        self._trash.toggled.connect(self.changed)
        self._show_dates()
        self._retranslate()
        wear_form_style(self)

    @property
    def model(self) -> str | None:
        """The model that is wanted, or ``None``."""
        chosen = self._model.currentData()
        return chosen if isinstance(chosen, str) else None

    @property
    def since(self) -> float | None:
        """The first moment that is wanted, in seconds since the Unix epoch."""
        period = Period(self._when.currentData())
        if period is Period.BETWEEN:
            return _midnight(self._from.date())
        if period is Period.ANY:
            return None
        return _midnight(QDate.currentDate().addDays(-_DAYS[period]))

    @property
    def until(self) -> float | None:
        """The first moment after those that are wanted."""
        is_between = Period(self._when.currentData()) is Period.BETWEEN
        return _midnight(self._to.date().addDays(1)) if is_between else None

    @property
    def in_trash(self) -> bool:
        """Whether the trash is wanted."""
        return self._trash.isChecked()

    @property
    def is_set(self) -> bool:
        """Whether anything is chosen."""
        return self.in_trash or self.model is not None or self.since is not None

    def set_models(self, models: Sequence[str]) -> None:
        """Offer ``models``; the chosen one stays chosen."""
        chosen = self.model
        wanted = sorted({*models, *([chosen] if chosen else ())} - {""})
        if wanted == [self._model.itemData(row) for row in range(1, self._model.count())]:
            return
        self._model.blockSignals(True)
        while self._model.count() > 1:
            self._model.removeItem(1)
        for model in wanted:
            self._model.addItem(model, model)
        self._model.setCurrentIndex(max(0, self._model.findData(chosen)) if chosen else 0)
        self._model.blockSignals(False)

    def reset(self) -> None:
        """Narrow nothing any more."""
        self.blockSignals(True)
        self._model.setCurrentIndex(0)
        self._when.setCurrentIndex(0)
        self._trash.setChecked(False)
        self.blockSignals(False)
        self.changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _on_period(self) -> None:
        self._show_dates()
        self.changed.emit()

    def _show_dates(self) -> None:
        is_between = Period(self._when.currentData()) is Period.BETWEEN
        for widget in (*self._labels[2:], self._from, self._to):
            widget.setVisible(is_between)
        self.adjustSize()

    def _retranslate(self) -> None:
        names = (self.tr("Model"), self.tr("Time"), self.tr("From"), self.tr("To"))
        fields = (self._model, self._when, self._from, self._to)
        for label, field, name in zip(self._labels, fields, names, strict=True):
            label.setText(name)
            field.setAccessibleName(name)
        periods = (
            self.tr("Any time"),
            self.tr("Today"),
            self.tr("Past 7 days"),
            self.tr("Past 30 days"),
            self.tr("Past year"),
            self.tr("Between…"),
        )
        for row, name in enumerate(periods):
            self._when.setItemText(row, name)
        self._model.setItemText(0, self.tr("All models"))
        self._trash.setText(self.tr("Search in the trash"))
        self._trash.setAccessibleName(self.tr("Search in the trash"))
        self.setAccessibleName(self.tr("Narrow the search"))
        self.setWindowTitle(self.tr("Narrow the search"))


def _midnight(day: QDate) -> float:
    return float(QDateTime(day, QTime(0, 0)).toSecsSinceEpoch())
