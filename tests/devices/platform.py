"""A small GB/T 28181 platform for tests: registrar, digest, queries; it reads bytes by itself."""

from __future__ import annotations

import re
from hashlib import md5

REALM = "3402000000"
SERVER = "34020000002000000001"
DEVICE = "34020000001180000001"
PASSWORD = "12345678"
NONCE = "6fe9ba44a76be22a"


def field(datagram: bytes, name: str) -> str:
    """A header of a SIP message."""
    found = re.search(rb"^" + name.encode() + rb":\s*(.*?)\r$", datagram, re.M | re.I)
    return "" if found is None else found[1].decode()


def element(datagram: bytes, name: str) -> str:
    """An element of the XML in a SIP message."""
    found = re.search(rb"<" + name.encode() + rb">(.*?)</", datagram)
    return "" if found is None else found[1].decode("gbk")


def reply(datagram: bytes, status: str, *extra: str) -> bytes:
    """A response with the request's Via, From, To, Call-ID and CSeq."""
    names = ("Via", "From", "To", "Call-ID", "CSeq")
    kept = [f"{name}: {field(datagram, name)}" for name in names]
    lines = [f"SIP/2.0 {status}", *kept, *extra, "Content-Length: 0", "", ""]
    return "\r\n".join(lines).encode()


def message(body: str, branch: str = "z9hG4bKq1", call: str = "q1@platform") -> bytes:
    """A MESSAGE of the platform, as WVP sends it."""
    xml = f'<?xml version="1.0" encoding="GB2312"?>\r\n{body}\r\n'.encode("gbk")
    lines = [
        f"MESSAGE sip:{DEVICE}@{REALM} SIP/2.0",
        f"Via: SIP/2.0/UDP 127.0.0.1:5060;rport;branch={branch}",
        f"From: <sip:{SERVER}@{REALM}>;tag=live",
        f"To: <sip:{DEVICE}@{REALM}>",
        f"Call-ID: {call}",
        "CSeq: 17 MESSAGE",
        "Max-Forwards: 70",
        "Content-Type: Application/MANSCDP+xml",
        f"Content-Length: {len(xml)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + xml


def query(command: str, number: int = 17430, branch: str = "z9hG4bKq1") -> bytes:
    """A query."""
    inside = f"<CmdType>{command}</CmdType><SN>{number}</SN><DeviceID>{DEVICE}</DeviceID>"
    return message(f"<Query>{inside}</Query>", branch, f"{branch}@platform")


class Platform:
    """Registers one device by digest; keeps what it was sent. `deaf`: it answers nothing."""

    def __init__(self, password: str = PASSWORD, qop: bool = False, expires: int = 3600) -> None:
        self.password, self.qop, self.expires = password, qop, expires
        self.deaf = False
        self.registered: int | None = None
        self.got: list[bytes] = []

    def receive(self, datagram: bytes) -> list[bytes]:
        """What it answers."""
        self.got.append(datagram)
        if self.deaf:
            return []
        if datagram.startswith(b"MESSAGE "):
            return [reply(datagram, "200 OK")] if self.registered else [reply(datagram, "403 No")]
        if not datagram.startswith(b"REGISTER "):
            return []
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', field(datagram, "Authorization")))
        if not given:
            ask = f'WWW-Authenticate: Digest realm="{REALM}", nonce="{NONCE}", algorithm=MD5'
            return [reply(datagram, "401 Unauthorized", ask + ', qop="auth"' * self.qop)]
        if given["response"] != self._expected(given):
            return [reply(datagram, "403 Forbidden")]
        asked = int(field(datagram, "Expires"))
        self.registered = min(asked, self.expires) or None
        return [reply(datagram, "200 OK", f"Expires: {self.registered or 0}")]

    def messages(self, command: str) -> list[bytes]:
        """The bodies that it was sent of one command."""
        return [d for d in self.got if element(d, "CmdType") == command]

    def _expected(self, given: dict[str, str]) -> str:
        def hashed(text: str) -> str:
            return md5(text.encode(), usedforsecurity=False).hexdigest()

        secret = hashed(f"{DEVICE}:{REALM}:{self.password}")
        what = hashed(f"REGISTER:{given['uri']}")
        once = f"{NONCE}:{given['nc']}:{given['cnonce']}:auth" if self.qop else NONCE
        return hashed(f"{secret}:{once}:{what}")
