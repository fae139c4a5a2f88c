"""What masters stumble over on panels of other makes: tables that must agree, commands, clients."""

from __future__ import annotations

from collections.abc import Iterable

from controller.interface.clock import pause
from controller.interface.loopwords import ACTIVE, ALARM, loop_word
from controller.interface.modbus import ILLEGAL_FUNCTION, ILLEGAL_VALUE, WRITE_REGISTER, Request
from controller.interface.panels import CGW_MB, NK_ELEMENT
from scenarios.conform.master import Master
from scenarios.conform.modbus_bench import ModbusBench, said
from scenarios.conform.panel_checks import programmed
from scenarios.conform.panelmap import PanelMap
from scenarios.conform.target import UnreachableError
from scenarios.conform.verdict import BrokenError, Check, InapplicableError, demand

_ANALOGUE = 16
"""Analogue values that are looked at."""

_ZONE_TYPE = 0x71
_ACK_POINT, _ACKNOWLEDGE, _NO_CODE = 0x0200, 12, 7
_AFTER_S = 0.3
"""How long a register is given to show a command's effect."""


def _panel(bench: ModbusBench, *makes: str) -> PanelMap:
    panel = bench.expected.panel
    if panel is None or panel.make not in makes:
        raise InapplicableError("the make has no such thing")
    return panel


async def _analogue(bench: ModbusBench) -> str:
    """Analogue values are zeros at the first read; reading them begins their polling."""
    panel = _panel(bench, "notifier-cgw")
    first, wait_s = CGW_MB.analogue.start, int(panel.card.settings["analogue-timeout"]) + 1
    async with bench.connected() as master:
        values = await bench.read(master, "input", first, _ANALOGUE)
        if any(values):  # a master has polled them not long ago
            await pause(wait_s)
            values = await bench.read(master, "input", first, _ANALOGUE)
        told = f"input {first} reads {max(values)} at the first read"
        demand(not any(values), f"{told}, not 0; or does another master poll it?")
        second = await bench.read(master, "input", first, _ANALOGUE)
    if not any(second):
        raise InapplicableError("every analogue value is 0: let one be another")
    return f"input {first}: 0 at the first read, then {max(second)}"


async def _tables(bench: ModbusBench) -> str:
    """Tables that say the same of a device in other words agree."""
    panel = _panel(bench, "notifier-cgw", "siemens-nk8237")
    async with bench.connected() as master:
        if panel.make == "notifier-cgw":
            return await _honeywell(bench, panel, master)
        return await _siemens(bench, panel, master)


async def _honeywell(bench: ModbusBench, panel: PanelMap, master: Master) -> str:
    """Types stand exactly where points are programmed; troubles are counted; zones follow."""
    points = await bench.read(master, "holding", CGW_MB.points.start, len(CGW_MB.points))
    types = await bench.read(master, "input", CGW_MB.types.start, len(CGW_MB.types))
    for address, (word, code) in enumerate(zip(points, types, strict=True)):
        demand(programmed(word) == bool(code), f"point {address} reads 0x{word:04X}, type {code}")
    count, *bits = await bench.read(master, "holding", CGW_MB.troubles.start, len(CGW_MB.troubles))
    standing = sum(bits)
    demand(count == standing, f"{count} troubles are counted, {standing} stand in their registers")
    zones = await bench.read(master, "holding", CGW_MB.zones.start, len(panel.zones) or 1)
    for zone, word in zip(panel.zones, zones, strict=False):
        loop = (slot for slot, device in panel.loop.items() if device.zone == zone)
        alarm = any(loop_word(points[slot]).value == ALARM for slot in loop)
        demand(bool(word & ACTIVE) == alarm, f"zone {zone} reads 0x{word:04X}, its points differ")
        right = not word & ACTIVE or word & 0xFF == _ZONE_TYPE
        demand(right, f"zone {zone} reads 0x{word:04X}: an active zone has type 0x71")
    return f"{sum(map(bool, types))} types, {count} troubles, {len(panel.zones)} zones agree"


