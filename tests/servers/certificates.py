"""Certificates that are made during a test: an authority of its own, and what it issues.

Importing this skips the tests of a module where the cryptography package is not there.
"""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

x509 = pytest.importorskip(
    "cryptography.x509", reason="certificates are made with the cryptography package, which is "
    "there on Linux only, as the keyring needs it"
)  # fmt: skip
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402


@dataclass(frozen=True)
class Authority:
    """Somebody who issues certificates.

    Attributes:
        file: The authority's own certificate, PEM: what somebody who trusts it names.
    """

    file: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    def issue(self, *hosts: str, days: Sequence[int] = (-1, 1)) -> ssl.SSLContext:
        """Return a server's context with a certificate for ``hosts``, valid between two days."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [
            x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
            for host in hosts
        ]
        made = (
            _certificate(_named(hosts[0]), self.name, key, days)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        file = self.file.with_name(f"{hosts[0]}{days[1]}.pem")
        file.write_bytes(_private(key) + made.public_bytes(serialization.Encoding.PEM))
        return serving(file)


def make_authority(folder: Path) -> Authority:
    """Make an authority that nobody knows yet; its files lie in ``folder``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named("authority of a test")
    usage = x509.KeyUsage(
        *(True, False, False, False, False, True, True), encipher_only=False, decipher_only=False
    )
    made = (
        _certificate(name, name, key, (-400, 400))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "authority.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return Authority(file, key, name)


def self_signed(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 that nobody but itself vouches for; the key is with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _named("loopback")
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        _certificate(name, name, key, (-1, 1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "loopback.pem"
    file.write_bytes(_private(key) + made.public_bytes(serialization.Encoding.PEM))
    return file


def serving(file: Path) -> ssl.SSLContext:
    """Return a server's context with the certificate and the key in ``file``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    days: Sequence[int],
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(days=days[0] - 1))
        .not_valid_after(now + dt.timedelta(days=days[1]))
    )


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
