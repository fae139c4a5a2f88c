"""Modbus application protocol and its TCP framing, as pure functions of bytes.

From "MODBUS Application Protocol Specification V1.1b3" (sections 4, 6, 7) and "MODBUS Messaging on
TCP/IP Implementation Guide V1.0b" (section 3.1.3). Knows no sockets, no devices and no time.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

READ_COILS, READ_DISCRETE, READ_HOLDING, READ_INPUT = 1, 2, 3, 4
WRITE_COIL, WRITE_REGISTER, WRITE_COILS, WRITE_REGISTERS = 5, 6, 15, 16
IDENTIFY = 43
"""Encapsulated interface transport; with MEI type 14 it reads the device identification."""

ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE, DEVICE_FAILURE = 1, 2, 3, 4
ACKNOWLEDGE, BUSY, GATEWAY_PATH, GATEWAY_TARGET = 5, 6, 10, 11

MAX_READ_BITS, MAX_WRITE_BITS = 2000, 1968
MAX_READ_REGISTERS, MAX_WRITE_REGISTERS = 125, 123
MAX_ADU = 260

_MEI = 14
_BITS = (READ_COILS, READ_DISCRETE)
_REGISTERS = (READ_HOLDING, READ_INPUT)
_READ_LIMIT = {1: MAX_READ_BITS, 2: MAX_READ_BITS, 3: MAX_READ_REGISTERS, 4: MAX_READ_REGISTERS}
_HEADER = struct.Struct(">HHHB")
_THREE = struct.Struct(">BHH")


class Adu(NamedTuple):
    """One frame of Modbus/TCP: transaction id, unit and the protocol data unit."""

    transaction: int
    unit: int
    pdu: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks: reads have `count`, writes have `values` (bools or registers).

    For IDENTIFY, `address` is the read code (1 basic .. 4 one object) and `count` the object id.
    """

    function: int
    address: int
    count: int = 0
    values: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answers: `values` of a read, or an exception code, or an echo of a write.

    For IDENTIFY, `objects` holds (object id, text) and `address` the read code, 0 for basic.
    """

    function: int
    values: tuple[int, ...] = ()
    exception: int = 0
    address: int = 0
    count: int = 0
    objects: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that must be answered with an exception: FC | 0x80 and the code."""

    function: int
    exception: int


@dataclass(frozen=True, slots=True)
class BadReply:
    """Bytes that do not answer the request they came for, and why."""

    reason: str


