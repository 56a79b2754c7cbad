"""Links out of the window: what may be opened, what is asked, and that No means nothing happens."""

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.ui.external_links import is_allowed, open_external, real_target


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the addresses that were handed to the desktop; nothing is really opened."""
    found: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: found.append(QUrl(url).toString()) or True
    )
    return found


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def question_of(window: QWidget) -> QMessageBox:
    (question,) = window.findChildren(QMessageBox)
    return question


def button(question: QMessageBox, text: str) -> QPushButton:
    return next(b for b in question.findChildren(QPushButton) if b.text().replace("&", "") == text)


@pytest.mark.parametrize(
    "link",
    [
        "https://example.com/a?b=c#d",
        "http://127.0.0.1:8000",
        "HTTPS://EXAMPLE.COM",
        "mailto:a@b.cn",
    ],
)
def test_the_web_and_mail_may_be_opened(link: str) -> None:
    assert is_allowed(link)


@pytest.mark.parametrize(
    "link",
    [
        "", "example.com", "//example.com/a", "file:///etc/passwd", "javascript:alert(1)",
        "data:text/html,<b>x</b>", "ftp://example.com", "smb://server/share", "vscode://open",
        "ms-settings:about", "https:", "https://", "http:///etc/passwd", "tel:112", " https://x.y",
        "https://exa mple.com", "https://example.com/<b>bold</b>", "\\\\server\\share", "C:\\Windows\\notepad.exe",
    ],
)  # fmt: skip
def test_nothing_else_may(link: str, window: QWidget, opened: list[str]) -> None:
    assert not is_allowed(link)
    open_external(link, window)
    open_external(link, window, ask=False)
    assert window.findChildren(QMessageBox) == []
    assert opened == []


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://example.com/tea", "example.com"),
        # A Cyrillic letter that looks like the Latin one.
        ("https://\u0430pple.com/login", "xn--pple-43d.com"),
        ("https://example.com@evil.example/", "evil.example"),
        ("https://\u4f8b\u5b50.\u6d4b\u8bd5/\u8336", "xn--fsqu00a.xn--0zwm56d"),
        ("mailto:someone@example.com", "someone@example.com"),
    ],
)
def test_the_question_shows_where_a_link_really_leads(
    link: str, host: str, window: QWidget, opened: list[str]
) -> None:
    open_external(link, window)
    question = question_of(window)
    lines = question.informativeText().splitlines()
    assert lines[0] == host
    assert lines[2] == real_target(link)
    assert lines[2].isascii()
    assert opened == []


def test_open_opens(window: QWidget, opened: list[str], qtbot: QtBot) -> None:
    open_external("https://example.com/tea", window)
    button(question_of(window), "Open").click()
    assert opened == ["https://example.com/tea"]


@pytest.mark.parametrize("how", ["cancel", "escape", "close", "enter"])
def test_anything_else_opens_nothing(
    how: str, window: QWidget, opened: list[str], qtbot: QtBot
) -> None:
    open_external("https://example.com/tea", window)
    question = question_of(window)
    if how == "cancel":
        button(question, "Cancel").click()
    elif how == "enter":
        # "Cancel" is what Enter chooses: a key that was meant for the message box opens nothing.
        assert question.defaultButton() is button(question, "Cancel")
        question.defaultButton().click()
    elif how == "escape":
        question.reject()
    else:
        question.close()
    assert not question.isVisible()
    assert opened == []


def test_a_very_long_address_does_not_fill_the_screen(window: QWidget) -> None:
    link = "https://example.com/" + "a" * 5000
    assert len(real_target(link)) <= 601
    open_external(link, window)
    assert question_of(window).informativeText().startswith("example.com\n")


def test_links_of_the_program_itself_need_no_question(window: QWidget, opened: list[str]) -> None:
    open_external("https://platform.minimax.io/x", window, ask=False)
    assert opened == ["https://platform.minimax.io/x"]
    assert window.findChildren(QMessageBox) == []
