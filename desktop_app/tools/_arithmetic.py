"""Works out formulas: exactly with fractions where it can, else with decimals. Runs no code.

Every step is bounded before it is taken, so that no formula takes noticeable time or room.
"""

import ast
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation, Overflow, localcontext
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

Number: TypeAlias = Fraction | Decimal
"""Exact, or rounded to :data:`DIGITS` digits; what is computed with a rounded number is rounded."""

DIGITS: Final = 30
_WORKING_DIGITS: Final = DIGITS + 20
_MOST_CHARACTERS: Final = 2_000
_MOST_NODES: Final = 1_000
_MOST_BITS: Final = 12_000
"""Some 3,600 decimal digits; Python itself writes no more than 4,300."""

_LARGEST_EXPONENT: Final = 5_000
_FLOAT_DIGITS: Final = 15


class FormulaError(ValueError):
    """A formula that has no value here; the message is one sentence."""


def evaluate(formula: str) -> Number:
    """Return the value of ``formula``.

    Args:
        formula: In Python's notation; ``^`` is a power, ``×``, ``÷`` and ``−`` are known too.

    Raises:
        FormulaError: When it is none, has no value, or would become too large.
    """
    if len(formula) > _MOST_CHARACTERS:
        raise FormulaError(f"The formula is longer than {_MOST_CHARACTERS} characters.")
    text = formula.translate(_SIGNS).replace("^", "**").strip()
    if _GROUPED.search(text):
        raise FormulaError("Write numbers without separators of thousands: 1000000.")
    try:
        tree = ast.parse(text, mode="eval")
        if sum(1 for _ in ast.walk(tree)) > _MOST_NODES:
            raise FormulaError("The formula has too many parts; work it out in several calls.")
        with localcontext() as context:
            context.prec = _WORKING_DIGITS
            context.Emax, context.Emin = _LARGEST_EXPONENT, -_LARGEST_EXPONENT
            return _value(tree.body, text)
    except SyntaxError as error:
        raise FormulaError(_where(text, error)) from None
    except (MemoryError, RecursionError):
        raise FormulaError("The formula is nested too deeply.") from None
    except ZeroDivisionError:
        raise FormulaError("It divides by zero.") from None
    except Overflow:
        raise _too_large() from None
    except (InvalidOperation, ArithmeticError, ValueError) as error:
        if isinstance(error, FormulaError):
            raise
        raise FormulaError("It has no real value.") from None


_SIGNS: Final = str.maketrans(
    {"×": "*", "·": "*", "÷": "/", "−": "-", "（": "(", "）": ")", "，": ","}
)
_GROUPED: Final = re.compile(r"(?<![\w.(])[0-9]{1,3}(?:,[0-9]{3})+(?![\w,)])")


def _where(text: str, error: SyntaxError) -> str:
    if "%" in text and re.search(r"%\s*($|[-+*/)])", text):
        return "A percent sign is read as the remainder of a division: write 15/100 for 15 %."
    place = (error.offset or 0) - 1
    if 0 <= place < len(text):
        return f"It is no formula; reading stopped before “{text[place : place + 20]}”."
    return "It is no formula, or not a whole one."


def _value(node: ast.expr, text: str) -> Number:
    match node:
        case ast.Constant(value=bool()) | ast.Constant(value=complex()):
            raise FormulaError("Only real numbers can be computed with.")
        case ast.Constant(value=int(number)):
            return _bounded(Fraction(number))
        case ast.Constant(value=float()):
            # As it is written: Python's own number would be 0.1000000000000000055.
            written = ast.get_source_segment(text, node) or ""
            return _bounded(_decimal(written))
        case ast.Name(id=name):
            if name not in _CONSTANTS:
                raise FormulaError(f"“{name}” is unknown; there are {', '.join(_CONSTANTS)}.")
            return _CONSTANTS[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, text)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _value(inner, text)
        case ast.BinOp(left=left, op=operator, right=right):
            compute = _OPERATORS.get(type(operator))
            if compute is None:
                raise FormulaError("It can add, subtract, multiply, divide and raise to powers.")
            return _bounded(compute(_value(left, text), _value(right, text)))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _called(name, [_value(argument, text) for argument in arguments])
        case _:
            raise FormulaError(
                "It may consist of numbers, signs, brackets and known functions only."
            )


def _decimal(written: str) -> Fraction:
    number = Decimal(written.replace("_", ""))
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > _LARGEST_EXPONENT:
        raise _too_large()
    return Fraction(number)


