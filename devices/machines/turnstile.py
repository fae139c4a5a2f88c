"""Turnstile: freed within 1 s by command; arms drop when the mains is lost; counts passes."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Drive, Motion
from devices.wiring import Wiring


class Turnstile:
    """Points: free w, open-a w, open-b w, freed r, jam r, tailgate r, passes r and one per side.

    A is out of the building, B into it. Opened for one person it closes after that person or its
    time; a second person on the same opening is a tailgate. Zeroed: its counters begin at 0 again.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._arms = Drive(wiring, wiring.drawn(rng, "free"), False, self._moved)
        self._every_ms = wiring.ms("count")
        self._first_ms = int(rng.integers(self._every_ms))
        self._single = Motion(wiring)
        self._command = self._opened = False
        portal = wiring.device.portal
        self._sides = (wiring.probe(portal, "passes"), wiring.probe(portal, "enters"))
        self._from = (0, 0)
        self._at_opening = 0

    def start(self, at: int) -> None:
        """Arms up, nobody counted yet."""
        self.settle(at)
        self.wiring.show("tailgate", False)
        self._show((0, 0))
        self.wiring.agenda.at(at + self._first_ms, self._count)

    def command(self, point: str, value: Value, at: int) -> str:
        """`free` drops the arms as long as it stands; `open-a`, `open-b` let one person through."""
        if point == "free":
            self._command = bool(value)
        elif value:
            self._opened, self._at_opening = True, sum(self._counts())
            self.wiring.show("tailgate", False)
            self._single.start(at + self.wiring.ms("single"), self._close)
        self.settle(at)
        return "ok"

    def settle(self, at: int) -> None:
        """Arms as is asked; a jam keeps them, zeroing empties the counters."""
        if "zeroed" in self.wiring.failing:
            self._from = (int(self._sides[0]()), int(self._sides[1]()))
            self._show((0, 0))
        self.wiring.show("jam", self.wiring.stuck)
        self._arms.ask(self._command or self._opened or not self.wiring.mains, at)
        self.wiring.report("freed", self._arms.position)

    def _moved(self, free: bool) -> None:
        self.wiring.report("freed", free)
        self.wiring.actuate(f"portal:{self.wiring.device.portal}", "free" if free else "blocked")

    def _close(self, at: int) -> None:
        self._opened = False
        self.settle(at)

    def _count(self, at: int) -> None:
        counts = self._counts()
        if sum(counts) != self.wiring.values["passes"]:
            self._show(counts)
            if self._opened:
                self._passed(sum(counts) - self._at_opening, at)
        self.wiring.agenda.at(at + self._every_ms, self._count)

    def _passed(self, people: int, at: int) -> None:
        if people > 1:
            self.wiring.show("tailgate", True)
            self.wiring.record("sense", what="tailgate")
        if not self._command:
            self._close(at)

    def _counts(self) -> tuple[int, int]:
        out, back = (int(side()) for side in self._sides)
        return out - self._from[0], back - self._from[1]

    def _show(self, counts: tuple[int, int]) -> None:
        for name, count in zip(
            ("passes-a", "passes-b", "passes"), (*counts, sum(counts)), strict=True
        ):
            self.wiring.show(name, count)
