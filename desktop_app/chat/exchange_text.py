"""An exchange in the words of other tools: curl, Python, and figures.

The key is in none of them: what is written reads it from the environment, so a text can be passed
on as it is. A record may come from a file of somebody else, so everything of it is quoted.
"""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pprint import pformat
from typing import Any, Final

from desktop_app.chat.exchange_json import ExchangeFormatError, as_json, from_json
from desktop_app.domain.exchange import ExchangeRecord

__all__ = [
    "KEY_VARIABLE", "ExchangeFormatError", "Timings", "as_curl", "as_json", "as_python",
    "asked_model", "from_json", "timings",
]  # fmt: skip

KEY_VARIABLE: Final = "OPENAI_API_KEY"

_LONGEST_ARGUMENT: Final = 100_000
"""Linux takes no single argument of 128 KB."""

_CHAT: Final = "/chat/completions"
_TEXT_FIELDS: Final = ("content", "reasoning_content", "reasoning", "reasoning_details")

_LINE_END: Final = re.compile("\r\n|\n|\r")
"""The ends of lines that a stream knows; Python's ``splitlines`` knows more."""

_STANDARD: Final = ("model", "messages", "stream", "stream_options", "temperature", "top_p",
    "max_tokens", "max_completion_tokens", "tools", "tool_choice", "stop", "seed")  # fmt: skip
"""What the SDK's ``create`` takes by name; the rest goes into ``extra_body``."""


@dataclass(frozen=True, slots=True)
class Timings:
    """How long an exchange took, in seconds from its beginning.

    Attributes:
        sent: Until the request had left; ``None`` if it never did.
        first_token: Until the first event with thinking, text or a call; ``None`` without one.
        total: Until the end; ``None`` while it goes on.
        tokens_per_second: What the server counted, over the time from the first such event to the
            last; ``None`` when it counted nothing, or all came at once.
    """

    sent: float | None
    first_token: float | None
    total: float | None
    tokens_per_second: float | None


def as_curl(record: ExchangeRecord) -> str:
    """Return a command for a POSIX shell that sends the same body to the same address."""
    words = ["curl", "--no-buffer", "--silent", "--show-error", "--globoff"]
    line = [" ".join(words), f"--url {shlex.quote(record.url)}"]
    for name, value in record.request_headers:
        if name.lower() in {"accept", "content-type"}:
            line.append(f"--header {shlex.quote(f'{name}: {value}')}")
        elif name.lower() == "authorization":
            line.append(f'--header "Authorization: Bearer ${KEY_VARIABLE}"')
    body = shlex.quote(record.request_body)
    if len(body.encode()) <= _LONGEST_ARGUMENT:
        # Not --data-binary, for which a text that begins with @ is the name of a file.
        line.append(f"--data-raw {body}")
        return " \\\n  ".join(line) + "\n"
    line.append("--data-binary @-")
    return f"printf %s {body} |\n" + " \\\n  ".join(line) + "\n"


def as_python(record: ExchangeRecord) -> str:
    """Return a program for the openai SDK that sends the same body and prints what comes.

    Raises:
        ValueError: When the body is no JSON object, which the SDK cannot send, or is nested too
            deeply to be written as Python.
    """
    body = _object(record.request_body)
    if body is None:
        raise ValueError("the body of this request is no JSON object")
    given = {name: value for name, value in body.items() if name in _STANDARD}
    extra = {name: value for name, value in body.items() if name not in _STANDARD}
    try:
        lines = [f"    {name}={_literal(value)},\n" for name, value in given.items()]
        if extra:
            lines.append(f"    extra_body={_literal(extra)},\n")
    except RecursionError:
        raise ValueError("the body of this request is nested too deeply") from None
    has_key = any(name.lower() == "authorization" for name, _ in record.request_headers)
    key = f'os.environ["{KEY_VARIABLE}"]' if has_key else '"none"'
    each = "for chunk in answer:\n    print(chunk.model_dump_json())"
    return (
        "import os\n\nfrom openai import OpenAI\n\n"
        f"client = OpenAI(\n    base_url={record.url.removesuffix(_CHAT)!r},\n"
        f"    api_key={key},\n    max_retries=0,\n)\n\n"
        f"answer = client.chat.completions.create(\n{''.join(lines)})\n\n"
        + (each if body.get("stream") else "print(answer.model_dump_json())")
        + "\n"
    )


def timings(record: ExchangeRecord) -> Timings:
    """Return the figures of ``record``."""
    first = last = None
    tokens = 0
    for at, chunk in _chunks(record):
        if _carries_text(chunk):
            last = at
            first = at if first is None else first
        usage = chunk.get("usage")
        count = usage.get("completion_tokens") if isinstance(usage, dict) else None
        if type(count) is int and count > 0:
            tokens = count
    spent = last - first if first is not None and last is not None else 0.0
    rate = tokens / spent if tokens and spent > 0 else None
    return Timings(record.sent_at, first, record.ended_at, rate)


def asked_model(record: ExchangeRecord) -> str | None:
    """Return the name of the model in the request; ``None`` when it has none."""
    model = (_object(record.request_body) or {}).get("model")
    return model if isinstance(model, str) else None


def _chunks(record: ExchangeRecord) -> Iterator[tuple[float, Mapping[str, Any]]]:
    for event in record.events:
        data = "\n".join(
            line[5:].removeprefix(" ")
            for line in _LINE_END.split(event.text.removeprefix("\ufeff"))
            if line.startswith("data:")
        )
        chunk = _object(data)
        if chunk is not None:
            yield event.at, chunk


def _carries_text(chunk: Mapping[str, Any]) -> bool:
    choices = chunk.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        delta = choice.get("delta") if isinstance(choice, dict) else None
        if isinstance(delta, dict) and any(map(delta.get, (*_TEXT_FIELDS, "tool_calls"))):
            return True
    return False


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _literal(value: object) -> str:
    """Return Python for a JSON value, indented for an argument."""
    return pformat(value, width=92, sort_dicts=False).replace("\n", "\n    ")
