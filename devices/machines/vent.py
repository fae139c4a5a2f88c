"""Smoke vent and fire damper: what opens for smoke, and what closes against it.

A vent lets smoke out once it is fully open, a damper holds it once it is shut; between its ends
each stays what it was last.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Motion
from devices.travel import Travel
from devices.wiring import Wiring

SUPPLY_KPA = 600
"""Compressed air behind a pneumatic vent while it is in order: 6 bar (m)."""


class SmokeVent:
    """Points: open w (fire), vent w (fresh air), opened r, closed r, rain r, supply-ok r, late r,
    position r (%), supply r (kPa).

    Rain closes a vent that was opened for fresh air. In a fire it must not: only the fault
    `rain-closes` does that. Its air reservoir works without mains. No feedback: no end switch
    makes.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        full_ms = wiring.drawn(rng, "travel")
        self._flap = Travel(wiring, full_ms, full_ms, 0.0, self._arrive)
        self._late = Motion(wiring)
        self._fire = self._air = False

    def start(self, at: int) -> None:
        """Closed."""
        self.wiring.show("late", False)
        self._report(at)

    def command(self, point: str, value: Value, at: int) -> str:
        """`open` opens for smoke, `vent` for fresh air; fire goes before rain."""
        if point == "open":
            self._fire = bool(value)
        else:
            self._air = bool(value)
        self.settle(at)
        return "interlock" if point == "vent" and value and not self._wanted else "ok"

    def settle(self, at: int) -> None:
        """Move as is wanted, if there is air to move it."""
        if "supply" in self.wiring.failing:
            self._flap.halt(at)
        elif self._flap.go(1.0 if self._wanted else 0.0, at):
            self._late.start(at + self.wiring.ms("late"), self._too_late)
        self._report(at)

    @property
    def _wanted(self) -> bool:
        failing = self.wiring.failing
        wet = "rain" in failing
        if self._fire:
            return not (wet and "rain-closes" in failing)
        return self._air and not wet

    def _arrive(self, at: int) -> None:
        if "no-feedback" not in self.wiring.failing:
            self._late.stop()
            self.wiring.update("late", False)
        self._report(at)
        state = "open" if self._flap.target else "closed"
        self.wiring.actuate(f"vent:{self.wiring.id}", state)

    def _too_late(self, at: int) -> None:
        self.wiring.update("late", True)

    def _report(self, at: int) -> None:
        failing, position = self.wiring.failing, self._flap.position(at)
        still = not self._flap.moving and "no-feedback" not in failing
        self.wiring.update("opened", still and position == 1.0)
        self.wiring.update("closed", still and position == 0.0)
        self.wiring.update("rain", "rain" in failing)
        self.wiring.update("supply-ok", "supply" not in failing)
        self.wiring.update("supply", 0 if "supply" in failing else SUPPLY_KPA)
        self.wiring.update("position", round(100 * position))


class FireDamper:
    """Points: hold w (1 keeps it open), opened r, closed r, position r (%).

    A spring shuts it when it is let go, when the mains goes, and at 72 C by its fusible link,
    which stays molten. No feedback: no end switch makes.
    """

    LINK_C = 72.0
    """Release temperature of the link (EN 15650 and ISO 10294-4, (m))."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._leaf = Travel(
            wiring, wiring.drawn(rng, "motor"), wiring.drawn(rng, "spring"), 1.0, self._arrive
        )
        self._air_c = wiring.probe(wiring.device.at, "temperature_c")
        self._hold = True
        self._molten = False

    def start(self, at: int) -> None:
        """Held open."""
        self._report(at)
        self._feel(at)

    def command(self, point: str, value: Value, at: int) -> str:
        """`hold` 0 lets it shut, 1 winds it open again."""
        self._hold = bool(value)
        self.settle(at)
        return "interlock" if value and self._molten else "ok"

    def settle(self, at: int) -> None:
        """Open only while everything holds it."""
        held = self._hold and self.wiring.mains and not self._molten
        self._leaf.go(1.0 if held else 0.0, at)
        self._report(at)

    def _feel(self, at: int) -> None:
        if self._air_c() >= self.LINK_C:
            self._molten = True
            self.wiring.record("sense", what="link")
            self.settle(at)
        else:
            self.wiring.agenda.at(at + self.wiring.ms("link"), self._feel)

    def _arrive(self, at: int) -> None:
        self._report(at)
        state = "open" if self._leaf.target else "closed"
        self.wiring.actuate(f"damper:{self.wiring.id}", state)

    def _report(self, at: int) -> None:
        position = self._leaf.position(at)
        still = not self._leaf.moving and "no-feedback" not in self.wiring.failing
        self.wiring.update("opened", still and position == 1.0)
        self.wiring.update("closed", still and position == 0.0)
        self.wiring.update("position", round(100 * position))
