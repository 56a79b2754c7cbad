"""Every named fault can be served over a socket, and is what its name says."""

import json
import re
import zlib

import pytest

from desktop_app.demo import faults
from desktop_app.demo.faults import FAULTS
from tests.demo.wire_client import raw_request, read_all

SILENT = {"no answer at all"}
NOT_HTTP = {"closed without a byte", "reset without a byte", "garbage status line", "http 0.9"}
QUICKENED = {"slow header": lambda: faults.slow_head(0.001), "drip": lambda: faults.drip(0.001)}
ENDLESS = {
    "slow header", "500 endless body", "endless line", "endless text", "endless comments",
    "drip", "32 MB line",
}  # fmt: skip


def taste(raw, limit=200_000):
    """What comes until the end, the limit, or a silence; the first bytes may take their time."""
    seen = b""
    try:
        while len(seen) < limit and (data := raw.recv(65536)):
            seen += data
            raw.settimeout(0.2)
    except (TimeoutError, ConnectionResetError):
        pass
    return seen


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_can_be_served(server, name):
    server.enqueue(QUICKENED.get(name, FAULTS[name])())
    with raw_request(server.port, timeout=0.2 if name in SILENT else 10) as raw:
        seen = taste(raw, 100 if name in ENDLESS else 200_000)
    server.wait_for_requests(1)
    assert server.pending == 0
    if name in SILENT:
        assert seen == b""
    elif name not in NOT_HTTP:
        assert seen.startswith(b"HTTP/1.")
    if name[:3].isdigit():
        assert b" %s " % name[:3].encode() in seen.partition(b"\r\n")[0]


@pytest.mark.parametrize(
    ("fault", "status", "kind", "code"),
    [
        (faults.no_key, 401, "authorized_error", 1004),
        (faults.wrong_key, 401, "authorized_error", 2049),
        (faults.no_balance, 402, "insufficient_balance_error", 1008),
        (faults.rate_limited, 429, "rate_limit_error", 1002),
        (faults.plan_used_up, 429, "rate_limit_error", 2056),
        (faults.unknown_model, 400, "bad_request_error", 2013),
        (faults.context_too_long, 400, "bad_request_error", 2013),
        (faults.server_error, 500, "api_error", 1000),
        (faults.overloaded, 529, "overloaded_error", 2064),
    ],
)
def test_error_bodies_have_the_vendors_shape(server, client, fault, status, kind, code):
    server.enqueue(fault())
    response = client.stream()
    assert response.status == status
    error = response.json["error"]
    assert response.json["type"] == "error"
    assert error["type"] == kind
    assert error["http_code"] == str(status)
    assert re.search(r"\((\d{4,5})\)$", error["message"])[1] == str(code)
    assert response.json["request_id"] == response.headers["Trace-Id"]
    assert "code" not in error


def test_retry_after_is_sent_only_when_asked(server, client):
    server.enqueue(faults.rate_limited(), faults.rate_limited(retry_after="7"))
    assert client.stream().headers["Retry-After"] is None
    assert client.stream().headers["Retry-After"] == "7"


def test_what_stands_between_is_between(server, client):
    server.enqueue(FAULTS["ping with empty object"]())
    body = client.stream().body.decode()
    assert body.index("Hel") < body.index("event: ping") < body.index('"lo"')


def test_a_lone_surrogate_is_valid_json(server, client):
    server.enqueue(FAULTS["lone surrogate"]())
    assert client.stream().deltas[-2]["content"] == "\ud83d"


def test_the_bomb_is_small_and_swells():
    packed = faults.gzip_bomb(2).body
    assert len(packed) < 5_000
    assert len(zlib.decompress(packed, wbits=31)) == 2 * 1_048_576


def test_the_32_mb_line_is_as_long_as_it_says(server, client):
    server.enqueue(FAULTS["32 MB line"]())
    body = client.stream().body
    assert max(map(len, body.split(b"\n"))) >= 32 * 1_048_576
    assert json.loads(body.rstrip().rpartition(b"data: ")[2])["choices"] == []


def test_a_kept_connection_can_turn_out_closed(server):
    server.enqueue(FAULTS["closed once idle"]())
    with raw_request(server.port) as raw:
        seen = read_all(raw)
    assert seen.endswith(b"0\r\n\r\n")
    assert b"Connection: close" not in seen
    assert server.disconnected.total == 0
