"""The dialog that adds or changes one server."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.mcp_server import EntryFault, ServerConfig, Wire
from desktop_app.ui.form_style import KIND, wear_form_style
from desktop_app.ui.forms import (
    Choice,
    Switch,
    muted_label,
    plain_label,
    primary_button,
    secondary_button,
    text_width,
)
from desktop_app.ui.mcp_servers.named_values import NamedValues
from desktop_app.ui.mcp_servers.words import fault_sentence
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.text_input import LineInput

_CHARACTERS, _LINES = 60, 30
Check = Callable[[ServerConfig, Mapping[str, str]], EntryFault | None]
"""Says what is wrong with an entry and the values that were typed for it."""

_WIRES = (Wire.STDIO, Wire.HTTP, Wire.SSE)


class ServerDialog(QDialog):
    """Everything of one entry. Saving it is agreeing to what stands in it.

    Signals:
        saved(object, object, str): The :class:`ServerConfig`, the values that were typed by name, and
            the name of the entry until now, empty for a new one.
    """

    saved = Signal(object, object, str)

    def __init__(self, check: Check, parent: QWidget) -> None:
        super().__init__(parent)
        self._check = check
        self._old: ServerConfig | None = None
        self._taken: frozenset[str] = frozenset()
        self._labels = {key: QLabel() for key in ("name", "wire", "command", "args", "cwd", "url")}
        self._values_label = QLabel()
        self._name, self._command, self._url = LineInput(), LineInput(), LineInput()
        self._cwd, self._args = LineInput(), QPlainTextEdit()
        self._args.setTabChangesFocus(True)
        self._args.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._url.setInputMethodHints(Qt.InputMethodHint.ImhUrlCharactersOnly)
        self._wire = Choice()
        for wire in _WIRES:
            self._wire.addItem("", wire)
        self._args_help, self._url_help = muted_label(), muted_label()
        self._values = NamedValues()
        self._sampling, self._sampling_label, self._sampling_help = (
            *(Switch(), plain_label(), muted_label()),
        )
        self._notice = Notice()
        self._cancel, self._save = secondary_button(), primary_button()
        self._lay_out()
        wear_form_style(self)
        self._wire.currentIndexChanged.connect(self._on_wire)
        self._cancel.clicked.connect(self.reject)
        self._save.clicked.connect(self._on_save)
        for field in (self._name, self._command, self._url, self._cwd):
            field.submitted.connect(self._on_save)
        self._retranslate()

    @property
    def notice(self) -> Notice:
        """Where it is said what is wrong."""
        return self._notice

    def edit(self, config: ServerConfig | None, taken: frozenset[str]) -> None:
        """Open for ``config``, or for a new one; ``taken`` are the names of the others."""
        self._old, self._taken = config, taken
        shown = config or ServerConfig("", Wire.STDIO)
        self._name.setText(shown.name)
        self._wire.setCurrentIndex(_WIRES.index(shown.wire))
        self._command.setText(shown.command)
        self._args.setPlainText("\n".join(shown.args))
        self._cwd.setText(shown.cwd)
        self._url.setText(shown.url)
        self._sampling.setChecked(shown.may_sample)
        self._values.show_values(dict(shown.secrets), is_header=shown.wire is not Wire.STDIO)
        self._notice.hide()
        self._on_wire()
        self._retranslate()
        self._name.setFocus()
        self.open()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()

    def _on_wire(self) -> None:
        is_process = self._chosen() is Wire.STDIO
        for key in ("command", "args", "cwd"):
            self._labels[key].setVisible(is_process)
        for widget in (self._command, self._args, self._args_help, self._cwd):
            widget.setVisible(is_process)
        for widget in (self._labels["url"], self._url, self._url_help):
            widget.setVisible(not is_process)
        was = self._old
        values = was.secrets if was is not None and was.wire is self._chosen() else {}
        self._values.show_values(dict(values), is_header=not is_process)
        self._retranslate()

    def _chosen(self) -> Wire:
        return Wire(self._wire.currentData())

    def _entered(self) -> tuple[ServerConfig, dict[str, str]]:
        kept, typed = self._values.entered()
        base = self._old or ServerConfig("", Wire.STDIO)
        # One argument a line: a text with line breaks in it can be kept only as it was.
        lines = tuple(self._args.toPlainText().split("\n")) if self._args.toPlainText() else ()
        unchanged = self._args.toPlainText() == "\n".join(base.args)
        common = replace(
            base,
            name=self._name.text().strip(),
            wire=self._chosen(),
            may_sample=self._sampling.isChecked(),
        )
        if common.wire is Wire.STDIO:
            args = base.args if unchanged else lines
            config = replace(
                common,
                command=self._command.text().strip(),
                args=args,
                env=kept,
                cwd=self._cwd.text().strip(),
                url="",
                headers={},
            )
        else:
            config = replace(
                common,
                url=self._url.text().strip(),
                headers=kept,
                command="",
                args=(),
                env={},
                cwd="",
            )
        return config, typed

    def _on_save(self) -> None:
        config, typed = self._entered()
        if not config.name:
            # The other fields have their say first: an empty form lacks more than a name.
            config = replace(config, name=_suggested(config) or "server")
        problem = self._check(config, typed)
        if problem is not None:
            self._notice.show_message(NoticeKind.ERROR, fault_sentence(problem))
            return
        if config.name in self._taken:
            self._notice.show_message(NoticeKind.ERROR, self.tr("There is a server of this name."))
            return
        self.saved.emit(config, typed, self._old.name if self._old is not None else "")
        self.accept()

    def _lay_out(self) -> None:
        body = QWidget()
        body.setProperty(KIND, "page")
        form = QVBoxLayout(body)
        form.setContentsMargins(24, 22, 24, 8)
        form.setSpacing(6)
        pairs: tuple[tuple[str, QWidget, QWidget | None], ...] = (
            ("name", self._name, None),
            ("wire", self._wire, None),
            ("command", self._command, None),
            ("args", self._args, self._args_help),
            ("cwd", self._cwd, None),
            ("url", self._url, self._url_help),
        )
        for key, field, below in pairs:
            self._labels[key].setBuddy(field)
            form.addWidget(self._labels[key])
            form.addWidget(field)
            if below is not None:
                form.addWidget(below)
            form.addSpacing(6)
        form.addWidget(self._values_label)
        form.addWidget(self._values)
        form.addSpacing(6)
        self._sampling_label.setBuddy(self._sampling)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._sampling_label)
        words.addWidget(self._sampling_help)
        pair = QHBoxLayout()
        pair.setSpacing(16)
        pair.addLayout(words, 1)
        pair.addWidget(self._sampling, 0, Qt.AlignmentFlag.AlignTop)
        form.addLayout(pair)
        form.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(body)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._save)
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 4, 24, 20)
        foot.setSpacing(10)
        foot.addWidget(self._notice)
        foot.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area, 1)
        layout.addLayout(foot)
        self._args.setFixedHeight(self.fontMetrics().lineSpacing() * 5 + 16)
        self.resize(text_width(_CHARACTERS), self.fontMetrics().height() * _LINES)

    def _retranslate(self) -> None:
        title = self.tr("Add a server") if self._old is None else self.tr("Change the server")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        texts = {
            "name": (self.tr("&Name"), self._name),
            "wire": (self.tr("&Kind"), self._wire),
            "command": (self.tr("&Program"), self._command),
            "args": (self.tr("A&rguments"), self._args),
            "cwd": (self.tr("&Folder"), self._cwd),
            "url": (self.tr("&Address"), self._url),
        }
        for key, (text, field) in texts.items():
            self._labels[key].setText(text)
            field.setAccessibleName(text.replace("&", ""))
        kinds = (
            self.tr("A program on this computer"),
            self.tr("An address (streamable HTTP)"),
            self.tr("An address of the older kind (SSE)"),
        )
        for index, kind in enumerate(kinds):
            self._wire.setItemText(index, kind)
        self._command.setPlaceholderText("npx")
        self._cwd.setPlaceholderText(self.tr("Your home folder"))
        self._url.setPlaceholderText("https://example.com/mcp")
        self._args_help.setText(
            self.tr(
                "One a line, without quotes. They go to the program as they are; no shell reads them."
            )
        )
        self._args.setAccessibleDescription(self._args_help.text())
        self._url_help.setText(
            self.tr("If it wants you to sign in, you are asked before a page is opened.")
        )
        is_process = self._chosen() is Wire.STDIO
        self._values_label.setText(self.tr("Variables") if is_process else self.tr("Headers"))
        self._sampling_label.setText(self.tr("May ask the model for texts"))
        self._sampling_help.setText(
            self.tr("Its requests cost tokens of your account. Leave it off unless it needs this.")
        )
        self._sampling.setAccessibleName(self._sampling_label.text())
        self._sampling.setAccessibleDescription(self._sampling_help.text())
        self._cancel.setText(self.tr("Cancel"))
        self._save.setText(self.tr("Save and start"))


def _suggested(config: ServerConfig) -> str:
    """A name for an entry without one: the host, or the last word of the command line."""
    if config.wire is not Wire.STDIO:
        return config.url.split("://")[-1].split("/")[0]
    words = [word for word in config.argv if word and not word.startswith("-")]
    return words[min(1, len(words) - 1)].rstrip("/").rsplit("/", 1)[-1] if words else ""
