"""Turnstile: freed within 1 s by command; arms drop when the mains is lost; counts passes."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Drive
from devices.wiring import Wiring

FREE_MS = (200, 900)
COUNT_MS = 1000


class Turnstile:
    """Points: free w, freed r, passes r (u32, people through the portal since power-up)."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        free_ms = int(rng.integers(FREE_MS[0], FREE_MS[1] + 1))
        self._arms = Drive(wiring, free_ms, False, self._moved)
        self._first_ms = int(rng.integers(COUNT_MS))
        self._command = False
        self._mains = True
        self._passed = wiring.probe(wiring.device.portal, "passes")

    def start(self, at: int) -> None:
        """Arms up, nobody counted yet."""
        self._report()
        self.wiring.show("passes", 0)
        self.wiring.agenda.at(at + self._first_ms, self._count)

    def command(self, point: str, value: Value, at: int) -> str:
        """`free` true drops the arms, false raises them when there is mains."""
        self._command = bool(value)
        self._settle(at)
        return "ok"

    def mains(self, on: bool, at: int) -> None:
        """Without mains the arms drop."""
        self._mains = on
        self.wiring.cause = "mains"
        self._settle(at)

    def faulted(self, at: int) -> None:
        """Stuck: the arms stay. Wrong: `freed` reports something else."""
        self._report()
        self._settle(at)

    def _settle(self, at: int) -> None:
        self._arms.ask(self._command or not self._mains, at)

    def _moved(self, free: bool) -> None:
        self._report()
        self.wiring.actuate(f"portal:{self.wiring.device.portal}", "free" if free else "blocked")

    def _report(self) -> None:
        wrong = self.wiring.wrong
        self.wiring.show("freed", self._arms.position if wrong is None else bool(wrong))

    def _count(self, at: int) -> None:
        passes = int(self._passed())
        if passes != self.wiring.values["passes"]:
            self.wiring.show("passes", passes)
        self.wiring.agenda.at(at + COUNT_MS, self._count)
