"""The gate on the scan: what it does is on record, with its reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from controller.arbitration import Claim
from controller.gate.gate import Gate, GatePlan
from controller.image import Image
from controller.records import PHASE, Records


class GateDesk:
    """The gate section at work; `closed` are the reasons why its readers refuse vehicles."""

    def __init__(self, plan: GatePlan, image: Image, journal: Records) -> None:
        self.gate = Gate(plan)
        self.inputs = plan.inputs
        self.wake_ms = 0
        self.spoke = False
        self.closed: Mapping[str, str] = {}
        self._image, self._journal = image, journal

    def run(
        self, claims: Mapping[str, Claim], causes: Collection[str], day_ms: int, now: int
    ) -> dict[str, Claim]:
        """Look; all claims with the gate's beside them."""
        portal = self.gate.plan.portal
        self.spoke = False
        for what, why in self.gate.step(self._image.good, causes, day_ms, now):
            self._note(what, why, now)
        why = self.gate.refuses(now)
        self.closed = {portal: why} if why else {}
        self.wake_ms = self.gate.wake_ms(day_ms, now)
        return self.gate.merged(claims, self._image.good)

    def passed(self, portals: Collection[str], now: int) -> None:
        """Cards have been let in at these portals; a vehicle's lowers the bollards."""
        if self.gate.plan.portal in portals:
            self.gate.let(now)
            self._note("open", "a vehicle is let in", now)
            self.wake_ms = now

    def capture(self) -> list[Any]:
        """What must not be forgotten, as plain values."""
        return self.gate.capture()

    def restore(self, plain: list[Any], move: Callable[[int], int]) -> None:
        """Take back what was captured."""
        self.gate.restore(plain, move)
        self.wake_ms = 0

    def _note(self, what: str, why: str, now: int) -> None:
        self.spoke = True
        self._journal.record(now, PHASE, "gate", self.gate.plan.portal, what=what, why=why)
