"""A lift: goes where it is called, and in a fire to its recall floor, where its doors stay open.

GB 50116-2013 4.7.1: every lift is forced to the ground or transfer floor, with feedback of where
it is. It moves at 1 m/s. Whether people may ride in it follows its mode; how they ride is the
crowd's own matter.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Drive, Motion
from devices.travel import Travel
from devices.wiring import Wiring

NORMAL, RECALL, RECALLED, STOPPED = range(4)
"""Modes."""

STATES = ("in-service", "recall", "recalled", "stopped")
"""What the world is told in each mode."""
STILL, UP, DOWN = range(3)
SPEED_M_PER_S = 1.0


class Lift:
    """Points: recall w (0 none, 1 main floor, 2 alternate), call w (a floor), floor r,
    direction r, door-open r, mode r, at-floor r, entrapment r, door-blocked r, power r.

    Stuck: it stops between floors. Ignores: it takes no recall. Obstructed: its door cannot close,
    so it cannot leave. Without mains it stops where it is.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._floors = int(wiring.setting("floors"))
        rise_ms = round(1000 * float(wiring.setting("rise_m")) / SPEED_M_PER_S)
        self._top = max(1, self._floors - 1)
        first = int(rng.integers(self._floors)) / self._top
        self._car = Travel(wiring, self._top * rise_ms, self._top * rise_ms, first, self._arrive)
        self._door = Drive(wiring, wiring.drawn(rng, "door"), False, self._moved)
        self._trap = Motion(wiring)
        self._steps = Motion(wiring)
        self._step_ms = rise_ms
        self._recall = 0
        self._told = NORMAL
        self._goal = self._floor(0)

    def start(self, at: int) -> None:
        """Parked somewhere, doors closed."""
        self.wiring.show("entrapment", False)
        self._report(at)

    def command(self, point: str, value: Value, at: int) -> str:
        """`recall` brings it to its floor; a call counts in normal service only."""
        if point == "recall":
            if "ignores" not in self.wiring.failing:
                self._recall = int(value)
        elif self._recall or not 1 <= int(value) <= self._floors:
            return "interlock" if self._recall else "rejected"
        else:
            self._goal = int(value)
        self.settle(at)
        return "ok"

    def settle(self, at: int) -> None:
        """Close the door, go, open it; or stop where something forbids to go on."""
        goal = self._recall_floor or self._goal
        here = self._at(goal, at)
        if not self.wiring.mains or self.wiring.stuck:
            self._car.halt(at)
            if not self._level(at):
                self._trap.start(at + self.wiring.ms("entrapment"), self._trapped)
        elif not here and not self._car.moving and self._door.position:
            self._door.ask("obstructed" in self.wiring.failing, at)
        elif not here and not self._door.position:
            self._free(at)
            self._car.go((goal - 1) / self._top, at)
        elif here:
            self._free(at)
            self._door.ask(True, at)
        self._report(at)

    @property
    def _recall_floor(self) -> int:
        names = {1: "main", 2: "alternate"}
        return int(self.wiring.setting(names[self._recall])) if self._recall else 0

    def _floor(self, at: int) -> int:
        return 1 + round(self._car.position(at) * self._top)

    def _level(self, at: int) -> bool:
        """Whether it stands at a floor."""
        place = self._car.position(at) * self._top
        return abs(place - round(place)) < 1e-6

    def _at(self, floor: int, at: int) -> bool:
        return not self._car.moving and self._level(at) and self._floor(at) == floor

    def _free(self, at: int) -> None:
        self._trap.stop()
        self.wiring.update("entrapment", False)

    def _trapped(self, at: int) -> None:
        self.wiring.update("entrapment", True)
        self.wiring.record("sense", what="entrapment")

    def _arrive(self, at: int) -> None:
        self.settle(at)

    def _moved(self, opened: bool) -> None:
        self.settle(self.wiring.agenda.now)

    def _mode(self, at: int) -> int:
        if not self.wiring.mains or self.wiring.stuck:
            return STOPPED
        if not self._recall:
            return NORMAL
        return RECALLED if self._at(self._recall_floor, at) and self._door.position else RECALL

    def _report(self, at: int) -> None:
        wiring, car = self.wiring, self._car
        going = STILL
        if car.moving:
            going = UP if car.target > car.position(at) else DOWN
            self._steps.start(at + self._step_ms // 2, self._report)
        wiring.update("floor", self._floor(at))
        wiring.update("direction", going)
        wiring.update("door-open", self._door.position)
        wiring.update("door-blocked", "obstructed" in wiring.failing)
        mode = self._mode(at)
        wiring.update("mode", mode)
        wiring.update("at-floor", mode == RECALLED)
        if mode != self._told:
            self._told = mode
            wiring.actuate(f"lift:{wiring.id}", STATES[mode])
        wiring.update("power", wiring.mains)
