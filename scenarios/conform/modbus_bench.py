"""What every Modbus test works with: the target, what is expected, and small questions."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from controller.interface.modbus import (
    READ_COILS,
    READ_DISCRETE,
    READ_HOLDING,
    READ_INPUT,
    Reply,
    Request,
)
from controller.interface.points import Value
from scenarios.conform.expected import Expected
from scenarios.conform.master import Master, connected
from scenarios.conform.target import ModbusTarget
from scenarios.conform.verdict import BrokenError, InapplicableError, Latencies, Limits, demand

READS = {
    "coil": READ_COILS,
    "discrete": READ_DISCRETE,
    "holding": READ_HOLDING,
    "input": READ_INPUT,
}
MOST = {"coil": 2000, "discrete": 2000, "holding": 125, "input": 125}
NAMES = {
    1: "illegal function",
    2: "illegal address",
    3: "illegal value",
    4: "device failure",
    5: "acknowledge",
    6: "busy",
    10: "gateway path unavailable",
    11: "gateway target failed to respond",
}


@dataclass(slots=True)
class ModbusBench:
    """The target under test; `sizes` remembers how long each area is."""

    target: ModbusTarget
    expected: Expected
    limits: Limits
    wanted: dict[str, Value] = field(default_factory=dict)
    latencies: Latencies = field(default_factory=Latencies)
    sizes: dict[str, int] = field(default_factory=dict)

    def connected(self) -> AbstractAsyncContextManager[Master]:
        """A connection of its own for one test."""
        return connected(self.target)

    def reads(self, area: str) -> bool:
        """Whether the profile has the function that reads an area."""
        return READS[area] in self.expected.profile.functions

    async def read(self, master: Master, area: str, address: int, count: int) -> tuple[int, ...]:
        """Read a range in as many requests as it takes; BrokenError for an exception."""
        values: list[int] = []
        while count > 0:
            part = min(count, MOST[area])
            reply = await self.try_read(master, area, address, part)
            if reply.exception:
                raise BrokenError(
                    f"{area} {address} to {address + part - 1} cannot be read: {said(reply)}"
                )
            values += reply.values
            address, count = address + part, count - part
        return tuple(values)

    async def try_read(self, master: Master, area: str, address: int, count: int) -> Reply:
        """Read a range in one request."""
        return await master.request(self.target.unit, Request(READS[area], address, count))

    async def size(self, master: Master, area: str) -> int:
        """Return how many registers an area has, from address 0 without a gap (by bisection)."""
        if area not in self.sizes:
            self.sizes[area] = await self._measured(master, area)
        return self.sizes[area]

    async def place(self, master: Master) -> tuple[str, int]:
        """Area and address of something that can be read."""
        if self.expected.panel is not None:
            return self.expected.panel.first
        for area in READS:
            if self.reads(area) and await self.size(master, area):
                return area, 0
        raise InapplicableError("nothing can be read")

    async def span(self, master: Master, area: str) -> tuple[int, int]:
        """First address and number of registers of an area's first block, as one request takes."""
        panel = self.expected.panel
        if panel is None:
            return 0, min(await self.size(master, area), MOST[area])
        block = next(iter(panel.blocks[area]), range(0))
        return block.start, min(len(block), MOST[area])

    @property
    def reader(self) -> int:
        """A function of the profile that reads."""
        return READ_HOLDING if self.reads("holding") else READ_INPUT

    async def _measured(self, master: Master, area: str) -> int:
        low, high = 0, 0x10000
        while low < high:
            middle = (low + high) // 2
            reply = await self.try_read(master, area, middle, 1)
            if reply.exception:
                high = middle
            else:
                low = middle + 1
        return low

    async def refused(self, master: Master, pdu: bytes, code: int, what: str) -> None:
        """Demand that a PDU is refused with this exception code."""
        answer = await master.ask(self.target.unit, pdu)
        wanted = bytes((pdu[0] & 0x7F | 0x80, code))
        demand(
            answer == wanted,
            f"{what}: expected exception {code} ({NAMES[code]}), got {told(answer)}",
        )

    def only(self, *functions: int) -> None:
        """InapplicableError unless the profile has all these functions."""
        missing = [f for f in functions if f not in self.expected.profile.functions]
        if missing:
            raise InapplicableError(f"the profile has no function {missing[0]}")


def said(reply: Reply) -> str:
    """Return a reply's exception in words."""
    return f"exception {reply.exception} ({NAMES.get(reply.exception, 'unknown')})"


def told(pdu: bytes) -> str:
    """Return an answer in words."""
    if len(pdu) == 2 and pdu[0] & 0x80:
        name = NAMES.get(pdu[1], "unknown")
        return f"exception {pdu[1]} ({name}) of function {pdu[0] & 0x7F}"
    return f"an answer ({pdu[:8].hex(' ')})"
