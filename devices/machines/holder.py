"""Electromagnetic holder of a fire door: power holds it open, so it fails closed.

The leaf lets go at once and swings shut in 3 to 15 s (door closer). Holding again means that
somebody opens the door by hand against the magnet, which the model does at once.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Motion
from devices.wiring import Wiring

CLOSING_MS = (3000, 15000)


class DoorHolder:
    """Points: hold w (1 holds), closed r (1 the leaf is shut)."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._closing_ms = int(rng.integers(CLOSING_MS[0], CLOSING_MS[1] + 1))
        self._motion = Motion(wiring)
        self._command = True
        self._mains = True
        self._held = True
        self._closed = False

    def start(self, at: int) -> None:
        """Held open."""
        self._report()

    def command(self, point: str, value: Value, at: int) -> str:
        """`hold` false lets the door go."""
        self._command = bool(value)
        self._settle(at)
        return "ok"

    def mains(self, on: bool, at: int) -> None:
        """Without mains the door closes."""
        self._mains = on
        self.wiring.cause = "mains"
        self._settle(at)

    def faulted(self, at: int) -> None:
        """Stuck: residual magnetism or an obstacle keeps the leaf where it is."""
        if self.wiring.stuck:
            self._motion.stop()
        elif not self._held and not self._closed:
            self._motion.start(at + self._closing_ms, self._shut)
        self._report()
        self._settle(at)

    def _settle(self, at: int) -> None:
        wanted = self._command and self._mains
        if self.wiring.stuck or wanted == self._held:
            return
        self._held = wanted
        if wanted:
            self._motion.stop()
            self._move("held", False)
        else:
            self._move("closing", False)
            self._motion.start(at + self._closing_ms, self._shut)

    def _shut(self, at: int) -> None:
        self._move("closed", True)

    def _move(self, state: str, closed: bool) -> None:
        self._closed = closed
        self._report()
        self.wiring.actuate(f"portal:{self.wiring.device.portal}", state)

    def _report(self) -> None:
        wrong = self.wiring.wrong
        self.wiring.show("closed", self._closed if wrong is None else bool(wrong))
