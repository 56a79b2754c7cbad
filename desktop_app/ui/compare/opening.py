"""Opens the comparison of an answer's versions: reads those that were not seen yet."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.chat.ports import StoreError
from desktop_app.chat.session import ChatSession
from desktop_app.chat.tasks import TaskScope


class CompareOpener(QObject):
    """Opens comparisons beside a window.

    Signals:
        refused(str): The database refused; says why.
    """

    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ground = parent
        self._scope = TaskScope()

    def open_for(self, session: ChatSession, message_id: str) -> None:
        """Show the version ``message_id`` beside the one before it, or after the first."""
        self._scope.start(self._open(session, message_id), "compare versions")

    async def aclose(self) -> None:
        """End what is being read."""
        await self._scope.close()

    async def _open(self, session: ChatSession, message_id: str) -> None:
        try:
            messages = await session.branches.read_versions(message_id)
        except StoreError as error:
            self.refused.emit(str(error))
            return
        if len(messages) < 2:
            return
        # Loaded when it is first wanted: the window paints sooner without it.
        from desktop_app.ui.compare.dialog import CompareDialog

        dialog = CompareDialog(messages, message_id, self._ground)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
