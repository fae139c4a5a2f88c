"""Gate bollard: moves in 3 to 6 s, rises in an emergency in 1 to 1.5 s, falls without pressure.

It does not rise under a vehicle: the loop in the road holds it down until the vehicle has gone.
Only the emergency rise overrides the loop.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.travel import Travel
from devices.wiring import Wiring

WORKING_BAR = 40
"""Hydraulic pressure while the pump holds it (m)."""


class Bollard:
    """Points: lower w, efo w, down r, up r, loop r, pressure-ok r, position r (%), pressure r.

    Vehicle: one stands on the loop. Pressure: the hydraulics leak, and it falls.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._move_ms = wiring.drawn(rng, "move")
        self._efo_ms = wiring.drawn(rng, "efo")
        self._post = Travel(wiring, self._move_ms, self._move_ms, 1.0, self._arrive)
        self._lower = self._emergency = False

    def start(self, at: int) -> None:
        """Raised: vehicles are kept out, people walk past."""
        self._report(at)

    def command(self, point: str, value: Value, at: int) -> str:
        """`lower` 1 lowers, 0 raises; `efo` 1 raises at once, whatever `lower` says."""
        if point == "efo":
            self._emergency = bool(value)
        else:
            self._lower = bool(value)
        self.settle(at)
        return "interlock" if self._held_down else "ok"

    def settle(self, at: int) -> None:
        """Go where it is wanted, as far as mains, pressure and loop allow."""
        up_ms = self._efo_ms if self._emergency else self._move_ms
        if up_ms != self._post.up_ms:
            self._post.halt(at)
            self._post.up_ms = up_ms
        down = not self._powered or (self._lower and not self._emergency)
        if self._held_down:
            self._post.halt(at)
        else:
            self._post.go(0.0 if down else 1.0, at)
        self._report(at)

    @property
    def _powered(self) -> bool:
        return self.wiring.mains and "pressure" not in self.wiring.failing

    @property
    def _held_down(self) -> bool:
        """A vehicle stands where it would rise."""
        rising = self._powered and not self._lower and self._post.position(self._now) < 1.0
        return rising and "vehicle" in self.wiring.failing and not self._emergency

    @property
    def _now(self) -> int:
        return self.wiring.agenda.now

    def _arrive(self, at: int) -> None:
        self._report(at)
        state = "blocked" if self._post.target else "free"
        self.wiring.actuate(f"portal:{self.wiring.device.portal}", state)

    def _report(self, at: int) -> None:
        position = self._post.position(at)
        still = not self._post.moving
        wiring = self.wiring
        wiring.report("down", still and position == 0.0)
        wiring.show("up", still and position == 1.0)
        wiring.show("loop", "vehicle" in wiring.failing)
        wiring.show("pressure-ok", self._powered)
        wiring.show("pressure", WORKING_BAR if self._powered else 0)
        wiring.show("position", round(100 * position))
