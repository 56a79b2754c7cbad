"""Tables on the clipboard: as text with tabs and as HTML, with the cells as they read."""

from __future__ import annotations

import csv
import io

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop_app.ui.transcript.stream_document import blocks_of
from desktop_app.ui.transcript.table_copy import table_html, table_rows, table_tsv
from tests.ui.transcript.blocks_kit import button_labels, button_point, row_point, show

TABLE = "| Name | **Sum** |\n|:--|--:|\n| `a\\|b` x | 1 |\n| =1+1 | <b>&amp; |\n| one |\n"


def read(text):
    return list(csv.reader(io.StringIO(text), delimiter="\t"))


def test_cells_are_copied_as_they_read():
    rows, alignments = table_rows(blocks_of("| a **b** | [c](https://d.e) |\n|-|:-:|\n| `x\\|y` |"))
    assert rows == [["a b", "c"], ["x|y", ""]]
    assert alignments == ["", "center"]


def test_all_pieces_of_a_long_table_are_one(view):
    source = "| n |\n|--|\n" + "".join(f"| {n} |\n" for n in range(40))
    rows, _ = table_rows(blocks_of(source))
    assert rows == [["n"], *([str(n)] for n in range(40))]


def test_what_would_break_a_line_is_quoted_as_spreadsheets_read_it():
    cells = [["plain", "tab\there"], ["two\nlines", 'a "quote"'], ["=SUM(A1)", "'x"]]
    text = table_tsv(cells)
    assert read(text) == cells
    assert text.splitlines()[0] == 'plain\t"tab\there"'
    assert "=SUM(A1)\t'x" in text


BROKEN = "| Head<br>of it | b |\n|--|--|\n| one<br>two **three** | x |\n| y | z |\n"


def test_lines_of_a_cell_are_lines_wherever_they_are_copied_to(view):
    rows, alignments = table_rows(blocks_of(BROKEN))
    assert rows[1] == ["one\ntwo three", "x"]
    assert read(table_tsv(rows)) == rows
    assert "<td>one<br>two three</td>" in table_html(rows, alignments)
    show(view, BROKEN)
    row = view.stack.rows_of(view.stack.by_id["a"])[0]
    start = row.text.index("two")
    view.selection.set((0, 0, start), (0, 0, start + 8))
    assert view.selected_text() == "two thre"
    view.selection.set((0, 0, row.text.index("of it")), (0, 0, row.text.index("y")))
    cells = "| Head<br>of it | b |\n|--|--|\n| one<br>two **three** | x |"
    assert view.copying.markdown() == cells


def test_a_cell_is_as_wide_as_its_widest_line(view):
    show(view, BROKEN.replace("two **three**", "two"))
    item = view.stack.by_id["a"]
    narrow = view.stack.rows_of(item)[0].frame_width
    show(view, BROKEN.replace("<br>", " ").replace("two **three**", "two"))
    assert narrow < view.stack.rows_of(view.stack.by_id["a"])[0].frame_width


def test_html_holds_words_only():
    html = table_html([["<script>", "b"], ["x\ny", "&"]], ["", "right"])
    assert "<th>&lt;script&gt;</th>" in html
    assert '<td style="text-align:right">&amp;</td>' in html
    assert "x<br>y" in html


def test_the_button_comes_with_the_mouse_and_copies_both_kinds(view, qtbot):
    show(view, "words\n\n" + TABLE)
    assert button_labels(view) == {"block:1:copy": "Copy table"}
    plain = view.grab().toImage()
    view.stack.by_id["a"].measure_row(1)
    qtbot.mouseMove(view.viewport(), row_point(view, 1))
    assert view.grab().toImage() != plain
    at = button_point(view, "block:1:copy")
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    data = QGuiApplication.clipboard().mimeData()
    assert read(data.text())[0] == ["Name", "Sum"]
    assert ["=1+1", "<b>&"] in read(data.text())
    assert "<table>" in data.html()
    assert "<b>" not in data.html()


def test_the_button_can_be_reached_by_key(view, qtbot):
    show(view, TABLE)
    view.setFocus()
    plain = view.grab().toImage()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert view.grab().toImage() != plain
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert read(QGuiApplication.clipboard().text())[0] == ["Name", "Sum"]
