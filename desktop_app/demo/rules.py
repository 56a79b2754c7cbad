"""What MiniMax refuses, and how: the checks a request passes before any answer is looked for.

Each refusal is the one that a recording or the vendor's documentation shows. Rules are values, so
that a test can make the endpoint as lenient as a server that somebody runs at home.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from desktop_app.demo.chunks import MODELS, UNLISTED_MODELS
from desktop_app.demo.http_answers import HttpError
from desktop_app.demo.steps import SeenRequest

NO_KEY: Final = HttpError(
    401,
    1004,
    "login fail: Please carry the API secret key in the 'Authorization' field of the request header",
)
WRONG_KEY: Final = HttpError(401, 2049, "invalid api key")

KNOWN_MODELS: Final = frozenset(name for name, _ in MODELS) | frozenset(UNLISTED_MODELS)


def bad_request(message: str) -> HttpError:
    """MiniMax's answer to anything wrong in the body."""
    return HttpError(400, 2013, f"invalid params, {message}")


@dataclass(frozen=True)
class Rules:
    """What is asked of a request.

    Attributes:
        key_needed: refuse a request without a bearer key.
        keys: the only keys that are accepted; ``None`` accepts any.
        models: the only models that are known, in any case; ``None`` accepts any.
        body_checked: look at messages, tools and parameters.
    """

    key_needed: bool = True
    keys: frozenset[str] | None = None
    models: frozenset[str] | None = KNOWN_MODELS
    body_checked: bool = True

    def refusal(self, request: SeenRequest) -> HttpError | None:
        """The error for this request, or ``None`` when it may be answered."""
        refusal = self._key_refusal(request)
        if refusal is None and request.method == "POST" and self.body_checked:
            refusal = self._body_refusal(request)
        return refusal

    def _key_refusal(self, request: SeenRequest) -> HttpError | None:
        scheme, _, key = (request.header("authorization") or "").partition(" ")
        key = key.strip()
        if self.key_needed and (scheme.lower() != "bearer" or not key):
            return NO_KEY
        if self.keys is not None and key not in self.keys:
            return WRONG_KEY
        return None

    def _body_refusal(self, request: SeenRequest) -> HttpError | None:
        body = request.json
        if not isinstance(body, dict):
            size = len(request.body)
            return bad_request(f'"Syntax error at index {size}: eof"')
        model = body.get("model")
        if not isinstance(model, str) or not model:
            return bad_request("binding: expr_path=model, cause=missing required parameter")
        if self.models is not None and model.lower() not in {m.lower() for m in self.models}:
            return bad_request(f"unknown model '{model}'")
        for check in _CHECKS:
            complaint = check(body)
            if complaint is not None:
                return bad_request(complaint)
        return None


LENIENT: Final = Rules(key_needed=False, models=None, body_checked=False)
"""A server at home: no key, any model, any body."""


def _about_messages(body: Mapping[str, Any]) -> str | None:
    if "messages" not in body:
        return "binding: expr_path=messages, cause=missing required parameter"
    messages = body["messages"]
    if not isinstance(messages, list) or not messages:
        return "messages is empty"
    if not all(isinstance(message, dict) for message in messages):
        return "binding: expr_path=messages, cause=mismatched type"
    asked = [message for message in messages if message.get("role") in {"user", "tool"}]
    if not asked or any(
        message.get("role") == "user" and not text_of(message).strip() for message in asked
    ):
        return "chat content is empty"
    return None


def _about_tool_history(body: Mapping[str, Any]) -> str | None:
    called: set[str] = set()
    for message in body["messages"]:
        for call in message.get("tool_calls") or ():
            name, arguments = call.get("id", ""), call.get("function", {}).get("arguments", "")
            if name in called:
                return "duplicate tool_call id"
            if not _is_object(arguments):
                return f"invalid function arguments json string, tool_call_id: {name}"
            called.add(name)
        if message.get("role") == "tool" and message.get("tool_call_id") not in called:
            return f"tool result's tool id({message.get('tool_call_id')}) not found"
    return None


def _about_tools(body: Mapping[str, Any]) -> str | None:
    for tool in body.get("tools") or ():
        function = tool.get("function", {}) if isinstance(tool, dict) else {}
        if not function.get("name") or not function.get("parameters"):
            return "function name or parameters is empty"
    return None


def _about_parameters(body: Mapping[str, Any]) -> str | None:
    temperature = body.get("temperature")
    if temperature is not None and not (_is_number(temperature) and 0 < temperature <= 1):
        return f"temperature must be in (0, 1], got {temperature}"
    top_p = body.get("top_p")
    if top_p is not None and not (_is_number(top_p) and 0 < top_p <= 1):
        return f"top_p must be in (0, 1], got {top_p}"
    limit = body.get("max_completion_tokens", body.get("max_tokens"))
    if limit is not None and not (isinstance(limit, int) and 0 < limit <= 524_288):
        return f"max_completion_tokens is out of range, got {limit}"
    return None


_CHECKS: Final[tuple[Callable[[Mapping[str, Any]], str | None], ...]] = (
    _about_messages,
    _about_tool_history,
    _about_tools,
    _about_parameters,
)


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a message, whether its content is a string or a list of parts."""
    return "".join(_texts(message.get("content")))


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for part in content:
            if isinstance(part, dict) and isinstance(part.get("text"), str):
                yield part["text"]


def _is_object(arguments: object) -> bool:
    try:
        return isinstance(json.loads(str(arguments)), dict)
    except ValueError:
        return False


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
