"""What outputs move, in which time, and what a device does when its controller falls silent."""

from __future__ import annotations

from dataclasses import dataclass, field

from controller.interface.clock import pause, wall_ms
from controller.interface.kind import Watchdog
from controller.interface.points import Binding, Feedback, Point, Value
from controller.interface.registers import to_value
from devices.profile import AREAS
from scenarios.conform.master import Master
from scenarios.conform.modbus_acting import Place, write
from scenarios.conform.modbus_bench import ModbusBench
from scenarios.conform.verdict import BrokenError, Check, InapplicableError, demand

FOLLOWS = {"door-board": (0, 1)}
"""Where a device has a block of its own: the offsets of what follows its main switch (the contact
of a held leaf, the bolt of a lock)."""

_POLL_S = 0.01
_QUIET_MS = 1000
_MOST_BITS = 256
_BLOCK = 16
_EARLY, _LATE = 0.8, 1.25
"""A watchdog may be this far from its declared time, and `_LATE_MS` more for polling."""

_LATE_MS = 500


@dataclass(slots=True)
class _Watch:
    """The discrete inputs of the unit under the eyes of a test; `moved_ms`: when each changed."""

    bench: ModbusBench
    master: Master
    began: int = 0
    before: tuple[int, ...] = ()
    moved_ms: dict[int, int] = field(default_factory=dict)

    async def begin(self) -> None:
        """Take the first look."""
        self.before, self.moved_ms = await self._read(), {}
        self.began = wall_ms()

    async def look(self) -> None:
        """Look again."""
        for address, (was, value) in enumerate(zip(self.before, await self._read(), strict=True)):
            if value != was:
                self.moved_ms.setdefault(address, self.since_ms)

    @property
    def since_ms(self) -> int:
        """Milliseconds since the first look."""
        return wall_ms() - self.began

    @property
    def quiet(self) -> bool:
        """Whether something moved, and nothing more for a quarter of the longest declared time."""
        still_ms = max(_QUIET_MS, self.bench.expected.longest_ms // 4)
        return bool(self.moved_ms) and self.since_ms > max(self.moved_ms.values()) + still_ms

    async def _read(self) -> tuple[int, ...]:
        if not self.bench.reads("discrete"):
            return ()
        size = min(await self.bench.size(self.master, "discrete"), _MOST_BITS)
        return await self.bench.read(self.master, "discrete", 0, size) if size else ()


async def _movement(bench: ModbusBench) -> str:
    """Outputs move the inputs that show it, in time, and no others; on, and off again."""
    async with bench.connected() as master:
        outputs = await _outputs(bench, master)
        rest = {place: (await bench.read(master, *place, 1))[0] for place in outputs}
        turned = {place: 1 - min(raw, 1) for place, raw in rest.items()}
        moved: set[int] = set()
        try:
            for raws in (turned, rest):
                moved |= await _turn(bench, master, raws)
        except BrokenError:
            for place, raw in rest.items():
                await write(bench, master, *place, raw)
            raise
    still = f"{len(outputs)} outputs were switched on and off, and no input moved"
    if not moved and bench.expected.listed is None and not bench.expected.must_move:
        raise InapplicableError(f"{still}: say with --site what is behind this unit")
    demand(bool(moved), still)
    _check_blocks(bench, moved)
    return f"{len(outputs)} outputs switched, {len(moved)} inputs moved, in time"


async def _outputs(bench: ModbusBench, master: Master) -> list[Place]:
    """The outputs of the I/O list; without one, the main switch of every block."""
    if bench.expected.listed is not None:
        places = [(p.binding.area, p.binding.address) for p in bench.expected.outputs]
    else:
        places = [
            (area, address)
            for area, offset in bench.expected.switches
            for address in range(offset, min(await bench.size(master, area), _MOST_BITS), _BLOCK)
        ]
    if not places:
        raise InapplicableError("the profile has no outputs that can be switched and stay")
    return places


async def _turn(bench: ModbusBench, master: Master, raws: dict[Place, int]) -> set[int]:
    """Write all outputs, wait for what must follow, return the inputs that moved."""
    watch = _Watch(bench, master)
    waiting = _waiting(bench, raws)
    await watch.begin()
    for place, raw in raws.items():
        await write(bench, master, *place, raw)
    looks = 0
    while True:
        await watch.look()
        looks += 1
        for point in [*waiting]:
            if await _met(bench, master, *waiting[point]):
                if looks > 1:  # it did not show already
                    bench.latencies.add(f"{point.kind}.{point.name} to report", watch.since_ms)
                del waiting[point]
        _check_late(watch, waiting)
        if _over(bench, watch, waiting):
            await watch.look()  # what showed it may have been read after the last look
            break
        await pause(_POLL_S)
    _check_strays(bench, watch)
    if bench.expected.listed is None:
        for took in watch.moved_ms.values():
            bench.latencies.add(f"{bench.expected.name} output to report", took)
    return set(watch.moved_ms)


def _waiting(
    bench: ModbusBench, raws: dict[Place, int]
) -> dict[Point, tuple[Feedback, Value, Binding]]:
    """Every output with feedback: what was asked, and where it must show."""
    found = {}
    for point in bench.expected.outputs:
        back = point.feedback
        raw = raws.get((point.binding.area, point.binding.address))
        if back is not None and raw is not None:
            value, _ = to_value(point.binding, (raw,))
            found[point] = (back, value, bench.expected.points[back.point].binding)
    return found


async def _met(
    bench: ModbusBench, master: Master, back: Feedback, value: Value, at: Binding
) -> bool:
    raw = await bench.read(master, at.area, at.address, at.width)
    return back.met(value, to_value(at, raw)[0])


def _check_late(watch: _Watch, waiting: dict[Point, tuple[Feedback, Value, Binding]]) -> None:
    for point, (back, value, at) in waiting.items():
        if watch.since_ms > back.within_ms:
            raise BrokenError(
                f"{point.id} was set to {value}; {back.point} ({at.area} {at.address}) does not "
                f"show it after {back.within_ms} ms; what moved: discrete "
                f"{sorted(watch.moved_ms) or 'nothing'}"
            )


def _over(
    bench: ModbusBench, watch: _Watch, waiting: dict[Point, tuple[Feedback, Value, Binding]]
) -> bool:
    if bench.expected.listed is not None:
        return not waiting and watch.since_ms > _QUIET_MS
    return watch.quiet or watch.since_ms > bench.expected.longest_ms


def _check_strays(bench: ModbusBench, watch: _Watch) -> None:
    if bench.expected.listed is not None:
        strays = sorted(watch.moved_ms.keys() - bench.expected.bound("discrete"))
        demand(not strays, f"discrete {strays} moved and is not in the I/O list")


def _check_blocks(bench: ModbusBench, moved: set[int]) -> None:
    """Without an I/O list, where a device's inputs are within its block is all that is known."""
    known = FOLLOWS.get(bench.expected.name)
    if known is None or bench.expected.listed is not None:
        return
    strays = sorted(address for address in moved if address % _BLOCK not in known)
    demand(not strays, f"discrete {strays} moved; in a block of {_BLOCK} only {list(known)} do")


async def _watchdog(bench: ModbusBench) -> str:
    """Outputs go to their safe state when the controller falls silent: in time, not before."""
    dogs = bench.expected.watchdogs
    if not dogs:
        known = bench.expected.listed is not None
        text = "no device here has one: outputs hold their last command"
        raise InapplicableError(text if known else "say with --site what is behind this unit")
    async with bench.connected() as master:
        return "; ".join([await _starve(bench, master, name, dog) for name, dog in dogs[:1]])


async def _starve(bench: ModbusBench, master: Master, name: str, dog: Watchdog) -> str:
    """Feed the watchdog for longer than its time, then stop and see when it bites."""
    food = _place(bench, name, dog.point)
    safe = {_place(bench, name, point): value for point, value in dog.safe.items()}
    began = fed = wall_ms()
    count = 0
    while wall_ms() - began < dog.after_ms * 1.3:
        count += 1
        await write(bench, master, food.area, food.address, count % 100)
        fed = wall_ms()
        await pause(min(0.5, dog.after_ms / 4000))
        at_once = await _all_safe(bench, master, safe)
        demand(count < 3 or not at_once, f"{name} is in its safe state although it is fed")
    while not await _all_safe(bench, master, safe):
        late = wall_ms() - fed
        allowed = dog.after_ms * _LATE + _LATE_MS
        demand(late <= allowed, f"{name}: {late} ms without food and not safe; {dog.after_ms} ms")
        await pause(_POLL_S)
    took = wall_ms() - fed
    demand(took >= dog.after_ms * _EARLY, f"{name} was safe after {took} ms, {dog.after_ms} ms")
    bench.latencies.add("watchdog to safe state", took)
    return f"{name}: safe {took} ms after the last sign of life ({dog.after_ms} ms declared)"


async def _all_safe(bench: ModbusBench, master: Master, safe: dict[Binding, Value]) -> bool:
    for at, value in safe.items():
        raw = await bench.read(master, at.area, at.address, at.width)
        if to_value(at, raw)[0] != value:
            return False
    return True


def _place(bench: ModbusBench, name: str, point: str) -> Binding:
    """Where a point of a device is; `holding 4` says it by itself."""
    area, _, address = point.partition(" ")
    if area in AREAS and address.isdecimal():
        bits = area in ("coil", "discrete")
        return Binding(area, int(address), as_type="bool" if bits else "u16")
    listed = bench.expected.points.get(f"{name}.{point}")
    if listed is not None:
        return listed.binding
    raise InapplicableError(f"{name}.{point} is not in the I/O list")


MOVING: tuple[Check[ModbusBench], ...] = (
    Check("movement", "outputs move the inputs that show it", _movement, writes=True),
    Check("watchdog", "a silent controller leads to the safe state", _watchdog, writes=True),
)
