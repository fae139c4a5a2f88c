"""Emergency light with its own battery: lit by command, or by itself when the mains is lost.

Lit within 0.25 s (GB 51309-2018, high-danger places). The battery carries 30 to 90 min, drains only
while it carries the lamp and recharges in 24 h. A duration test lights the lamp from the battery
with the mains present, until it is empty; what it lasted must be what is asked of it.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.battery import Battery
from devices.motion import Drive
from devices.wiring import Wiring

REST, EMERGENCY, INHIBIT, TEST = range(4)
LAMP, DURATION, OVERDUE = 1, 2, 4
"""Bits of `failures` (after DALI part 202, (m))."""


class EmergencyLight:
    """Points: mode w (0 rest, 1 emergency, 2 inhibit, 3 duration test), lit r, battery r (%),
    failures r (bits), lasted r (minutes of the last test).

    Inhibited it stays dark without mains. Faded: the battery holds this share of its charge only.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._lamp = Drive(wiring, wiring.drawn(rng, "switch"), False, self._turned)
        self._minutes = wiring.drawn(rng, "duration") // 60_000
        whole_ms = self._minutes * 60_000
        self._battery = Battery(wiring, whole_ms, wiring.ms("recharge"), self._step)
        self._mode = REST
        self._began = 0
        self._short = self._given = False

    def start(self, at: int) -> None:
        """Dark, battery full."""
        self.wiring.show("lit", False)
        self.wiring.show("lasted", 0)
        self._report()

    def command(self, point: str, value: Value, at: int) -> str:
        """Change the mode; leaving a test before it is over tells nothing of the battery."""
        if int(value) == TEST and self._mode != TEST:
            self._began = at
        self._mode = int(value)
        self.settle(at)
        return "ok"

    def settle(self, at: int) -> None:
        """Without mains it lights up from its battery, unless it is inhibited."""
        wiring = self.wiring
        self._battery.feed(wiring.mains and self._mode != TEST, at)
        self._battery.fade(int(wiring.failing.get("faded", 100)))
        if wiring.mains and self._mode != TEST:
            wanted = self._mode == EMERGENCY
        else:
            wanted = self._mode != INHIBIT and self._battery.percent > 0
        self._lamp.ask(wanted, at)
        self._give()
        self._report()

    def _step(self, at: int) -> None:
        if self._mode == TEST and self._battery.percent == 0:
            lasted = (at - self._began) // 60_000
            self.wiring.show("lasted", lasted)
            self._short = lasted < int(self.wiring.setting("minutes"))
            self._mode = REST
        self.settle(at)

    def _turned(self, lit: bool) -> None:
        self._give()

    def _give(self) -> None:
        """Light comes out of a lamp that is on and whole."""
        given = self._lamp.position and "lamp" not in self.wiring.failing
        if given != self._given:
            self._given = given
            self.wiring.show("lit", given)
            self.wiring.actuate(f"light:{self.wiring.id}", "on" if given else "off")

    def _report(self) -> None:
        failing = self.wiring.failing
        bits = (
            LAMP * ("lamp" in failing) | DURATION * self._short | OVERDUE * ("overdue" in failing)
        )
        self.wiring.show("failures", bits)
        self.wiring.report("battery", self._battery.percent)
