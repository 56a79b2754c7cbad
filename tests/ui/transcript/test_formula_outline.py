"""TeX to glyphs: what models write is set, and what must not be drawn says so."""

import pytest

from desktop_app.ui.transcript.formula_outline import outline
from desktop_app.ui.transcript.formula_source import LONGEST, FormulaError, prepared
from tests.ui.transcript.formula_table import FORMULAS


def set_formula(source, *, is_display=True):
    return outline(source, is_display=is_display, breathe=lambda: None)


def glyphs(source):
    return [glyph for _, glyph, _, _ in set_formula(source).glyphs]


def height(source, **how):
    made = set_formula(source, **how)
    return made.ascent + made.descent


@pytest.mark.parametrize("source", FORMULAS)
def test_what_models_write_is_set(source):
    for is_display in (True, False):
        made = set_formula(source, is_display=is_display)
        assert made.glyphs or made.words
        assert 0 < made.width < 60
        assert 0 < made.ascent + made.descent < 20


@pytest.mark.parametrize(
    "source",
    [
        r"\unknown{x}", r"\frac{a}{", r"x^", r"a}", r"\left( x", r"\begin{pmatrix} a", r"x_1_2", "",
        r"\def\a{b}\a", r"\newcommand{\a}{b}", r"\href{http://a.b}{x}", r"\input{/etc/passwd}",
        r"\unicode{x41}", r"\style{color:red}{x}", r"\verb|x|", r"\includegraphics{/dev/zero}",
        r"\text{שלום}", "x" * (LONGEST + 1), "{" * 400 + "x" + "}" * 400, r"\sqrt" * 200 + "x",
    ],
)  # fmt: skip
def test_what_cannot_be_set_raises_an_error_and_draws_nothing(source):
    with pytest.raises(Exception, match=r".*") as raised:
        set_formula(source)
    assert isinstance(raised.value, Exception)


def test_an_unknown_command_is_named():
    with pytest.raises(FormulaError, match="unknown"):
        set_formula(r"a + \unknown{x}")


def test_markup_in_a_formula_stays_characters():
    assert set_formula(r"\text{<b>&amp;</b>} < x").glyphs


@pytest.mark.parametrize(
    ("source", "same"),
    [
        (r"\begin{equation} x \label{eq} \nonumber \end{equation}", "x"),
        (r"\color{red} x", "x"),
        (r"\textcolor{red}{x + y}", "x+y"),
        (r"\mathbb R", r"\mathbb{R}"),
        (r"a \not= b", r"a \ne b"),
        (r"||x||", r"\|x\|"),
        (r"\begin{aligned} a &= b \end{aligned}", r"\begin{align} a &= b \end{align}"),
        (r"\dcases", r"\dcases"),
        (r"\ce{H2O}", r"\mathrm{H}_2\mathrm{O}"),
        (r"\text{a\%b}", r"\text{a}\%\text{b}"),
        (r"\argmax_x f", r"\operatorname*{arg\,max}_x f"),
    ],
)
def test_spellings_of_the_same_formula_are_set_alike(source, same):
    if source == same:
        with pytest.raises(FormulaError):
            set_formula(source)
    else:
        assert glyphs(source) == glyphs(same)


def test_lines_below_one_another_are_as_tall_as_they_are_many():
    one, three = height("a = b"), height(r"a = b \\ c = d \\ e = f")
    assert three > 2.4 + one / 2


def test_display_fractions_are_larger_than_those_in_a_line():
    assert height(r"\frac{a}{b}", is_display=True) > height(r"\frac{a}{b}", is_display=False)
    assert height(r"\dfrac{a}{b}", is_display=False) > height(r"\tfrac{a}{b}", is_display=False)


def test_fences_enclose_what_stands_between_them():
    (size, _, _, _), *_ = set_formula(r"\left( \dfrac{a}{b} \right)").glyphs
    assert size == 1.0
    assert height(r"\left( \dfrac{a}{b} \right)") >= height(r"\dfrac{a}{b}")
    assert glyphs(r"\left( \dfrac{a}{b} \right)")[0] != glyphs("(x)")[0]


def test_a_bold_vector_stands_upright_and_a_bold_symbol_does_not():
    assert len({*glyphs(r"\mathbf{F}"), *glyphs(r"\boldsymbol{F}"), *glyphs("F")}) == 3


def test_chinese_in_a_formula_is_left_to_the_font_of_the_text():
    made = set_formula(r"\text{速度} = v")
    assert [word for _, word, _, _ in made.words] == ["速", "度"]


def test_an_array_has_the_lines_that_it_asks_for():
    plain = set_formula(r"\begin{array}{cc} a & b \\ c & d \end{array}")
    lined = set_formula(r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}")
    assert not plain.rules
    (tall,) = [box for box in lined.rules if box[3] > box[2]]
    (wide,) = [box for box in lined.rules if box[2] > box[3]]
    assert lined.glyphs[0][2] < tall[0] < lined.glyphs[1][2]
    assert lined.glyphs[0][3] < wide[1] < lined.glyphs[2][3]


def test_boxes_and_cancelling_lines_are_drawn():
    assert set_formula(r"\boxed{x}").frames
    assert set_formula(r"\cancel{x}").strokes


def test_phantoms_take_space_and_no_ink():
    assert glyphs(r"\phantom{abc} x") == glyphs("x")


def test_every_level_of_nesting_costs_the_same():
    counts = []
    for depth in (4, 8):
        calls = []
        source = r"\left(" * depth + "x" + r"\right)" * depth
        outline(source, is_display=True, breathe=lambda: calls.append(1))  # noqa: B023
        counts.append(len(calls))
    # Twice as deep: four times the work at most. The library alone takes 16 times as much.
    assert counts[1] < 5 * counts[0]


def test_a_comment_ends_with_its_line():
    assert prepared("a % b\n+ c") == "a + c"
