"""The list of models that a server gives, in the forms in which servers give it."""

from collections.abc import Iterator, Mapping
from typing import Final

from desktop_app.domain.errors import ChatError, ErrorKind
from desktop_app.domain.text import storable
from desktop_app.providers.openai_chat.body import page_title, parse_json
from desktop_app.providers.openai_chat.exchange import RawAnswer, whole_body
from desktop_app.providers.openai_chat.faults import FaultNamer

MAX_LIST: Final = 4 * 1024 * 1024
_MOST_MODELS: Final = 10_000
_LONGEST_NAME: Final = 200
_LIST_KEYS: Final = ("data", "models")
_NAME_KEYS: Final = ("id", "name", "model")


async def read_models(answer: RawAnswer, faults: FaultNamer) -> tuple[str, ...]:
    """Return the names in the body of an answer to ``GET /models``, in the server's order.

    Raises:
        ChatError: When the body is an error, a web page, too large, or no list.
    """
    body = await whole_body(answer, MAX_LIST)
    if body is None:
        detail = f"a list of more than {MAX_LIST // 1024 // 1024} MB"
        raise ChatError(faults.plain(ErrorKind.TOO_LARGE_ANSWER, detail))
    text = body.decode("utf-8-sig", "replace").strip()
    if not text:
        raise ChatError(faults.plain(ErrorKind.EMPTY_ANSWER))
    if text.startswith("<"):
        raise ChatError(faults.plain(ErrorKind.WEB_PAGE, page_title(text)))
    try:
        value = parse_json(text)
    except ValueError as error:
        detail = f"{error}: {text}"
        raise ChatError(faults.plain(ErrorKind.BAD_DATA, detail)) from None
    if isinstance(value, Mapping):
        fault = faults.of_payload(value)
        if fault is not None:
            raise ChatError(fault)
        value = next((value[key] for key in _LIST_KEYS if key in value), None)
    if not isinstance(value, list):
        raise ChatError(faults.plain(ErrorKind.BAD_DATA, text))
    return tuple(dict.fromkeys(_names(value[:_MOST_MODELS])))


def _names(items: list[object]) -> Iterator[str]:
    """Yield names from items, which are names themselves or carry one under several keys."""
    for item in items:
        name: object = item
        if isinstance(item, Mapping):
            name = next((item[key] for key in _NAME_KEYS if item.get(key)), None)
        if isinstance(name, str) and 0 < len(name.strip()) <= _LONGEST_NAME:
            yield storable(name.strip())
