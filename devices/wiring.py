"""What connects one machine with its points, the world, its timers and the journal."""

from __future__ import annotations

from collections.abc import Callable

from controller.interface.points import Device, Point, Value
from devices.agenda import Agenda
from devices.surroundings import Probe, Record, Surroundings

Put = Callable[[Point, Value, int], None]
"""Writes a value into the register or the MQTT leaf of a point; the int is its time (ms)."""


class Wiring:
    """The terminals of one device.

    Faults act here or in the machine: `stuck` (the moving part does not move), `off` (no power, or
    missing from its loop), `wrong` (what it senses, reports or shows instead of the truth; None if
    it is right). `cause` is what made the machine act last: a command id, "fire-input", "mains".
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
        self.stuck = False
        self.off = False
        self.wrong: Value | None = None
        self.cause = ""
        self.values: dict[str, Value] = {}
        self._points = {point.name: point for point in device.points}
        self._surroundings = surroundings
        self._record = record
        self._put = put

    def has(self, point: str) -> bool:
        """Whether the I/O list binds this point of the device."""
        return point in self._points

    def show(self, point: str, value: Value, at: int | None = None) -> None:
        """Report a value; one that the I/O list does not bind goes nowhere. `at` sample time."""
        self.values[point] = value
        bound = self._points.get(point)
        if bound is not None:
            self._put(bound, value, self.agenda.now if at is None else at)

    def probe(self, place: str, quantity: str) -> Probe:
        """What tells the true value at a place; see `Surroundings.probe`."""
        return self._surroundings.probe(place, quantity)

    def actuate(self, element: str, state: str) -> None:
        """Change the world and leave a record of it."""
        self.record("actuate", element=element, state=state, cause=self.cause)
        self._surroundings.actuate(element, state, self.id, self.cause)

    def fault(self, name: str, begins: bool, value: Value | None) -> None:
        """Begin or end one of the faults stuck, off and wrong (with its value)."""
        self.cause = "fault"
        match name:
            case "stuck":
                self.stuck = begins
            case "off":
                self.off = begins
            case _:
                self.wrong = value if begins else None

    def record(self, kind: str, **data: object) -> None:
        """A fact about this device, at the slice's time."""
        self._record(self.agenda.now, self.agenda.phase, kind, self.id, **data)
