"""Intrusion on the scan: zones look at the field, guards are called at a duty desk.

It claims the arming of its own detectors and the desk's text, both below everything of the matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from controller.access.hours import DAY_MS, next_edge_ms
from controller.arbitration import Claim
from controller.image import Image
from controller.interface.operation import Operation
from controller.interface.points import PointList
from controller.intrusion.compiled import CAUSE, Guarded
from controller.intrusion.zone import ALARM, CHECK, ENTERED, Zone
from controller.records import PHASE, Records

RANK = 6
"""Priority of its claims: schedules come after everything that an alarm claims."""


class IntrusionDesk:
    """The intrusion section at work; `verified` are causes that hold for the plan's incidents."""

    def __init__(
        self, zones: tuple[Guarded, ...], desk: str, points: PointList, image: Image,
        journal: Records,
    ) -> None:  # fmt: skip
        self.zones = {one.id: Zone(one) for one in zones}
        self.inputs = {source for one in zones for source in one.sources}
        self.claims: dict[str, Claim] = {}
        self.spoke = False
        self.wake_ms = 0
        self._desk = f"{desk}.alarm"
        self._outputs = points.points
        self._image, self._journal = image, journal

    @property
    def verified(self) -> tuple[str, ...]:
        """A cause for each zone with an intruder whom several detectors have seen."""
        return tuple(f"{CAUSE}{z.plan.id}" for z in self.zones.values() if z.state == ALARM)

    def run(self, day_ms: int, now: int) -> None:
        """Look at every zone, and say what happened."""
        self.spoke, self.wake_ms = False, now + DAY_MS
        for zone in self.zones.values():
            for what, inputs in zone.step(self._image.good, day_ms, now):
                self.spoke = True
                self._journal.record(
                    now, PHASE, "intrusion", zone.plan.id, what=what, inputs=list(inputs)
                )
            edge_ms = now + next_edge_ms(zone.plan.hours, day_ms)
            self.wake_ms = min(self.wake_ms, zone.wake_ms, edge_ms)
        self.claims = self._claimed()

    def owns(self, operation: Operation) -> bool:
        """Whether an operation names one of its zones, or a detector of one."""
        named = self._zone(operation.target) is not None
        return named and operation.verb in ("arm", "disarm", "acknowledge")

    def operate(self, operation: Operation, now: int) -> tuple[bool, str]:
        """Arm, disarm, or take the call of a guard."""
        zone = self._zone(operation.target)
        assert zone is not None, "asked for by `owns`"
        self.wake_ms = now
        if operation.verb == "acknowledge":
            guard = zone.guard
            if not zone.answer():
                return False, f"nobody is asked to look at {zone.plan.id}"
            return True, f"{guard or 'somebody'} looks at {zone.plan.id}"
        if not zone.arm(operation.verb == "arm", now):
            return False, f"{zone.plan.id} is {operation.verb}ed already"
        return True, f"{zone.plan.id} {operation.verb}ed until its hours next change"

    def capture(self) -> dict[str, Any]:
        """Every zone, as plain values."""
        return {name: zone.capture() for name, zone in self.zones.items()}

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured; a zone that the plan no longer has is left out."""
        for name, zone in self.zones.items():
            if name in plain:
                zone.restore(plain[name], move)
        self.wake_ms = 0
        self.claims = self._claimed()

    def _zone(self, target: str) -> Zone | None:
        zones = self.zones.values()
        return next((z for z in zones if target in (z.plan.id, *z.plan.detectors)), None)

    def _claimed(self) -> dict[str, Claim]:
        claims: dict[str, Claim] = {}
        for zone in sorted(self.zones.values(), key=lambda z: z.state != ALARM):
            rule = f"intrusion {zone.plan.id}"
            for detector in zone.plan.detectors if zone.armed else ():
                if f"{detector}.arm" in self._outputs:
                    claims[f"{detector}.arm"] = Claim(True, RANK, rule, False)
            if zone.state in (ENTERED, CHECK, ALARM) and self._desk in self._outputs:
                text = f"{zone.state} {zone.plan.id} {zone.guard}".rstrip()
                claims.setdefault(self._desk, Claim(text, RANK, rule, ""))
        return claims
