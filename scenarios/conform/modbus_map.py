"""Identity, functions, the edges of the register map, and what must not be written."""

from __future__ import annotations

from controller.interface.loopwords import (
    ACTIVE,
    INACTIVE,
    LOOP_TYPES,
    NOT_PROGRAMMED,
    loop_bits,
    loop_word,
)
from controller.interface.modbus import (
    IDENTIFY,
    ILLEGAL_ADDRESS,
    ILLEGAL_FUNCTION,
    READ_HOLDING,
    WRITE_REGISTER,
    WRITE_REGISTERS,
    Request,
)
from controller.interface.registers import to_value
from devices.profile import AREAS
from scenarios.conform.master import Master
from scenarios.conform.modbus_bench import READS, ModbusBench, said
from scenarios.conform.panel_checks import (
    commands_end,
    loop_words,
    states_only_read,
    walk_blocks,
)
from scenarios.conform.verdict import BrokenError, Check, InapplicableError, demand
from scenarios.emulate.forcing import LOOP

_LIKELY_PDUS = {
    1: "0100000001", 2: "0200000001", 3: "0300000001", 4: "0400000001", 5: "0500000000",
    6: "0600000000", 7: "07", 8: "0800000000", 11: "0b", 12: "0c", 15: "0f000000010100",
    16: "100000000102 0000", 17: "11", 20: "1407060000000000 01", 22: "160000ffff0000",
    23: "17000000010000000102 0000", 24: "180000", 43: "2b0e0100", 100: "64",
}  # fmt: skip
"""A well-formed request of each function, which writes zeros if it writes at all."""

_MOST_PASSES = 10_000_000
"""More people than go through any door: the words are the wrong way round."""


async def _identity(bench: ModbusBench) -> str:
    bench.only(IDENTIFY)
    async with bench.connected() as master:
        reply = await master.request(bench.target.unit, Request(IDENTIFY, 1, 0))
    demand(not reply.exception, f"43/14 is refused: {said(reply)}")
    texts = dict(reply.objects)
    for number, name in enumerate(("vendor", "product code", "revision")):
        demand(bool(texts.get(number)), f"the identification has no {name} (object {number})")
    return ", ".join(texts[number] for number in sorted(texts))


async def _functions(bench: ModbusBench) -> str:
    have = bench.expected.profile.functions
    async with bench.connected() as master:
        for function, pdu in _LIKELY_PDUS.items():
            if function in have:
                continue
            what = f"function {function}, which the profile has not"
            await bench.refused(master, bytes.fromhex(pdu), ILLEGAL_FUNCTION, what)
        for function in have:
            if function in READS.values():
                likely = bytes.fromhex(_LIKELY_PDUS[function])
                answer = await master.ask(bench.target.unit, likely)
                refused = answer == bytes((function | 0x80, ILLEGAL_FUNCTION))
                demand(not refused, f"function {function} is refused, but the profile has it")
    return f"has {', '.join(map(str, have))}; refuses {len(_LIKELY_PDUS) - len(have)} others"


def _edges(area: str) -> Check[ModbusBench]:
    async def run(bench: ModbusBench) -> str:
        if not bench.reads(area):
            raise InapplicableError(f"the profile has no function {READS[area]}")
        async with bench.connected() as master:
            if bench.expected.panel is not None:
                return await walk_blocks(bench, bench.expected.panel, master, area)
            return await _walk(bench, master, area)

    return Check(f"map.{area}", f"{area}: first, last and one past the end", run)


async def _walk(bench: ModbusBench, master: Master, area: str) -> str:
    profile = bench.expected.profile
    least = dict(zip(AREAS, profile.sizes, strict=True))[area]
    bound = bench.expected.bound(area)
    size = await bench.size(master, area)
    demand(size >= least, f"{area} 0 to {least - 1} must be there, it ends at {size - 1}")
    last = max(bound, default=-1)
    demand(size > last, f"the I/O list has {area} {last}, the device ends at {size - 1}")
    grown = size % profile.block == 0 or size in (least, 0x10000)
    demand(grown, f"{area} ends at {size - 1}: the end of no block of {profile.block}")
    if size == 0:
        return "none, as the profile allows"
    for address in {0, size - 1, *bound}:
        await bench.read(master, area, address, 1)
    function = READS[area]
    for address, count in ((size, 1), (size - 1, 2), (65535, 2)):
        if size < 0x10000 or address == 65535:
            pdu = bytes((function,)) + address.to_bytes(2) + count.to_bytes(2)
            what = f"{area} {address} and {count - 1} more, past the end"
            await bench.refused(master, pdu, ILLEGAL_ADDRESS, what)
    return f"0 to {size - 1}; one past the end: illegal address"


async def _loop(bench: ModbusBench) -> str:
    """Every register of the loop is a legal word; those in the I/O list are programmed."""
    if bench.expected.panel is not None:
        return await loop_words(bench, bench.expected.panel)
    if bench.expected.name != "fire-panel":
        raise InapplicableError("the profile has no loop")
    async with bench.connected() as master:
        size = await bench.size(master, "holding")
        words = await bench.read(master, "holding", 0, size)
    used = {a: word for a, word in enumerate(words) if word != NOT_PROGRAMMED}
    _programmed(bench, used)
    for address, word in used.items():
        legal = word == 0 or bool(word & ACTIVE) != bool(word & INACTIVE)
        demand(legal, f"holding {address} reads 0x{word:04X}, no word of a loop device")
    alarms = sum(loop_word(word).value == "alarm" for word in used.values())
    return f"{len(used)} of {size} registers programmed, {alarms} in alarm"


