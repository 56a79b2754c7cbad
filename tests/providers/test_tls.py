"""TLS on loopback: who is trusted, what is told, and that Stop works in the middle of a handshake."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl

import pytest

from desktop_app.domain.errors import ErrorKind
from desktop_app.providers.openai_chat.client import OpenAIChatModel
from tests.providers.conftest import (
    PATIENCE,
    RawServer,
    ask,
    chunk,
    connection_to,
    events,
    head,
    hear,
)

x509 = pytest.importorskip(
    "cryptography.x509", reason="certificates are made with the cryptography package, which is "
    "there on Linux only, as the keyring needs it"
)  # fmt: skip
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A file with a fresh key and a certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "loopback.pem"
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
async def tls_server(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    raw = RawServer()
    listener = await asyncio.start_server(raw.serve, "127.0.0.1", 0, ssl=context)
    raw.port = listener.sockets[0].getsockname()[1]
    yield raw
    listener.close()


def trusting(certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


async def test_a_trusted_server_answers(tls_server, certificate):
    base_url = tls_server.base_url.replace("http:", "https:")
    model = OpenAIChatModel(
        connection_to(base_url), "key-1", context_factory=lambda: trusting(certificate)
    )
    tls_server.reply(head(), events(chunk({"content": "Hi"}, finish="stop")))
    heard = await hear(model)
    await model.aclose()
    assert heard.error is None
    assert heard.text == "Hi"
    assert tls_server.requests[0].header("authorization") == "Bearer key-1"


async def test_a_certificate_that_nobody_vouches_for_is_refused(tls_server):
    base_url = tls_server.base_url.replace("http:", "https:")
    model = OpenAIChatModel(
        connection_to(base_url), "key-1", context_factory=ssl.create_default_context
    )
    heard = await hear(model)
    await model.aclose()
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.TLS_UNKNOWN_ISSUER
    assert "self-signed" in heard.error.record.detail
    assert tls_server.requests == []


async def test_a_certificate_for_another_host_is_refused(tls_server, certificate):
    model = OpenAIChatModel(
        connection_to(f"https://localhost:{tls_server.port}/v1"),
        context_factory=lambda: trusting(certificate),
    )
    heard = await hear(model)
    await model.aclose()
    assert heard.error is not None
    assert heard.error.kind is ErrorKind.TLS_OTHER_HOST
    assert "localhost" in heard.error.record.detail


async def test_stop_closes_the_socket_in_the_middle_of_the_handshake(certificate):
    loop = asyncio.get_running_loop()
    greeted, left = asyncio.Event(), asyncio.Event()

    async def silent(reader, writer):
        await reader.read(1)
        greeted.set()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        left.set()
        writer.close()

    listener = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    model = OpenAIChatModel(
        connection_to(f"https://127.0.0.1:{port}/v1"), context_factory=lambda: trusting(certificate)
    )
    task = loop.create_task(hear(model, ask()))
    async with asyncio.timeout(PATIENCE):
        await greeted.wait()
        # The client's whole greeting is read only once it has left.
        task.cancel()
        stopped_at = loop.time()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await left.wait()
    assert loop.time() - stopped_at < 0.2
    listener.close()
    await model.aclose()
