"""What every camera on MQTT must do, whoever made it: payloads, cadence, clock, counts, session."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import partial
from itertools import pairwise

from controller.interface.cameras.dialects import CONNECTION, connected
from controller.interface.clock import wall_ms, wall_us
from scenarios.conform.cameras.bench import CameraBench
from scenarios.conform.cameras.quirks import QUIRKS
from scenarios.conform.cycle import power_cycle
from scenarios.conform.listener import Heard, Listener
from scenarios.conform.session import BACK_MS, soak, throw_out
from scenarios.conform.verdict import Check, InapplicableError, Roll, demand, quantile

SKEW_S = 5.0
"""Camera clocks set by NTP, and a picture's way through the analytics (0.3 to 2 s)."""

MOST_PEOPLE = 1000
"""More than one camera can tell apart."""

_NEWCOMER_MS, _WILL_MS = 3000, 10_000
_PASSED = ("enterRegionPeopleNum", "leaveRegionPeopleNum")
"""Totals, which do not fall while the camera runs."""


FIRST: Roll[CameraBench] = Roll()
LAST: Roll[CameraBench] = Roll()


@FIRST.test("connection", "connection: retained, says that it is there")
async def _connection(bench: CameraBench) -> str:
    """A newcomer hears from the broker's memory that the camera is connected."""
    kept = [heard for heard in await _kept(bench, CONNECTION) if heard.leaf == CONNECTION]
    what = f"`{bench.target.prefix}/{CONNECTION}`"
    demand(bool(kept), f"{what} is not retained: set up its connect message and last will")
    state = connected(kept[0].payload)
    demand(state is not None, f"{what} is {kept[0].payload[:60]!r}, without `connected`")
    demand(bool(state), f"{what} says that it is not connected")
    return "connected, retained"


async def _kept(bench: CameraBench, leaf: str) -> list[Heard]:
    """What a newcomer gets out of the broker's memory."""
    listener = await Listener.open(bench.target, bench.newcomer, leaf)
    try:
        patience = _NEWCOMER_MS if leaf == CONNECTION else _NEWCOMER_MS / 2
        await listener.first(lambda h: leaf == CONNECTION, 0, patience)
        return [heard for heard in listener.heard if heard.retained]
    finally:
        await listener.close()


@FIRST.test("payload", "every message is of the make's form")
async def _payload(bench: CameraBench) -> str:
    """Every message is of the make's form, member by member."""
    await bench.listen(lambda: len(bench.messages()) >= bench.enough)
    said = bench.messages()
    demand(bool(said), f"nothing is said within {bench.make.silence_ms // 1000} s")
    kinds = dict.fromkeys(bench.read(heard).kind for heard in said)
    return f"{len(said)} messages: {', '.join(kinds)}"


@FIRST.test("cadence", "it speaks before it counts as lost")
async def _cadence(bench: CameraBench) -> str:
    """It speaks before a controller would count it as lost."""
    await bench.listen(lambda: len(bench.messages()) >= 2)
    said = bench.messages()
    longest_s = bench.make.silence_ms / 1000
    demand(bool(said), f"nothing is said within {longest_s:g} s")
    gaps = [b.at_ms - a.at_ms for a, b in pairwise(said)]
    for gap in gaps:
        bench.latencies.add("message to message", gap)
    demand(len(said) > 1 or bench.dialect == "milesight", f"one message within {longest_s:g} s")
    worst = max(gaps, default=0) / 1000
    demand(worst <= longest_s, f"silent for {worst:.1f} s; after {longest_s:g} s it counts as lost")
    return f"{len(said)} messages, silent for {worst:.1f} s at most ({longest_s:g} s allowed)"


@FIRST.test("clock", "times are of now and rise")
async def _clock(bench: CameraBench) -> str:
    """Times are those of now, and do not run backwards."""
    await bench.listen(lambda: len(bench.messages()) >= bench.enough)
    said = bench.statements()
    demand(bool(said), "nothing that can be read was said")
    offs = [(one.when - bench.came(heard)).total_seconds() for heard, one in said]
    worst = max(offs, key=abs)
    demand(abs(worst) <= SKEW_S, f"its clock is {worst:+.1f} s off ({SKEW_S:g} s allowed): NTP?")
    last: dict[str, datetime] = {}
    for _, one in said:
        before = last.get(one.kind, one.when)
        back = f"{one.kind}: {one.when:%H:%M:%S} comes after {before:%H:%M:%S}"
        demand(one.when >= before, back)
        last[one.kind] = one.when
    return f"{len(said)} messages, {min(offs):+.1f} to {max(offs):+.1f} s off UTC, never backwards"


