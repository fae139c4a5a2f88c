"""People-counting camera: one picture a second, a count 0.3 to 2 s later, undercounting crowds.

Per picture each person is counted with a probability of 98 % that falls above 2 people per m2,
where they hide each other (catalogue: 95 to 99 % per person, undercount rises with density).
"""

from __future__ import annotations

from functools import partial

from numpy.random import Generator

from devices.wiring import Wiring

COUNTED, HIDDEN_FROM_PER_M2, HIDDEN_PER_PERSON, LEAST = 0.98, 2.0, 0.06, 0.5


def counted_share(density_per_m2: float) -> float:
    """The probability that a person is counted at a true density (people per m2)."""
    hidden = HIDDEN_PER_PERSON * max(0.0, density_per_m2 - HIDDEN_FROM_PER_M2)
    return max(LEAST, COUNTED - hidden)


class Camera:
    """Points: count r (people), density r (people per m2, of the fullest space it sees), crowd r.

    Wrong: it counts that number whatever it sees. Off: its station is lost and it sees nothing.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._rng = rng
        self._latency_ms = wiring.drawn(rng, "latency")
        self._picture_ms, self._repeat_ms = wiring.ms("picture"), wiring.ms("repeat")
        self._first_ms = int(rng.integers(self._picture_ms))
        self._crowd_at = float(wiring.setting("crowd-at"))
        self._told = (0, 0.0)
        self._told_ms = 0
        self._views = [
            (wiring.probe(place, "people"), wiring.probe(place, "density_per_m2"))
            for place in wiring.device.sees
        ]

    def start(self, at: int) -> None:
        """Nobody seen; pictures begin."""
        self._tell((0, 0.0), at, at)
        self.wiring.agenda.at(at + self._first_ms, self._picture)

    def _picture(self, at: int) -> None:
        agenda = self.wiring.agenda
        agenda.at(at + self._picture_ms, self._picture)
        if not self.wiring.off:
            agenda.at(at + self._latency_ms, partial(self._tell, self._look(), at))

    def _look(self) -> tuple[int, float]:
        """What one picture holds: the count, and the density where it is highest."""
        total, densest = 0, 0.0
        for people_at, density_at in self._views:
            people = int(people_at())
            if people:
                density = density_at()
                seen = int(self._rng.binomial(people, counted_share(density)))
                total += seen
                densest = max(densest, density * seen / people)
        wrong = self.wiring.wrong
        return (total if wrong is None else int(wrong)), round(densest, 2)

    def _tell(self, seen: tuple[int, float], taken_ms: int, at: int) -> None:
        if self.wiring.off or (
            seen == self._told and at - self._told_ms < self._repeat_ms and at > 0
        ):
            return
        self._told, self._told_ms = seen, at
        self.wiring.show("count", seen[0], taken_ms)
        self.wiring.show("density", seen[1], taken_ms)
        self.wiring.show("crowd", seen[1] >= self._crowd_at, taken_ms)
