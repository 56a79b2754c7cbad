"""Arguments of a tool call: read and checked before anything is run.

Schemas and arguments are both untrusted. A check fetches nothing, runs no pattern of a server, and
gives up after a bounded number of steps: then the call is not made, since nobody could say that it
is right.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from desktop_app.domain.message import Json

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

LONGEST: Final = 1_000_000
"""Characters of arguments; more than that is no call but a mistake."""

_MOST_STEPS: Final = 20_000
"""Keywords applied in one check. A thousand objects of three fields take 6,000 and 33 ms; of a schema
that doubles with each level, 20,000 take 0.4 s."""

_MOST_ERRORS: Final = 5
_SHOWN: Final = 300
_MOST_COMPARED: Final = 200
"""Items of an array that are compared with each other, which may take the square of their number."""

_FOR_THE_TOOL: Final = frozenset({"pattern", "patternProperties"})
"""Keywords left to the tool itself: a regular expression of a stranger may run for years, and while
Python runs one, nothing else of the program runs."""

Keyword: TypeAlias = Callable[..., Iterable[Any] | None]

_steps_left: ContextVar[int] = ContextVar("steps left in a check")


class ArgumentsError(ValueError):
    """A call that is not made; the message tells the model why, so that it can call again."""


class _TooMuchError(Exception):
    """A check took more steps than any sensible schema needs."""


def read_arguments(text: str, schema: Json) -> dict[str, Any]:
    """Return the arguments in ``text``, which ``schema`` allows; blank text is an empty object.

    Raises:
        ArgumentsError: When there are none, or it does not allow them, or cannot be applied.
    """
    arguments = _parsed(text)
    problems = _problems(arguments, schema)
    if problems:
        raise ArgumentsError(
            "The arguments do not fit the tool's schema: " + "; ".join(problems) + "."
        )
    return arguments


def preload() -> None:
    """Load the library, which takes a sixth of a second, ahead of the first call."""
    import jsonschema  # noqa: F401


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise ArgumentsError(
            f"The arguments have {len(text):,} characters; no more than {LONGEST:,} are taken."
        )
    if not text.strip():
        return {}  # of a tool without parameters; several servers send nothing then
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ArgumentsError(
            f"The arguments are not valid JSON: {error.msg} at line {error.lineno}, column"
            f" {error.colno}."
        ) from None
    except RecursionError:
        raise ArgumentsError("The arguments are nested too deeply.") from None
    except ValueError as error:  # a number of thousands of digits, or NaN
        raise ArgumentsError(f"The arguments are not valid JSON: {error}.") from None
    if not isinstance(value, dict):
        raise ArgumentsError(
            f"The arguments must be one JSON object, not {_TYPES.get(type(value), 'null')}."
        )
    return value


_TYPES: Final = {
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "a boolean",
}


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON value")


def _problems(arguments: dict[str, Any], schema: Json) -> list[str]:
    """Return what is wrong with ``arguments``, in a few sentences; empty when nothing is."""
    from referencing.exceptions import Unresolvable

    _steps_left.set(_MOST_STEPS)
    found: list[str] = []
    try:
        for error in _validator(schema).iter_errors(arguments):
            found.append(f"{_short(error.json_path)}: {_short(error.message)}")
            if len(found) == _MOST_ERRORS:
                break
    except Unresolvable as error:
        reason = f"it refers to {_short(str(error.ref))!r}, which is not part of it"
    except (RecursionError, _TooMuchError):
        reason = "it takes too many steps to apply"
    except Exception as error:
        reason = f"it is no valid schema ({type(error).__name__})"
    else:
        return found
    raise ArgumentsError(
        f"The schema of this tool cannot be used: {reason}. Nobody could check the call, so it was"
        " not made; calling this tool again will not help."
    )


def _short(message: str) -> str:
    return message if len(message) <= _SHOWN else f"{message[:_SHOWN]}…"


def _validator(schema: Json) -> "Validator":
    """Return what checks against ``schema``, in the dialect that it names, else in the newest."""
    from jsonschema.validators import Draft202012Validator, validator_for
    from referencing import Registry

    # As JSON it holds nothing but plain values; a number or a list is no schema at all.
    plain = json.loads(json.dumps(schema, default=dict))
    dialect = validator_for(plain, default=Draft202012Validator)
    whole = '"patternProperties"' not in json.dumps(plain)
    # The default registry asks the net for what a schema refers to; this one has the schema alone.
    validator: Validator = _bounded(dialect, whole)(_of_one_dialect(plain), registry=Registry())
    return validator


def _of_one_dialect(value: Any, *, inside: bool = False) -> Any:  # noqa: ANN401 - any JSON
    """Return a schema without ``$schema`` further down, where it would change who checks."""
    match value:
        case dict():
            return {
                key: _of_one_dialect(item, inside=True)
                for key, item in value.items()
                if not (inside and key == "$schema" and isinstance(item, str))
            }
        case list():
            return [_of_one_dialect(item, inside=True) for item in value]
        case _:
            return value


@lru_cache
def _bounded(dialect: "type[Validator]", knows_all_names: bool) -> "type[Validator]":  # noqa: FBT001
    """Return ``dialect`` without what may take forever, each keyword counting its step.

    Args:
        dialect: A class of the library.
        knows_all_names: Whether no pattern says which further properties there may be; else
            nobody here can say that one is unexpected.
    """
    from jsonschema.validators import extend

    keywords: Mapping[str, Keyword] = dialect.VALIDATORS
    bounded = {name: _counted(name, keyword) for name, keyword in keywords.items()}
    left_out = set(_FOR_THE_TOOL)
    if not knows_all_names:
        left_out |= {"additionalProperties", "unevaluatedProperties"}
    bounded |= dict.fromkeys(left_out & bounded.keys(), _passed)
    extended: type[Validator] = extend(dialect, bounded)
    return extended


def _counted(name: str, keyword: Keyword) -> Keyword:
    def apply(validator: object, value: object, instance: object, schema: object) -> Any:  # noqa: ANN401
        left = _steps_left.get()
        if left <= 0:
            raise _TooMuchError
        _steps_left.set(left - 1)
        if name == "uniqueItems" and isinstance(instance, list) and len(instance) > _MOST_COMPARED:
            return ()
        return keyword(validator, value, instance, schema)

    return apply


def _passed(*_: object) -> Iterable[Any]:
    return ()