def _programmed(bench: ModbusBench, used: dict[int, int]) -> None:
    if bench.expected.listed is None:
        return
    bound = bench.expected.bound("holding")
    missing, extra = sorted(bound - used.keys()), sorted(used.keys() - bound)
    demand(not missing, f"holding {missing[:1]} is in the I/O list but not programmed")
    demand(not extra, f"holding {extra[:1]} is programmed but not in the I/O list")


async def _read_only(bench: ModbusBench) -> str:
    """A register that is no output refuses to be written, and keeps its value."""
    bench.only(READ_HOLDING, WRITE_REGISTER)
    if bench.expected.panel is not None:
        return await states_only_read(bench, bench.expected.panel)
    address = _not_writable(bench)
    if address is None:
        raise InapplicableError("every holding register is an output or a spare one")
    async with bench.connected() as master:
        before = await bench.read(master, "holding", address, 1)
        body = address.to_bytes(2) + (before[0] ^ 0x0800).to_bytes(2)
        what = f"writing holding {address}, which is no output"
        await bench.refused(master, bytes((WRITE_REGISTER,)) + body, ILLEGAL_ADDRESS, what)
        after = await bench.read(master, "holding", address, 1)
    demand(before == after, f"holding {address} was refused and changed all the same")
    return f"holding {address} refuses to be written"


def _not_writable(bench: ModbusBench) -> int | None:
    reads = [
        p for p in bench.expected.points.values() if p.binding.area == "holding" and not p.write
    ]
    if reads:
        return reads[0].binding.address
    return None if bench.expected.profile.spares else 0


async def _past_end(bench: ModbusBench) -> str:
    """A write that begins inside and ends outside is refused as a whole."""
    bench.only(READ_HOLDING, WRITE_REGISTERS)
    if bench.expected.panel is not None:
        return await commands_end(bench, bench.expected.panel)
    async with bench.connected() as master:
        size = await bench.size(master, "holding")
        if size == 0x10000:
            raise InapplicableError("every address can be written")
        demand(size > 0, "holding 0 cannot be read: there is no end to write past")
        last = size - 1
        before = await bench.read(master, "holding", last, 1)
        body = last.to_bytes(2) + b"\x00\x02\x04" + (before[0] ^ 1).to_bytes(2) + b"\x00\x01"
        pdu = bytes((WRITE_REGISTERS,)) + body
        await bench.refused(master, pdu, ILLEGAL_ADDRESS, f"writing holding {last} and {size}")
        after = await bench.read(master, "holding", last, 1)
    demand(before == after, f"holding {last} was written although the request was refused")
    return f"holding {last} and {size} together: refused, nothing written"


async def _words(bench: ModbusBench) -> str:
    """Two-register counters make sense in the declared order of words; forced values agree."""
    doubles = [p for p in bench.expected.points.values() if p.binding.as_type == "u32"]
    if not bench.wanted and not doubles and bench.expected.name != "gate-board":
        raise InapplicableError("no counter of two registers, and no --expect POINT=VALUE")
    async with bench.connected() as master:
        for name, wanted in bench.wanted.items():
            await _agrees(bench, master, name, wanted)
        pairs = [p.binding.address for p in doubles]
        if bench.expected.listed is None:
            pairs = list(range(0, await bench.size(master, "input") - 1, 2))
        swapped = 0
        for address in pairs:
            high, low = await bench.read(master, "input", address, 2)
            demand(
                high << 16 | low <= _MOST_PASSES or low << 16 | high > _MOST_PASSES,
                f"input {address} reads {high << 16 | low} people; with the words the other way "
                f"round {low << 16 | high}: low word first",
            )
            swapped += bool(high or low)
    if not swapped and not bench.wanted:
        raise InapplicableError("every counter is 0: let one count, or use --expect POINT=VALUE")
    return f"{swapped} counters and {len(bench.wanted)} expected values agree"


async def _agrees(bench: ModbusBench, master: Master, name: str, wanted: object) -> None:
    binding = bench.expected.points[name].binding
    raw = await bench.read(master, binding.area, binding.address, binding.width)
    value, quality = to_value(binding, raw)
    if binding.as_type not in LOOP_TYPES:
        agrees = value == wanted
    elif isinstance(wanted, int):
        agrees = loop_bits(binding.as_type, raw[0], binding.bit) == wanted
    else:
        agrees = (value, quality) == LOOP[str(wanted)]
    if not agrees:
        words = " ".join(f"0x{word:04X}" for word in raw)
        raise BrokenError(f"{name} reads {value} ({quality}, {words}), expected {wanted}")


MAP: tuple[Check[ModbusBench], ...] = (
    Check("identity", "device identification, 43/14", _identity),
    Check("functions", "functions of the profile, and no others", _functions),
    *(_edges(area) for area in AREAS),
    Check("map.loop", "loop registers are words of loop devices", _loop),
    Check("map.words", "order of words in counters, expected values", _words),
    Check("write.read-only", "what is no output refuses to be written", _read_only, writes=True),
    Check("write.past-end", "a write across the end writes nothing", _past_end, writes=True),
)
