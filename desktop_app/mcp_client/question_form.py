"""A server's question as fields of a form: the flat part of JSON Schema that the protocol allows."""

import math
from collections.abc import Mapping
from typing import Any, Final

from desktop_app.domain.mcp_content import FieldKind, FieldValue, FormField

MOST_FIELDS: Final = 40
_KINDS: Final = {
    "string": FieldKind.TEXT,
    "number": FieldKind.NUMBER,
    "integer": FieldKind.INTEGER,
    "boolean": FieldKind.BOOLEAN,
    "array": FieldKind.CHOICES,
}


class FormError(ValueError):
    """The question asks for something that no form can show; the message names it."""


def fields_of(schema: Mapping[str, Any]) -> tuple[FormField, ...]:
    """Return the fields of ``schema``.

    Raises:
        FormError: When it is not flat, or has too many fields.
    """
    properties = schema.get("properties")
    if not isinstance(properties, Mapping) or len(properties) > MOST_FIELDS:
        raise FormError("properties")
    required = schema.get("required")
    needed = set(required) if isinstance(required, list) else set()
    return tuple(_field(str(name), part, name in needed) for name, part in properties.items())


def _field(name: str, part: object, required: bool) -> FormField:  # noqa: FBT001 (one word of three)
    stated = part.get("type") if isinstance(part, Mapping) else None
    if not isinstance(part, Mapping) or not isinstance(stated, str) or stated not in _KINDS:
        raise FormError(name)
    kind = _KINDS[stated]
    choices: tuple[tuple[str, str], ...] = ()
    if kind is FieldKind.TEXT and (choices := _choices(part, "oneOf")):
        kind = FieldKind.CHOICE
    elif kind is FieldKind.CHOICES:
        items = part.get("items")
        choices = _choices(items, "anyOf") if isinstance(items, Mapping) else ()
        if not choices:
            raise FormError(name)
    least, most = _bounds(kind, part)
    return FormField(
        name=name,
        kind=kind,
        title=_text(part.get("title")) or name,
        description=_text(part.get("description")),
        required=required,
        default=_default(kind, part.get("default")),
        choices=choices,
        least=least,
        most=most,
        text_format=_text(part.get("format")),
    )


def _choices(part: Mapping[str, Any], titled: str) -> tuple[tuple[str, str], ...]:
    values = part.get("enum")
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        names = part.get("enumNames")
        same = isinstance(names, list) and len(names) == len(values)
        titles = names if same and isinstance(names, list) else values
        return tuple(
            (value, _text(title) or value) for value, title in zip(values, titles, strict=True)
        )
    options = part.get(titled)
    if isinstance(options, list):
        pairs = [(o.get("const"), o.get("title")) for o in options if isinstance(o, Mapping)]
        return tuple((c, _text(title) or c) for c, title in pairs if isinstance(c, str))
    return ()


def _bounds(kind: FieldKind, part: Mapping[str, Any]) -> tuple[float | None, float | None]:
    keys = {
        FieldKind.TEXT: ("minLength", "maxLength"),
        FieldKind.CHOICES: ("minItems", "maxItems"),
    }.get(kind, ("minimum", "maximum"))
    return _number(part.get(keys[0])), _number(part.get(keys[1]))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _default(kind: FieldKind, value: object) -> FieldValue | None:
    if kind is FieldKind.CHOICES:
        return tuple(map(str, value)) if isinstance(value, list) else None
    if kind is FieldKind.BOOLEAN:
        return value if isinstance(value, bool) else None
    if kind in {FieldKind.NUMBER, FieldKind.INTEGER}:
        number = _number(value)
        return int(number) if number is not None and kind is FieldKind.INTEGER else number
    return value if isinstance(value, str) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
