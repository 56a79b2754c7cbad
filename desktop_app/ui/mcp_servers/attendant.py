"""Shows the person what servers ask: questions, one after the other, and pages to sign in at."""

import asyncio
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget

from desktop_app.chat.mcp_ports import McpServers
from desktop_app.domain.mcp_content import Elicitation, ElicitationAnswer, ElicitationChoice
from desktop_app.ui.external_links import open_external, real_target
from desktop_app.ui.mcp_servers.elicitation_dialog import ElicitationDialog
from desktop_app.ui.mcp_servers.words import visible

_Answer = TypeVar("_Answer")


class Attendant:
    """Stands before ``window`` for ``servers``."""

    def __init__(self, servers: McpServers, window: QWidget) -> None:
        self._servers, self._window = servers, window
        self._turn = asyncio.Lock()
        self.shown: QDialog | None = None
        servers.attend(self.ask, self.open_page)

    def leave(self) -> None:
        """Answer no more questions; whoever waits for one is told that it was cancelled."""
        self._servers.attend(None, None)
        if self.shown is not None:
            self.shown.close()

    async def ask(self, question: Elicitation) -> ElicitationAnswer:
        """Show ``question`` and wait; a page is opened only after its host was seen."""
        if question.url:
            agreed = await self.open_page(question.server, question.url, question.message)
            choice = ElicitationChoice.ACCEPT if agreed else ElicitationChoice.DECLINE
            return ElicitationAnswer(choice)
        async with self._turn:
            answer: asyncio.Future[ElicitationAnswer] = asyncio.get_running_loop().create_future()
            dialog = ElicitationDialog(question, self._front())
            dialog.answered.connect(partial(_settle, answer))
            return await self._wait(dialog, answer)

    async def open_page(self, name: str, url: str, message: str = "") -> bool:
        """Show where ``url`` leads, and open it when the person agrees; whether they did."""
        if not _is_web(url):
            return False
        async with self._turn:
            answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            box = QMessageBox(self._front())
            box.setWindowTitle(QCoreApplication.translate("McpServers", "Open a page"))
            box.setTextFormat(Qt.TextFormat.PlainText)
            question = QCoreApplication.translate(
                "McpServers", "The server {name} wants you to open a page of {host}."
            )
            host = QUrl(url).host(QUrl.ComponentFormattingOption.FullyEncoded)
            box.setText(question.replace("{name}", visible(name)).replace("{host}", host))
            told = [visible(message)] if message else []
            told.append(real_target(url))
            box.setInformativeText("\n\n".join(told))
            agree = box.addButton(
                QCoreApplication.translate("McpServers", "Open in the browser"),
                QMessageBox.ButtonRole.AcceptRole,
            )
            cancel = box.addButton(QMessageBox.StandardButton.Cancel)
            box.setDefaultButton(cancel)
            box.finished.connect(lambda: _settle(answer, box.clickedButton() is agree))
            agreed = await self._wait(box, answer)
        if agreed:
            open_external(url, self._window, ask=False)
        return agreed

    async def _wait(self, dialog: QDialog, answer: asyncio.Future[_Answer]) -> _Answer:
        self.shown = dialog
        dialog.open()
        try:
            return await answer
        finally:
            self.shown = None
            # The server may have stopped waiting: what it asked is gone with it.
            dialog.close()
            dialog.deleteLater()

    def _front(self) -> QWidget:
        """The window that is in front: the settings may stand before the main one."""
        return QApplication.activeWindow() or self._window


def _settle(answer: asyncio.Future[_Answer], said: _Answer) -> None:
    """Whoever waits may have given up by now."""
    if not answer.done():
        answer.set_result(said)


def _is_web(url: str) -> bool:
    parsed = QUrl(url, QUrl.ParsingMode.StrictMode)
    is_here = parsed.host() in {"127.0.0.1", "localhost", "::1"}
    return parsed.isValid() and (
        parsed.scheme() == "https" or (parsed.scheme() == "http" and is_here)
    )
