"""The calculator: exact where it can be, quick to refuse what it cannot, and never Python."""

import math
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop_app.chat.tool_ports import ToolError
from desktop_app.tools._arithmetic import FormulaError, evaluate, written
from tests.tools.kit import run


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("1 + 2 * 3", "7"),
        ("0.1 + 0.2", "0.3"),
        ("1/3 + 1/6", "0.5"),
        ("1/3", "1/3 ≈ 0.333333333333333333333333333333"),
        ("-7 / 4", "-1.75"),
        ("-1/8", "-0.125"),
        ("1e3", "1000"),
        ("2^10", "1024"),
        ("2^3 + 1", "9"),
        ("-2^2", "-4"),
        ("2^-2", "0.25"),
        ("2**0.5", "≈ 1.41421356237309504880168872421"),
        ("sqrt(2)^2", "≈ 2"),
        ("sqrt(9/4)", "1.5"),
        ("(1 + 2.5) × 3 ÷ 2 − 1", "4.25"),
        ("7 // 2", "3"),
        ("-7 % 3", "2"),
        ("7.5 % 2", "1.5"),
        ("0^0", "1"),
        ("(-1)^1000000001", "-1"),
        ("1^10^400", "1"),
        ("factorial(20)", "2432902008176640000"),
        ("comb(49, 6)", "13983816"),
        ("perm(5, 2)", "20"),
        ("comb(3, 5)", "0"),
        ("gcd(12, 18) + lcm(4, 6)", "18"),
        ("round(2.5) + round(-2.5)", "0"),
        ("round(2.675, 2)", "2.68"),
        ("round(1234, -2)", "1200"),
        ("floor(-0.5) + ceil(0.5) + trunc(-1.7)", "-1"),
        ("min(3, 1, 2) + max(3, 1, 2) + sum(1, 2) + abs(-1)", "8"),
        ("ln(e)", "≈ 1"),
        ("log(1000)", "≈ 3"),
        ("log(8, 2)", "≈ 3"),
        ("log2(8)", "≈ 3"),
        ("exp(0)", "≈ 1"),
        ("sin(pi/6)", "≈ 0.5"),
        ("degrees(pi)", "≈ 180"),
        ("pi", "≈ 3.14159265358979323846264338328"),
        ("2.5e-30 * pi", "≈ 7.85398163397448309615660845820e-30"),
        ("10^50 * 1.0", "100000000000000000000000000000000000000000000000000"),
        ("max（1，2）", "2"),
    ],
)  # fmt: skip
async def test_values(formula, text):
    assert await run("calculator", {"formula": formula}) == text


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("9**9**9", "too large"),
        ("9^9^9^9", "too large"),
        ("(-9)^999999", "too large"),
        ("(1/3)^99999", "too large"),
        ("2.5^(10^9)", "too large"),
        ("1e999999", "too large"),
        ("1e-999999", "too large"),
        ("factorial(10^9)", "too large"),
        ("comb(10^6, 500000)", "too large"),
        ("perm(10^9, 10^8)", "too large"),
        ("exp(10^6)", "too large"),
        ("pi^(10^9)", "too large"),
        ("round(1, 10^9)", "too large"),
        ("10^3600 * 10^3600", "too large"),
        ("9" * 1_900 + "**2", "too large"),
        ("1/0", "divides by zero"),
        ("1 % 0", "divides by zero"),
        ("0^-1", "divides by zero"),
        ("pi // 0", "divides by zero"),
        ("sqrt(-1)", "no real square root"),
        ("(-8)^(1/3)", "no real power"),
        ("ln(0)", "above 0"),
        ("log(2, 1)", "above 0"),
        ("asin(2)", "no real value"),
        ("1j", "real numbers"),
        ("True", "real numbers"),
        ("1 +", "no formula"),
        ("", "no formula"),
        ("1 2", "stopped before “2”"),
        ("15%", "remainder"),
        ("1,000 + 1", "separators of thousands"),
        ("x + 1", "“x” is unknown; there are pi"),
        ("frobnicate(1)", "unknown; there are abs"),
        ("sqrt(1, 2)", "takes 1 number."),
        ("round()", "takes 1 or 2 numbers"),
        ("max()", "at least 1"),
        ("factorial(2.5)", "whole numbers"),
        ("factorial(-1)", "from 0 on"),
        ("comb(-1, 2)", "from 0 on"),
        ("1 if 2 else 3", "numbers, signs"),
        ("1 << 99", "add, subtract"),
        ("~1", "numbers, signs"),
        ("'a' * 9", "numbers, signs"),
        ("[1][0]", "numbers, signs"),
        ("(1).__class__", "numbers, signs"),
        ("__import__('os')", "numbers, signs|unknown"),
        ("(lambda: 1)()", "numbers, signs"),
        ("max(*[1])", "numbers, signs"),
        ("round(1, ndigits=2)", "numbers, signs"),
        ("1 == 1", "numbers, signs"),
        ("(" * 900 + "1" + ")" * 900, "nested|no formula"),
        ("-" * 1_900 + "1", "nested|too many parts"),
        ("1" + "+1" * 990, "too many parts|nested"),
        ("1" * 2_001, "longer than"),
        ("1\0", "no formula"),
    ],
)  # fmt: skip
async def test_what_has_no_value_is_said_in_a_sentence(formula, sentence):
    with pytest.raises(ToolError, match=sentence) as caught:
        await run("calculator", {"formula": formula})
    assert "Traceback" not in str(caught.value)
    assert str(caught.value).endswith((".", "”."))


@given(
    st.text(alphabet="0123456789.+-*/%^(), eEpijx_<>[]'\"#\n:=~!&|πsqrtlogmaxfacoilb", max_size=40)
)
@example("10**1000**10")
@example("factorial(factorial(99))")
@example("comb(9**99,9**98)")
def test_whatever_is_asked_there_is_a_number_or_a_sentence(formula):
    try:
        value = evaluate(formula)
    except FormulaError:
        return
    assert written(value)
    if isinstance(value, Fraction):
        assert value.numerator.bit_length() <= 12_000


FORMULAS = st.recursive(
    st.integers(0, 10**6).map(str) | st.decimals(0, 100, places=3).map(str),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    ),
    max_leaves=12,
)


@given(FORMULAS)
def test_sums_and_products_are_those_of_fractions(formula):
    import re

    exact = re.sub(r"[0-9.]+", lambda found: f"Fraction('{found[0]}')", formula)
    assert evaluate(formula) == eval(exact, {"Fraction": Fraction})  # our own formula


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**10))
def test_what_is_written_exactly_reads_back_as_the_same(numerator, denominator):
    number = Fraction(numerator, denominator)
    text = written(number)
    assert Fraction(text.partition(" ≈ ")[0]) == number


@given(st.integers(0, 10**40))
def test_roots_of_squares_are_exact(number):
    assert evaluate(f"sqrt({number}^2)") == number
    assert math.isclose(evaluate(f"sqrt({number})") ** 2, number)
