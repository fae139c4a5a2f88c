"""Real devices in a run: the emulator of each becomes its shadow.

What the real device reports is what happens in the twin; what was written or published to it goes
to the emulator too, which does what it believes the real one does. Where the two differ for longer
than the I/O list allows, a `shadow` record says so, and another when they agree again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from controller.interface.kinds import KINDS
from controller.interface.loopwords import ALARM
from controller.interface.points import Device, Point, PointList, Value
from controller.interface.registers import to_value
from devices.bank import Bank
from devices.gateway import Write
from devices.machines.lift import STATES as LIFT_STATES
from devices.machines.table import ON_LOOP
from devices.surroundings import Record
from scenarios.emulate.selection import is_real
from twin.world import REAL, World

PATIENCE_MS = 5000
"""How long real and emulated may differ where the I/O list names no time for feedback."""

_SENSE = 2
_MODES = range(len(LIFT_STATES))
_READS = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}

_FEEDS: Mapping[str, tuple[str, str, Callable[[Value], Sequence[str] | str]]] = {
    "door-lock": ("bolt", "portal", lambda on: "locked" if on else "unlocked"),
    "door-holder": ("closed", "portal", lambda on: "closed" if on else "held"),
    "turnstile": ("freed", "portal", lambda on: "free" if on else "blocked"),
    "bollard": ("down", "portal", lambda on: "free" if on else "blocked"),
    "roller-shutter": (
        "bottom",
        "portal",
        lambda on: ("closed", "blocked") if on else ("free", "held"),
    ),
    "lift": ("mode", "lift", lambda mode: LIFT_STATES[int(mode)] if mode in _MODES else ()),
    "sounder": ("sounding", "sound", lambda on: "on" if on else "off"),
    "strobe": ("flashing", "strobe", lambda on: "on" if on else "off"),
    "emergency-light": ("lit", "light", lambda on: "on" if on else "off"),
    "pa-zone": ("playing", "voice", str),
    "exit-sign": ("showing", "sign", str),
    "smoke-vent": ("opened", "vent", lambda on: "open" if on else "closed"),
    "fire-damper": ("opened", "damper", lambda on: "open" if on else "closed"),
}
"""By kind: the point that tells what the device did, the element of the world, and its state or
states, one after the other; none for a mode that the kind does not know."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A register of a real gateway has been written by somebody."""

    gateway: str
    write: Write


@dataclass(frozen=True, slots=True)
class Order:
    """A command was published to a real MQTT device."""

    device: str
    topic: str
    payload: bytes


class Source(Protocol):
    """Reads one real gateway or MQTT device in the background."""

    name: str
    values: dict[str, Value]
    reached: bool

    def take(self) -> list[Writing | Order]:
        """What was written or published to it since the last call."""
        ...

    async def close(self) -> None:
        """End the connection."""
        ...


@dataclass(slots=True)
class _Difference:
    since_ms: int
    told: bool = False


