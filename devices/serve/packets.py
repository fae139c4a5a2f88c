"""MQTT 3.1.1 as pure functions of bytes: what a device sends and takes, and the framing of both.

From "MQTT Version 3.1.1" (OASIS Standard, 29 October 2014), sections 2 and 3. QoS 0 and 1 only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP = 2, 3, 4, 9, 13
MAX_PACKET = 1 << 20
"""The longest packet (bytes) that is taken in; a device has no use for a longer one."""

PINGREQ = b"\xc0\x00"
DISCONNECT = b"\xe0\x00"
_LONGEST_TEXT = 0xFFFF
_MORE = 0x80

REFUSALS = {
    1: "it speaks another version of MQTT",
    2: "it does not take this client id",
    3: "it is not available",
    4: "it does not know this user name and password",
    5: "it does not let this client in",
}
"""Return codes of CONNACK (3.2.2.3)."""


class Packet(NamedTuple):
    """One packet: `kind` and `flags` of its first byte, and what follows its length."""

    kind: int
    flags: int
    body: bytes


class Arrival(NamedTuple):
    """A message that has come; `number` 0 with QoS 0, else what is to be acknowledged."""

    topic: str
    payload: bytes
    number: int


class Will(NamedTuple):
    """What the broker says, with QoS 1, when the connection ends without a word."""

    topic: str
    payload: bytes
    retain: bool


class Packets:
    """Takes bytes as TCP delivers them, gives whole packets; `broken` says why it cannot go on.

    Holds at most one packet of `MAX_PACKET` bytes and what one read brought.
    """

    def __init__(self) -> None:
        self._buffer = b""
        self.broken = ""

    def feed(self, data: bytes) -> list[Packet]:
        """The packets completed by `data`, in order."""
        packets: list[Packet] = []
        buffer = self._buffer + data if self._buffer else data
        place = 0
        while len(buffer) - place >= 2 and not self.broken:
            length, start = _length(buffer, place + 1)
            if length > MAX_PACKET:
                self.broken = f"a packet of more than {MAX_PACKET} bytes"
            elif not start or len(buffer) < start + length:
                break
            else:
                first = buffer[place]
                body = buffer[start : start + length]
                packets.append(Packet(first >> 4, first & 15, body))
                place = start + length
        self._buffer = b"" if self.broken else buffer[place:]
        return packets


def _length(buffer: bytes, place: int) -> tuple[int, int]:
    """The remaining length (2.2.3) and where the body begins; (0, 0) if it has not all come."""
    value = 0
    for step in range(4):
        if place + step >= len(buffer):
            return 0, 0
        byte = buffer[place + step]
        value |= (byte & 0x7F) << (7 * step)
        if not byte & _MORE:
            return value, place + step + 1
    return MAX_PACKET + 1, 0


def encode_connect(
    client: str, will: Will | None, keepalive_s: int, login: tuple[str, str] | None
) -> bytes:
    """CONNECT with a clean session (3.1)."""
    flags, tail = 0x02, _text(client)
    if will is not None:
        flags |= 0x0C | (0x20 if will.retain else 0)
        tail += _text(will.topic) + _binary(will.payload)
    if login is not None:
        flags |= 0xC0
        tail += _text(login[0]) + _text(login[1])
    head = _text("MQTT") + bytes((4, flags)) + keepalive_s.to_bytes(2)
    return _packet(0x10, head + tail)


def encode_publish(
    topic: str, payload: bytes, number: int, *, retain: bool, again: bool = False
) -> bytes:
    """PUBLISH with QoS 1 (3.3); `again` sets DUP."""
    first = 0x32 | retain | (0x08 if again else 0)
    name = topic.encode()
    size = len(name) + len(payload) + 4
    if size < _MORE:
        head = bytes((first, size, len(name) >> 8, len(name) & 255))
        return head + name + number.to_bytes(2) + payload
    return _packet(first, _text(topic) + number.to_bytes(2) + payload)


def encode_puback(number: int) -> bytes:
    """PUBACK (3.4)."""
    return bytes((0x40, 2, number >> 8, number & 255))


def encode_subscribe(number: int, topics: Sequence[str]) -> bytes:
    """SUBSCRIBE to every topic with QoS 1 (3.8)."""
    return _packet(0x82, number.to_bytes(2) + b"".join(_text(topic) + b"\x01" for topic in topics))


def decode_publish(packet: Packet) -> Arrival | None:
    """The message in a PUBLISH; None if it is malformed or has QoS 2."""
    body, quality = packet.body, packet.flags >> 1 & 3
    end = 2 + int.from_bytes(body[:2])
    after = end + 2 if quality else end
    if len(body) < max(2, after) or quality > 1:
        return None
    try:
        topic = body[2:end].decode()
    except UnicodeDecodeError:
        return None
    return Arrival(topic, body[after:], int.from_bytes(body[end:after]))


def decode_connack(packet: Packet) -> str:
    """Why the broker refuses; "" if it does not."""
    code = packet.body[1] if len(packet.body) > 1 else 3
    return REFUSALS.get(code, f"return code {code}") if code else ""


def _packet(first: int, body: bytes) -> bytes:
    left, digits = len(body), bytearray()
    while True:
        left, digit = divmod(left, 128)
        digits.append(digit | (_MORE if left else 0))
        if not left:
            return bytes((first, *digits)) + body


def _text(text: str) -> bytes:
    return _binary(text.encode())


def _binary(data: bytes) -> bytes:
    if len(data) > _LONGEST_TEXT:
        raise ValueError(f"{len(data)} bytes do not fit a field of MQTT (65535)")
    return len(data).to_bytes(2) + data
