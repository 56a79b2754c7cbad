"""Exchanges for the wire view."""

import json

from desktop_app.domain.exchange import MASKED_KEY, ExchangeRecord, WireEvent

BODY = '{"model":"MiniMax-M2","messages":[{"role":"user","content":"你好"}],"stream":true}'
HEADERS = (("Authorization", MASKED_KEY), ("Content-Type", "application/json"))
URL = "https://api.minimax.io/v1/chat/completions"


def event(at: float, **delta: object) -> WireEvent:
    value = {"choices": [{"index": 0, "delta": delta}]}
    return WireEvent(at, "data: " + json.dumps(value, ensure_ascii=False))


def exchange(name: str = "one", **changes: object) -> ExchangeRecord:
    """An answer of 60 tokens that streams from 0.5 s to 2.5 s."""
    facts: dict[str, object] = {
        "id": name,
        "message_id": "answer",
        "started_at": 1_700_000_000.0,
        "method": "POST",
        "url": URL,
        "request_headers": HEADERS,
        "request_body": BODY,
        "status": 200,
        "response_headers": (("content-type", "text/event-stream"),),
        "events": (
            event(0.5, role="assistant", content=""),
            event(0.75, content="Hel"),
            event(1.5, content="lo <b>\u202ebold</b>"),
            WireEvent(2.4, 'data: {"choices":[],"usage":{"completion_tokens":60}}'),
            WireEvent(2.5, "data: [DONE]"),
        ),
        "sent_at": 0.125,
        "first_byte_at": 0.5,
        "ended_at": 2.5,
    }
    return ExchangeRecord(**(facts | changes))  # type: ignore[arg-type]
