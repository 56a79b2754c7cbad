"""Gets one thing that a server offers, as text for the message that is being written."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.chat.mcp_ports import McpError, McpServers
from desktop_app.chat.tasks import TaskScope
from desktop_app.domain.mcp_content import (
    Elicitation,
    ElicitationAnswer,
    ElicitationChoice,
    FieldKind,
    FormField,
    Prompt,
    Resource,
)
from desktop_app.ui.mcp_servers.elicitation_dialog import ElicitationDialog
from desktop_app.ui.mcp_servers.inserting import joined, quoted
from desktop_app.ui.mcp_servers.words import visible
from desktop_app.ui.notice import NoticeKind


class Bringing(QObject):
    """Reads a resource, or fills in a prompt, whose arguments are asked for first.

    Signals:
        brought(str): The text.
        told(NoticeKind, str): How it goes, and why there is no text.
    """

    brought = Signal(str)
    told = Signal(object, str)

    def __init__(self, servers: McpServers, tasks: TaskScope, ground: QWidget) -> None:
        super().__init__(ground)
        self._servers, self._tasks, self._ground = servers, tasks, ground
        self._wanted = 0
        self.form: ElicitationDialog | None = None

    def begin(self, offer: Prompt | Resource) -> None:
        """Get ``offer``; what was begun before is not wanted any more."""
        self.leave()
        if isinstance(offer, Prompt) and offer.arguments:
            self._ask_arguments(offer)
        else:
            self._start(offer, {})

    def leave(self) -> None:
        """Want nothing any more: what still comes is not told."""
        self._wanted += 1

    def _ask_arguments(self, prompt: Prompt) -> None:
        fields = tuple(
            FormField(a.name, FieldKind.TEXT, a.name, a.description, a.required)
            for a in prompt.arguments
        )
        question = Elicitation(prompt.server, prompt.description or prompt.title, fields)
        self.form = ElicitationDialog(question, self._ground)
        self.form.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def answered(answer: ElicitationAnswer) -> None:
            self.form = None
            if answer.choice is ElicitationChoice.ACCEPT:
                self._start(prompt, {name: str(value) for name, value in answer.values.items()})

        self.form.answered.connect(answered)
        self.form.open()

    def _start(self, offer: Prompt | Resource, arguments: Mapping[str, str]) -> None:
        self._tasks.start(self._bring(offer, arguments, self._wanted), "insert from an MCP server")

    async def _bring(
        self, offer: Prompt | Resource, arguments: Mapping[str, str], wanted: int
    ) -> None:
        self.told.emit(NoticeKind.WORKING, self.tr("Asking the server…"))
        text, problem = "", ""
        try:
            if isinstance(offer, Prompt):
                text = joined(await self._servers.get_prompt(offer, arguments))
            else:
                text = quoted(offer, await self._servers.read_resource(offer))
        except McpError as error:
            problem = visible(str(error))
        if wanted != self._wanted:
            return
        if problem:
            self.told.emit(NoticeKind.ERROR, problem)
        elif not text:
            sentence = self.tr("There is no text in it, and only text can be inserted.")
            self.told.emit(NoticeKind.WARNING, sentence)
        else:
            self.brought.emit(text)
