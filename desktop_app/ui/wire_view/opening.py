"""Opens the wire view of an answer: reads what is kept of it first, and says when that is nothing."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from desktop_app.chat.ports import StoreError
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.exchange import ExchangeRecord
from desktop_app.ui.form_style import wear_dialog_style

LoadExchanges = Callable[[str], Awaitable[tuple[ExchangeRecord, ...]]]
"""Gives what is kept for a message; raises :class:`StoreError` where the database refuses."""


class WireOpener(QObject):
    """Opens wire views beside a window.

    Args:
        load: Reads the exchanges of a message.
        parent: What the views stand beside.
    """

    def __init__(self, load: LoadExchanges, parent: QWidget) -> None:
        super().__init__(parent)
        self._load = load
        self._ground = parent
        self._scope = TaskScope()
        self._wanted = ""

    def open_for(self, message_id: str, resend: Callable[[ExchangeRecord], bool]) -> None:
        """Open the view of a message's exchanges; ``resend`` says whether it sent one again."""
        self._wanted = message_id
        self._scope.start(self._open(message_id, resend), "open the wire view")

    async def aclose(self) -> None:
        """End what is being read."""
        await self._scope.close()

    async def _open(self, message_id: str, resend: Callable[[ExchangeRecord], bool]) -> None:
        try:
            records = await self._load(message_id)
        except StoreError as error:
            self._say(self.tr("What went over the wire cannot be read."), str(error))
            return
        # Pressed twice, or for another answer meanwhile: one view comes, the one asked for last.
        if self._wanted != message_id:
            return
        self._wanted = ""
        if not records:
            self._say(
                self.tr("Nothing was recorded for this answer."),
                self.tr(
                    "Recording was switched off, no request was sent, or the answer is older "
                    "than what is kept."
                ),
            )
            return
        # Loaded when it is first wanted: the window paints sooner without it.
        from desktop_app.ui.wire_view.dialog import WireDialog

        dialog = WireDialog(records, self._ground)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def send_again(record: ExchangeRecord) -> None:
            if resend(record):
                dialog.close()
            else:
                dialog.say_not_sent()

        dialog.resend_requested.connect(send_again)
        dialog.show()

    def _say(self, sentence: str, explanation: str) -> None:
        box = QMessageBox(self._ground)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Information)
        box.setWindowTitle(QApplication.applicationDisplayName())
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(sentence)
        box.setInformativeText(explanation)
        box.setStandardButtons(QMessageBox.StandardButton.Ok)
        wear_dialog_style(box)
        box.open()
