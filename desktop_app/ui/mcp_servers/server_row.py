"""One server in the list: how it stands, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.domain.mcp_server import ServerEntry, ServerPhase, ServerProblem
from desktop_app.ui.flow_layout import FlowLayout
from desktop_app.ui.forms import Switch, link_button, plain_label
from desktop_app.ui.mcp_servers.elided_label import ElidedLabel
from desktop_app.ui.mcp_servers.state_light import StateLight
from desktop_app.ui.mcp_servers.words import command_lines, problem_sentence, state_words, visible

_RESTARTABLE = frozenset({ServerPhase.READY, ServerPhase.FAILED, ServerPhase.RESTARTING})


class ServerRow(QWidget):
    """Shows one entry.

    Signals:
        switched(bool): It is to be on, or off.
        wanted(str): ``approve``, ``sign_in``, ``restart``, ``tools``, ``log``, ``edit``,
            ``sign_out`` or ``remove``.
    """

    switched = Signal(bool)
    wanted = Signal(str)

    def __init__(self, entry: ServerEntry) -> None:
        super().__init__()
        self._entry = entry
        self.light, self._switch = StateLight(), Switch()
        self._name, self._state, self._what, self._problem = (
            *(ElidedLabel(), ElidedLabel(muted=True), ElidedLabel(muted=True), plain_label()),
        )
        self._buttons = {
            deed: self._button(deed)
            for deed in (
                "approve",
                "sign_in",
                "restart",
                "tools",
                "log",
                "edit",
                "sign_out",
                "remove",
            )
        }
        self._switch.toggled.connect(self.switched.emit)
        self._lay_out()
        self.show_entry(entry)

    @property
    def entry(self) -> ServerEntry:
        """What is shown."""
        return self._entry

    def show_entry(self, entry: ServerEntry) -> None:
        """Show how it stands now."""
        self._entry = entry
        config, status = entry.config, entry.status
        self._name.setText(visible(entry.name))
        self._state.setText(state_words(entry))
        command = command_lines(config).replace("\n", "  ") if config is not None else ""
        self._what.setText(command)
        problem = problem_sentence(entry)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.light.show_state(status.phase, is_troubled=status.problem is not None)
        self._switch.blockSignals(True)
        self._switch.setChecked(config is not None and not config.disabled)
        self._switch.blockSignals(False)
        self._switch.setEnabled(config is not None)
        unapproved = status.problem is ServerProblem.NOT_APPROVED
        signs_in = status.problem in {ServerProblem.SIGN_IN_NEEDED, ServerProblem.SIGN_IN_FAILED}
        shown = {
            "approve": unapproved and config is not None and not config.disabled,
            "sign_in": signs_in,
            "restart": status.phase in _RESTARTABLE and config is not None and not signs_in,
            "tools": bool(entry.tools) or bool(entry.instructions),
            "log": config is not None,
            "edit": config is not None,
            "sign_out": entry.is_signed_in,
            "remove": True,
        }
        for deed, button in self._buttons.items():
            button.setVisible(shown[deed])
        self.retranslate()

    def matches(self, words: list[str]) -> bool:
        """Whether all of ``words`` stand in what is shown."""
        text = f"{self._name.text()}\n{self._what.text()}".casefold()
        return all(word in text for word in words)

    def retranslate(self) -> None:
        """Name everything in the language of the window."""
        name = visible(self._entry.name)
        texts = {
            "approve": (self.tr("Review and start…"), self.tr("Review and start {name}")),
            "sign_in": (self.tr("Sign in…"), self.tr("Sign in to {name}")),
            "restart": (self.tr("Restart"), self.tr("Restart {name}")),
            "tools": (self.tr("Tools…"), self.tr("Tools of {name}")),
            "log": (self.tr("Log…"), self.tr("Log of {name}")),
            "edit": (self.tr("Edit…"), self.tr("Edit {name}")),
            "sign_out": (self.tr("Sign out"), self.tr("Sign out of {name}")),
            "remove": (self.tr("Remove…"), self.tr("Remove {name}")),
        }
        for deed, (text, spoken) in texts.items():
            self._buttons[deed].setText(text)
            self._buttons[deed].setAccessibleName(spoken.replace("{name}", name))
        self._switch.setAccessibleName(self.tr("Use {name}").replace("{name}", name))
        told = (self._state.text(), self._problem.text())
        self._switch.setAccessibleDescription(". ".join(filter(None, told)))

    def _button(self, deed: str) -> QPushButton:
        button = link_button()
        button.clicked.connect(lambda: self.wanted.emit(deed))
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.light)
        head.addWidget(self._name)
        head.addWidget(self._state)
        head.addStretch(1)
        head.addWidget(self._switch)
        words = QVBoxLayout()
        words.setContentsMargins(24, 0, 0, 0)
        words.setSpacing(3)
        words.addWidget(self._what)
        words.addWidget(self._problem)
        deeds = FlowLayout(spacing=2)
        for button in self._buttons.values():
            deeds.addWidget(button)
        words.addLayout(deeds)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 4)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addLayout(words)
