"""Tooltips with words of somebody else."""

from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from desktop_app.ui.plain_tooltip import plain_tooltip


def test_what_looks_like_markup_is_shown_as_it_is(qtbot: QtBot) -> None:
    words = "<b>a</b> &amp; \"c\"  d\n<img src='x'>"
    document = QTextDocument()
    document.setHtml(plain_tooltip(words))
    # Qt keeps a line break inside of one paragraph as U+2028, which its plain text has as a newline.
    assert document.toPlainText() == words


def test_no_words_are_no_tooltip() -> None:
    assert plain_tooltip("") == ""