class Stream:
    """Takes bytes as TCP delivers them, gives whole frames; `broken` says why it can go no further.

    A wrong protocol id or length means that framing is lost: the connection must be closed. A frame
    in pieces just before is not trusted: one cut short is filled up with the head of the next.
    """

    def __init__(self) -> None:
        self._buffer = b""
        self.broken = ""

    @property
    def halfway(self) -> bool:
        """Whether part of a frame has come."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> list[Adu]:
        """The frames completed by `data`, in order."""
        frames: list[Adu] = []
        pieced, buffer, place = bool(self._buffer), self._buffer + data, 0
        while len(buffer) - place >= 7 and not self.broken:
            transaction, protocol, length, unit = _HEADER.unpack_from(buffer, place)
            if protocol != 0:
                self.broken = f"protocol id {protocol} is not Modbus"
            elif not 2 <= length <= MAX_ADU - 6:
                self.broken = f"length {length} is not possible"
            elif len(buffer) < place + 6 + length:
                break
            else:
                frames.append(Adu(transaction, unit, buffer[place + 7 : place + 6 + length]))
                place += 6 + length
        self._buffer = b"" if self.broken else buffer[place:]
        return [] if self.broken and pieced and len(frames) == 1 else frames


def encode_adu(transaction: int, unit: int, pdu: bytes) -> bytes:
    """A frame on the wire."""
    return _HEADER.pack(transaction, 0, len(pdu) + 1, unit) + pdu


def encode_request(request: Request) -> bytes:
    """The PDU of a request; ValueError for what the specification does not allow."""
    function, address, count = request.function, request.address, request.count
    if function in _READ_LIMIT:
        if not 1 <= count <= _READ_LIMIT[function]:
            raise ValueError(f"function {function} cannot read {count} values")
        return _THREE.pack(function, address, count)
    if function == WRITE_COIL:
        return _THREE.pack(function, address, 0xFF00 if request.values[0] else 0)
    if function == WRITE_REGISTER:
        return _THREE.pack(function, address, request.values[0])
    if function in (WRITE_COILS, WRITE_REGISTERS):
        return _encode_write_many(request)
    if function == IDENTIFY:
        return bytes((IDENTIFY, _MEI, address, count))
    raise ValueError(f"function {function} is not supported")


def decode_request(pdu: bytes) -> Request | Refusal:
    """The request in a PDU, or the exception it deserves (specification, section 7)."""
    function = pdu[0] if pdu else 0
    if function in _READ_LIMIT:
        return _decode_read(function, pdu)
    if function in (WRITE_COIL, WRITE_REGISTER):
        return _decode_write_one(function, pdu)
    if function in (WRITE_COILS, WRITE_REGISTERS):
        return _decode_write_many(function, pdu)
    if function == IDENTIFY and len(pdu) == 4 and pdu[1] == _MEI:
        if 1 <= pdu[2] <= 4:
            return Request(IDENTIFY, pdu[2], pdu[3])
        return Refusal(IDENTIFY, ILLEGAL_VALUE)
    return Refusal(function & 0x7F, ILLEGAL_FUNCTION)


def encode_reply(reply: Reply) -> bytes:
    """The PDU of a reply."""
    function = reply.function
    if reply.exception:
        return bytes((function | 0x80, reply.exception))
    if function in _BITS:
        packed = pack_bits(reply.values)
        return bytes((function, len(packed))) + packed
    if function in _REGISTERS:
        return bytes((function, 2 * len(reply.values))) + pack_registers(reply.values)
    if function == WRITE_COIL:
        return _THREE.pack(function, reply.address, 0xFF00 if reply.values[0] else 0)
    if function == WRITE_REGISTER:
        return _THREE.pack(function, reply.address, reply.values[0])
    if function == IDENTIFY:
        return _encode_identity(reply)
    return _THREE.pack(function, reply.address, reply.count)


def decode_reply(request: Request, pdu: bytes) -> Reply | BadReply:
    """The reply to `request` in a PDU, or why it cannot be one."""
    function = request.function
    if len(pdu) == 2 and pdu[0] == function | 0x80:
        return Reply(function, exception=pdu[1])
    if not pdu or pdu[0] != function:
        return BadReply(f"function {pdu[0] if pdu else 'none'} answers function {function}")
    if function in _READ_LIMIT:
        return _decode_values(request, pdu)
    if function == IDENTIFY:
        return _decode_identity(pdu)
    return _decode_echo(request, pdu)


def pack_bits(values: Sequence[int]) -> bytes:
    """Bits in bytes, the first in the lowest bit, the last byte filled up with zeros."""
    number = sum(1 << place for place, value in enumerate(values) if value)
    return number.to_bytes((len(values) + 7) // 8, "little")


def unpack_bits(data: bytes, count: int) -> tuple[int, ...]:
    """The first `count` bits of packed bytes, as 0 or 1."""
    number = int.from_bytes(data, "little")
    return tuple(number >> place & 1 for place in range(count))


def pack_registers(values: Sequence[int]) -> bytes:
    """Registers on the wire, high byte first."""
    return struct.pack(f">{len(values)}H", *values)


def unpack_registers(data: bytes) -> tuple[int, ...]:
    """Registers from the wire; the number of bytes must be even."""
    return struct.unpack(f">{len(data) // 2}H", data)


def _encode_write_many(request: Request) -> bytes:
    values = request.values
    bits = request.function == WRITE_COILS
    if not 1 <= len(values) <= (MAX_WRITE_BITS if bits else MAX_WRITE_REGISTERS):
        raise ValueError(f"function {request.function} cannot write {len(values)} values")
    data = pack_bits(values) if bits else pack_registers(values)
    head = _THREE.pack(request.function, request.address, len(values))
    return head + bytes((len(data),)) + data


def _decode_read(function: int, pdu: bytes) -> Request | Refusal:
    if len(pdu) != 5:
        return Refusal(function, ILLEGAL_VALUE)
    _, address, count = _THREE.unpack(pdu)
    if not 1 <= count <= _READ_LIMIT[function]:
        return Refusal(function, ILLEGAL_VALUE)
    if address + count > 0x10000:
        return Refusal(function, ILLEGAL_ADDRESS)
    return Request(function, address, count)


def _decode_write_one(function: int, pdu: bytes) -> Request | Refusal:
    if len(pdu) != 5:
        return Refusal(function, ILLEGAL_VALUE)
    _, address, value = _THREE.unpack(pdu)
    if function == WRITE_REGISTER:
        return Request(function, address, 1, (value,))
    if value not in (0, 0xFF00):
        return Refusal(function, ILLEGAL_VALUE)
    return Request(function, address, 1, (1 if value else 0,))


def _decode_write_many(function: int, pdu: bytes) -> Request | Refusal:
    if len(pdu) < 6:
        return Refusal(function, ILLEGAL_VALUE)
    _, address, count = _THREE.unpack_from(pdu)
    bits = function == WRITE_COILS
    size = (count + 7) // 8 if bits else 2 * count
    if not 1 <= count <= (MAX_WRITE_BITS if bits else MAX_WRITE_REGISTERS):
        return Refusal(function, ILLEGAL_VALUE)
    if pdu[5] != size or len(pdu) != 6 + size:
        return Refusal(function, ILLEGAL_VALUE)
    if address + count > 0x10000:
        return Refusal(function, ILLEGAL_ADDRESS)
    values = unpack_bits(pdu[6:], count) if bits else unpack_registers(pdu[6:])
    return Request(function, address, count, values)


def _decode_values(request: Request, pdu: bytes) -> Reply | BadReply:
    bits = request.function in _BITS
    size = (request.count + 7) // 8 if bits else 2 * request.count
    if len(pdu) != 2 + size or pdu[1] != size:
        return BadReply(f"{len(pdu) - 2} bytes of data, expected {size}")
    values = unpack_bits(pdu[2:], request.count) if bits else unpack_registers(pdu[2:])
    return Reply(request.function, values)


def _decode_echo(request: Request, pdu: bytes) -> Reply | BadReply:
    if request.function in (WRITE_COIL, WRITE_REGISTER):
        if pdu != encode_request(request):
            return BadReply("the echo differs from what was written")
        return Reply(request.function, request.values, address=request.address)
    count = len(request.values)
    if pdu != _THREE.pack(request.function, request.address, count):
        return BadReply("the echo differs from what was written")
    return Reply(request.function, address=request.address, count=count)


def _encode_identity(reply: Reply) -> bytes:
    """Identification, all in one answer (specification, section 6.21)."""
    level = 0x82 if reply.address else 1
    head = bytes((IDENTIFY, _MEI, reply.address or 1, level, 0, 0, len(reply.objects)))
    texts = ((number, text.encode("ascii", "replace")) for number, text in reply.objects)
    return head + b"".join(bytes((number, len(text))) + text for number, text in texts)


def _decode_identity(pdu: bytes) -> Reply | BadReply:
    if len(pdu) < 7 or pdu[1] != _MEI:
        return BadReply("not a device identification")
    objects, place = [], 7
    for _ in range(pdu[6]):
        if len(pdu) < place + 2 or len(pdu) < place + 2 + pdu[place + 1]:
            return BadReply("an object of the identification is cut off")
        end = place + 2 + pdu[place + 1]
        objects.append((pdu[place], pdu[place + 2 : end].decode("ascii", "replace")))
        place = end
    return Reply(IDENTIFY, objects=tuple(objects))
