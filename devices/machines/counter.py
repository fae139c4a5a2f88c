"""People counter over a portal: live totals once a second, and what came in each full minute.

Each person is counted with this unit's own accuracy (95 to 99 %), by a seeded draw.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.wiring import Wiring

ACCURACY = (0.95, 0.99)
"""Share of people that a counter counts (catalogues: 95 to 99 %, (m))."""
QUANTITIES = {"in": "enters", "out": "passes"}
"""What a counter counts, and which true quantity at its portal that is."""


class PeopleCounter:
    """Points: inside w (sets the occupancy), in r, out r, occupancy r, interval-in r,
    interval-out r.

    Drift: it misses this percentage of people besides. Gap: an interval is not sent. Zeroed: its
    totals begin at 0 again.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._rng = rng
        self._live_ms, self._interval_ms = wiring.ms("live"), wiring.ms("interval")
        self._share = float(rng.uniform(*ACCURACY))
        self._first_ms = int(rng.integers(self._live_ms))
        portal = wiring.device.portal
        self._truth = {name: wiring.probe(portal, q) for name, q in QUANTITIES.items()}
        self._seen = dict.fromkeys(QUANTITIES, 0)
        self._totals = dict.fromkeys(QUANTITIES, 0)
        self._marks = dict.fromkeys(QUANTITIES, 0)
        self._offset = 0

    def start(self, at: int) -> None:
        """Nobody counted yet."""
        self._show()
        agenda = self.wiring.agenda
        agenda.at(at + self._first_ms, self._look)
        agenda.at(at + self._interval_ms, self._close)

    def command(self, point: str, value: Value, at: int) -> str:
        """`inside` says how many are inside now."""
        if isinstance(value, str) or value < 0:
            return "rejected"
        self._offset = int(value) - self._totals["in"] + self._totals["out"]
        self._show()
        return "ok"

    def settle(self, at: int) -> None:
        """A restart empties the totals."""
        if "zeroed" in self.wiring.failing:
            self._totals = dict.fromkeys(QUANTITIES, 0)
            self._marks = dict.fromkeys(QUANTITIES, 0)
            self._show()

    def _look(self, at: int) -> None:
        self.wiring.agenda.at(at + self._live_ms, self._look)
        changed = False
        for name, truth in self._truth.items():
            now = int(truth())
            passed, self._seen[name] = now - self._seen[name], now
            if passed > 0 and not self.wiring.off:
                self._totals[name] += self._counted(passed)
                changed = True
        if changed:
            self._show()

    def _counted(self, passed: int) -> int:
        drift = float(self.wiring.failing.get("drift", 0.0))
        return int(self._rng.binomial(passed, self._share * (1 - drift / 100)))

    def _close(self, at: int) -> None:
        self.wiring.agenda.at(at + self._interval_ms, self._close)
        for name in QUANTITIES:
            count = self._totals[name] - self._marks[name]
            self._marks[name] = self._totals[name]
            if "gap" not in self.wiring.failing:
                self.wiring.show(f"interval-{name}", count)

    def _show(self) -> None:
        inside = self._offset + self._totals["in"] - self._totals["out"]
        for point, value in (*self._totals.items(), ("occupancy", max(0, inside))):
            self.wiring.update(point, value)