def _called(name: str, values: list[Number]) -> Number:
    if name not in _FUNCTIONS:
        raise FormulaError(f"“{name}” is unknown; there are {', '.join(sorted(_FUNCTIONS))}.")
    compute, least, most = _FUNCTIONS[name]
    if not least <= len(values) <= most:
        wanted = (
            str(least)
            if least == most
            else f"at least {least}"
            if most > 99
            else f"{least} or {most}"
        )
        raise FormulaError(f"{name} takes {wanted} number{'s' if wanted != '1' else ''}.")
    return _bounded(compute(*values))


def _too_large() -> FormulaError:
    return FormulaError("The result is too large: at most some 3,600 digits can be computed with.")


def _bounded(number: Number) -> Number:
    if isinstance(number, Fraction):
        if max(number.numerator.bit_length(), number.denominator.bit_length()) > _MOST_BITS:
            raise _too_large()
    elif not number.is_finite():
        raise FormulaError("It has no real value.")
    return number


def _rounded(number: Number) -> Decimal:
    if isinstance(number, Decimal):
        return number
    return Decimal(number.numerator) / Decimal(number.denominator)


def _both(
    exact: Callable[[Fraction, Fraction], Fraction], rounded: Callable[[Decimal, Decimal], Decimal]
) -> Callable[[Number, Number], Number]:
    def compute(left: Number, right: Number) -> Number:
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return exact(left, right)
        return rounded(_rounded(left), _rounded(right))

    return compute


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(base, Fraction) and isinstance(exponent, Fraction):
        if exponent.denominator == 1:
            return _whole_power(base, exponent.numerator)
        if exponent == Fraction(1, 2):
            return _root(base)
    if _rounded(base) < 0:
        raise FormulaError("A negative number has no real power with a broken exponent.")
    return _rounded(base) ** _rounded(exponent)


def _whole_power(base: Fraction, exponent: int) -> Fraction:
    if base == 0 and exponent < 0:
        raise ZeroDivisionError
    if base == 0:
        return Fraction(int(exponent == 0))
    if abs(base) == 1:
        # Python would multiply on and on for a huge exponent.
        return base ** (exponent % 2)
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if (bits - 1) * abs(exponent) > _MOST_BITS:
        raise _too_large()
    return base**exponent


def _root(number: Number) -> Number:
    if number < 0:
        raise FormulaError("A negative number has no real square root.")
    if isinstance(number, Fraction):
        above, below = math.isqrt(number.numerator), math.isqrt(number.denominator)
        if above * above == number.numerator and below * below == number.denominator:
            return Fraction(above, below)
    return _rounded(number).sqrt()


def _logarithm(number: Number, base: Number | None = None) -> Number:
    if number <= 0 or (base is not None and (base <= 0 or base == 1)):
        raise FormulaError("Logarithms are of numbers above 0, to a base above 0 that is not 1.")
    value = _rounded(number)
    if base is None:
        return value.ln()
    if base == 10:
        return value.log10()
    return value.ln() / _rounded(base).ln()


def _float(compute: Callable[[float], float]) -> Callable[[Number], Number]:
    """Return a function that is known to 15 digits only."""

    def computed(number: Number) -> Number:
        value = compute(float(number))
        return +Decimal(f"{value:.{_FLOAT_DIGITS}g}")

    return computed


def _whole(number: Number) -> int:
    if not isinstance(number, Fraction) or number.denominator != 1:
        raise FormulaError("This function takes whole numbers only.")
    return number.numerator


def _factorial(number: Number) -> Number:
    count = _whole(number)
    if count < 0:
        raise FormulaError("Factorials are of whole numbers from 0 on.")
    _check_bits(math.lgamma(min(count, 10**9) + 1) / math.log(2))
    return Fraction(math.factorial(count))


def _choose(compute: Callable[[int, int], int]) -> Callable[[Number, Number], Number]:
    def computed(of: Number, chosen: Number) -> Number:
        whole, part = _whole(of), _whole(chosen)
        if whole < 0 or part < 0:
            raise FormulaError("These counts are from 0 on.")
        # No more than of ** chosen either way.
        steps = min(part, whole - part) if compute is math.comb else min(part, whole)
        _check_bits(max(0, steps) * whole.bit_length())
        return Fraction(compute(whole, part))

    return computed


def _check_bits(bits: float) -> None:
    if bits > 4 * _MOST_BITS:
        raise _too_large()


def _to_whole(compute: Callable[[Number], int]) -> Callable[[Number], Number]:
    return lambda number: Fraction(compute(number))


def _round(number: Number, digits: Number = Fraction(0)) -> Number:
    places = _whole(digits)
    if abs(places) > _LARGEST_EXPONENT:
        raise _too_large()
    exact = number if isinstance(number, Fraction) else Fraction(number)
    scale = Fraction(10) ** places
    half = Fraction(1, 2) if exact >= 0 else Fraction(-1, 2)
    # Halves go away from zero, as people do it; Python rounds them to even numbers.
    return Fraction(math.trunc(exact * scale + half)) / scale


