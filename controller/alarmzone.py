"""An alarm zone and its devices: who made it what it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from controller.alarmtable import LATCHED, STANDING, PointState, ZoneState
from controller.interface.loopwords import NORMAL
from controller.interface.points import Quality, Value
from controller.service import NEVER

HEAT = "heat-detector"
"""Seldom deceived: one is enough to break a verification off."""


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """Something about a device or zone, in the words of the tables, or fault or tested.

    `by`: what confirmed it, besides its inputs; `number`: 1 for the site's first alarm, then on.
    """

    entity: str
    what: str
    zone: str
    inputs: tuple[str, ...] = ()
    by: str = ""
    number: int = 0


@dataclass(slots=True)
class Watched:
    """One device of a zone; without `onset_ms` there was no alarm since the last reset.

    `head` is the head that it reports: two ways to one head are one. `turned` is what its input
    counted as last, `clear_ms` since when it is known to be normal (NEVER: it is not).
    """

    id: str
    zone: str
    kind: str
    call_point: bool
    head: str
    value: Value = NORMAL
    quality: Quality = Quality.UNKNOWN
    onset_ms: int | None = None
    order: int = 0
    state: PointState = PointState.NORMAL
    turned: str = NORMAL
    disabled: bool = False
    clear_ms: int = NEVER

    @property
    def latched(self) -> bool:
        """Whether it has been in alarm since the last reset."""
        return self.state in LATCHED

    @property
    def standing(self) -> bool:
        """Whether it is in alarm now, and counts."""
        return self.state in STANDING

    @property
    def out(self) -> bool:
        """Taken out of service, by an operator or at the panel."""
        return self.disabled or self.quality is Quality.DISABLED

    @property
    def clear(self) -> bool:
        """Known to be normal, or taken out of service."""
        return self.out or (self.quality is Quality.GOOD and self.value == NORMAL)


@dataclass(slots=True)
class Zone:
    """An alarm zone; `clock_ms` is when its state is over, `sure` that no single device made it.

    `detectors` and `call_points` are those in alarm, first alarm first, `faulty` those in fault,
    `warned` those in pre-alarm; the rules ask for them far more often than they change.
    """

    id: str
    devices: list[Watched] = field(default_factory=list)
    state: ZoneState = ZoneState.NORMAL
    clock_ms: int = NEVER
    confirmed: tuple[str, ...] = ()
    sure: bool = False
    detectors: tuple[str, ...] = ()
    call_points: tuple[str, ...] = ()
    faulty: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    clear_ms: int = NEVER

    @property
    def latched(self) -> bool:
        """Whether any device is."""
        return bool(self.detectors or self.call_points)

    @property
    def certain(self) -> bool:
        """A fire by two devices, an operator or the clock, or a heat detector in alarm."""
        return self.sure or any(d.latched and d.kind == HEAT for d in self.devices)

    def recount(self) -> None:
        """Bring the lists up to date, after a device has changed."""
        alarmed = sorted((d for d in self.devices if d.latched), key=lambda d: d.order)
        self.detectors = tuple(d.id for d in alarmed if not d.call_point)
        self.call_points = tuple(d.id for d in alarmed if d.call_point)
        self.faulty = tuple(d.id for d in self.devices if d.quality is Quality.FAULT)
        self.warned = tuple(d.id for d in self.devices if d.state is PointState.PREALARM)
        self.clear_ms = max((d.clear_ms for d in self.devices), default=NEVER)
