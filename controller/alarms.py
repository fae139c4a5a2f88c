"""Alarm states of loop devices and zones: first, confirmed, latched, reset.

Confirmed (GB 50116-2013 4.1.6, 4.6.1): two different detectors of one zone, or one detector and
one call point, within a window whose ends count, or standing together. Two call points are not a
detector. What is not known to be normal is not normal: it blocks the reset of its zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from controller.interface.kinds import CALL_POINT, DETECTORS
from controller.interface.loopwords import ALARM, NORMAL, PRE
from controller.interface.points import PointList, Quality, Value
from controller.matrix import Confirm

_COUNTS = (Quality.GOOD, Quality.FAULT)
"""An alarm counts from a device in trouble too; not from one in test or disabled."""


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """Something about a device or zone: prealarm, alarm, confirmed, reset or fault."""

    entity: str
    what: str
    zone: str
    inputs: tuple[str, ...] = ()


@dataclass(slots=True)
class Watched:
    """One device of a zone; without `onset_ms` there was no alarm since the last reset."""

    id: str
    zone: str
    call_point: bool
    value: Value = NORMAL
    quality: Quality = Quality.UNKNOWN
    onset_ms: int | None = None
    order: int = 0
    standing: bool = False
    latched: bool = False

    @property
    def clear(self) -> bool:
        """Known to be normal, or taken out of service."""
        return self.quality is Quality.DISABLED or (
            self.quality is Quality.GOOD and self.value == NORMAL
        )


@dataclass(slots=True)
class Zone:
    """An alarm zone: which devices made it what it is.

    `detectors` and `call_points` are those in alarm, first alarm first, `faulty` those in fault;
    the rules ask for them far more often than they change.
    """

    id: str
    devices: list[Watched] = field(default_factory=list)
    confirmed: tuple[str, ...] = ()
    detectors: tuple[str, ...] = ()
    call_points: tuple[str, ...] = ()
    faulty: tuple[str, ...] = ()

    def recount(self) -> None:
        """Bring the lists up to date, after a device has changed."""
        alarmed = sorted((d for d in self.devices if d.latched), key=lambda d: d.order)
        self.detectors = tuple(d.id for d in alarmed if not d.call_point)
        self.call_points = tuple(d.id for d in alarmed if d.call_point)
        self.faulty = tuple(d.id for d in self.devices if d.quality is Quality.FAULT)


class Alarms:
    """Alarm states of all loop devices and zones of a site."""

    def __init__(self, points: PointList, confirm: Confirm) -> None:
        self._confirm = confirm
        self._count = 0
        self.zones: dict[str, Zone] = {name: Zone(name) for name in points.zones}
        self._points: dict[str, Watched] = {}
        for device in points.devices.values():
            if device.zone and device.kind in (*DETECTORS, CALL_POINT):
                watched = Watched(device.id, device.zone, device.kind == CALL_POINT)
                self.zones[device.zone].devices.append(watched)
                self._points.update({p.id: watched for p in device.points if p.name == "state"})

    def watches(self, point: str) -> bool:
        """Whether a point is the state of a loop device."""
        return point in self._points

    def doubts(self, point: str, quality: Quality) -> bool:
        """Whether this quality would be news about a loop device."""
        device = self._points.get(point)
        return device is not None and device.quality is not quality

    def update(self, point: str, value: Value, quality: Quality, now: int) -> list[AlarmEvent]:
        """Take in what a loop device says; a device that went silent keeps its last word."""
        device = self._points[point]
        events = self._hear(device, value, quality, now)
        self.zones[device.zone].recount()
        return events

    def reset(self) -> list[AlarmEvent]:
        """Reset every zone whose devices are all known to be normal; the others stay."""
        return [event for zone in self.zones.values() for event in self._reset(zone)]

    def capture(self) -> dict[str, Any]:
        """What is latched and what each device said last, as plain values."""
        devices = {
            d.id: [d.value, d.onset_ms, d.order, d.standing, d.latched]
            for zone in self.zones.values()
            for d in zone.devices
            if d.onset_ms is not None or d.value != NORMAL
        }
        confirmed = {z.id: list(z.confirmed) for z in self.zones.values() if z.confirmed}
        return {"count": self._count, "devices": devices, "confirmed": confirmed}

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured; nothing is known of any device until it is heard again.

        A device that the I/O list no longer has is left out.
        """
        self._count = plain["count"]
        for device in self._points.values():
            if device.id in plain["devices"]:
                value, onset_ms, device.order, device.standing, device.latched = plain["devices"][
                    device.id
                ]
                device.value = value
                device.onset_ms = None if onset_ms is None else move(onset_ms)
        for zone in self.zones.values():
            zone.confirmed = tuple(plain["confirmed"].get(zone.id, ()))
            zone.recount()

    def _hear(self, device: Watched, value: Value, quality: Quality, now: int) -> list[AlarmEvent]:
        was_value, was_quality = device.value, device.quality
        device.quality = quality
        if quality in (Quality.STALE, Quality.UNKNOWN):
            return []
        device.value = value
        events = []
        if quality is Quality.FAULT and was_quality is not Quality.FAULT:
            events.append(AlarmEvent(device.id, "fault", device.zone))
        if value == PRE and was_value != PRE:
            events.append(AlarmEvent(device.id, "prealarm", device.zone))
        standing = value == ALARM and quality in _COUNTS
        if standing and not device.standing:
            events += self._rise(device, now)
        elif device.standing and not standing:
            events += self._fall(device)
        return events

    def _rise(self, device: Watched, now: int) -> list[AlarmEvent]:
        zone = self.zones[device.zone]
        new_zone = not any(d.latched for d in zone.devices)
        self._count += 1
        device.standing, device.latched = True, True
        device.onset_ms, device.order = now, self._count
        events = [AlarmEvent(device.id, "alarm", zone.id)]
        if new_zone:
            events.append(AlarmEvent(zone.id, "alarm", zone.id, (device.id,)))
        partners = tuple(self._partners(zone.devices, device, now))
        if partners and not zone.confirmed:
            zone.confirmed = (*partners, device.id)
            events.append(AlarmEvent(zone.id, "confirmed", zone.id, zone.confirmed))
        return events

    def _partners(self, devices: Sequence[Watched], new: Watched, now: int) -> Iterator[str]:
        """Who confirms the new alarm: standing still, or begun within the window."""
        for other in sorted(devices, key=lambda d: d.order):
            since = other.onset_ms
            recent = since is not None and now - since <= self._confirm.window_ms
            if other is new or not (other.standing or recent):
                continue
            mixed = other.call_point != new.call_point
            if self._confirm.call_point_counts if mixed else not new.call_point:
                yield other.id

    def _fall(self, device: Watched) -> list[AlarmEvent]:
        device.standing = False
        if self._confirm.latch:
            return []
        device.latched = False
        zone = self.zones[device.zone]
        events = [AlarmEvent(device.id, "reset", zone.id)]
        if not any(d.latched for d in zone.devices):
            zone.confirmed = ()
            events.append(AlarmEvent(zone.id, "reset", zone.id))
        return events

    def _reset(self, zone: Zone) -> list[AlarmEvent]:
        if not any(d.latched for d in zone.devices) or not all(d.clear for d in zone.devices):
            return []
        events = [AlarmEvent(d.id, "reset", zone.id) for d in zone.devices if d.latched]
        for device in zone.devices:
            device.latched, device.onset_ms = False, None
        zone.confirmed = ()
        zone.recount()
        return [*events, AlarmEvent(zone.id, "reset", zone.id)]