def _sum(*numbers: Number) -> Number:
    total: Number = Fraction(0)
    for number in numbers:
        total = _add(total, number)
    return total


_add: Final = _both(lambda a, b: a + b, lambda a, b: a + b)

_OPERATORS: Final[Mapping[type[ast.operator], Callable[[Number, Number], Number]]] = (
    MappingProxyType(
        {
            ast.Add: _add,
            ast.Sub: _both(lambda a, b: a - b, lambda a, b: a - b),
            ast.Mult: _both(lambda a, b: a * b, lambda a, b: a * b),
            ast.Div: _both(lambda a, b: a / b, lambda a, b: a / b),
            ast.FloorDiv: _both(
                lambda a, b: Fraction(a // b), lambda a, b: Decimal(math.floor(a / b))
            ),
            ast.Mod: _both(lambda a, b: a % b, lambda a, b: a - b * math.floor(a / b)),
            ast.Pow: _power,
        }
    )
)

_PI: Final = Decimal("3.14159265358979323846264338327950288419716939937510582097")
_E: Final = Decimal("2.71828182845904523536028747135266249775724709369995957497")
_CONSTANTS: Final[Mapping[str, Number]] = MappingProxyType({"pi": _PI, "π": _PI, "e": _E})

_FUNCTIONS: Final[Mapping[str, tuple[Callable[..., Number], int, int]]] = MappingProxyType(
    {
        "abs": (abs, 1, 1),
        "sqrt": (_root, 1, 1),
        "exp": (lambda number: _rounded(number).exp(), 1, 1),
        "ln": (_logarithm, 1, 1),
        "log": (lambda number, base=Fraction(10): _logarithm(number, base), 1, 2),
        "log10": (lambda number: _logarithm(number, Fraction(10)), 1, 1),
        "log2": (lambda number: _logarithm(number, Fraction(2)), 1, 1),
        "sin": (_float(math.sin), 1, 1),
        "cos": (_float(math.cos), 1, 1),
        "tan": (_float(math.tan), 1, 1),
        "asin": (_float(math.asin), 1, 1),
        "acos": (_float(math.acos), 1, 1),
        "atan": (_float(math.atan), 1, 1),
        "radians": (_float(math.radians), 1, 1),
        "degrees": (_float(math.degrees), 1, 1),
        "floor": (_to_whole(math.floor), 1, 1),
        "ceil": (_to_whole(math.ceil), 1, 1),
        "trunc": (_to_whole(math.trunc), 1, 1),
        "round": (_round, 1, 2),
        "min": (min, 1, _MOST_NODES),
        "max": (max, 1, _MOST_NODES),
        "sum": (_sum, 1, _MOST_NODES),
        "gcd": (lambda *of: Fraction(math.gcd(*map(_whole, of))), 1, _MOST_NODES),
        "lcm": (lambda *of: _lcm(of), 1, _MOST_NODES),
        "factorial": (_factorial, 1, 1),
        "comb": (_choose(math.comb), 2, 2),
        "perm": (_choose(math.perm), 2, 2),
    }
)


def _lcm(of: tuple[Number, ...]) -> Number:
    common = 1
    for number in map(_whole, of):
        common = math.lcm(common, number)
        _check_bits(common.bit_length())
    return Fraction(common)


def written(number: Number) -> str:
    """Return ``number`` as text, and whether it is rounded: with ``≈`` before what is."""
    if isinstance(number, Decimal):
        return f"≈ {_short(number)}"
    if number.denominator == 1:
        return str(number.numerator)
    fraction = f"{number.numerator}/{number.denominator}"
    twos_and_fives = number.denominator
    for prime in (2, 5):
        while twos_and_fives % prime == 0:
            twos_and_fives //= prime
    if twos_and_fives == 1:
        exact = _terminating(number)
        return exact if len(exact) <= 400 else fraction
    with localcontext() as context:
        context.prec = _WORKING_DIGITS
        return f"{fraction} ≈ {_short(_rounded(number))}"


def _terminating(number: Fraction) -> str:
    places = 0
    scaled = number
    while scaled.denominator != 1:
        # The denominator is 2 and 5 alone, so each step takes one of each from it.
        scaled *= 10
        places += 1
    digits = str(abs(scaled.numerator)).rjust(places + 1, "0")
    return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _short(number: Decimal) -> str:
    with localcontext() as context:
        context.prec = DIGITS
        text = f"{+number:f}" if -20 < number.adjusted() < 40 else f"{+number:e}"
    if "." in text and "e" not in text:
        text = text.rstrip("0").rstrip(".")
    return text
