"""What a gateway may be asked: to read a block, or to take a command."""

from __future__ import annotations

from dataclasses import dataclass

from controller.drivers.pollplan import Block
from controller.interface import modbus
from controller.interface.modbus import Request
from controller.interface.points import Binding


@dataclass(slots=True)
class Reading:
    """A block of the poll plan, the bytes that ask for it, and what was last read there.

    `fresh`: not read yet on this connection; `zeros`: the first reading was all zeros.
    """

    block: Block
    asks: bytes
    pdu: bytes = b""
    values: tuple[int, ...] = ()
    asked_ms: int = -1
    fresh: bool = True
    zeros: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """A command as a request; from `urgent_ms` on it waits for no other reply."""

    command: str
    unit: int
    request: Request
    urgent_ms: int


@dataclass(slots=True)
class Pending:
    """A request on its way; `tries` counts sendings of it."""

    job: Reading | Write
    sent_ms: int
    tries: int


def as_reading(block: Block) -> Reading:
    """A block with nothing read yet."""
    return Reading(block, modbus.encode_request(block.request))


def as_request(binding: Binding, raw: tuple[int, ...]) -> Request:
    """The request that writes raw bits or registers: FC 5, 6 or 16."""
    if binding.area == "coil":
        return Request(modbus.WRITE_COIL, binding.address, 1, raw)
    if len(raw) == 1:
        return Request(modbus.WRITE_REGISTER, binding.address, 1, raw)
    return Request(modbus.WRITE_REGISTERS, binding.address, len(raw), raw)
