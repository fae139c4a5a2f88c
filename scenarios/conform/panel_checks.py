"""The map of another make's fire panel: its blocks, its words, and what cannot be written."""

from __future__ import annotations

from collections.abc import Callable

from controller.interface.loopwords import (
    ACTIVE,
    ALARM,
    ALL_ONES,
    INACTIVE,
    METRES_FAULT,
    METRES_MOST,
    METRES_UNCLEAR,
    NOT_PROGRAMMED,
    loop_word,
)
from controller.interface.modbus import ILLEGAL_ADDRESS, WRITE_REGISTER, WRITE_REGISTERS
from controller.interface.panels import CGW_MB, MODBUS_GW, NK_ELEMENT
from controller.interface.registers import to_value
from scenarios.conform.master import Master
from scenarios.conform.modbus_bench import READS, ModbusBench
from scenarios.conform.panelmap import PanelMap
from scenarios.conform.verdict import InapplicableError, demand

_NK_MOST = 0b11
_ACKNOWLEDGE = 12
_ENABLE = 0x0400


async def walk_blocks(bench: ModbusBench, panel: PanelMap, master: Master, area: str) -> str:
    """Every block can be read to its end, alone and in the longest requests; holes refuse."""
    blocks = panel.blocks[area]
    for block in blocks:
        for address in {block.start, block.stop - 1}:
            await bench.read(master, area, address, 1)
        await bench.read(master, area, block.start, len(block))
    past = panel.past(area)
    for address, count in (*((a, 1) for a in past), (0xFFFF, 2)):
        pdu = bytes((READS[area],)) + address.to_bytes(2) + count.to_bytes(2)
        what = f"{area} {address}, which no panel of this make has"
        await bench.refused(master, pdu, ILLEGAL_ADDRESS, what)
    told = ", ".join(f"{b.start} to {b.stop - 1}" if len(b) > 1 else f"{b.start}" for b in blocks)
    return f"{told or 'none'}; refused: {', '.join(map(str, (*past, 65536)))}"


async def loop_words(bench: ModbusBench, panel: PanelMap) -> str:
    """What is said of the loop's devices are words of this make; those of the I/O list are there.

    InapplicableError where nothing says which registers are a device's.
    """
    async with bench.connected() as master:
        if panel.make in ("notifier", "notifier-cgw"):
            return await _notifier(bench, panel, master)
        if bench.expected.listed is None:
            raise InapplicableError("say with --site which devices are behind this unit")
        seen = [await _state(bench, panel, master, number) for number in sorted(panel.loop)]
    return ", ".join(seen)


async def states_only_read(bench: ModbusBench, panel: PanelMap) -> str:
    """A write where no command is taken is refused, and what is shown there stays."""
    area, address = "holding", await _unprogrammed(bench, panel)
    if panel.make == "siemens-nk8237":
        area, address = "input", panel.base(NK_ELEMENT)
    async with bench.connected() as master:
        before = await bench.read(master, area, address, 1)
        pdu = bytes((WRITE_REGISTER,)) + address.to_bytes(2) + _ENABLE.to_bytes(2)
        what = f"writing {address}, where no command is taken"
        await bench.refused(master, pdu, panel.refuses, what)
        after = await bench.read(master, area, address, 1)
    demand(before == after, f"{area} {address} was refused and changed all the same")
    return f"{address} refuses to be written"


async def commands_end(bench: ModbusBench, panel: PanelMap) -> str:
    """A write across the end of a command table is refused as a whole."""
    address = panel.status
    async with bench.connected() as master:
        before = await bench.read(master, "holding", address, 1)
        body = address.to_bytes(2) + b"\x00\x02\x04" + 2 * _ACKNOWLEDGE.to_bytes(2)
        what = f"writing holding {address} and {address + 1}"
        await bench.refused(master, bytes((WRITE_REGISTERS,)) + body, panel.refuses, what)
        after = await bench.read(master, "holding", address, 1)
    demand(before == after, f"holding {address} was written although the request was refused")
    return f"holding {address} and {address + 1} together: refused, nothing written"


async def _notifier(bench: ModbusBench, panel: PanelMap, master: Master) -> str:
    points = (MODBUS_GW if panel.make == "notifier" else CGW_MB).points
    words = await bench.read(master, "holding", points.start, len(points))
    used = {a: word for a, word in enumerate(words) if programmed(word)}
    for address, word in used.items():
        legal = bool(word & ACTIVE) != bool(word & INACTIVE)
        demand(legal, f"holding {address} reads 0x{word:04X}, no word of a loop device")
    if bench.expected.listed is not None:
        missing, extra = sorted(panel.loop.keys() - used), sorted(used.keys() - panel.loop)
        demand(not missing, f"holding {missing[:1]} is in the I/O list but not programmed")
        demand(not extra, f"holding {extra[:1]} is programmed but not in the I/O list")
    alarms = sum(loop_word(word).value == ALARM for word in used.values())
    return f"{len(used)} of {len(points)} registers programmed, {alarms} in alarm"


def programmed(word: int) -> bool:
    """Whether a register of a loop has a device: the makers have words for those that have none."""
    return word not in (ALL_ONES, NOT_PROGRAMMED)


async def _state(bench: ModbusBench, panel: PanelMap, master: Master, number: int) -> str:
    """One device's state, as its make says it."""
    device = panel.loop[number]
    point = next(p for p in device.points if p.name == "state")
    at = point.binding
    raw = await bench.read(master, at.area, at.address, 1)
    legal = at.as_type not in _LEGAL or _LEGAL[at.as_type](raw[0])
    demand(legal, f"{at.area} {at.address} reads {raw[0]}, which means nothing")
    value, quality = to_value(at, raw)
    unclear = at.as_type == "loop-metres" and raw[0] == METRES_UNCLEAR
    return f"{device.id} {value} ({quality})" + (": 1 is a fault and also 1 m" if unclear else "")


_LEGAL: dict[str, Callable[[int], bool]] = {
    "loop-nk": lambda word: word <= _NK_MOST,
    "loop-metres": lambda word: word <= METRES_MOST or word == METRES_FAULT,
}


async def _unprogrammed(bench: ModbusBench, panel: PanelMap) -> int:
    """The last register of the points that has no device."""
    if panel.make == "siemens-nk8237":
        return 0
    points = (MODBUS_GW if panel.make == "notifier" else CGW_MB).points
    async with bench.connected() as master:
        for address in reversed(points):
            if not programmed((await bench.read(master, "holding", address, 1))[0]):
                return address
    raise InapplicableError("every register of the loops is programmed")
