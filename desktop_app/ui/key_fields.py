"""The parts that :mod:`desktop_app.ui.key_form` is made of, laid out and named; they decide nothing."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.ui.form_style import KIND
from desktop_app.ui.forms import (
    Choice,
    link_button,
    muted_label,
    primary_button,
    secondary_button,
)
from desktop_app.ui.icons import icon
from desktop_app.ui.notice import Notice
from desktop_app.ui.text_input import LineInput
from desktop_app.ui.theming import current_tokens


class KeyInput(QWidget):
    """A field for a secret with a button that shows what is in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = LineInput()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.eye = QToolButton()
        self.eye.setCheckable(True)
        self.eye.setProperty(KIND, "field")
        self.eye.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.eye.setIconSize(QSize(18, 18))
        self.eye.toggled.connect(self._on_eye_toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(self.eye)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._label()

    def set_fixed(self, fixed: bool) -> None:
        """Whether there is nothing to enter; an entered text is forgotten then."""
        self.field.setReadOnly(fixed)
        self.eye.setVisible(not fixed)
        if fixed:
            self.clear()

    def clear(self) -> None:
        """Forget what was entered, and hide what is entered next."""
        self.field.clear()
        self.eye.setChecked(False)

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and colours."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.LanguageChange, QEvent.Type.PaletteChange}:
            self._label()

    def _on_eye_toggled(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode
        self.field.setEchoMode(mode.Normal if shown else mode.Password)
        self._label()

    def names(self) -> tuple[str, str, str]:
        """Return what the field is called, and the button while it is hidden and while it shows."""
        return self.tr("API key"), self.tr("Show the key"), self.tr("Hide the key")

    def _label(self) -> None:
        hide = self.eye.isChecked()
        secret, hidden, shown = self.names()
        name = shown if hide else hidden
        self.field.setAccessibleName(secret)
        self.eye.setAccessibleName(name)
        self.eye.setToolTip(name)
        self.eye.setIcon(icon("eye-off" if hide else "eye", current_tokens().text_muted))


class KeyFields(QWidget):
    """Region, key and buttons, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._region_label, self._key_label = QLabel(), QLabel()
        self.region = Choice()
        self._region_label.setBuddy(self.region)
        self.host = muted_label()
        self.link = link_button()
        self.link.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the icon after the words
        self.key = KeyInput()
        self._key_label.setBuddy(self.key.field)
        self.state = muted_label()
        self.save, self.test = primary_button(), secondary_button()
        self.remove = link_button()
        self.notice = Notice()
        self._lay_out()
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and colours."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.LanguageChange, QEvent.Type.PaletteChange}:
            self._retranslate()

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.addWidget(self._key_label, 1)
        heading.addWidget(self.link)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.save)
        buttons.addWidget(self.test)
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._region_label)
        layout.addWidget(self.region)
        layout.addWidget(self.host)
        layout.addSpacing(8)
        layout.addLayout(heading)
        layout.addWidget(self.key)
        layout.addWidget(self.state)
        layout.addSpacing(8)
        layout.addLayout(buttons)
        layout.addSpacing(4)
        layout.addWidget(self.notice)

    def _retranslate(self) -> None:
        self._region_label.setText(self.tr("&Region"))
        self.region.setAccessibleName(self.tr("Region"))
        self._key_label.setText(self.tr("API &key"))
        self.link.setText(self.tr("Get a key"))
        self.link.setIcon(icon("external-link", current_tokens().link))
        self.save.setText(self.tr("Save"))
        self.test.setText(self.tr("Test key"))
        self.remove.setText(self.tr("Remove key"))
