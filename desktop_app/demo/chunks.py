"""The shapes of MiniMax's JSON: chunk, completion, usage, error body, model list.

Plain dictionaries built from arguments, as recordings of the live hosts show them. Nothing here
decides when or in which pieces they are sent.
"""

import math
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

Json = dict[str, Any]

ASSISTANT_NAME: Final = "MiniMax AI"

SENSITIVITY: Final[Json] = {
    "input_sensitive": False,
    "output_sensitive": False,
    "input_sensitive_type": 0,
    "output_sensitive_type": 0,
    "output_sensitive_int": 0,
}

MODELS: Final[tuple[tuple[str, int], ...]] = (
    ("MiniMax-M3", 1780272000),
    ("MiniMax-M2.7", 1773799200),
    ("MiniMax-M2.7-highspeed", 1773799200),
    ("MiniMax-M2.5", 1770948000),
    ("MiniMax-M2.5-highspeed", 1770948000),
    ("MiniMax-M2.1", 1766455200),
    ("MiniMax-M2.1-highspeed", 1766455200),
    ("MiniMax-M2", 1761530400),
)
"""What the live host lists, newest first, with the ``created`` time of each."""

UNLISTED_MODELS: Final = ("MiniMax-M2-Stable", "MiniMax-M3.1-Flash-Preview")
"""Accepted by the live host although its list leaves them out."""


class Backend(Enum):
    """The servers that answer behind one model name, told apart by the keys that they send.

    ``MAIN`` repeats name, audio and sensitivity keys in every chunk. ``SMALL`` sends the bare
    OpenAI keys and other tool ids. ``SELF_HOSTED`` is what vLLM and its kin send: null fields, a
    first chunk with the role only, no ``base_resp``.
    """

    MAIN = "main"
    SMALL = "small"
    SELF_HOSTED = "self-hosted"


def estimate_tokens(text: str) -> int:
    """A rough token count: four Latin characters or one and a half Chinese ones each."""
    wide = sum(1 for character in text if ord(character) >= 0x2E80)
    return math.ceil((len(text) - wide) / 4 + wide / 1.5)


def usage_of(prompt: str, reasoning: str, answer: str) -> Json:
    """The usage object for such texts. As on the live host, completion counts the reasoning too."""
    asked = estimate_tokens(prompt) + 35  # the live host adds 30 to 45 of its own
    thought = estimate_tokens(reasoning)
    answered = thought + estimate_tokens(answer)
    return {
        "total_tokens": asked + answered,
        "total_characters": 0,
        "prompt_tokens": asked,
        "completion_tokens": answered,
        "completion_tokens_details": {"reasoning_tokens": thought},
        "prompt_tokens_details": {"cached_tokens": asked // 64 * 64 if asked >= 512 else 0},
    }


ZERO_USAGE: Final[Json] = {"total_tokens": 0, "total_characters": 0}
"""What every chunk carried in the spring of 2026: present, and meaningless."""


def reasoning_item(text: str) -> Json:
    """One element of ``reasoning_details``; id and index stay the same for a whole stream."""
    return {
        "type": "reasoning.text",
        "id": "reasoning-text-1",
        "format": "MiniMax-response-v1",
        "index": 0,
        "text": text,
    }


@dataclass(frozen=True)
class Envelope:
    """What all chunks of one answer have in common."""

    model: str
    backend: Backend = Backend.MAIN
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    created: int = field(default_factory=lambda: int(time.time()))
    usage_in_chunks: Mapping[str, Any] | None = None
    flags: Mapping[str, Any] = field(default_factory=dict)

    def chunk(
        self, choices: Sequence[Mapping[str, Any]] | None, usage: Mapping[str, Any] | None = None
    ) -> Json:
        """A chunk around the given choices; ``None`` gives ``"choices": null``."""
        made: Json = {
            "id": self.id,
            "choices": None if choices is None else list(choices),
            "created": self.created,
            "model": self.model,
            "object": "chat.completion.chunk",
            "usage": usage or self.usage_in_chunks,
        }
        if self.backend is Backend.MAIN and choices:
            made |= SENSITIVITY
        return {**made, **self.flags}

    def delta_chunk(self, delta: Mapping[str, Any], finish_reason: str | None = None) -> Json:
        """A chunk with one choice. ``finish_reason`` is absent until it is set, null elsewhere."""
        choice: Json = {"index": 0, "delta": dict(delta)}
        if finish_reason is not None:
            choice = {"finish_reason": finish_reason} | choice
        elif self.backend is Backend.SELF_HOSTED:
            choice["finish_reason"] = None
        return self.chunk([choice])

    def usage_chunk(self, usage: Mapping[str, Any]) -> Json:
        """The extra last chunk that ``stream_options.include_usage`` asks for."""
        made = self.chunk([], usage)
        if self.backend is not Backend.SELF_HOSTED:
            made["base_resp"] = {"status_code": 0, "status_msg": ""}
        return made

    def completion(
        self, message: Mapping[str, Any], finish_reason: str | None, usage: Mapping[str, Any]
    ) -> Json:
        """The body of an answer that is not streamed."""
        choice = {"finish_reason": finish_reason, "index": 0, "message": dict(message)}
        made: Json = {
            "id": self.id,
            "choices": [choice],
            "created": self.created,
            "model": self.model,
            "object": "chat.completion",
            "usage": dict(usage),
        }
        if self.backend is not Backend.SELF_HOSTED:
            made |= SENSITIVITY | {"base_resp": {"status_code": 0, "status_msg": ""}}
        return {**made, **self.flags}


ERROR_TYPES: Final[Mapping[int, str]] = {
    400: "bad_request_error",
    401: "authorized_error",
    402: "insufficient_balance_error",
    422: "new_sensitive_error",
    429: "rate_limit_error",
    529: "overloaded_error",
}


def error_body(status: int, code: int, message: str, *, kind: str | None = None, id: str) -> Json:  # noqa: A002
    """The chat path's error body. The code stands only inside the message, in brackets.

    Args:
        status: the HTTP status, repeated as a string.
        code: MiniMax's own code.
        message: the sentence without the code.
        kind: the ``type``; by default the one that goes with the status.
        id: the trace id.
    """
    error = {
        "type": kind or ERROR_TYPES.get(status, "api_error"),
        "message": f"{message} ({code})",
        "http_code": str(status),
    }
    return {"type": "error", "error": error, "request_id": id}


def base_resp_body(code: int, message: str, *, model: str = "MiniMax-M2", id: str) -> Json:  # noqa: A002
    """The other error body: HTTP 200, no choices, the code in ``base_resp``."""
    return {
        "id": id,
        "choices": None,
        "created": int(time.time()),
        "model": model,
        "object": "chat.completion",
        "usage": dict(ZERO_USAGE),
        **SENSITIVITY,
        "base_resp": {"status_code": code, "status_msg": message},
    }


def model_list(models: Sequence[tuple[str, int]] = MODELS) -> Json:
    """The body of ``GET /v1/models``."""
    rows = [
        {"id": name, "object": "model", "created": created, "owned_by": "minimax"}
        for name, created in models
    ]
    return {"object": "list", "data": rows}
