"""What connects one machine with its points, the world, its timers and the journal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from numpy.random import Generator

from controller.interface.kinds import KINDS
from controller.interface.points import Device, Point, Value
from devices.agenda import Agenda
from devices.failing.obeying import Do, Obeying
from devices.failing.reporting import Reporting
from devices.failing.sensing import Sensing
from devices.surroundings import Probe, Record, Surroundings
from devices.vision.view import Look

Put = Callable[[Point, Value, int], None]
"""Writes a value into the register or the MQTT leaf of a point; the int is its time (ms)."""


class Wiring:
    """The terminals of one device.

    Faults act here or in the machine: `stuck` (the moving part does not move), `off` (no power, or
    missing from its loop), `wrong` (what it senses, reports or shows instead of the truth; None if
    it is right); `failing` holds every fault that lasts, with its value (True where it has none).
    `site` is the I/O list's name; `mains` and `fire` are the power and the fire contact at its
    terminals. `cause` is what made the machine act last: a command id, "fire-input", "mains",
    "fault". The lists `sensing`, `reporting` and `obeying` hold the faults that any kind of
    device can have there, in the order in which they began.
    """

    def __init__(
        self,
        device: Device,
        agenda: Agenda,
        surroundings: Surroundings,
        record: Record,
        put: Put,
    ) -> None:
        self.device = device
        self.id = device.id
        self.agenda = agenda
        self.site = ""
        self.kind = KINDS[device.kind]
        self.mains = True
        self._cut: set[str] = set()
        self.fire = False
        self.failing: dict[str, Value] = {}
        self.stuck = False
        self.off = False
        self.wrong: Value | None = None
        self.cause = ""
        self.values: dict[str, Value] = {}
        self.sensing: list[Sensing] = []
        self.reporting: list[Reporting] = []
        self.obeying: list[Obeying] = []
        self._points = {point.name: point for point in device.points}
        self._surroundings = surroundings
        self._record = record
        self._put = put

    def power(self, by: str, on: bool) -> None:
        """Its mains comes or goes: that of its place, or its own; with one gone there is none."""
        (self._cut.discard if on else self._cut.add)(by)
        self.mains, self.cause = not self._cut, "mains"

    def has(self, point: str) -> bool:
        """Whether the I/O list binds this point of the device."""
        return point in self._points

    def show(self, point: str, value: Value, at: int | None = None) -> None:
        """Report a value; one that the I/O list does not bind goes nowhere. `at` sample time."""
        self.values[point] = value
        bound = self._points.get(point)
        if bound is None:
            return
        taken_ms = self.agenda.now if at is None else at
        if self.reporting:
            said = self._reported(point, value, taken_ms)
            if said is None:
                return
            value = said
        self._put(bound, value, taken_ms)

    def tell(self, point: str, value: Value, at: int) -> None:
        """Report a value past all faults; only faults themselves do that."""
        self._put(self._points[point], value, at)

    def bound(self) -> dict[str, Point]:
        """The points that the I/O list binds, by name."""
        return self._points

    def update(self, point: str, value: Value) -> None:
        """Report a value if it is not the one reported last."""
        if self.values.get(point) != value:
            self.show(point, value)

    def report(self, point: str, value: Value) -> None:
        """Report a value, or what a `wrong` fault has it report instead."""
        self.show(point, value if self.wrong is None else type(value)(self.wrong))

    def setting(self, name: str) -> Value:
        """How the device is set: by the I/O list, else as it leaves the factory."""
        return self.device.settings.get(name, self.kind.settings[name].usual)

    def ms(self, name: str) -> int:
        """A declared time that does not vary, ms."""
        return self.kind.timing[name].high_ms

    def drawn(self, rng: Generator, name: str) -> int:
        """A declared time as this device has it, ms: drawn from its own stream."""
        timing = self.kind.timing[name]
        return int(rng.integers(timing.low_ms, timing.high_ms + 1))

    def probe(self, place: str, quantity: str) -> Probe:
        """What tells the value at a place as the device senses it; see `Surroundings.probe`."""
        true = self._surroundings.probe(place, quantity)

        def sensed() -> float:
            return self._sensed(true(), place, quantity) if self.sensing else true()

        return sensed

    def obey(self, do: Do, now: int) -> str:
        """Carry a command out, or what faults make of it; an ack result."""
        for fault in self.obeying:
            do = partial(fault, do)
        return do(now)

    def _sensed(self, reading: float, place: str, quantity: str) -> float:
        for fault in self.sensing:
            reading = fault(reading, place, quantity, self.agenda.now)
        return reading

    def _reported(self, point: str, value: Value, at: int) -> Value | None:
        said: Value | None = value
        for fault in self.reporting:
            said = None if said is None else fault(point, said, at)
        return said

    def look(self) -> Look:
        """What tells who is in front of this camera; see `Surroundings.look`."""
        return self._surroundings.look(self.device)

    def actuate(self, element: str, state: str) -> None:
        """Change the world and leave a record of it."""
        self.record("actuate", element=element, state=state, cause=self.cause)
        self._surroundings.actuate(element, state, self.id, self.cause)

    def fault(self, name: str, begins: bool, value: Value | None) -> None:
        """Begin or end a fault, with its value if it has one."""
        self.cause = "fault"
        if begins:
            self.failing[name] = True if value is None else value
        else:
            self.failing.pop(name, None)
        self.stuck = "stuck" in self.failing
        self.off = "off" in self.failing
        self.wrong = self.failing.get("wrong")

    def record(self, kind: str, **data: object) -> None:
        """A fact about this device, at the slice's time."""
        self._record(self.agenda.now, self.agenda.phase, kind, self.id, **data)
