"""Emergency light with its own battery: lit by command, or by itself when the mains is lost.

Lit within 0.25 s (GB 51309-2018, high-danger places). The battery carries 30 to 90 min, drains only
without mains and recharges in 24 h.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Drive, Motion
from devices.wiring import Wiring

SWITCH_MS = (40, 240)
DURATION_MIN = (30, 90)
RECHARGE_MS = 24 * 3_600_000


class EmergencyLight:
    """Points: mode w (0 rest, 1 emergency), lit r, battery r (percent)."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        switch_ms = int(rng.integers(SWITCH_MS[0], SWITCH_MS[1] + 1))
        minutes = int(rng.integers(DURATION_MIN[0], DURATION_MIN[1] + 1))
        self._lamp = Drive(wiring, switch_ms, False, self._turned)
        self._percent_ms = minutes * 60_000 // 100
        self._battery = Motion(wiring)
        self._emergency = False
        self._mains = True
        self._percent = 100

    def start(self, at: int) -> None:
        """Dark, battery full."""
        self.wiring.show("lit", False)
        self._report_battery()

    def command(self, point: str, value: Value, at: int) -> str:
        """`mode` 1 lights it, 0 lets it rest."""
        self._emergency = int(value) == 1
        self._settle(at)
        return "ok"

    def mains(self, on: bool, at: int) -> None:
        """Without mains it lights up from its battery."""
        self._mains = on
        self.wiring.cause = "mains"
        self._settle(at)
        self._charge(at)

    def faulted(self, at: int) -> None:
        """Stuck: the lamp stays as it is. Wrong: the battery reports another percentage."""
        self._report_battery()
        self._settle(at)

    def _settle(self, at: int) -> None:
        self._lamp.ask(self._emergency if self._mains else self._percent > 0, at)

    def _turned(self, lit: bool) -> None:
        self.wiring.show("lit", lit)
        self.wiring.actuate(f"light:{self.wiring.id}", "on" if lit else "off")

    def _charge(self, at: int) -> None:
        """Enter the next percent, up with mains and down without."""
        if self._percent == (100 if self._mains else 0):
            self._battery.stop()
        else:
            percent_ms = RECHARGE_MS // 100 if self._mains else self._percent_ms
            self._battery.start(at + percent_ms, self._step)

    def _step(self, at: int) -> None:
        self._percent += 1 if self._mains else -1
        self._report_battery()
        self._settle(at)
        self._charge(at)

    def _report_battery(self) -> None:
        wrong = self.wiring.wrong
        self.wiring.show("battery", self._percent if wrong is None else int(wrong))
