"""An alarm zone and its devices: who made it what it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from controller.alarmtable import LATCHED, STANDING, PointState, ZoneState
from controller.interface.kinds import FLOW_SWITCH
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

    `detectors` (water flow too) and `call_points` are those in alarm, first alarm first, `faulty`
    those in fault, `warned` those in pre-alarm. What has changed is noted device by device and
    listed when the rules ask, so that a scan takes time in proportion to a zone's devices.
    """

    id: str
    devices: list[Watched] = field(default_factory=list)
    state: ZoneState = ZoneState.NORMAL
    clock_ms: int = NEVER
    confirmed: tuple[str, ...] = ()
    sure: bool = False
    _alarmed: dict[str, Watched] = field(default_factory=dict)
    _lists: tuple[tuple[str, ...], ...] = ()
    _clear_ms: int | None = None

    def note(self, device: Watched) -> None:
        """A device of the zone has changed."""
        if device.latched:
            self._alarmed[device.id] = device
        else:
            self._alarmed.pop(device.id, None)
        self._lists, self._clear_ms = (), None

    @property
    def detectors(self) -> tuple[str, ...]:
        """Detectors and flow switches in alarm, first alarm first."""
        return (self._lists or self._listed())[0]

    @property
    def call_points(self) -> tuple[str, ...]:
        """Call points in alarm, first alarm first."""
        return (self._lists or self._listed())[1]

    @property
    def flows(self) -> tuple[str, ...]:
        """Flow switches in alarm, first alarm first."""
        return (self._lists or self._listed())[2]

    @property
    def faulty(self) -> tuple[str, ...]:
        """Devices in fault."""
        return (self._lists or self._listed())[3]

    @property
    def warned(self) -> tuple[str, ...]:
        """Devices in pre-alarm."""
        return (self._lists or self._listed())[4]

    @property
    def clear_ms(self) -> int:
        """Since when all devices are known to be normal; NEVER while one is not."""
        if self._clear_ms is None:
            self._clear_ms = max((d.clear_ms for d in self.devices), default=NEVER)
        return self._clear_ms

    @property
    def alarms(self) -> int:
        """How many devices are in alarm."""
        return len(self._alarmed)

    @property
    def latched(self) -> bool:
        """Whether any device is."""
        return bool(self._alarmed)

    @property
    def settled(self) -> bool:
        """Whether no further alarm can change anything: a fire that no single device made."""
        return self.sure and self.state is ZoneState.CONFIRMED

    @property
    def certain(self) -> bool:
        """A fire by two devices, water flow, an operator or the clock, or heat in alarm."""
        return self.sure or any(d.kind == HEAT for d in self._alarmed.values())

    def alarmed_besides(self, head: str) -> bool:
        """Whether another head than this is in alarm."""
        return any(d.head != head for d in self._alarmed.values())

    def _listed(self) -> tuple[tuple[str, ...], ...]:
        alarmed = sorted(self._alarmed.values(), key=lambda d: d.order)
        self._lists = (
            tuple(d.id for d in alarmed if not d.call_point),
            tuple(d.id for d in alarmed if d.call_point),
            tuple(d.id for d in alarmed if d.kind == FLOW_SWITCH),
            tuple(d.id for d in self.devices if d.quality is Quality.FAULT),
            tuple(d.id for d in self.devices if d.state is PointState.PREALARM),
        )
        return self._lists