class Shadow:
    """Feeds the twin from real devices and compares them with their emulators, slice by slice."""

    def __init__(self, points: PointList, bank: Bank, world: World, record: Record) -> None:
        self._bank, self._world, self._record = bank, world, record
        self._devices = [d for d in points.devices.values() if is_real(points, d)]
        self._fed: dict[str, Value] = {}
        self._open: dict[str, _Difference] = {}
        self._reached: dict[str, bool] = {}
        self._ringing: dict[str, set[str]] = {}
        self.sources: list[Source] = []
        self.differences: list[dict[str, Any]] = []
        self.compared: set[str] = set()
        bank.shadow(self.gateways)
        world.followed = frozenset(device.id for device in self._devices)

    @property
    def gateways(self) -> frozenset[str]:
        """Gateways that are real."""
        return frozenset(d.gateway for d in self._devices if d.gateway)

    @property
    def stations(self) -> frozenset[str]:
        """MQTT devices that are real."""
        return frozenset(d.id for d in self._devices if not d.gateway)

    def step(self, now: int) -> None:
        """Take in what the real devices reported, pass on what they were told, compare."""
        self._world.now, self._world.phase = now, _SENSE
        for source in self.sources:
            if source.reached != self._reached.get(source.name, True):
                what = "reached" if source.reached else "unreachable"
                self._record(now, _SENSE, "shadow", source.name, what=what)
            self._reached[source.name] = source.reached
            for told in source.take():
                self._pass_on(told)
        real = {name: value for source in self.sources for name, value in source.values.items()}
        for device in self._devices:
            self._feed(device, real, now)
            for point in device.points:
                if not point.write and point.id in real:
                    self._compare(device, point, real[point.id], now)

    def tally(self) -> dict[str, Any]:
        """Return what was compared and where real and emulated differed."""
        return {"points": len(self.compared), "differences": self.differences}

    async def close(self) -> None:
        """End every connection."""
        for source in self.sources:
            await source.close()

    def _pass_on(self, told: Writing | Order) -> None:
        if isinstance(told, Writing):
            gateway = self._bank.gateways[told.gateway]
            image = gateway.units[told.write.unit]
            if image.has(told.write.area, told.write.address, 1):
                image.write(told.write.area, told.write.address, told.write.raw)
                gateway.writes.append(told.write)
        else:
            self._bank.stations[told.device].receive(told.topic, told.payload)

    def _feed(self, device: Device, real: Mapping[str, Value], now: int) -> None:
        """What a real device shows is what happens."""
        if KINDS[device.kind].alarm:
            self._sensed(device, real, now)
            return
        point, element, state = _FEEDS.get(device.kind, ("", "", str))
        value = real.get(f"{device.id}.{point}")
        if value is None or self._fed.get(device.id) == value:
            return
        self._fed[device.id] = value
        target = f"{element}:{device.portal if element == 'portal' else device.id}"
        told = state(value)
        for one in (told,) if isinstance(told, str) else told:
            self._record(now, _SENSE, "actuate", device.id, element=target, state=one, cause=REAL)
            self._world.actuate(target, one, device.id, REAL)

    def _sensed(self, device: Device, real: Mapping[str, Value], now: int) -> None:
        value = real.get(f"{device.id}.state")
        if value is not None and value != self._fed.get(device.id, "normal"):
            self._record(now, _SENSE, "sense", device.id, what=value, cause=REAL)
        if value is None:
            return
        self._fed[device.id] = value
        if device.gateway and device.kind in ON_LOOP:
            self._ring(device.gateway, device.id, value == ALARM, now)

    def _ring(self, panel: str, device: str, alarm: bool, now: int) -> None:
        """A real panel in alarm has closed its fire relay, which is wired to emulated doors too."""
        ringing = self._ringing.setdefault(panel, set())
        before = bool(ringing)
        (ringing.add if alarm else ringing.discard)(device)
        if bool(ringing) != before:
            self._bank.fire_wire(now, panel, bool(ringing))

    def _compare(self, device: Device, point: Point, real: Value, now: int) -> None:
        emulated = self._emulated(device, point)
        self.compared.add(point.id)
        if _same(real, emulated):
            self._agree(point, now)
            return
        found = self._open.setdefault(point.id, _Difference(now))
        if not found.told and now - found.since_ms > _patience_ms(device):
            found.told = True
            entry = {"point": point.id, "real": real, "emulated": emulated,
                     "from_ms": found.since_ms, "to_ms": None}  # fmt: skip
            self.differences.append(entry)
            self._record(
                now, _SENSE, "shadow", point.id, what="differs", real=real, emulated=emulated,
                since_ms=found.since_ms,
            )  # fmt: skip

    def _agree(self, point: Point, now: int) -> None:
        found = self._open.pop(point.id, None)
        if found is not None and found.told:
            entry = next(e for e in reversed(self.differences) if e["point"] == point.id)
            entry["to_ms"] = now
            self._record(now, _SENSE, "shadow", point.id, what="agrees", ms=now - found.since_ms)

    def _emulated(self, device: Device, point: Point) -> Value:
        if not device.gateway:
            return self._bank.devices[device.id].wiring.values.get(point.name, "")
        image = self._bank.gateways[device.gateway].units[device.unit]
        binding = point.binding
        raw = image.read(_READS[binding.area], binding.address, binding.width)
        assert raw is not None
        return to_value(binding, raw)[0]


def _patience_ms(device: Device) -> int:
    times = [point.feedback.within_ms for point in device.points if point.feedback]
    return max(times, default=PATIENCE_MS)


def _same(a: Value, b: Value) -> bool:
    """Numbers may differ by a tenth or by one; everything else is equal or not."""
    if isinstance(a, str | bool) or isinstance(b, str | bool):
        return a == b
    return abs(a - b) <= max(1.0, 0.1 * abs(a))
