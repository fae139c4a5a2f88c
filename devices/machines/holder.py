"""Electromagnetic holder of a fire door: power holds it open, so it fails closed.

The leaf lets go at once and swings shut in 3 to 15 s (door closer). Holding again means that
somebody opens the door by hand against the magnet, which the model does at once.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Motion
from devices.travel import Travel
from devices.wiring import Wiring

HALF_WAY = 0.5
"""Where an obstacle catches the leaf (assumed)."""


class DoorHolder:
    """Points: hold w (1 holds), closed r (1 the leaf is shut), obstructed r (let go, not shut).

    Obstructed: something stands in the way of the leaf. Stuck: residual magnetism holds it.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._leaf = Travel(wiring, 0, wiring.drawn(rng, "closing"), 1.0, self._arrive)
        self._late = Motion(wiring)
        self._command = self._held = True

    def start(self, at: int) -> None:
        """Held open."""
        self.wiring.show("obstructed", False)
        self._report()

    def command(self, point: str, value: Value, at: int) -> str:
        """`hold` false lets the door go."""
        self._command = bool(value)
        self.settle(at)
        return "ok"

    def settle(self, at: int) -> None:
        """Hold it, or let it go as far as it can."""
        held = self._command and self.wiring.mains
        open_from = HALF_WAY if "obstructed" in self.wiring.failing else 0.0
        goal = 1.0 if held else min(open_from, self._leaf.position(at))
        leaves = self._leaf.position(at) == 1.0 and goal < 1.0
        if self._leaf.go(goal, at) and leaves:
            self._move("closing")
        if held != self._held:
            self._held = held
            self._watch(at)
        self._report()

    def _watch(self, at: int) -> None:
        """Let go, it must be shut in time."""
        if self._held:
            self._late.stop()
            self.wiring.show("obstructed", False)
        else:
            self._late.start(at + self.wiring.ms("late"), self._too_late)

    @property
    def _shut(self) -> bool:
        return not self._leaf.moving and self._leaf.target == 0.0

    def _arrive(self, at: int) -> None:
        if self._leaf.target == 1.0:
            self._move("held")
        elif self._shut:
            self._late.stop()
            self.wiring.show("obstructed", False)
            self._move("closed")

    def _too_late(self, at: int) -> None:
        self.wiring.show("obstructed", True)

    def _move(self, state: str) -> None:
        self._report()
        self.wiring.actuate(f"portal:{self.wiring.device.portal}", state)

    def _report(self) -> None:
        self.wiring.report("closed", self._shut)
