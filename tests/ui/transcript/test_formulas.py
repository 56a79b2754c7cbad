"""Formulas in the transcript: drawn where their source stood, which stays what is read and copied."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPalette

from desktop_app.ui.transcript import BlockView, Entry, EntryKind
from desktop_app.ui.transcript import formulas as formulas_module
from desktop_app.ui.transcript.formulas import Formulas, formulas
from desktop_app.ui.transcript.inline_formulas import key_of
from desktop_app.ui.transcript.placement import FILLER, FormulaKey, PlacedFormula, Placement
from desktop_app.ui.transcript.text_layout import edges


def message(key, text, **more):
    return Entry(str(key), EntryKind.ASSISTANT, "MiniMax", text, **more)


@pytest.fixture
def settle(qtbot):
    """Wait until every formula that was asked for is in its place."""

    def wait():
        qtbot.waitUntil(lambda: not formulas().is_busy(), timeout=10_000)

    return wait


@pytest.fixture
def opened(view, settle):
    """Show a text, formulas drawn; gives back its rows."""

    def show(text):
        view.set_entries([message("a", text)])
        view.scroll_to_entry("a")
        view.grab()
        settle()
        view.grab()
        return view.stack.items[0].rows

    return show


def drawn(row):
    return [placed for piece in row.pieces for placed in piece.placement.formulas]


def box_of(view, row_number, placed, piece=None):
    """Left, top, right and bottom of a formula in the viewport, and its base line."""
    item = view.stack.items[0]
    row = item.rows[row_number]
    piece = piece or row.pieces[0]
    line = piece.layout.lineForTextPosition(placed.start)
    natural = item.natural_width()
    x = item.chrome.row_left + item.chrome.shift(natural) + piece.x
    y = view.stack.top_of(item) + item.row_top(row_number) - view.verticalScrollBar().value()
    left, right = edges(line, placed)
    base = y + piece.y + line.y() + line.ascent()
    formula = placed.formula
    return x + left, base - formula.ascent, x + right, base + formula.descent, base


def ink(view, left, top, right, bottom):
    """The rows of a part of the viewport that hold dark pixels."""
    image = view.viewport().grab().toImage()
    return [
        y
        for y in range(round(top), round(bottom))
        if any(image.pixelColor(x, y).lightness() < 128 for x in range(round(left), round(right)))
    ]


# -- drawing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source", ["$x^2$", "\\(x^2\\)", "$$x^2$$", "\\[x^2\\]", "$$\nx^2\n$$", "\\[\nx^2\n\\]"]
)
def test_every_delimiter_makes_a_formula(view, opened, source):
    rows = opened(source)
    (placed,) = drawn(rows[0])
    assert (placed.start, placed.end) == (0, len(source))
    assert ink(view, *box_of(view, 0, placed)[:4])


@pytest.mark.parametrize("source", ["# A $x$", "- b $x$", "> c $x$", "1. d $x$ and **$y$**"])
def test_formulas_stand_in_headings_lists_and_quotes(view, opened, source):
    rows = opened(source)
    for placed in drawn(rows[0]):
        assert ink(view, *box_of(view, 0, placed)[:4])
    assert len(drawn(rows[0])) == source.count("$") // 2


def test_formulas_stand_in_table_cells_whose_columns_fit_them(view, opened):
    wide = "\\frac{a + b + c + d + e + f}{x}"
    rows = opened(f"| a | b |\n|---|---|\n| ${wide}$ | $y$ |")
    pieces = [piece for piece in rows[0].pieces if piece.placement.formulas]
    assert len(pieces) == 2
    for piece in pieces:
        assert piece.layout.lineCount() == 1
        assert ink(view, *box_of(view, 0, piece.placement.formulas[0], piece)[:4])


def test_all_pieces_of_a_table_have_the_columns_of_its_formulas(view, opened, settle):
    wide = "\\alpha\\beta + \\frac{a + b + c + d}{x}"
    rows = opened(f"| a | b |\n|---|---|\n| ${wide}$ | y |\n" + "| 1 | 2 |\n" * 20)
    assert len(rows) > 1
    view.stack.measure(0, view.stack.total)
    settle()
    view.stack.measure(0, view.stack.total)
    assert len({rows[number].pieces[1].x for number in range(len(rows))}) == 1


def test_the_cells_of_a_row_share_their_first_base_line(opened):
    rows = opened("| a | b |\n|---|---|\n| $\\dfrac{1}{\\dfrac{2}{3}}$ | y `z` |\n| c | d |")
    bases = []
    for piece in rows[0].pieces[2:4]:
        line = piece.layout.lineAt(0)
        bases.append(piece.y + line.y() + line.ascent())
    assert bases[0] == pytest.approx(bases[1])
    below = rows[0].pieces[4].y
    assert below >= rows[0].pieces[2].y + rows[0].pieces[2].bottoms[-1]


def test_a_formula_stands_on_the_base_line_of_its_words(view, opened):
    rows = opened("xxx $\\mathrm{x}$")
    (placed,) = drawn(rows[0])
    left, top, right, _, base = box_of(view, 0, placed)
    formula_ink = ink(view, left, top - 2, right, base + 6)
    word_ink = ink(view, left - 30, top - 2, left - 6, base + 6)
    assert abs(formula_ink[-1] - word_ink[-1]) <= 1
    assert abs(formula_ink[0] - word_ink[0]) <= 1


def test_a_tall_formula_makes_its_line_taller_and_no_other(opened):
    words = "word " * 30
    rows = opened(f"{words}${{\\dfrac{{1}}{{\\dfrac{{2}}{{3}}}}}}$ {words}")
    (piece,) = rows[0].pieces
    heights = [
        bottom - top for top, bottom in zip([0, *piece.bottoms], piece.bottoms, strict=False)
    ]
    (placed,) = drawn(rows[0])
    number = piece.layout.lineForTextPosition(placed.start).lineNumber()
    assert heights[number] >= placed.formula.ascent + placed.formula.descent
    assert {height for n, height in enumerate(heights) if n != number} == {piece.pitch}


def test_a_display_formula_is_centred(view, opened):
    rows = opened("$$\nx = 1\n$$")
    (placed,) = drawn(rows[0])
    left, _, right, _, _ = box_of(view, 0, placed)
    chrome = view.stack.items[0].chrome
    middle = chrome.row_left + chrome.row_width / 2
    assert abs((left + right) / 2 - middle) < 2


def test_a_formula_wider_than_its_column_is_scaled_down_and_then_shown_as_source(opened):
    scaled = opened(f"$$\n{' + '.join(f'x_{{{n}}}' for n in range(24))}\n$$")
    (placed,) = drawn(scaled[0])
    assert placed.formula.width <= scaled[0].width
    source = f"$$\n{' + '.join(f'x_{{{n}}}' for n in range(90))}\n$$"
    shown = opened(source)
    assert not drawn(shown[0])
    assert shown[0].text == source


def test_a_right_to_left_paragraph_holds_formulas(view, opened):
    rows = opened("$x^2$ שלום עולם $y^2$ שלום")
    assert len(drawn(rows[0])) == 2
    first, second = drawn(rows[0])
    assert box_of(view, 0, first)[0] > box_of(view, 0, second)[0]
    for placed in (first, second):
        assert ink(view, *box_of(view, 0, placed)[:4])


def test_formulas_follow_colours_and_zoom(view, opened, settle):
    rows = opened("$\\mathbf{M}$")
    (placed,) = drawn(rows[0])
    width = placed.formula.width
    palette = QPalette(QColor("#202020"))
    palette.setColor(QPalette.ColorRole.Base, QColor("#101010"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#ffffff"))
    view.setPalette(palette)
    view.set_zoom(2.0)
    view.grab()
    settle()
    (larger,) = drawn(view.stack.items[0].rows[0])
    assert larger.formula.width == pytest.approx(2 * width, rel=0.1)
    left, top, right, bottom, _ = box_of(view, 0, larger)
    image = view.viewport().grab().toImage()
    box = [
        image.pixelColor(x, y).lightness()
        for x in range(round(left), round(right))
        for y in range(round(top), round(bottom))
    ]
    assert max(box) > 180


# -- text --------------------------------------------------------------------------------------------


def test_prices_stay_text(opened):
    rows = opened("It costs $5 and $10, or US$3 and 4$.")
    assert not drawn(rows[0])
    assert rows[0].text == "It costs $5 and $10, or US$3 and 4$."


@pytest.mark.parametrize("source", ["$\\frac{a}{$", "\\(\\unknown{x}\\)", "$$\n\\bad{x}\n$$"])
def test_a_formula_that_cannot_be_drawn_stays_source_and_is_remembered(opened, source, settle):
    rows = opened(source)
    assert not drawn(rows[0])
    assert rows[0].text == source
    assert not rows[0].waiting
    assert formulas().find(key_of(source)) is None
    assert not formulas().is_busy()


def test_what_is_read_is_the_source(view, opened):
    opened("An $x^2$ here.\n\n$$\ny\n$$\n\n| a |\n|---|\n| \\(z\\) |")
    text = view.plain_text("a")
    assert all(part in text for part in ("An $x^2$ here.", "$$\ny\n$$", "\\(z\\)"))


def test_a_copied_part_holds_the_source_with_its_delimiters(view, opened):
    opened("Take 🎉 $x^2$ and \\(y_1\\) now.")
    text = view.stack.items[0].rows[0].text
    view.selection.set((0, 0, 5), (0, 0, len(text.encode("utf-16-le")) // 2 - 5))
    assert view.selected_text() == "🎉 $x^2$ and \\(y_1\\)"


def test_a_selected_formula_is_painted_as_selected(view, opened):
    rows = opened("Take $x^2$ and more.")
    (placed,) = drawn(rows[0])
    left, top, right, bottom, _ = box_of(view, 0, placed)
    before = view.viewport().grab().toImage().pixelColor(round(left) + 1, round(bottom) + 1)
    # Both ends inside the source: a found word, for instance.
    view.selection.set((0, 0, placed.start + 1), (0, 0, placed.end - 1))
    after = view.viewport().grab().toImage()
    for x in (left + 1, right - 1):
        assert after.pixelColor(round(x), round(bottom) + 1) == view.stack.style.tokens.selection
    assert before != view.stack.style.tokens.selection
    assert after.pixelColor(round(right) + 3, round(top)) == before


def test_no_cursor_stands_inside_a_formula(view, opened):
    rows = opened("so $\\frac{a+b+c}{d}$, and")
    (placed,) = drawn(rows[0])
    piece = rows[0].pieces[0]
    line = piece.layout.lineForTextPosition(placed.start)
    left, right = edges(line, placed)
    y = piece.y + line.y() + 3
    assert right - left == pytest.approx(placed.formula.width, abs=1)
    hits = [rows[0].offset_at(piece.x + x, y) for x in range(round(left) + 1, round(right))]
    assert set(hits) == {placed.start, placed.end}
    assert hits == sorted(hits)
    assert rows[0].offset_at(piece.x + left - 1, y) <= placed.start
    assert rows[0].offset_at(piece.x + right + 1, y) >= placed.end


def test_the_foot_of_a_tall_line_belongs_to_that_line(opened):
    rows = opened(f"{'word ' * 30}$\\dfrac{{1}}{{\\dfrac{{2}}{{3}}}}$ {'word ' * 30}")
    (piece,) = rows[0].pieces
    (placed,) = drawn(rows[0])
    line = piece.layout.lineForTextPosition(placed.start)
    foot = piece.y + piece.bottoms[line.lineNumber()] - 1
    assert rows[0].offset_at(piece.x, foot) == line.textStart()


def test_a_double_click_selects_the_whole_formula_and_no_word_beside_it(view, opened, qtbot):
    rows = opened("the n$^{th}$th $\\frac{a}{b}$ word")
    placed = drawn(rows[0])[1]
    left, top, right, bottom, _ = box_of(view, 0, placed)
    middle = QPoint(round((left + right) / 2), round((top + bottom) / 2))
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert view.selected_text() == "$\\frac{a}{b}$"
    assert rows[0].word_at(4) == (4, 5)
    after = drawn(rows[0])[0].end
    assert rows[0].word_at(after) == (after, after + 2)


def test_a_cluster_is_as_long_as_its_source():
    class Wide:
        width = ascent = descent = 10.0

    placement = Placement([PlacedFormula(3, 8, Wide())])
    assert placement.text("🎉 $x^2$ end") == f"🎉 x{FILLER * 4} end"


# -- while it streams ----------------------------------------------------------------------------------

ANSWER = (
    "# On $e^x$\n\nLet $x_1 * y*z$ be and \\(a*b*c\\) too, for $5.\n\n"
    "$$\n\\begin{aligned} a &= b \\\\ &= c \\end{aligned}\n$$\n\n- one $\\alpha$\n- two\n\n"
    "| a | b |\n|---|---|\n| $x$ | \\(y\\) |\n\n\\[ f(x) = \\frac{1}{2} \\]\n\n$\\nope$ end\n"
)


def test_streamed_and_reopened_look_the_same(view, settle, qtbot):
    view.append_entry(message("s", "", streaming=True))
    for start in range(0, len(ANSWER), 3):
        view.append_text("s", ANSWER[start : start + 3])
        view.take_in_deltas()
        view.grab()
        if start % 60 == 0:
            settle()
    view.finish_entry("s")
    view.grab()
    settle()
    streamed = view.grab().toImage()
    again = BlockView()
    again.setFont(view.font())
    again.setPalette(view.palette())
    again.resize(view.size())
    qtbot.addWidget(again)
    again.show()
    again.set_entries([message("s", ANSWER)])
    again.grab()
    settle()
    assert again.grab().toImage() == streamed


def test_an_open_formula_is_shown_as_it_is_typed(view):
    source = "Let $x_1 * y*z + \\frac_a"
    view.append_entry(message("s", "", streaming=True))
    shown = []
    for end in range(5, len(source) + 1):
        view.append_text("s", source[end - 1] if shown else source[:end])
        view.take_in_deltas()
        view.grab()
        shown.append(view.stack.items[0].rows[0].text)
    assert shown == [source[:end].rstrip() for end in range(5, len(source) + 1)]


def test_formulas_arrive_without_moving_what_is_read(view, settle):
    tall = "\n\n".join(f"$$\n\\dfrac{{{n}}}{{\\dfrac{{a}}{{b}}}}\n$$" for n in range(6))
    text = f"{tall}\n\nHere one reads.\n\n" + "More of it.\n\n" * 60
    view.set_entries([message("a", text)])
    view.scroll_to_entry("a")
    view.grab()
    item = view.stack.items[0]
    number = next(n for n, row in enumerate(item.rows) if "reads" in row.block.source)
    bar = view.verticalScrollBar()
    bar.setValue(view.stack.top_of(item) + item.row_top(number) - 100)
    view.grab()
    anchor = view.stack.anchor_at(bar.value())
    before = view.stack.place_of(anchor) - bar.value()
    assert any(row.waiting for row in item.rows)
    settle()
    view.grab()
    assert not any(row.waiting for row in item.rows if row.pieces)
    assert view.stack.place_of(anchor) - bar.value() == pytest.approx(before, abs=1)


def test_a_formula_is_source_until_it_arrives(view, settle, qtbot):
    view.set_entries([message("a", "Now $\\zeta(3) + 41$ then")])
    view.grab()
    row = view.stack.items[0].rows[0]
    assert row.waiting == {FormulaKey("\\zeta(3) + 41", is_display=False)}
    assert not drawn(row)
    settle()
    view.grab()
    assert drawn(row)
    assert not row.waiting


# -- the store -----------------------------------------------------------------------------------------


def test_a_long_formula_is_set_in_many_slices(qtbot, monkeypatch):
    monkeypatch.setattr(formulas_module, "SLICE_SECONDS", 0.0005)
    lent = []
    lend = formulas_module._Setter.lend
    monkeypatch.setattr(
        formulas_module._Setter, "lend", lambda *args: lent.append(1) or lend(*args)
    )
    store, key = Formulas(), FormulaKey(" + ".join(["\\frac{a}{b}"] * 40), is_display=True)
    with qtbot.waitSignal(store.arrived, timeout=10_000):
        assert store.find(key) is None
    assert store.find(key).glyphs
    assert len(lent) > 5


def test_a_formula_over_its_budget_fails_and_the_next_is_set(qtbot, monkeypatch):
    monkeypatch.setattr(formulas_module, "SLICE_SECONDS", 0.0)
    monkeypatch.setattr(formulas_module, "BUDGET_SECONDS", -1.0)
    store = Formulas()
    with qtbot.waitSignal(store.arrived, timeout=10_000):
        store.find(FormulaKey("a + b", is_display=True))
    assert store.find(FormulaKey("a + b", is_display=True)) is None
    assert not store.is_awaited(FormulaKey("a + b", is_display=True))
    monkeypatch.setattr(formulas_module, "BUDGET_SECONDS", 5.0)
    with qtbot.waitSignal(store.arrived, timeout=10_000):
        store.find(FormulaKey("c + d", is_display=True))
    assert store.find(FormulaKey("c + d", is_display=True)).glyphs


def test_what_is_remembered_is_bounded(qtbot, monkeypatch):
    monkeypatch.setattr(formulas_module, "KEPT_MARKS", 60)
    monkeypatch.setattr(formulas_module, "KEPT_FAILURES", 5)
    store = Formulas()
    keys = [FormulaKey(f"x_{{{n}}} + y + z", is_display=False) for n in range(40)]
    bad = [FormulaKey(f"\\bad{{{n}}}", is_display=False) for n in range(20)]
    for key in (*keys, *bad):
        store.find(key)
    qtbot.waitUntil(lambda: not store.is_busy(), timeout=10_000)
    assert 0 < store.marks <= 60
    assert len(store._known) < 12
    assert len(store._failed) == 5


@pytest.mark.logs_errors("formulas cannot be drawn")
def test_without_the_library_formulas_stay_source(qtbot, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "desktop_app.ui.transcript.formula_outline", None)
    store = Formulas()
    with qtbot.waitSignal(store.arrived, timeout=10_000):
        store.find(FormulaKey("x", is_display=False))
    assert store.find(FormulaKey("x", is_display=False)) is None
    assert not store.is_busy()


def test_the_formula_under_the_mouse_is_no_link(view, opened):
    rows = opened("see [a $x$ b](https://a.b) $y$")
    piece = rows[0].pieces[0]
    for placed in drawn(rows[0]):
        line = piece.layout.lineForTextPosition(placed.start)
        left, right = edges(line, placed)
        at = QPointF(piece.x + (left + right) / 2, piece.y + line.y() + 4)
        span = rows[0].span_at(at.x(), at.y())
        assert span is not None
        assert bool(span.target) == (placed.start < 10)
