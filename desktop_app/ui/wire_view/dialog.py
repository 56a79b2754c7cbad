"""The window that shows what went over the wire for one answer. It never changes what it shows."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import QDateTime, QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QTabWidget, QVBoxLayout, QWidget

from desktop_app.chat.exchange_text import as_curl, as_json, as_python
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.ui.form_style import wear_form_style
from desktop_app.ui.forms import Choice, confirm, muted_label, plain_label, secondary_button
from desktop_app.ui.theme import Tokens, mix
from desktop_app.ui.theming import follow_theme
from desktop_app.ui.whole_file import write_whole
from desktop_app.ui.wire_view import export_file
from desktop_app.ui.wire_view.events_page import EventsPage
from desktop_app.ui.wire_view.foot import Foot
from desktop_app.ui.wire_view.plain_wire import visible, without_secrets
from desktop_app.ui.wire_view.request_page import RequestPage
from desktop_app.ui.wire_view.timings_page import TimingsPage

_SECONDS: Final = "\N{NO-BREAK SPACE}s"


class WireDialog(QDialog):
    """Shows exchanges one at a time, the newest first.

    Args:
        records: At least one exchange, in any order.
        parent: The window it stands beside.

    Signals:
        resend_requested(object): The :class:`ExchangeRecord` whose request is to be sent again.
    """

    resend_requested = Signal(object)

    def __init__(self, records: Sequence[ExchangeRecord], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        newest_first = sorted(records, key=lambda record: record.started_at, reverse=True)
        self._records = [without_secrets(record) for record in newest_first]
        self._export_dialog: QFileDialog | None = None
        self.chooser, self.head = Choice(), plain_label()
        self.pages = QTabWidget()
        self.request, self.events, self.timings = RequestPage(), EventsPage(), TimingsPage()
        self.said = muted_label()
        self._curl, self._python, self._json = (secondary_button() for _ in range(3))
        self._export, self._resend = secondary_button(), secondary_button()
        self._foot = Foot([self._curl, self._python, self._json, self._export, self._resend])
        self._lay_out()
        wear_form_style(self)
        follow_theme(self.pages, self._restyle)
        self._connect()
        self._retranslate()
        self._show_record()
        self.request.body.box.setFocus()

    @property
    def record(self) -> ExchangeRecord:
        """The exchange that is shown."""
        return self._records[max(0, self.chooser.currentIndex())]

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
            self._show_record()

    def export_to(self, chosen: Path) -> None:
        """Write the exchange to ``chosen``; asks first where there is such a file already."""
        path, text = export_file.with_suffix(chosen), as_json(self.record)
        try:
            write_whole(path, text, replace=False)
        except FileExistsError:
            question = self.tr("“{name}” is already there. Replace it?")
            confirm(
                self,
                question.replace("{name}", visible(path.name)),
                self.tr("What it holds now will be lost."),
                self.tr("Replace"),
                lambda: self._replace(path, text),
            )
        except OSError as error:
            self._say_not_written(error)
        else:
            self._say_written(path)

    def say_not_sent(self) -> None:
        """Say that the request was not sent again."""
        self.said.setText(
            self.tr(
                "Not sent: an answer is on its way, or this one is no longer in the conversation."
            )
        )

    def _replace(self, path: Path, text: str) -> None:
        try:
            write_whole(path, text, replace=True)
        except OSError as error:
            self._say_not_written(error)
        else:
            self._say_written(path)

    def _say_written(self, path: Path) -> None:
        self.said.setText(self.tr("Written to {path}").replace("{path}", visible(str(path))))

    def _say_not_written(self, error: OSError) -> None:
        reason = error.strerror or str(error)
        self.said.setText(self.tr("Not written: {reason}").replace("{reason}", visible(reason)))

    def _connect(self) -> None:
        self.chooser.currentIndexChanged.connect(self._show_record)
        self._curl.clicked.connect(lambda: self._copy(as_curl))
        self._python.clicked.connect(lambda: self._copy(as_python))
        self._json.clicked.connect(lambda: self._copy(as_json))
        self._export.clicked.connect(self._on_export)
        self._resend.clicked.connect(lambda: self.resend_requested.emit(self.record))

    def _copy(self, write: Callable[[ExchangeRecord], str]) -> None:
        try:
            text = write(self.record)
        except ValueError:
            self.said.setText(self.tr("Not copied: the body of this request is no JSON object."))
            return
        QGuiApplication.clipboard().setText(text)
        self.said.setText(self.tr("Copied. The key is not part of it."))

    def _on_export(self) -> None:
        dialog = QFileDialog(self, self.tr("Export the exchange"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # The name gets its suffix afterwards, so only this window knows whether that file exists.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        kind = self.tr("Exchanges")
        dialog.setNameFilters([f"{kind} (*{export_file.SUFFIX})"])
        when = QDateTime.fromSecsSinceEpoch(int(self.record.started_at))
        dialog.selectFile(when.toString("yyyy-MM-dd-HHmmss") + export_file.SUFFIX)
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        self._export_dialog = dialog
        dialog.open()

    def _show_record(self) -> None:
        record = self.record
        locale = QLocale()
        end = (
            "–" if record.ended_at is None else locale.toString(record.ended_at, "f", 3) + _SECONDS
        )
        status = self.tr("no answer") if record.status is None else str(record.status)
        self.head.setText(visible(f"{record.method} {_place(record.url)} · {status} · {end}"))
        self.said.clear()
        self.request.show_record(record)
        self.events.show_record(record)
        failure = self.tr("Failure: {detail}").replace("{detail}", visible(record.error[:4000]))
        self.timings.show_record(record, failure if record.error else "")

    def _lay_out(self) -> None:
        self.head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.pages.setDocumentMode(True)
        for page in (self.request, self.events, self.timings):
            self.pages.addTab(page, "")
        self.chooser.setVisible(len(self._records) > 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 14)
        layout.setSpacing(10)
        layout.addWidget(self.chooser)
        layout.addWidget(self.head)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self._foot)
        layout.addWidget(self.said)
        self.setMinimumSize(360, 420)
        self.resize(820, 660)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Wire"))
        self.setAccessibleName(self.tr("Wire"))
        for number, title in enumerate(
            (self.tr("Re&quest"), self.tr("&Events"), self.tr("&Timings"))
        ):
            self.pages.setTabText(number, title)
        self.chooser.setAccessibleName(self.tr("Exchange"))
        self._curl.setText(self.tr("Copy as &curl"))
        self._python.setText(self.tr("Copy as &Python"))
        self._json.setText(self.tr("Copy as &JSON"))
        self._export.setText(self.tr("E&xport…"))
        self._resend.setText(self.tr("&Resend exactly"))
        self._foot.rearrange()
        self._name_records()

    def _name_records(self) -> None:
        chosen, locale = max(0, self.chooser.currentIndex()), QLocale()
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for number, record in enumerate(self._records):
            when = QDateTime.fromMSecsSinceEpoch(int(record.started_at * 1000))
            status = self.tr("no answer") if record.status is None else str(record.status)
            parts = (
                f"{len(self._records) - number} / {len(self._records)}",
                locale.toString(when.time(), "HH:mm:ss"),
                status,
            )
            self.chooser.addItem(" · ".join(parts))
        self.chooser.setCurrentIndex(chosen)
        self.chooser.blockSignals(False)

    def _restyle(self, tokens: Tokens) -> None:
        text, muted, border = tokens.text.name(), tokens.text_muted.name(), tokens.border.name()
        accent = tokens.accent.name()
        chosen = mix(tokens.surface, tokens.accent, 0.2).name()
        self.pages.setStyleSheet(
            f"""
QTabWidget::pane {{ border: none; border-top: 1px solid {border}; }}
QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
QTabBar::tab {{ color: {muted}; background: transparent; border: 1px solid transparent;
  border-bottom: 2px solid transparent; padding: 7px 14px; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar:focus {{ outline: none; }}
QTabBar::tab:selected:focus {{ border: 2px solid {accent}; border-radius: 6px; }}
QTableView {{ color: {text}; background: {tokens.surface.name()}; outline: none;
  border: 1px solid {border};
  selection-background-color: {chosen}; selection-color: {text}; }}
QTableView:focus {{ border: 2px solid {accent}; }}
QTableView::item {{ border: none; padding: 0 6px; }}
QTableView::item:selected {{ background: {chosen}; color: {text}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ color: {muted}; background: {tokens.surface.name()}; border: none;
  border-bottom: 1px solid {border}; padding: 5px 6px; }}
QSplitter::handle {{ background: transparent; }}
"""
        )


def _place(url: str) -> str:
    """Return host and path of an address, without a password that may stand before the host."""
    try:
        address = urlsplit(url)
    except ValueError:
        return url
    return address.netloc.rpartition("@")[2] + address.path
