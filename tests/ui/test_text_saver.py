"""Saving code as a file: the question, the writing, and what is said when it fails."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop_app.ui.text_saver import TextSaver
from desktop_app.ui.transcript.view import BlockView


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def saver(window):
    made = TextSaver(window, lambda words: said.append(words))
    said = made.said = []
    return made


def question(window):
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    return box


def test_the_file_is_written_whole_with_a_line_end(saver, tmp_path):
    saver.save(tmp_path / "x.py", "a = 'ä\u200b'\nb")
    assert (tmp_path / "x.py").read_bytes() == "a = 'ä\u200b'\nb\n".encode()
    saver.save(tmp_path / "y.py", "a\n")
    assert (tmp_path / "y.py").read_bytes() == b"a\n"
    assert saver.said == ["Saved as x.py", "Saved as y.py"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.py", "y.py"]


def test_a_file_that_is_there_is_replaced_only_on_consent(saver, window, tmp_path, qtbot):
    path = tmp_path / "x.py"
    path.write_text("mine")
    saver.save(path, "other")
    assert path.read_text() == "mine"
    box = question(window)
    assert "x.py" in box.text()
    box.reject()
    assert path.read_text() == "mine"
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    saver.save(path, "other")
    box = question(window)
    next(button for button in box.buttons() if button.text() == "Replace").click()
    assert path.read_text() == "other\n"
    assert saver.said == ["Saved as x.py"]


def test_what_cannot_be_written_is_said(saver, tmp_path):
    saver.save(tmp_path / "none" / "x.py", "a")
    assert saver.said == [f"Not saved: {os.strerror(2)}"]


def test_a_replacement_that_fails_is_said_too(saver, window, tmp_path, monkeypatch):
    path = tmp_path / "x.py"
    path.write_text("mine")
    saver.save(path, "other")

    def refused(**_):
        raise OSError(13, os.strerror(13))

    monkeypatch.setattr("desktop_app.ui.whole_file.tempfile.mkstemp", refused)
    box = question(window)
    next(button for button in box.buttons() if button.text() == "Replace").click()
    assert path.read_text() == "mine"
    assert saver.said == [f"Not saved: {os.strerror(13)}"]


def test_the_dialog_is_opened_with_the_name_and_never_executed(saver, tmp_path, qtbot):
    view = BlockView()
    qtbot.addWidget(view)
    saver.follow([view])
    view.code_save_requested.emit("x.py", "a = 1")
    dialog = saver.dialog
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert Path(dialog.selectedFiles()[0]).name == "x.py"
    dialog.fileSelected.emit(str(tmp_path / "z.py"))
    assert (tmp_path / "z.py").read_text() == "a = 1\n"
    dialog.reject()
    # The next question begins in the same folder.
    saver.ask("y.py", "b")
    assert saver.dialog.directory().absolutePath() == str(tmp_path)
    saver.dialog.reject()
