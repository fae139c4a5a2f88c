"""Patrol checkpoint: a guard shows his tag; the visit goes out as an event, late when offline."""

from __future__ import annotations

from numpy.random import Generator

from devices.battery import Battery
from devices.wiring import Wiring


class PatrolCheckpoint:
    """Points: visit event (the guard's id), visits r (count), battery r (%).

    Offline: visits are kept and sent when the network is back, with the time at which they were
    made. Twice: every visit is sent twice. Missed: the tag is not read.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._read_ms = wiring.drawn(rng, "read")
        self._battery = Battery(wiring, wiring.ms("life"), 0, self._drained)
        self._kept: list[tuple[int, str]] = []
        self._visits = 0

    def start(self, at: int) -> None:
        """Nobody has come yet."""
        self.wiring.show("visits", 0)
        self._battery.feed(False, at)
        self._drained(at)

    def press(self, at: int) -> None:
        """A guard whose name nobody gave shows his tag."""
        self.order("guard", at)

    def order(self, word: str, at: int) -> None:
        """The guard `word` shows his tag."""
        failing = self.wiring.failing
        if self.wiring.off or "missed" in failing or self._charge == 0:
            return
        for _ in range(2 if "twice" in failing else 1):
            self._kept.append((at + self._read_ms, word))
        self.wiring.agenda.at(at + self._read_ms, self._upload)

    def settle(self, at: int) -> None:
        """The network is gone, or back."""
        self._drained(at)
        self._upload(at)

    def _upload(self, at: int) -> None:
        if "offline" in self.wiring.failing:
            return
        due = [one for one in self._kept if one[0] <= at]
        self._kept = [one for one in self._kept if one[0] > at]
        for t_ms, guard in due:
            self._visits += 1
            self.wiring.record("sense", what="visit")
            self.wiring.show("visit", guard, t_ms)
            self.wiring.show("visits", self._visits, t_ms)

    @property
    def _charge(self) -> int:
        return int(self.wiring.failing.get("battery", self._battery.percent))

    def _drained(self, at: int) -> None:
        self.wiring.update("battery", self._charge)
