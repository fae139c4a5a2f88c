"""Outputs read back as written, command registers clear themselves; response time, soak, power."""

from __future__ import annotations

from controller.interface.clock import pause, wall_ms
from controller.interface.kinds import KINDS
from controller.interface.modbus import WRITE_COIL, WRITE_COILS, WRITE_REGISTER, Request
from scenarios.conform.cycle import power_cycle
from scenarios.conform.master import Master
from scenarios.conform.modbus_bench import READS, ModbusBench, said
from scenarios.conform.target import UnreachableError
from scenarios.conform.verdict import (
    BrokenError,
    Check,
    InapplicableError,
    demand,
    quantile,
)

ANSWER_P99_MS = 500.0
"""Half of the shortest time-out in use (0.5 to 1 s): slower than this and polls are missed."""

_ASKED = 200
_POLL_S = 0.01
_BEATS = 3
_BACK_MS = 60_000

REPLY = "request to answer"
"""What the latencies of the response time are kept under."""

Place = tuple[str, int]
"""Area and address."""


async def write(bench: ModbusBench, master: Master, area: str, address: int, raw: int) -> None:
    """Write one output; BrokenError if it is refused."""
    function = WRITE_COIL if area == "coil" else WRITE_REGISTER
    request = Request(function, address, 1, (raw,))
    reply = await master.request(bench.target.unit, request)
    demand(not reply.exception, f"writing {raw} to {area} {address} is refused: {said(reply)}")


async def _echo(bench: ModbusBench) -> str:
    """An output that is written reads back as written, alone and in a row."""
    area, address = _free_output(bench)
    async with bench.connected() as master:
        before = (await bench.read(master, area, address, 1))[0]
        try:
            for raw in (1, 0, 1):
                await write(bench, master, area, address, raw)
                seen = (await bench.read(master, area, address, 1))[0]
                demand(seen == raw, f"{area} {address}: {raw} written, {seen} read back")
            await _row(bench, master, area, address)
        finally:
            await write(bench, master, area, address, before)
    return f"{area} {address} reads back as written"


def _free_output(bench: ModbusBench) -> Place:
    """An output that the I/O list does not use; without a list, the last of its area."""
    areas = bench.expected.areas
    if not areas or not bench.expected.profile.spares:
        raise InapplicableError("the profile has no spare outputs")
    used = bench.expected.bound(areas[0])
    size = bench.sizes.get(areas[0], 16)
    free = [address for address in range(size) if address not in used]
    if not free:
        raise InapplicableError(f"the I/O list uses every {areas[0]}")
    return areas[0], free[-1]


async def _row(bench: ModbusBench, master: Master, area: str, address: int) -> None:
    functions = bench.expected.profile.functions
    if area == "coil" and WRITE_COILS in functions:
        request = Request(WRITE_COILS, address, 1, (0,))
        reply = await master.request(bench.target.unit, request)
        demand(not reply.exception, f"function 15 at coil {address} is refused: {said(reply)}")
        seen = (await bench.read(master, area, address, 1))[0]
        demand(seen == 0, f"function 15 wrote 0 to coil {address}, {seen} is read back")


async def _pulse(bench: ModbusBench) -> str:
    """A command register takes 1, acts and goes back to 0 by itself."""
    if bench.expected.name not in KINDS:
        raise InapplicableError("the profile has no command registers")
    roles = [role for role in KINDS[bench.expected.name].points.values() if role.pulse]
    role = next((r for r in roles if r.name == "silence"), None)
    if role is None:
        raise InapplicableError("the profile has no command register that is safe to try")
    bound = [p.binding.address for p in bench.expected.points.values() if p.name == role.name]
    address = bound[0] if bound else role.offset
    async with bench.connected() as master:
        await write(bench, master, role.area, address, 1)
        deadline = wall_ms() + 2000
        while (await bench.read(master, role.area, address, 1))[0]:
            demand(wall_ms() < deadline, f"{role.name} still reads 1 after 2 s")
            await pause(_POLL_S)
    return f"{role.name} ({role.area} {address}) was taken and went back to 0"


async def _heartbeat(bench: ModbusBench) -> str:
    """The heartbeat register counts seconds; it neither stands still nor jumps."""
    place = _beat(bench)
    async with bench.connected() as master:
        first = (await bench.read(master, *place, 1))[0]
        began, steps, seen = wall_ms(), 0, first
        while wall_ms() - began < _BEATS * 1000 + 200:
            value = (await bench.read(master, *place, 1))[0]
            if value != seen:
                grown = (value - seen) % 0x10000
                demand(grown <= 2, f"the heartbeat went from {seen} to {value}")
                steps, seen = steps + grown, value
            await pause(_POLL_S)
    text = f"the heartbeat ({place[0]} {place[1]}) counted {steps} in {_BEATS} s"
    demand(_BEATS - 1 <= steps <= _BEATS + 1, f"{text}, not one a second")
    return text


