"""The only way out of the window: every link that is opened goes through here, and is asked about.

Model text is not trusted. A link may show one address and lead to another, so the real one is shown
before anything is opened, with what is suspicious about it, and nothing but the web and mail is
opened at all.
"""

from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop_app.ui.form_style import wear_dialog_style
from desktop_app.ui.link_risks import risks_of

ALLOWED_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_MAIL_FIELDS: Final = frozenset({"to", "cc", "bcc", "subject", "body"})
"""What a link may fill in of a new mail. Some mail programs attach the file that "attach" names."""
_MOST_SHOWN: Final = 600
_ENCODED: Final = QUrl.ComponentFormattingOption.FullyEncoded


def is_allowed(link: str) -> bool:
    """Whether ``link`` is one that may be opened at all."""
    if "\\" in link or any(letter.isspace() or ord(letter) < 0x20 for letter in link):
        return False
    url = QUrl(link, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().casefold() not in ALLOWED_SCHEMES:
        return False
    if url.scheme().casefold() == "mailto":
        fields = parse_qsl(url.query(_ENCODED), keep_blank_values=True)
        is_address = "@" in url.path() and not url.host()
        return is_address and all(name.casefold() in _MAIL_FIELDS for name, _ in fields)
    return bool(url.host())


def real_target(link: str) -> str:
    """Return where ``link`` leads, with its host as it goes over the wire (punycode)."""
    shown = _url(link).toString(_ENCODED)
    return shown if len(shown) <= _MOST_SHOWN else shown[:_MOST_SHOWN] + "…"


def open_external(link: str, parent: QWidget, words: str = "", *, ask: bool = True) -> None:
    """Open ``link`` in the system's browser or mail program.

    Args:
        link: The address; one that is not allowed is ignored.
        parent: The window in front of which the question stands.
        words: The text that the link stood behind, to be compared with where it leads.
        ask: Whether to show the target first; only links of our own need no question.
    """
    if not is_allowed(link):
        return
    if not ask:
        QDesktopServices.openUrl(_url(link))
        return
    question = QMessageBox(parent)
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.setWindowTitle(QCoreApplication.translate("Links", "Open a link"))
    question.setTextFormat(Qt.TextFormat.PlainText)
    question.setText(QCoreApplication.translate("Links", "This link leads to:"))
    risks = [QCoreApplication.translate("Links", risk.value) for risk in risks_of(link, words)]
    paragraphs = [_host(link), real_target(link), *risks]
    question.setInformativeText("\n\n".join(paragraphs))
    if risks:
        question.setIcon(QMessageBox.Icon.Warning)
    open_it = question.addButton(
        QCoreApplication.translate("Links", "Open"), QMessageBox.ButtonRole.AcceptRole
    )
    question.addButton(QMessageBox.StandardButton.Cancel)
    question.setDefaultButton(QMessageBox.StandardButton.Cancel)

    def answered() -> None:
        if question.clickedButton() is open_it:
            QDesktopServices.openUrl(_url(link))

    question.finished.connect(answered)
    wear_dialog_style(question)
    question.open()


def _url(link: str) -> QUrl:
    """The address as it was judged: read once, by the same strict rules."""
    return QUrl(link, QUrl.ParsingMode.StrictMode)


def show_folder(folder: Path) -> bool:
    """Show a folder in the system's file manager; whether that began."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _host(link: str) -> str:
    url = _url(link)
    return url.host(_ENCODED) or url.path(_ENCODED)
