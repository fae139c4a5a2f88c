"""SIP messages as bytes (RFC 3261): as much of it as a GB/T 28181 device needs. Never raises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_BYTES = 65_507
"""The longest datagram of UDP over IPv4."""

_MOST_HEADERS = 64
_SHORT = {
    "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
    "c": "content-type",
}  # fmt: skip
_NEEDED = ("via", "from", "to", "call-id", "cseq")


@dataclass(frozen=True, slots=True)
class SipMessage:
    """A request (`method`) or a response (`status`); header names in small letters, in order."""

    method: str
    uri: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first header of that name, "" if there is none."""
        return next((value for known, value in self.headers if known == name), "")

    def all(self, name: str) -> list[str]:
        """Every header of that name."""
        return [value for known, value in self.headers if known == name]

    @property
    def branch(self) -> str:
        """The transaction: the branch of the topmost Via."""
        return parameter(self.header("via"), "branch")

    @property
    def sequence(self) -> str:
        """Number and method of CSeq."""
        return self.header("cseq")


def parse(datagram: bytes) -> SipMessage | None:
    """The message in a datagram; None for anything that is not a whole one."""
    if len(datagram) > MOST_BYTES:
        return None
    head, gap, body = datagram.lstrip(b"\r\n").partition(b"\r\n\r\n")
    try:
        lines = head.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        return None
    headers = _headers(lines[1:])
    first = lines[0].split(" ", 2)
    if not gap or headers is None or len(first) < 3:
        return None
    found = {name for name, _ in headers}
    length = dict(headers).get("content-length", str(len(body)))
    if not all(name in found for name in _NEEDED) or not _number(length) or int(length) > len(body):
        return None
    body = body[: int(length)]
    if first[0] == "SIP/2.0":
        good = _number(first[1]) and len(first[1]) == 3
        return SipMessage("", "", int(first[1]), headers, body) if good else None
    if first[2] != "SIP/2.0" or not first[0].isupper():
        return None
    return SipMessage(first[0], first[1], 0, headers, body)


def request(method: str, uri: str, headers: list[tuple[str, str]], body: bytes = b"") -> bytes:
    """A request on the wire."""
    return _written(f"{method} {uri} SIP/2.0", headers, body)


def answer(
    asked: SipMessage,
    status: int,
    reason: str,
    tag: str,
    extra: Iterable[tuple[str, str]] = (),
) -> bytes:
    """The response to a request: its own Via, From, Call-ID and CSeq back, To with a tag."""
    headers = [("Via", via) for via in asked.all("via")]
    to = asked.header("to")
    headers.append(("From", asked.header("from")))
    headers.append(("To", to if "tag=" in to else f"{to};tag={tag}"))
    headers.append(("Call-ID", asked.header("call-id")))
    headers.append(("CSeq", asked.header("cseq")))
    return _written(f"SIP/2.0 {status} {reason}", [*headers, *extra], b"")


def parameter(value: str, name: str) -> str:
    """A parameter `;name=...` of a header; "" if it has none."""
    for part in value.split(";")[1:]:
        key, _, given = part.strip().partition("=")
        if key.lower() == name:
            return given.strip().strip('"')
    return ""


def seconds(text: str) -> int:
    """A number of seconds in a header; -1 if it is none."""
    return int(text) if _number(text) else -1


def _headers(lines: list[str]) -> tuple[tuple[str, str], ...] | None:
    found: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
            continue
        name = name.strip().lower()
        if not colon or not name or len(found) >= _MOST_HEADERS:
            return None
        found.append((_SHORT.get(name, name), value.strip()))
    return tuple(found)


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _written(first: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
