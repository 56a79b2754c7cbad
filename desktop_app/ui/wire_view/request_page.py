"""The request of an exchange: its body, easy to read or exactly as sent, and its headers."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.ui.forms import Switch
from desktop_app.ui.wire_view.plain_wire import header_lines, pretty_json
from desktop_app.ui.wire_view.wire_text import WireText


class RequestPage(QWidget):
    """Body above, headers below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._body_label, self._headers_label = QLabel(), QLabel()
        self.exact = Switch()
        self.body, self.headers = WireText(), WireText()
        top = QHBoxLayout()
        top.addWidget(self._body_label)
        top.addStretch(1)
        top.addWidget(self.exact)
        upper, lower = QWidget(), QWidget()
        above, below = QVBoxLayout(upper), QVBoxLayout(lower)
        for column in (above, below):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(6)
        above.addLayout(top)
        above.addWidget(self.body, 1)
        below.addWidget(self._headers_label)
        below.addWidget(self.headers, 1)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(10)
        halves.addWidget(upper)
        halves.addWidget(lower)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.addWidget(halves)
        self.exact.toggled.connect(self._show_body)
        self._retranslate()

    def show_record(self, record: ExchangeRecord) -> None:
        """Show the request of ``record``."""
        self._text = record.request_body
        self._show_body()
        self.headers.show_text(header_lines(record.request_headers))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _show_body(self) -> None:
        exact = self.exact.isChecked()
        self.body.show_text(self._text if exact else pretty_json(self._text))

    def _retranslate(self) -> None:
        self._body_label.setText(self.tr("Body"))
        self._headers_label.setText(self.tr("Headers"))
        self.exact.setText(self.tr("Exactly as &sent"))
        self.exact.updateGeometry()
        self.body.box.setAccessibleName(self.tr("Request body"))
        self.headers.box.setAccessibleName(self.tr("Request headers"))
