"""The endpoint as a server: life, routes, records, keep-alive, TLS, and clients that leave."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import json
import socket
import ssl
import threading
import time

import pytest

from desktop_app.demo.ports import black_hole, closed_port
from desktop_app.demo.rules import Rules
from desktop_app.demo.script import Endless, Gate, Hold, HttpError, Reply, Reset, Send, Stall, Wait
from desktop_app.demo.server import DemoServer
from tests.demo.wire_client import WireClient, body_of, raw_request, read_all, read_until


def test_it_listens_on_loopback_only_and_frees_its_thread():
    with DemoServer() as server:
        assert server.base_url == f"http://127.0.0.1:{server.port}/v1"
        names = [thread.name for thread in threading.enumerate()]
        assert "demo-endpoint" in names
    assert "demo-endpoint" not in [thread.name for thread in threading.enumerate()]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)


def test_stopping_twice_or_unstarted_changes_nothing():
    server = DemoServer()
    server.stop()
    with pytest.raises(RuntimeError):
        _ = server.port
    server.start()
    server.stop()
    server.stop()


def test_a_taken_port_is_reported_to_the_caller(server):
    with pytest.raises(OSError, match=r"[Aa]ddress"):
        DemoServer(port=server.port).start()


def test_stop_breaks_off_a_stream_that_waits():
    gate = Gate()
    with DemoServer() as server:
        server.enqueue(Reply(["Hel", Wait(gate), "lo"]))
        raw = raw_request(server.port)
        read_until(raw, b"Hel")
        gate.reached.wait()
    with raw:
        assert b"lo" not in read_all(raw)
    assert server.disconnected.total == 0


def test_models_are_listed_in_the_vendors_format(client):
    response = client.send("GET", "/v1/models")
    assert response.status == 200
    assert response.json["object"] == "list"
    names = [row["id"] for row in response.json["data"]]
    assert names[0] == "MiniMax-M3"
    assert names[-1] == "MiniMax-M2"
    assert set(response.json["data"][0]) == {"id", "object", "created", "owned_by"}


def test_models_can_be_scripted(server, client):
    server.enqueue_models(HttpError(500, 1000, "unknown error, 999"))
    assert client.send("GET", "/v1/models").status == 500
    assert client.send("GET", "/v1/models").status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/chat/completions", 405), ("POST", "/v1/models", 405), ("GET", "/", 404)],
)
def test_other_routes_are_refused(client, method, path, status):
    assert client.send(method, path).status == status


def test_requests_are_recorded(server, client):
    before = time.monotonic()
    client.send("GET", "/v1/models?x=1")
    client.chat(temperature=0.5)
    models, chat = server.wait_for_requests(2)
    assert (models.method, models.path, models.target) == ("GET", "/v1/models", "/v1/models?x=1")
    assert chat.header("AUTHORIZATION") == "Bearer sk-test"
    assert chat.json == body_of(temperature=0.5)
    assert json.loads(chat.body) == chat.json
    assert before <= models.at <= chat.at <= time.monotonic()
    assert (models.number, chat.number) == (1, 2)
    assert server.posts.entries() == [chat]


def test_one_connection_serves_many_requests(server, client):
    for _ in range(3):
        assert client.stream().status == 200
    assert server.accepted == 1
    assert {request.connection for request in server.requests} == {1}


def test_two_requests_sent_at_once_are_answered_in_turn(server):
    server.enqueue(Reply(["one"]), Reply(["two"]))
    with raw_request(server.port) as raw:
        payload = json.dumps(body_of(stream=True)).encode()
        raw.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(payload), payload)
        )
        seen = read_all(raw)
    assert seen.index(b"one") < seen.index(b"two")
    assert server.accepted == 1


def test_a_client_that_wants_to_close_gets_its_way(server):
    with WireClientClosing(server.port) as client:
        assert client.send("GET", "/v1/models", headers={"Connection": "close"}).status == 200
        assert client.send("GET", "/v1/models", headers={"Connection": "close"}).status == 200
    assert server.accepted == 2


class WireClientClosing(WireClient):
    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def test_a_body_may_be_announced_with_expect(server):
    payload = json.dumps(body_of()).encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"
            b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(payload)
        )
        assert read_until(raw, b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
        raw.sendall(payload)
        assert read_until(raw, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "nonsense", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"GET / HTTP/9\r\n\r\n"]
)
def test_what_is_not_http_is_refused(server, nonsense):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(nonsense)
        assert read_all(raw).startswith(b"HTTP/1.1 400 ")


def test_a_gate_holds_the_rest_back(server):
    gate = Gate()
    server.enqueue(Reply(["Hel", Wait(gate), "lo"]))
    with raw_request(server.port) as raw:
        assert b'"lo"' not in read_until(raw, b"Hel")
        gate.reached.wait()
        gate.open()
        read_until(raw, b'"lo"')


def test_a_client_that_leaves_is_noticed_at_once(server):
    gate = Gate()
    server.enqueue(Reply(["Hel", Wait(gate), "lo"]))
    with raw_request(server.port) as raw:
        read_until(raw, b"Hel")
    left = time.monotonic()
    (departure,) = server.disconnected.wait_for(1)
    assert departure.request == 1
    assert departure.connection == 1
    assert departure.sent > 0
    assert departure.at - left < 5


def test_a_client_that_leaves_before_the_first_byte_is_noticed(server):
    server.enqueue(Stall())
    with raw_request(server.port):
        server.wait_for_requests(1)
    (departure,) = server.disconnected.wait_for(1)
    assert departure.sent == 0


def test_a_client_that_leaves_within_its_request_is_noticed(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n")
    (departure,) = server.disconnected.wait_for(1)
    assert departure.request is None


def test_a_client_that_leaves_an_endless_answer_is_noticed(server):
    server.enqueue(Reply(["Hel", Endless(b"data: {}\n\n" * 5000)]))
    with raw_request(server.port) as raw:
        read_until(raw, b"data: {}")
    assert server.disconnected.wait_for(1)[0].sent > 50_000


def test_a_client_that_leaves_after_its_answer_did_not_depart(server):
    client = WireClient(server.port)
    client.stream()
    client.close()
    again = WireClient(server.port)
    again.stream()
    again.close()
    assert server.disconnected.total == 0


async def test_everything_can_be_awaited_too(server):
    gate = Gate()
    server.enqueue(Reply(["Hel", Wait(gate), "lo"]))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    payload = json.dumps(body_of(stream=True)).encode()
    writer.write(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(payload), payload)
    )
    (request,) = await server.posts.arrived(1)
    assert request.field("stream") is True
    await reader.readuntil(b"Hel")
    await gate.reached.arrived()
    writer.close()
    await writer.wait_closed()
    await server.disconnected.arrived(1)


def test_a_connection_can_be_met_with_steps(server):
    server.on_connect(Reset())
    server.on_connect(Send(b"SSH-2.0-nothing\r\n"), Hold())
    # The reset may come before connect has returned.
    with pytest.raises(ConnectionResetError), raw_request(server.port) as raw:
        raw.recv(1)
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        assert read_until(raw, b"\r\n") == b"SSH-2.0-nothing\r\n"
    client = WireClient(server.port)
    assert client.stream().status == 200
    client.close()


def test_an_answer_may_be_a_function_of_the_request(server, client):
    server.enqueue(lambda request: Reply([f"You sent {len(request.body)} bytes"]))
    response = client.stream()
    assert response.joined("content") == f"You sent {len(server.posts[0].body)} bytes"
    assert server.pending == 0


def test_a_refused_request_uses_up_no_answer(client):
    with DemoServer(rules=Rules(keys=frozenset({"sk-right"}))) as server:
        server.enqueue(Reply(["yes"]))
        wrong, right = WireClient(server.port, "sk-wrong"), WireClient(server.port, "sk-right")
        refused = wrong.stream()
        assert refused.status == 401
        assert "(2049)" in refused.json["error"]["message"]
        assert server.pending == 1
        assert right.stream().joined("content") == "yes"
        wrong.close()
        right.close()


def test_otherwise_answers_whatever_is_not_queued(server, client):
    server.otherwise(HttpError(529, 2064, "busy"))
    assert [client.stream().status for _ in range(3)] == [529] * 3


def test_a_mistake_in_a_script_is_not_hidden():
    def broken(_request):
        raise ZeroDivisionError

    def use_it():
        with DemoServer() as server:
            server.enqueue(broken)
            with raw_request(server.port) as raw, pytest.raises(ConnectionResetError):
                read_all(raw)

    with pytest.raises(ZeroDivisionError):
        use_it()


def test_a_closed_port_refuses():
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", closed_port()), timeout=5)


def test_a_black_hole_swallows_connections():
    with black_hole() as port, socket.socket() as raw:
        raw.settimeout(0.3)
        with pytest.raises(TimeoutError):
            raw.connect(("127.0.0.1", port))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    x509 = pytest.importorskip(
        "cryptography.x509", reason="comes with SecretStorage, hence on Linux only"
    )
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "demo endpoint")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls_server(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with DemoServer(tls=context) as running:
        yield running


def test_tls_is_spoken_with_the_given_certificate(tls_server, certificate):
    assert tls_server.base_url.startswith("https://127.0.0.1:")
    trusting = ssl.create_default_context(cafile=str(certificate))
    gate = Gate()
    tls_server.enqueue(Reply(["Hel", Wait(gate), "lo"]))
    with raw_request_over(trusting, tls_server.port) as raw:
        read_until(raw, b"Hel")
        gate.open()
        read_until(raw, b"0\r\n\r\n")


def raw_request_over(context, port):
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    secure = context.wrap_socket(plain, server_hostname="127.0.0.1")
    payload = json.dumps(body_of(stream=True)).encode()
    secure.sendall(
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (len(payload), payload)
    )
    return secure


def test_a_distrustful_client_is_no_trouble_to_the_server(tls_server, caplog):
    with pytest.raises(ssl.SSLCertVerificationError):
        raw_request_over(ssl.create_default_context(), tls_server.port)
    with socket.create_connection(("127.0.0.1", tls_server.port), timeout=10) as raw:
        raw.sendall(b"GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")
        assert not read_all(raw).startswith(b"HTTP/")
    assert not caplog.records
    assert tls_server.requests.total == 0


def test_stopping_while_a_connection_comes_in_leaves_no_socket_open():
    """Asyncio would leave one open, with a warning, that was accepted right before the end."""
    clients = []
    for _ in range(150):
        with DemoServer() as server:
            client = socket.socket()
            client.connect(("127.0.0.1", server.port))
            clients.append(client)
        # The server's side is closed: the client reads an end, not silence.
        client.settimeout(5)
        with contextlib.suppress(ConnectionError):
            assert client.recv(1) == b""
    for client in clients:
        client.close()
