"""A throw-away certificate authority for the bench: `twin certs`. Never for a real site."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from controller.interface.clock import iso_now
from scenarios.security.accounts import write_private
from scenarios.security.names import CA, SERVER

DAYS = 30


@dataclass(frozen=True, slots=True)
class _Pair:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_certificates(folder: Path, hosts: Sequence[str], clients: Sequence[str]) -> list[Path]:
    """A CA, a server certificate for `hosts`, one per client; valid 30 days.

    Returns the files, `*.pem` and `*.key`. The CA's own key is thrown away: nobody can sign more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    authority = _issue("campus-twin throw-away CA", None, (), server=False)
    issued = {CA: authority, SERVER: _issue(hosts[0], authority, hosts, server=True)}
    issued |= {name: _issue(name, authority, (), server=False) for name in clients}
    written = []
    for name, pair in issued.items():
        path = folder / f"{name}.pem"
        path.write_bytes(_pem(pair.certificate))
        written.append(path)
        if name != CA:
            write_private(folder / f"{name}.key", _key_pem(pair.key))
            written.append(folder / f"{name}.key")
    return written


def _issue(name: str, authority: _Pair | None, hosts: Sequence[str], *, server: bool) -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    issuer = subject if authority is None else authority.certificate.subject
    now = datetime.fromisoformat(iso_now()).astimezone(UTC)
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(authority is None, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    signer = key if authority is None else authority.key
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
    )
    if authority is not None:
        use = ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    if hosts:
        names = x509.SubjectAlternativeName([_name(host) for host in hosts])
        builder = builder.add_extension(names, critical=False)
    return _Pair(builder.sign(signer, hashes.SHA256()), key)


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
