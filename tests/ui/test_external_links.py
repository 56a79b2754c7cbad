"""Links out of the window: what may be opened, what is asked, and that No means nothing happens."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

import desktop_app
from desktop_app.ui.external_links import is_allowed, open_external, real_target
from desktop_app.ui.link_risks import LinkRisk, risks_of
from desktop_app.ui.transcript.blocks import Look
from desktop_app.ui.transcript.inline import rich_text


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
        "https://exa mple.com", "https://example.com/<b>bold</b>", "https://good.example\\@evil.example",
        "mailto:", "mailto:nobody", "mailto:a@b.cn?attach=/etc/passwd", "mailto:a@b.cn?subject=x&Attachment=y",
        "mailto://host/a@b.cn", "https://a.b/\nx", "java\tscript:alert(1)", "https:\\\\a.b", "\\\\server\\share", "C:\\Windows\\notepad.exe",
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


# -- what is said about a link -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "words", "risks"),
    [
        ("https://example.com/a", "read this", []),
        ("https://example.com/a", "example.com", []),
        ("https://www.example.com/a", "https://example.com", []),
        ("https://docs.example.com/a", "example.com/a", []),
        ("https://github.com/x/y/README.md", "README.md", []),
        ("https://nodejs.org", "Node.js", []),
        ("mailto:me@example.com", "me@example.com", []),
        ("mailto:me@example.com", "write to me", []),
        ("https://\u4f8b\u5b50.\u6d4b\u8bd5/", "\u4f8b\u5b50.\u6d4b\u8bd5", ["FOREIGN_LETTERS"]),
        ("https://evil.example/", "https://example.com/login", ["OTHER_ADDRESS"]),
        ("https://evil.example/", "www.example.com", ["OTHER_ADDRESS"]),
        ("https://evil.example/", "minimax.io", ["OTHER_ADDRESS"]),
        ("https://evilexample.com/", "example.com", ["OTHER_ADDRESS"]),
        ("https://example.com.evil.io/", "example.com", ["OTHER_ADDRESS"]),
        ("https://evil.example/", "go to https://good.example now", ["OTHER_ADDRESS"]),
        ("https://evil.example/", "goo\u200bd.example", ["OTHER_ADDRESS", "INVISIBLE"]),
        ("mailto:evil@evil.example", "me@example.com", ["OTHER_ADDRESS"]),
        ("https://evil.example/", "me@example.com", ["OTHER_ADDRESS"]),
        ("mailto:evil@evil.example", "example.com", ["OTHER_ADDRESS"]),
        ("https://example.com@evil.example/", "x", ["USER_INFO"]),
        ("https://user:word@evil.example/", "x", ["USER_INFO"]),
        ("https://\u0430pple.com/", "x", ["MIXED_SCRIPTS"]),
        ("https://xn--pple-43d.com/", "x", ["MIXED_SCRIPTS"]),
        ("https://\u0430\u0440\u0440\u04cf\u0435.com/", "x", ["FOREIGN_LETTERS"]),
        ("https://example.com/\u202egpj.exe", "x", ["INVISIBLE"]),
        ("https://example.com/%E2%80%AEgpj.exe", "x", ["INVISIBLE"]),
        ("https://example.com/", "pay\u202epal", ["INVISIBLE"]),
        ("https://example.com/", "tag\U000e0041", ["INVISIBLE"]),
        ("http://3232235777/", "x", ["NUMBER"]),
        ("http://[::1]:8080/", "x", ["NUMBER"]),
        ("http://192.168.1.1/admin", "router", ["NUMBER"]),
    ],
)
def test_what_is_suspicious_is_named(link: str, words: str, risks: list[str]) -> None:
    assert is_allowed(link)
    assert [risk.name for risk in risks_of(link, words)] == risks


def test_the_question_says_what_is_suspicious(window: QWidget, opened: list[str]) -> None:
    open_external("https://example.com@evil.example/", window, "https://example.com")
    question = question_of(window)
    text = question.informativeText()
    assert text.startswith("evil.example\n\nhttps://example.com@evil.example/")
    assert LinkRisk.OTHER_ADDRESS.value in text
    assert LinkRisk.USER_INFO.value in text
    assert question.icon() is QMessageBox.Icon.Warning
    question.reject()
    open_external("https://example.com/", window, "tea")
    plain = next(q for q in window.findChildren(QMessageBox) if q.isVisible())
    assert plain.icon() is QMessageBox.Icon.NoIcon
    assert opened == []


def hostile_links() -> list[str]:
    """Some 700 addresses that want to be something else than a page of the web."""
    schemes = ["file", "smb", "ftp", "javascript", "data", "vbscript", "ms-msdt", "ms-settings", "vscode",
               "cherrystudio", "jar", "view-source", "about", "chrome", "blob", "ws", "ssh", "telnet", "ldap",
               "search-ms", "intent", "x-apple.systempreferences", "dict", "gopher", "tel", "sms", "irc"]  # fmt: skip
    bodies = ["/etc/passwd", "//host/share", "///C:/Windows/notepad.exe", "alert(1)", "text/html,<b>x</b>",
              "//evil.example/@example.com", "", "https://example.com"]  # fmt: skip
    tricks = [str, str.upper, lambda s: f" {s}", lambda s: f"\t{s}"]
    made = [
        trick(f"{scheme}:{body}") for scheme in schemes for body in bodies for trick in tricks[:3]
    ]
    made += [f"\\\\host\\share{n}" for n in range(5)] + [f"//host/share{n}" for n in range(5)]
    made += [f"C:\\x{n}.exe" for n in range(5)] + [f"/etc/passwd{n}" for n in range(5)]
    made += [
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "https:",
        "https://",
        "http:///x",
        "https:\\\\x",
    ]
    made += [f"https://good.example{sign}@evil.example/" for sign in "\\ \n\t\r\x00\x0b"]
    made += [
        f"mailto:a@b.cn?{key}=/etc/passwd"
        for key in ("attach", "attachment", "ATTACH", "file", "x")
    ]
    return made


def test_three_hundred_and_more_hostile_links_open_nothing(
    window: QWidget, opened: list[str]
) -> None:
    links = hostile_links()
    assert len(set(links)) >= 300
    for link in links:
        open_external(link, window, "https://example.com")
        open_external(link, window, ask=False)
        for question in window.findChildren(QMessageBox):
            button(question, "Open").click()
    assert opened == []


def test_links_that_a_text_offers_open_only_what_is_allowed(
    window: QWidget, opened: list[str]
) -> None:
    """The whole way: from Markdown through the parser and the gate to the desktop."""
    links = hostile_links() + [f"https://a{n}.example/x" for n in range(20)]
    for link in links:
        for source in (f"[w](<{link}>)", f"<{link}>", link):
            for span in rich_text(source).spans:
                if span.look & Look.LINK:
                    open_external(span.target, window, ask=False)
    assert len(opened) >= 60
    schemes = {QUrl(address).scheme() for address in opened}
    assert schemes <= {"http", "https", "mailto"}


def test_nothing_else_in_the_program_opens_addresses() -> None:
    sinks = ("openUrl", "setOpenExternalLinks(True", "webbrowser", "startfile", "xdg-open")
    found = [
        file.name
        for file in Path(desktop_app.__file__).parent.rglob("*.py")
        if any(sink in file.read_text() for sink in sinks)
    ]
    assert found == ["external_links.py"]
