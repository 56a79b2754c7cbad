"""The only way out of the window: every link that is opened goes through here, and is asked about.

Model text is not trusted. A link may show one address and lead to another, so the real one is shown
before anything is opened, and nothing but the web and mail is opened at all.
"""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

ALLOWED_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_MOST_SHOWN: Final = 600


def is_allowed(link: str) -> bool:
    """Whether ``link`` is one that may be opened at all."""
    url = QUrl(link, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().casefold() not in ALLOWED_SCHEMES:
        return False
    return bool(url.host()) or url.scheme().casefold() == "mailto"


def real_target(link: str) -> str:
    """Return where ``link`` leads, with its host as it goes over the wire (punycode)."""
    shown = QUrl(link).toString(QUrl.ComponentFormattingOption.FullyEncoded)
    return shown if len(shown) <= _MOST_SHOWN else shown[:_MOST_SHOWN] + "…"


def open_external(link: str, parent: QWidget, *, ask: bool = True) -> None:
    """Open ``link`` in the system's browser or mail program.

    Args:
        link: The address; one that is not allowed is ignored.
        parent: The window in front of which the question stands.
        ask: Whether to show the target first; only links of our own need no question.
    """
    if not is_allowed(link):
        return
    if not ask:
        QDesktopServices.openUrl(QUrl(link))
        return
    question = QMessageBox(parent)
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.setWindowTitle(QCoreApplication.translate("Links", "Open a link"))
    question.setTextFormat(Qt.TextFormat.PlainText)
    question.setText(QCoreApplication.translate("Links", "This link leads to:"))
    question.setInformativeText(f"{_host(link)}\n\n{real_target(link)}")
    open_it = question.addButton(
        QCoreApplication.translate("Links", "Open"), QMessageBox.ButtonRole.AcceptRole
    )
    question.addButton(QMessageBox.StandardButton.Cancel)
    question.setDefaultButton(QMessageBox.StandardButton.Cancel)

    def answered() -> None:
        if question.clickedButton() is open_it:
            QDesktopServices.openUrl(QUrl(link))

    question.finished.connect(answered)
    question.open()


def show_folder(folder: Path) -> bool:
    """Show one of the program's own folders in the system's file manager; whether that began."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _host(link: str) -> str:
    url = QUrl(link)
    return url.host(QUrl.ComponentFormattingOption.FullyEncoded) or url.path()
