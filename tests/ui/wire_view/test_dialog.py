"""The wire view: what each page shows, what is taken along, and that the key is in none of it."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
)

from desktop_app.chat.exchange_text import as_curl, as_json, as_python, from_json
from desktop_app.domain.exchange import WireEvent
from desktop_app.ui.translations import install_language
from desktop_app.ui.wire_view.dialog import WireDialog
from desktop_app.ui.wire_view.event_table import NUMBER, SIZE, TEXT, TIME, EventTable
from desktop_app.ui.wire_view.export_file import SUFFIX
from desktop_app.ui.wire_view.plain_wire import SHOWN_LENGTH
from tests.ui.wire_view.kit import BODY, URL, exchange


@pytest.fixture
def opened(qtbot):
    """Open the view on some exchanges."""

    def make(*records):
        dialog = WireDialog(records or [exchange()])
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def press(dialog, words):
    button = next(
        b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "").startswith(words)
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def row(dialog, number):
    model = dialog.events.model
    return [model.index(number, column).data() for column in (NUMBER, TIME, SIZE, TEXT)]


def everything_said(dialog):
    words = [label.text() for label in dialog.findChildren(QLabel)]
    words += [box.toPlainText() for box in dialog.findChildren(QPlainTextEdit)]
    words += [dialog.chooser.itemText(n) for n in range(dialog.chooser.count())]
    return "\n".join(words)


def test_it_is_a_window_beside_the_others_with_a_name(opened):
    dialog = opened()
    assert (dialog.accessibleName(), dialog.windowTitle()) == ("Wire", "Wire")
    assert not dialog.isModal()
    assert dialog.chooser.isHidden()
    assert dialog.head.text() == (
        "POST api.minimax.io/v1/chat/completions · 200 · 2.500\N{NO-BREAK SPACE}s"
    )


def test_the_request_is_readable_and_exact_one_click_away(opened):
    page = opened().request
    assert '\n  "model": "MiniMax-M2",\n' in page.body.box.toPlainText()
    assert "你好" in page.body.box.toPlainText()
    QTest.mouseClick(page.exact, Qt.MouseButton.LeftButton)
    assert page.body.box.toPlainText() == BODY
    assert page.headers.box.toPlainText() == (
        "Authorization: Bearer ••••\nContent-Type: application/json"
    )


def test_each_event_has_a_row_and_the_chosen_one_is_shown_whole(opened):
    dialog = opened()
    page = dialog.events
    assert page.model.rowCount() == 5
    text = row(dialog, 1)[3]
    size = len(exchange().events[1].text.encode())
    assert row(dialog, 1)[:3] == ["2", "0.750 s", str(size)]
    assert text.startswith('{"choices"')
    page.table.setCurrentIndex(page.model.index(1, NUMBER))
    assert '"content": "Hel"' in page.whole.box.toPlainText()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert '"content": "lo <b>⟨U+202E⟩bold</b>"' in page.whole.box.toPlainText()
    assert "\u202e" not in everything_said(dialog) + row(dialog, 2)[3]


def test_the_headers_of_the_answer_are_one_click_away(opened):
    dialog = opened()
    press(dialog.events, "Show the headers")
    assert dialog.events.whole.box.toPlainText() == "content-type: text/event-stream"


def test_an_answer_that_is_no_stream_is_shown_whole(opened):
    dialog = opened(exchange(events=(), body='{"error":{"code":1008}}', status=402))
    assert dialog.events.table.isHidden()
    assert '"code": 1008' in dialog.events.whole.box.toPlainText()
    assert "The answer was no stream of events." in everything_said(dialog)


def test_a_request_without_an_answer_says_so(opened):
    dialog = opened(
        exchange(
            status=None,
            events=(),
            response_headers=(),
            first_byte_at=None,
            ended_at=None,
            error="connection: refused",
        )
    )
    said = everything_said(dialog)
    assert "no answer · –" in dialog.head.text()
    assert "No answer came." in said
    assert "Failure: connection: refused" in said


def test_what_was_left_out_is_said(opened):
    assert "Not all is here" in everything_said(opened(exchange(truncated=True)))


def test_the_timings_are_told_and_painted(opened):
    page = opened().timings
    assert page.lines == [
        "Connecting and sending: 0.125 s",
        "Waiting for the first byte: 0.375 s",
        "Receiving: 2.000 s",
        "Request sent at: 0.125 s",
        "First byte at: 0.500 s",
        "First token at: 0.750 s",
        "End at: 2.500 s",
        "Tokens per second: 80.0",
    ]
    assert page.bar.spans == (0.125, 0.375, 2.0)
    picture = page.bar.grab().toImage()
    places = [int(picture.width() * share) for share in (0.02, 0.12, 0.6)]
    colours = {picture.pixelColor(x, picture.height() // 2).name() for x in places}
    assert len(colours) == 3


def test_of_several_exchanges_the_newest_is_shown_first(opened):
    early = exchange("early", status=503, started_at=1_700_000_000.0)
    late = exchange("late", started_at=1_700_000_009.0)
    dialog = opened(early, late)
    assert dialog.record.id == "late"
    assert [dialog.chooser.itemText(n).split(" · ")[0] for n in range(2)] == ["2 / 2", "1 / 2"]
    dialog.chooser.setCurrentIndex(1)
    assert dialog.record.id == "early"
    assert "503" in dialog.head.text()


@pytest.mark.parametrize(
    ("button", "written"),
    [
        ("Copy as curl", as_curl(exchange())),
        ("Copy as Python", as_python(exchange())),
        ("Copy as JSON", as_json(exchange())),
    ],
)
def test_copying_takes_what_the_writers_write(opened, button, written):
    dialog = opened()
    press(dialog, button)
    assert QGuiApplication.clipboard().text() == written
    assert dialog.said.text() == "Copied. The key is not part of it."


def test_what_is_no_request_for_the_sdk_is_said(opened):
    dialog = opened(exchange(request_body="[]"))
    QGuiApplication.clipboard().setText("before")
    press(dialog, "Copy as Python")
    assert QGuiApplication.clipboard().text() == "before"
    assert dialog.said.text().startswith("Not copied")


def test_resending_hands_on_the_exchange_that_is_shown(opened, qtbot):
    dialog = opened(exchange("early", started_at=1.0), exchange("late", started_at=2.0))
    dialog.chooser.setCurrentIndex(1)
    with qtbot.waitSignal(dialog.resend_requested, timeout=2000) as caught:
        press(dialog, "Resend exactly")
    assert caught.args[0].id == "early"
    assert caught.args[0].request_body == BODY


def test_the_key_is_nowhere_even_when_a_record_has_it(opened, tmp_path):
    secret = "sk-not-for-eyes"
    dialog = opened(
        exchange(
            url=URL.replace("://", f"://user:{secret}@"),
            request_headers=(("authorization", f"Bearer {secret}"), ("X-Api-Key", secret)),
        )
    )
    assert "authorization: Bearer ••••" in dialog.request.headers.box.toPlainText()
    assert secret not in everything_said(dialog)
    assert secret not in str(dialog.record.request_headers)


def test_an_exchange_is_exported_under_its_suffix(opened, tmp_path):
    dialog = opened()
    dialog.export_to(tmp_path / "first.json")
    (file,) = tmp_path.iterdir()
    assert file.name == "first" + SUFFIX
    assert from_json(file.read_text(encoding="utf-8")) == exchange()
    assert dialog.said.text() == f"Written to {file}"


def test_exporting_asks_for_a_name_without_stopping_the_program(opened):
    dialog = opened()
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    press(dialog, "Export")
    asked = dialog.findChild(QFileDialog)
    assert asked.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert asked.selectedFiles()[0].endswith(SUFFIX)
    asked.reject()
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


@pytest.mark.parametrize("agreed", [False, True])
def test_a_file_that_is_there_is_replaced_only_when_the_person_agrees(opened, tmp_path, agreed):
    file = tmp_path / f"mine{SUFFIX}"
    file.write_text("mine", encoding="utf-8")
    dialog = opened()
    dialog.export_to(file)
    assert file.read_text(encoding="utf-8") == "mine"
    box = dialog.findChild(QMessageBox)
    assert file.name in box.text()
    words = "Replace" if agreed else "Cancel"
    next(b for b in box.buttons() if b.text().replace("&", "") == words).click()
    assert file.read_text(encoding="utf-8") == (as_json(exchange()) if agreed else "mine")
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_takes_no_file_is_said(opened, tmp_path, monkeypatch):
    dialog = opened()
    dialog.export_to(tmp_path / "missing" / "x")
    assert dialog.said.text() == f"Not written: {os.strerror(2)}"

    def refused(*_args, **_named):
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr("desktop_app.ui.whole_file.tempfile.mkstemp", refused)
    dialog.export_to(tmp_path / "x")
    assert dialog.said.text() == f"Not written: {os.strerror(13)}"
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_leaves_no_half_file(opened, tmp_path, monkeypatch):
    def full(_self, _target):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    dialog = opened()
    dialog.export_to(tmp_path / "x")
    assert dialog.said.text() == f"Not written: {os.strerror(28)}"
    assert list(tmp_path.iterdir()) == []


def test_of_fifty_thousand_events_only_those_in_sight_are_read(opened, monkeypatch, qtbot):
    asked = []
    read = EventTable.data

    def counted(self, index, role=Qt.ItemDataRole.DisplayRole):
        asked.append(index.row())
        return read(self, index, role)

    monkeypatch.setattr(EventTable, "data", counted)
    events = tuple(WireEvent(n / 1000, f'data: {{"n":{n}}}') for n in range(50_000))
    dialog = opened(exchange(events=events))
    dialog.pages.setCurrentWidget(dialog.events)
    qtbot.waitUntil(lambda: bool(asked))
    dialog.events.table.grab()
    assert dialog.events.model.rowCount() == 50_000
    assert len(set(asked)) < 100
    assert len(asked) < 10_000
    dialog.events.table.scrollToBottom()
    dialog.events.table.grab()
    assert 49_999 in asked
    assert len(set(asked)) < 200


def test_endless_text_is_cut_for_the_eye_and_says_so(opened):
    dialog = opened(exchange(request_body="x" * (SHOWN_LENGTH + 5)))
    assert len(dialog.request.body.box.toPlainText()) == SHOWN_LENGTH
    assert "of 200005 characters" in dialog.request.body.rest.text().replace(",", "")
    assert dialog.request.body.rest.isVisible()


def test_tab_reaches_everything(opened, qtbot):
    dialog = opened(exchange("a", started_at=1.0), exchange("b", started_at=2.0))
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    reached = set()
    first = QApplication.focusWidget()
    for _ in range(30):
        widget = QApplication.focusWidget()
        reached.add(widget.accessibleName() or getattr(widget, "text", str)().replace("&", ""))
        QTest.keyClick(widget, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is first:
            break
    assert reached >= {
        "Exchange",
        "Exactly as sent",
        "Request body",
        "Request headers",
        "Copy as curl",
        "Copy as Python",
        "Copy as JSON",
        "Export…",
        "Resend exactly",
    }


def test_escape_closes_it(opened):
    dialog = opened()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isHidden()


def test_it_gets_narrow(opened):
    dialog = opened()
    dialog.pages.setCurrentWidget(dialog.events)
    dialog.resize(360, 420)
    assert dialog.width() == 360
    assert dialog.events.table.isColumnHidden(SIZE)


def test_it_speaks_chinese(opened, qapp, qtbot):
    dialog = opened()
    try:
        install_language(qapp, "zh_CN")
        qtbot.waitUntil(lambda: dialog.windowTitle() != "Wire")
        assert dialog.pages.tabText(0).startswith("请求")
        assert dialog.timings.lines[0].startswith("连接")
    finally:
        install_language(qapp, "en")
