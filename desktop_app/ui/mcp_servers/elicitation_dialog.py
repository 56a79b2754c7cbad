"""A server's question to the person, as a form of flat fields."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_app.domain.mcp_content import (
    Elicitation,
    ElicitationAnswer,
    ElicitationChoice,
    FieldKind,
    FieldValue,
    FormField,
)
from desktop_app.ui.form_style import KIND, wear_form_style
from desktop_app.ui.forms import (
    Choice,
    Heading,
    Switch,
    muted_label,
    plain_label,
    primary_button,
    secondary_button,
    text_width,
)
from desktop_app.ui.mcp_servers.words import visible
from desktop_app.ui.notice import Notice, NoticeKind
from desktop_app.ui.text_input import LineInput

_CHARACTERS, _MOST_LINES = 58, 34
_FORMATS = {
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
    "uri": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "date-time": re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*"),
}


@dataclass(frozen=True, slots=True)
class _Input:
    field: FormField
    widget: QWidget
    read: Callable[[], FieldValue | None]


class ElicitationDialog(QDialog):
    """Shows the question; closing it is "cancel", which is not the same as "decline".

    Signals:
        answered(object): An :class:`ElicitationAnswer`, once.
    """

    answered = Signal(object)

    def __init__(self, question: Elicitation, parent: QWidget) -> None:
        super().__init__(parent)
        title = self.tr("{server} asks").replace("{server}", visible(question.server))
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._is_answered = False
        self._notice = Notice()
        self._notice.hide()
        heading, message, warning = Heading(1.15), plain_label(), muted_label()
        heading.setText(title)
        message.setText("\n".join(visible(part) for part in question.message[:4000].splitlines()))
        warning.setText(
            self.tr("Your answer goes to this server. Do not enter passwords or keys here.")
        )
        body = QWidget()
        body.setProperty(KIND, "page")
        self._form = QVBoxLayout(body)
        self._form.setContentsMargins(0, 0, 6, 0)
        self._form.setSpacing(6)
        self._inputs = [self._input(field) for field in question.fields]
        self._form.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(body)
        area.setVisible(bool(question.fields))
        send, decline = primary_button(), secondary_button()
        send.setText(self.tr("Send"))
        decline.setText(self.tr("Decline"))
        send.clicked.connect(self._on_send)
        decline.clicked.connect(lambda: self._answer(ElicitationChoice.DECLINE, {}))
        buttons = QHBoxLayout()
        buttons.addWidget(decline)
        buttons.addStretch(1)
        buttons.addWidget(send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(10)
        for widget in (heading, message):
            layout.addWidget(widget)
        layout.addWidget(area, 1)
        layout.addWidget(warning)
        layout.addWidget(self._notice)
        layout.addLayout(buttons)
        wear_form_style(self)
        line = self.fontMetrics().height()
        height = min(line * _MOST_LINES, body.sizeHint().height() + line * 14)
        self.resize(text_width(_CHARACTERS), height)
        self.finished.connect(lambda: self._answer(ElicitationChoice.CANCEL, {}))
        if self._inputs:
            self._inputs[0].widget.setFocus()

    @property
    def notice(self) -> Notice:
        """Where it is said what is missing."""
        return self._notice

    def _on_send(self) -> None:
        values: dict[str, FieldValue] = {}
        for entry in self._inputs:
            value = entry.read()
            problem = self._problem(entry.field, value)
            if problem:
                label = visible(entry.field.title)
                self._notice.show_message(NoticeKind.ERROR, f"{label}: {problem}")
                entry.widget.setFocus()
                return
            if value not in {None, ""} and value != ():
                values[entry.field.name] = value
        self._answer(ElicitationChoice.ACCEPT, values)

    def _answer(self, choice: ElicitationChoice, values: dict[str, FieldValue]) -> None:
        if self._is_answered:
            return
        self._is_answered = True
        self.answered.emit(ElicitationAnswer(choice, values))
        self.close()

    def _problem(self, field: FormField, value: FieldValue | None) -> str:
        is_number = field.kind in {FieldKind.NUMBER, FieldKind.INTEGER}
        if value in {None, ""} or value == ():
            return self.tr("an answer is needed.") if field.required else ""
        if is_number and isinstance(value, str):
            whole = field.kind is FieldKind.INTEGER
            return self.tr("a whole number is needed.") if whole else self.tr("a number is needed.")
        size = value if isinstance(value, int | float) else len(value)
        if field.least is not None and size < field.least:
            return self.tr("at least {number}.").replace("{number}", f"{field.least:g}")
        if field.most is not None and size > field.most:
            return self.tr("at most {number}.").replace("{number}", f"{field.most:g}")
        pattern = _FORMATS.get(field.text_format)
        if pattern is not None and isinstance(value, str) and not pattern.fullmatch(value):
            return self.tr("this is not of the kind that is asked for ({kind}).").replace(
                "{kind}", field.text_format
            )
        return ""

    def _input(self, field: FormField) -> _Input:
        label, below = QLabel(), muted_label()
        label.setTextFormat(label.textFormat().PlainText)
        star = "" if not field.required else " *"
        label.setText(visible(field.title) + star)
        below.setText(visible(field.description))
        below.setVisible(bool(field.description))
        entry = self._made(field)
        name = visible(field.title)
        if field.required:
            name = self.tr("{name}, required").replace("{name}", name)
        entry.widget.setAccessibleName(name)
        entry.widget.setAccessibleDescription(below.text())
        label.setBuddy(entry.widget)
        if field.kind is not FieldKind.BOOLEAN:
            self._form.addWidget(label)
        self._form.addWidget(entry.widget)
        self._form.addWidget(below)
        self._form.addSpacing(6)
        return entry

    def _made(self, field: FormField) -> _Input:
        match field.kind:
            case FieldKind.BOOLEAN:
                box = Switch()
                box.setText(visible(field.title).replace("&", "&&"))
                box.setChecked(field.default is True)
                return _Input(field, box, box.isChecked)
            case FieldKind.CHOICE:
                choice = Choice()
                if not field.required or field.default is None:
                    choice.addItem(self.tr("(nothing)"), "")
                for value, title in field.choices:
                    choice.addItem(visible(title), value)
                if field.default is not None:
                    choice.setCurrentIndex(max(0, choice.findData(field.default)))
                return _Input(field, choice, lambda: str(choice.currentData()))
            case FieldKind.CHOICES:
                return self._several(field)
        line = LineInput()
        line.setText("" if field.default is None else visible(str(field.default)))
        line.submitted.connect(self._on_send)
        return _Input(field, line, lambda: _typed(field.kind, line.text()))

    def _several(self, field: FormField) -> _Input:
        group = QWidget()
        column = QVBoxLayout(group)
        column.setContentsMargins(0, 0, 0, 0)
        chosen = field.default if isinstance(field.default, tuple) else ()
        boxes = []
        for value, title in field.choices:
            box = Switch()
            box.setText(visible(title).replace("&", "&&"))
            box.setChecked(value in chosen)
            column.addWidget(box)
            boxes.append((box, value))
        if boxes:
            group.setFocusProxy(boxes[0][0])
        return _Input(field, group, lambda: tuple(v for box, v in boxes if box.isChecked()))


def _typed(kind: FieldKind, text: str) -> FieldValue | None:
    """What was typed as a value; a number that is none stays text, to be told."""
    text = text.strip() if kind is not FieldKind.TEXT else text
    if kind is FieldKind.INTEGER and re.fullmatch(r"[+-]?\d{1,18}", text):
        return int(text)
    if kind is FieldKind.NUMBER and re.fullmatch(
        r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text
    ):
        return float(text)
    return text or None
