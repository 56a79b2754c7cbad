"""Where the window stood: kept per arrangement of screens, and never a reason not to open."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.ui import window_state
from desktop_app.ui.window_state import WindowState


def make_window(qtbot: QtBot) -> tuple[QMainWindow, QSplitter, QDockWidget]:
    window = QMainWindow()
    qtbot.addWidget(window)
    splitter = QSplitter()
    for _ in range(2):
        splitter.addWidget(QWidget())
    window.setCentralWidget(splitter)
    dock = QDockWidget()
    dock.setObjectName("Dock")
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    return window, splitter, dock


def test_size_panes_and_splitter_come_back(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "window.json"
    window, splitter, dock = make_window(qtbot)
    window.resize(700, 500)
    window.show()
    dock.hide()
    qtbot.waitUntil(lambda: sum(splitter.sizes()) > 680)
    splitter.setSizes([500, 200])
    sizes = splitter.sizes()
    WindowState(file).save(window, splitter, ["Left"])
    window, splitter, dock = make_window(qtbot)
    assert WindowState(file).restore(window, splitter) == ("Left",)
    window.show()
    assert window.size() == QSize(700, 500)
    assert dock.isHidden()
    qtbot.waitUntil(lambda: splitter.sizes() == sizes)


def test_each_arrangement_of_screens_has_its_own(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "window.json"
    window, splitter, _ = make_window(qtbot)
    window.show()
    for number in range(20):
        monkeypatch.setattr(window_state, "_screens", lambda n=number: f"arrangement {n}")
        window.resize(500 + number, 400)
        WindowState(file).save(window, splitter, [str(number)])
    state = WindowState(file)
    assert state.restore(window, splitter) == ("19",)
    monkeypatch.setattr(window_state, "_screens", lambda: "arrangement 15")
    assert state.restore(window, splitter) == ("15",)
    # The oldest are forgotten.
    monkeypatch.setattr(window_state, "_screens", lambda: "arrangement 0")
    assert state.restore(window, splitter) == ()
    assert len(json.loads(file.read_text())) == 12


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x00\xff", b"[]", b"null", b"{", b'{"SCREENS": 5}', b'{"SCREENS": []}',
        b'{"SCREENS": {"geometry": 1, "docks": null, "splitter": []}}',
        b'{"SCREENS": {"geometry": "no base64!", "docks": "AAAA", "splitter": "//8="}}',
        b'{"SCREENS": {"folded": "Left"}}', b'{"SCREENS": {"folded": [1, null, {}]}}',
        b"[" * 100_000, b'{"a": "' + b"x" * 300_000 + b'"}',
    ],
)  # fmt: skip
def test_a_damaged_file_means_the_default_place(
    qtbot: QtBot, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "window.json"
    file.write_bytes(
        content.replace(b"SCREENS", json.dumps(window_state._screens())[1:-1].encode())
    )
    window, splitter, _ = make_window(qtbot)
    window.resize(640, 480)
    state = WindowState(file)
    assert state.restore(window, splitter) == ()
    window.show()
    assert window.size() == QSize(640, 480)
    state.save(window, splitter)
    assert json.loads(file.read_bytes())


def test_a_place_that_cannot_be_kept_is_no_reason_to_fail(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    window, splitter, _ = make_window(qtbot)
    state = WindowState(tmp_path / "file" / "window.json")
    state.save(window, splitter)
    assert WindowState(None).restore(window, splitter) == ()
    WindowState(None).save(window, splitter)