def _beat(bench: ModbusBench) -> Place:
    listed = [p.binding for p in bench.expected.points.values() if p.name == "heartbeat"]
    if listed and listed[0].area == "input":
        return listed[0].area, listed[0].address
    kind = KINDS.get(bench.expected.name)
    role = kind.points.get("heartbeat") if kind is not None else None
    if role is None or bench.expected.listed is not None:
        raise InapplicableError("the profile has no heartbeat register")
    return role.area, role.offset


async def _timing(bench: ModbusBench) -> str:
    """How long an answer takes, over 200 reads one after the other."""
    times: list[float] = []
    async with bench.connected() as master:
        area, address = await bench.place(master)
        for _ in range(_ASKED):
            reply = await bench.try_read(master, area, address, 1)
            demand(not reply.exception, f"{area} {address} cannot be read: {said(reply)}")
            times.append(master.took_ms)
            bench.latencies.add(REPLY, master.took_ms)
    text = f"{_ASKED} reads: p50 {quantile(times, 0.5):.1f} ms, p99 {quantile(times, 0.99):.1f} ms"
    demand(quantile(times, 0.99) <= ANSWER_P99_MS, f"{text}; p99 must be <= {ANSWER_P99_MS:g} ms")
    return text


async def _power(bench: ModbusBench) -> str:
    """After a power cycle the unit is back, and its outputs are off."""
    command = bench.limits.power_cycle
    if not command:
        raise InapplicableError("give --power-cycle CMD that switches the device off and on")
    area = bench.expected.areas[0] if bench.expected.areas else ""
    if not area:
        raise InapplicableError("the profile has no outputs that stay")
    async with bench.connected() as master:
        await write(bench, master, area, 1, 1)
    await power_cycle(command)
    began = wall_ms()
    while True:
        try:
            async with bench.connected() as master:
                value = (await bench.read(master, area, 1, 1))[0]
            break
        except (UnreachableError, BrokenError, OSError):
            demand(wall_ms() - began < _BACK_MS, f"not back {_BACK_MS // 1000} s after the cycle")
            await pause(0.2)
    demand(value == 0, f"{area} 1 was on before the power cycle and is on after it")
    return f"back after {(wall_ms() - began) / 1000:.1f} s, {area} 1 is off"


async def _soak(bench: ModbusBench) -> str:
    """Everything is read over and over: every request answered, no exception, no late answer."""
    seconds = bench.limits.soak_s
    if not seconds:
        raise InapplicableError("give --soak SECONDS")
    asked, began = 0, wall_ms()
    async with bench.connected() as master:
        spans = [(a, *await bench.span(master, a)) for a in READS if bench.reads(a)]
        counter = _counter(bench)
        last = -1
        while wall_ms() - began < seconds * 1000:
            for area, first, count in spans:
                if count:
                    reply = await bench.try_read(master, area, first, count)
                    demand(not reply.exception, f"request {asked + 1}: {said(reply)}")
                    bench.latencies.add("soak read", master.took_ms)
                    asked += 1
            if counter is not None:
                value = (await bench.read(master, *counter, 1))[0]
                demand(last < 0 or (value - last) % 0x10000 < 0x8000, f"{counter} ran backwards")
                last = value
            await pause(_POLL_S)
    times = bench.latencies.taken["soak read"]
    return f"{asked} requests in {seconds:g} s, p99 {quantile(times, 0.99):.1f} ms, none unanswered"


def _counter(bench: ModbusBench) -> Place | None:
    try:
        return _beat(bench)
    except InapplicableError:
        return None


ACTING: tuple[Check[ModbusBench], ...] = (
    Check("write.echo", "outputs read back as written", _echo, writes=True),
    Check("write.pulse", "a command register clears itself", _pulse, writes=True),
    Check("heartbeat", "the heartbeat counts seconds", _heartbeat),
    Check("timing", "time from request to answer", _timing),
)
LAST: tuple[Check[ModbusBench], ...] = (
    Check("power-cycle", "after a power cycle outputs are off", _power, writes=True),
    Check("soak", "every request is answered for as long as asked", _soak),
)
