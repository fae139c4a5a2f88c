"""Fire roller shutter in two stages: to 1.8 m for those who still leave, then to the floor.

GB 50116-2013 4.6.3: on an escape route two smoke detectors lower it to 1.8 m, a heat detector at
the shutter to the floor; elsewhere straight to the floor (4.6.4). 5 to 8 m/min.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Motion
from devices.travel import Travel
from devices.wiring import Wiring

STOP, UP, MIDDLE, FLOOR = range(4)
STAGE_M = 1.8


class RollerShutter:
    """Points: move w, height r (cm), position r (%), top/middle/bottom r, moving r, overload r.

    At the floor nobody passes and smoke does not either; above it people pass. Limit: the lower
    limit switch does not make, and the motor runs into its overload. Stuck: the curtain jams.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._height_m = float(wiring.setting("height_m"))
        travel_ms = round(60_000 * self._height_m / (wiring.drawn(rng, "speed") / 1000))
        self._curtain = Travel(wiring, travel_ms, travel_ms, 1.0, self._arrive)
        self._steps = Motion(wiring)
        self._asked = UP
        self._shut = False

    def start(self, at: int) -> None:
        """Rolled up."""
        self._report(at)

    def command(self, point: str, value: Value, at: int) -> str:
        """0 stops it, 1 up, 2 down to 1.8 m, 3 down to the floor."""
        self._asked = int(value)
        if self._asked == STOP:
            self._curtain.halt(at)
        self.settle(at)
        return "ok"

    def settle(self, at: int) -> None:
        """Without mains, or jammed, or tripped, it stays where it is."""
        if self._blocked:
            self._curtain.halt(at)
        elif self._asked != STOP:
            goal = {UP: 1.0, MIDDLE: STAGE_M / self._height_m, FLOOR: 0.0}[self._asked]
            down = goal < self._curtain.position(at)
            if self._curtain.go(goal, at):
                self._state("closing" if down else "held")
        self._report(at)

    @property
    def _blocked(self) -> bool:
        failing = self.wiring.failing
        return self.wiring.stuck or not self.wiring.mains or "overload" in failing

    def _arrive(self, at: int) -> None:
        if self._curtain.target == 0.0:
            self._state("closed")
        self._report(at)

    def _state(self, state: str) -> None:
        """Tell the world; at the floor the way is barred as well."""
        portal = f"portal:{self.wiring.device.portal}"
        if self._shut and state != "closed":
            self._shut = False
            self.wiring.actuate(portal, "free")
        self.wiring.actuate(portal, state)
        if state == "closed":
            self._shut = True
            self.wiring.actuate(portal, "blocked")

    def _report(self, at: int) -> None:
        """Every second while it moves."""
        up = self._curtain.position(at)
        stage = STAGE_M / self._height_m
        still = not self._curtain.moving
        run_on = "limit" in self.wiring.failing and up == 0.0 and still
        shown: dict[str, Value] = {
            "position": round(100 * up),
            "height": round(100 * up * self._height_m),
            "top": up == 1.0,
            "middle": abs(up - stage) < 1e-9,
            "bottom": up == 0.0 and "limit" not in self.wiring.failing,
            "moving": not still,
            "overload": "overload" in self.wiring.failing or run_on,
        }
        for point, value in shown.items():
            self.wiring.update(point, value)
        if not still:
            self._steps.start(at + 1000, self._report)