async def _siemens(bench: ModbusBench, panel: PanelMap, master: Master) -> str:
    """The compact words and the tables of bits agree, element by element; zones follow."""
    if bench.expected.listed is None:
        raise InapplicableError("say with --site which elements there are")
    size = max(panel.loop) + 1
    words = await bench.read(master, "input", panel.base(NK_ELEMENT), size)
    faults, alarms = [word & 1 for word in words], [word >> 1 & 1 for word in words]
    for table, wanted in (("element-fault", faults), ("element-active", alarms)):
        bits = await _bits(bench, master, panel.base(table), size)
        wrong = [n for n, (bit, want) in enumerate(zip(bits, wanted, strict=True)) if bit != want]
        demand(not wrong, f"element {wrong[:1]}: the compact word and {table} differ")
    told = await _bits(bench, master, panel.base("zone-alarm"), len(panel.zones))
    for (zone, devices), bit in zip(panel.zones.items(), told, strict=True):
        inside = {device.id for device in devices}
        alarm = any(alarms[slot] for slot, device in panel.loop.items() if device.id in inside)
        demand(bool(bit) == alarm, f"zone {zone} alarm is {bit}, its elements differ")
    return f"{size} elements and {len(panel.zones)} zones agree"


async def _bits(bench: ModbusBench, master: Master, base: int, count: int) -> list[int]:
    words = await bench.read(master, "input", base, -(-count // 16))
    return [words[n // 16] >> n % 16 & 1 for n in range(count)]


async def _commands(bench: ModbusBench) -> str:
    """The panel takes its maker's codes and no others; what a register reads afterwards."""
    panel = _panel(bench, "notifier", "notifier-cgw", "siemens-nk8237")
    status = panel.status
    async with bench.connected() as master:
        wrong = bytes((WRITE_REGISTER,)) + status.to_bytes(2) + _NO_CODE.to_bytes(2)
        if panel.refuses == ILLEGAL_FUNCTION:
            await bench.refused(master, wrong, ILLEGAL_FUNCTION, "a command without an agreement")
            return "there is no agreement with the maker: every write is refused"
        what = f"the code {_NO_CODE} at holding {status}"
        await bench.refused(master, wrong, ILLEGAL_VALUE, what)
        if panel.make == "siemens-nk8237":
            await _taken(bench, master, status, _ACKNOWLEDGE)
            kept = (await bench.read(master, "holding", status, 1))[0]
            demand(kept == _ACKNOWLEDGE, f"holding {status} reads {kept}: the last code is kept")
            return f"holding {status} takes 12 and keeps it; {_NO_CODE} is an illegal value"
        return await _acknowledge(bench, panel, master)


async def _acknowledge(bench: ModbusBench, panel: PanelMap, master: Master) -> str:
    """A point takes AckPoint and goes on showing its state, not the code."""
    address = next(iter(panel.loop), None)
    if address is None:
        raise InapplicableError("say with --site which points are programmed")
    await _taken(bench, master, address, _ACK_POINT)
    await pause(_AFTER_S)
    word = (await bench.read(master, "holding", address, 1))[0]
    demand(word != _ACK_POINT, f"holding {address} reads back the code, not the point's state")
    return f"holding {address} takes 0x{_ACK_POINT:04X} and shows 0x{word:04X}"


async def _taken(bench: ModbusBench, master: Master, address: int, code: int) -> None:
    request = Request(WRITE_REGISTER, address, 1, (code,))
    reply = await master.request(bench.target.unit, request)
    demand(not reply.exception, f"the code {code} at holding {address} is refused: {said(reply)}")


async def _clients(bench: ModbusBench) -> str:
    """As many masters are served as the maker says, and one more is turned away."""
    panel = _panel(bench, "siemens-nk8237")
    most = panel.card.clients
    masters: list[Master] = []
    try:
        for _ in range(most):
            masters.append(await Master.dial(bench.target))
            demand(await _served(bench, masters[-1:]) == 1, f"client {len(masters)} is not served")
        masters.append(await Master.dial(bench.target))
        more = await _served(bench, masters[-1:])
        left = await _served(bench, masters[:-1])
    except UnreachableError as error:
        raise BrokenError(f"client {len(masters) + 1}: {error}") from None
    finally:
        for master in masters:
            await master.close()
    demand(more == 0, f"{most} clients may be served; client {most + 1} is too")
    demand(left == most, f"of {most} clients {left} are still served when one more came")
    return f"{most} clients are served, one more is not"


async def _served(bench: ModbusBench, masters: Iterable[Master]) -> int:
    """How many of these get an answer."""
    count = 0
    for master in masters:
        area, address = await bench.place(master)
        try:
            count += not (await bench.try_read(master, area, address, 1)).exception
        except (BrokenError, OSError):
            continue
    return count


FIRST: tuple[Check[ModbusBench], ...] = (
    Check("panel.analogue", "analogue values: zeros at the first read", _analogue),
)
PANEL: tuple[Check[ModbusBench], ...] = (
    Check("panel.tables", "tables that say the same agree", _tables),
    Check("panel.commands", "the maker's codes, and no others", _commands, writes=True),
    Check("panel.clients", "as many clients as the maker says", _clients),
)
