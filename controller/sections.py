"""The sections of a plan that guard doors, zones and the gate, as one thing beside the matrix.

On a scan: zones look, claims of zones and gate join those of the matrix below everything that an
alarm claims, then cards are decided.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from controller.access.desk import AccessDesk, Verdict
from controller.access.hours import DAY_MS
from controller.arbitration import Claim
from controller.gate.desk import GateDesk
from controller.image import Image
from controller.interface.operation import Operation
from controller.interface.points import PointList
from controller.intrusion.desk import IntrusionDesk
from controller.matrixvalues import Matrix
from controller.operations import Result
from controller.plan.values import Plan
from controller.records import Records
from controller.service import NEVER


class Sections:
    """What of `access`, `intrusion` and `gate` a site's plan has; each may be missing.

    `began_ms` is when the scan clock read 0 (UTC, ms since 1970); `inputs` are the points of which
    news asks for a scan.
    """

    def __init__(
        self, plan: Plan, points: PointList, matrix: Matrix, image: Image, journal: Records
    ) -> None:
        self.began_ms, self._offset_ms = 0, plan.utc_offset_ms
        self.access = self.intrusion = self.gate = None
        if plan.access is not None:
            self.access = AccessDesk(plan.access, matrix, image, journal)
        if plan.intrusion:
            desk = plan.guard_desk
            self.intrusion = IntrusionDesk(plan.intrusion, desk, points, image, journal)
        if plan.gate is not None:
            self.gate = GateDesk(plan.gate, image, journal)
        self._here = [one for one in (self.access, self.intrusion, self.gate) if one is not None]
        self.inputs = {point for one in self._here for point in one.inputs}
        self._matrix = matrix

    @property
    def wake_ms(self) -> int:
        """When one of them must look again."""
        return min((one.wake_ms for one in self._here), default=NEVER)

    @property
    def names(self) -> tuple[str, ...]:
        """The guarded zones, which operators arm and disarm."""
        return () if self.intrusion is None else tuple(self.intrusion.zones)

    @property
    def spoke(self) -> bool:
        """Whether anything of theirs went on record in this scan."""
        return any(one.spoke for one in self._here)

    def watch(self, now: int) -> tuple[str, ...]:
        """Zones look at the field; the causes that intruders make for the plan's incidents."""
        if self.intrusion is None:
            return ()
        self.intrusion.run(self._day(now), now)
        return self.intrusion.verified

    def claim(
        self, claims: Mapping[str, Claim], causes: Collection[str], now: int
    ) -> dict[str, Claim]:
        """All claims: those of the matrix and, where it wants nothing, of the sections."""
        guarded = {} if self.intrusion is None else self.intrusion.claims
        both = {**guarded, **claims}
        return both if self.gate is None else self.gate.run(both, causes, self._day(now), now)

    def serve(
        self, claims: Mapping[str, Claim], causes: Collection[str], now: int
    ) -> list[Verdict]:
        """What readers are told about the cards that were shown to them."""
        if self.access is None:
            return []
        lockdown = any(self._matrix.causes[name].lockdown for name in causes)
        closed = {} if self.gate is None else self.gate.closed
        verdicts = self.access.run(claims, lockdown, closed, self._day(now), now)
        if self.gate is not None:
            self.gate.passed(self.access.passed, now)
        return verdicts

    def owns(self, operation: Operation) -> bool:
        """Whether an operation is about one of them."""
        if self.access is not None and operation.verb in self.access.verbs:
            return True
        return self.intrusion is not None and self.intrusion.owns(operation)

    def operate(self, operation: Operation, now: int) -> Result:
        """Grant what an operator asks, or refuse it; only what `owns` says is theirs."""
        if self.access is not None and operation.verb in self.access.verbs:
            return self.access.verbs[operation.verb](operation, now)
        assert self.intrusion is not None, "asked for by `owns`"
        return *self.intrusion.operate(operation, now), []

    def capture(self) -> dict[str, Any]:
        """Everything that must not be forgotten across a restart, as plain values."""
        named = {"access": self.access, "intrusion": self.intrusion, "gate": self.gate}
        return {name: one.capture() for name, one in named.items() if one is not None}

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured; a section that the plan no longer has is left out."""
        if self.access is not None and "access" in plain:
            self.access.restore(plain["access"], move)
        if self.intrusion is not None and "intrusion" in plain:
            self.intrusion.restore(plain["intrusion"], move)
        if self.gate is not None and "gate" in plain:
            self.gate.restore(plain["gate"], move)

    def _day(self, now: int) -> int:
        """The time of the day on the site."""
        return (self.began_ms + self._offset_ms + now) % DAY_MS
