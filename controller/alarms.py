"""Alarm states of loop devices and zones, driven by the tables of `alarmtable`.

A fire is confirmed by two heads of one zone in coincidence (GB 50116-2013 4.1.6, 4.6.1), by water
that flows to a sprinkler, by a call point where the rule pack takes it at once, by an operator, or
by the end of an investigation. What is not known to be normal is not normal: it blocks the reset of
its zone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from controller.alarmtable import POINT, ZONE, PointEvent, PointState, ZoneEvent, ZoneState
from controller.alarmzone import AlarmEvent, Watched, Zone
from controller.coincidence import alone, partners
from controller.interface.kinds import CALL_POINT, DETECTORS, FLOW_SWITCH
from controller.interface.loopwords import ALARM, NORMAL, PRE
from controller.interface.points import PointList, Quality, Value
from controller.matrixvalues import Confirm
from controller.service import NEVER, Service

_COUNTS = (Quality.GOOD, Quality.FAULT)
"""An alarm counts from a device in trouble too; not from one in test or disabled."""

_TESTED = "tested"
_LOOKING = (ZoneState.WAITING, ZoneState.INVESTIGATING)


class Alarms:
    """Alarm states of all loop devices and zones of a site.

    `rises` counts the real alarms and confirmed fires so far, `service` what is out of service.
    """

    def __init__(self, points: PointList, confirm: Confirm) -> None:
        self._confirm = confirm
        self._pack = confirm.pack
        self._count = self._now = self.rises = 0
        self.service = Service()
        self.zones: dict[str, Zone] = {name: Zone(name) for name in points.zones}
        self.devices: dict[str, Watched] = {}
        self._points: dict[str, Watched] = {}
        for device in points.devices.values():
            if device.zone and device.kind in (*DETECTORS, CALL_POINT, FLOW_SWITCH):
                head = device.same_as or device.id
                pressed = device.kind == CALL_POINT
                watched = Watched(device.id, device.zone, device.kind, pressed, head)
                self.zones[device.zone].devices.append(watched)
                self.devices[device.id] = watched
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
        was, device.quality = device.quality, quality
        events = []
        if quality not in (Quality.STALE, Quality.UNKNOWN):
            device.value = value
            if quality is Quality.FAULT and was is not Quality.FAULT:
                events.append(AlarmEvent(device.id, "fault", device.zone))
            events += self._turn(device, now)
        self._settle(device, now)
        return events

    def tick(self, now: int) -> list[AlarmEvent]:
        """Let clocks run out: investigations, disablements, tests, drill. A real alarm ends tests
        and drill, and what stands in the zone under test counts from then on.
        """
        self._now = now
        events = [
            AlarmEvent(target or "site", verb, target)
            for verb, target in self.service.expire(now, self.rises)
        ]
        if events:
            events += self.serve(now)
        for zone in self.zones.values():
            if zone.clock_ms <= now:
                by = "not acknowledged" if zone.state is ZoneState.WAITING else "not dismissed"
                events += self._step(zone, ZoneEvent.CLOCK, now, by=by)
        return events

    def serve(self, now: int) -> list[AlarmEvent]:
        """Look at every device again, after something went out of service or came back."""
        events = []
        for zone in self.zones.values():
            for device in zone.devices:
                device.disabled = self.service.disables(device.id, zone.id)
                if device.quality not in (Quality.STALE, Quality.UNKNOWN):
                    events += self._turn(device, now)
                self._settle(device, now)
        return events

    def acknowledge(self, names: Sequence[str], now: int) -> list[AlarmEvent]:
        """An operator has taken notice of some devices, or of all of some zones."""
        events = []
        for zone in self.zones.values():
            for device in zone.devices:
                if zone.id in names or device.id in names:
                    events += self._point(device, PointEvent.ACKNOWLEDGE)
            if zone.id in names or any(e.zone == zone.id for e in events):
                events += self._step(zone, ZoneEvent.ACKNOWLEDGE, now)
        return events

    def decide(
        self, zone: str, event: ZoneEvent, now: int, by: str, look_ms: int = 0
    ) -> list[AlarmEvent]:
        """An operator's word about a zone: investigate (for `look_ms`), confirm or dismiss."""
        return self._step(self.zones[zone], event, now, by=by, look_ms=look_ms)

    def reset(self, now: int, names: Sequence[str] | None = None) -> list[AlarmEvent]:
        """Reset every zone (of `names`) whose devices have all been known to be normal for T_clear;
        the others stay.
        """
        zones = [z for z in self.zones.values() if names is None or z.id in names]
        return [event for zone in zones for event in self._reset(zone, now)]

    def clear_at(self, zone: Zone) -> int:
        """When a zone can be reset; NEVER while a device is not known to be normal."""
        return NEVER if zone.clear_ms == NEVER else zone.clear_ms + self._confirm.clear_ms

    @property
    def wake_ms(self) -> int:
        """When a clock next runs out here, or a zone can be reset."""
        times = [zone.clock_ms for zone in self.zones.values()]
        times += [
            t for z in self.zones.values() if z.latched and (t := self.clear_at(z)) > self._now
        ]
        return min([*times, self.service.wake_ms], default=NEVER)

    def capture(self) -> dict[str, Any]:
        """What is latched, what each device said last and every clock, as plain values."""
        devices = {
            d.id: [d.value, d.onset_ms, d.order, d.state, d.turned]
            for d in self.devices.values()
            if d.onset_ms is not None or d.value != NORMAL
        }
        zones = {
            z.id: [z.state, z.clock_ms, list(z.confirmed), z.sure]
            for z in self.zones.values()
            if z.state is not ZoneState.NORMAL
        }
        return {
            "count": self._count, "rises": self.rises, "devices": devices, "zones": zones,
            "service": self.service.capture(),
        }  # fmt: skip

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured; nothing is known of any device until it is heard again.

        A device or zone that the I/O list no longer has is left out.
        """
        self._count, self.rises = plain["count"], plain["rises"]
        self.service.restore(plain["service"], move)
        for name in self.devices.keys() & plain["devices"].keys():
            device = self.devices[name]
            device.value, onset_ms, device.order, state, device.turned = plain["devices"][name]
            device.state = PointState(state)
            device.onset_ms = None if onset_ms is None else move(onset_ms)
        for name in self.zones.keys() & plain["zones"].keys():
            zone = self.zones[name]
            state, clock_ms, confirmed, zone.sure = plain["zones"][name]
            zone.state, zone.clock_ms = ZoneState(state), move(clock_ms)
            zone.confirmed = tuple(confirmed)
        for zone in self.zones.values():
            for device in zone.devices:
                device.disabled = self.service.disables(device.id, zone.id)
                zone.note(device)

    def _settle(self, device: Watched, now: int) -> None:
        device.clear_ms = min(device.clear_ms, now) if device.clear else NEVER
        self.zones[device.zone].note(device)

    def _turn(self, device: Watched, now: int) -> list[AlarmEvent]:
        """Step a device whose input counts as something else than before."""
        was, device.turned = device.turned, self._counted(device)
        if device.turned == was:
            return []
        if device.turned == _TESTED:
            self.service.active(device.zone, now)
        events = []
        if _TESTED in (device.turned, was):
            what = _TESTED if device.turned == _TESTED else "tested-off"
            events.append(AlarmEvent(device.id, what, device.zone))
        if device.turned == ALARM:
            return [*events, *self._rise(device, now)]
        if device.turned == PRE:
            return [*events, *self._point(device, PointEvent.WARNS)]
        leaves = PointEvent.FALLS if self._confirm.latch else PointEvent.LETS_GO
        events += self._point(device, leaves)
        zone = self.zones[device.zone]
        if not zone.latched:
            events += self._step(zone, ZoneEvent.RESET, now)
        return events

    def _counted(self, device: Watched) -> str:
        """What a device's input counts as: normal, pre-alarm, alarm or tested."""
        if device.disabled or device.quality not in _COUNTS or device.value == NORMAL:
            return NORMAL
        if device.zone in self.service.tested:
            return _TESTED
        return str(device.value)

    def _point(self, device: Watched, event: PointEvent) -> list[AlarmEvent]:
        step = POINT.get((device.state, event))
        if step is None:
            return []
        device.state = PointState(step.to)
        self.zones[device.zone].note(device)
        return [AlarmEvent(device.id, step.told, device.zone)] if step.told else []

    def _rise(self, device: Watched, now: int) -> list[AlarmEvent]:
        zone = self.zones[device.zone]
        self._count += 1
        self.rises += 1
        others = sum(z.alarms for z in self.zones.values())
        number = others + (not device.latched)
        self._point(device, PointEvent.RISES)
        device.onset_ms, device.order = now, self._count
        events = [AlarmEvent(device.id, "alarm", zone.id, number=number)]
        found, looked_at = self._partners(zone, device, now), self._looked_at(device)
        by = "" if found else self._alone(zone, device, looked_at)
        if found or by:
            zone.sure = zone.sure or by != "call point"
            inputs = (*found, device.id)
            events += self._step(zone, ZoneEvent.CONFIRMS, now, inputs, by)
            for other in looked_at:
                events += self._step(other, ZoneEvent.CONFIRMS, now, by=by)
            return events
        return [*events, *self._step(zone, self._first(zone, device), now, (device.id,))]

    def _partners(self, zone: Zone, device: Watched, now: int) -> tuple[str, ...]:
        return () if zone.settled else partners(zone, device, self._confirm, now)

    def _alone(self, zone: Zone, device: Watched, looked_at: Sequence[Zone]) -> str:
        """Why an alarm without a partner is a fire; "" if it is none."""
        if device.kind == FLOW_SWITCH:
            return "water flow"
        if device.call_point and self._pack.call_point_at_once:
            return "call point"
        if looked_at:
            return "second device in the sequence"
        lonely = not zone.settled and alone(zone, device, self._confirm)
        return "the others are disabled" if lonely else ""

    def _looked_at(self, new: Watched) -> list[Zone]:
        """Zones in a pack's own investigation sequence by another head: a second alarm ends it."""
        if self._pack.acknowledge is None:
            return []
        looked = [z for z in self.zones.values() if z.state in _LOOKING]
        return [z for z in looked if z.alarmed_besides(new.head)]

    def _first(self, zone: Zone, device: Watched) -> ZoneEvent:
        again = zone.state in (ZoneState.NORMAL, ZoneState.DISMISSED)
        if again and self._pack.acknowledge is not None and not device.call_point:
            return ZoneEvent.SEQUENCE
        return ZoneEvent.FIRST if zone.state is ZoneState.NORMAL else ZoneEvent.FURTHER

    def _step(
        self, zone: Zone, event: ZoneEvent, now: int, inputs: tuple[str, ...] = (), by: str = "",
        look_ms: int = 0,
    ) -> list[AlarmEvent]:  # fmt: skip
        """Step a zone, and set its clock by the state that it comes to."""
        step = ZONE.get((zone.state, event))
        if step is None:
            return []
        zone.state, zone.clock_ms = ZoneState(step.to), NEVER
        if zone.state is ZoneState.WAITING and self._pack.acknowledge is not None:
            zone.clock_ms = now + self._pack.acknowledge.ms
        elif zone.state is ZoneState.INVESTIGATING:
            zone.clock_ms = now + (look_ms or self._pack.longest_look.ms)
        elif zone.state is ZoneState.CONFIRMED:
            zone.confirmed = inputs = inputs or (*zone.detectors, *zone.call_points)
            zone.sure = zone.sure or event is not ZoneEvent.CONFIRMS
            self.rises += 1
        elif zone.state is ZoneState.NORMAL:
            zone.confirmed, zone.sure = (), False
        return [AlarmEvent(zone.id, step.told, zone.id, inputs, by)]

    def _reset(self, zone: Zone, now: int) -> list[AlarmEvent]:
        if not zone.latched or self.clear_at(zone) > now:
            return []
        events = [e for d in zone.devices for e in self._point(d, PointEvent.RESET)]
        for device in zone.devices:
            device.onset_ms = None
        return [*events, *self._step(zone, ZoneEvent.RESET, now)]