@FIRST.test("count", "numbers of people are such, totals never fall")
async def _count(bench: CameraBench) -> str:
    """Numbers of people are such; those who passed do not become fewer."""
    wanted = 2 * bench.enough if bench.dialect == "hikvision" else bench.enough
    await bench.listen(lambda: sum(bool(one.counts) for _, one in bench.statements()) >= wanted)
    for heard in bench.messages():
        bench.read(heard)
    told: dict[str, list[int]] = defaultdict(list)
    for _, one in bench.statements():
        for name, value in one.counts.items():
            demand(0 <= value <= MOST_PEOPLE or name in _PASSED, f"{name} is {value}")
            told[name].append(value)
    demand(bool(told), f"no count is told within {bench.make.silence_ms // 1000} s")
    for name in _PASSED:
        falls = any(b < a for a, b in pairwise(told.get(name, ())))
        demand(not falls, f"{name} falls: {told.get(name)}")
    return ", ".join(f"{name} {min(v)} to {max(v)}" for name, v in told.items())


@LAST.test("retained", "what stays in the broker, and what must not")
async def _retained(bench: CameraBench) -> str:
    """Axis keeps its stateful events in the broker; the others keep nothing but `connection`."""
    await bench.listen(lambda: bool(bench.messages()))
    kept = [heard.leaf for heard in await _kept(bench, "#") if heard.leaf != CONNECTION]
    if bench.dialect == "axis":
        demand(bool(kept), "no event is retained: switch `retain: property` on in the camera")
        return f"{len(kept)} events retained"
    demand(not kept, f"`{kept[0] if kept else ''}` is retained: a dead camera would seem to count")
    return "nothing retained but `connection`"


@LAST.test("will", "the broker says when it is lost; it comes back", writes=True)
async def _will(bench: CameraBench) -> str:
    """The broker says when its session ends; it comes back, and goes on with its own time."""
    began = wall_ms()
    since = await throw_out(bench)
    first = await bench.listener.first(_announces, since, _WILL_MS)
    if first is None and bench.messages(since):
        raise InapplicableError("its session could not be ended: say its --client-id")
    gone = first is not None and not connected(first.payload)
    demand(gone, "its session was ended, and no will was published")
    back = await bench.listener.first(partial(_says, True), since, BACK_MS)
    demand(back is not None, f"not connected again {BACK_MS // 1000} s after its session was ended")
    await _speaks(bench, since, "its session was ended")
    kept = [h for h in await _kept(bench, CONNECTION) if h.leaf == CONNECTION]
    demand(bool(kept and connected(kept[0].payload)), "the will is retained over it")
    return f"will at once, connected again, in all {(wall_ms() - began) / 1000:.1f} s"


def _announces(heard: Heard) -> bool:
    return heard.leaf == CONNECTION and not heard.retained


def _says(state: bool, heard: Heard) -> bool:
    return _announces(heard) and connected(heard.payload) is state


async def _speaks(bench: CameraBench, since: int, after: str) -> None:
    """What comes after an interruption has the time of now; a make that is silent may be so."""
    if bench.dialect == "milesight":
        return
    heard = await bench.listen(lambda: bool(bench.messages(since)))
    demand(heard, f"nothing is said any more after {after}")


@LAST.test("power-cycle", "after a power cycle it is there again", writes=True)
async def _power(bench: CameraBench) -> str:
    """After a power cycle it is connected again and speaks."""
    if not bench.limits.power_cycle:
        raise InapplicableError("give --power-cycle CMD that switches the device off and on")
    since = len(bench.listener.heard)
    await power_cycle(bench.limits.power_cycle)
    back = await bench.listener.first(partial(_says, True), since, 3 * BACK_MS)
    demand(back is not None, f"not connected {3 * BACK_MS // 1000} s after the power cycle")
    await _speaks(bench, since, "the power cycle")
    return "connected again, and speaks"


@LAST.test("soak", "heard for as long as asked")
async def _soak(bench: CameraBench) -> str:
    """For as long as asked it is heard, and every message can be read."""
    seconds, began = bench.limits.soak_s, wall_us() / 1000
    since = await soak(bench)
    said = bench.messages(since)
    for heard in said:
        bench.read(heard)
    ends = [began, *(h.at_ms for h in said), wall_us() / 1000]
    worst = max(b - a for a, b in pairwise(ends)) / 1000
    demand(worst * 1000 <= bench.make.silence_ms, f"silent for {worst:.1f} s")
    gaps = [b.at_ms - a.at_ms for a, b in pairwise(said)] or [0.0]
    return f"{len(said)} messages in {seconds:g} s, p99 of the gaps {quantile(gaps, 0.99):.0f} ms"


def camera_checks(dialect: str) -> tuple[Check[CameraBench], ...]:
    """The tests of a camera of a make, with the make's quirks."""
    return (*FIRST.checks, *QUIRKS[dialect], *LAST.checks)
