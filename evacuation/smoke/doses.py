"""Books what everybody breathes and feels, and says who can go no further, and when.

A person's dose grows by the laws of the air in the space that he is in, for as long as he is in it:
stays are taken from the engine's log, to the millisecond, and the air is constant during an
advance, so the sum is exact. Gases and heat are two doses; who reaches his limit in either falls.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from evacuation.engine.arrays import OUT, SEGMENT, Crowded, Flags, Floats, Longs, Net, Records
from evacuation.smoke.air import Air, stack
from evacuation.smoke.dose import CAUSES, GASES, DoseLaw

CLEAN_PER_MIN = 1e-3
"""Air in which a dose of 1 takes 1000 minutes or longer counts as clean: nothing is booked."""
RINGS = 12
"""Within so many steps nobody gets further than so many portals; a second has no more steps."""
MS_PER_MIN = 60_000.0


class Dose(NamedTuple):
    """What somebody has taken in: two doses, and the part that is the largest ("" if nothing)."""

    gases: float
    heat: float
    cause: str

    @property
    def greater(self) -> float:
        """The greater of the two."""
        return max(self.gases, self.heat)


NO_DOSE = Dose(0.0, 0.0, "")


class _Reach(NamedTuple):
    """The worst air by space: dose per ms of gases and of heat, and level of irritants."""

    gases: Floats
    heat: Floats
    level: Floats

    def spread(self, net: Net, rings: int) -> "_Reach":
        """Return the worst that can be met within some portals of each space."""
        if rings > RINGS:
            return _Reach(*(np.full_like(one, one.max()) for one in self))
        worst = [one.copy() for one in self]
        for _ in range(rings):
            for one in worst:
                np.maximum.at(one, net.line["send"], one[net.line["recv"]])
        return _Reach(*worst)

    def ms_left(self, room: Floats, heat_room: Floats, limit: Floats, at: Longs) -> Floats:
        """Return how long each person can bear the air of the space he is at."""
        with np.errstate(divide="ignore", invalid="ignore"):
            gases, heat = room / self.gases[at], heat_room / self.heat[at]
        left = np.fmin(gases, heat)
        return np.where(self.level[at] >= limit, 0.0, np.fmax(left, 0.0))


class Doses:
    """The doses of a crowd; costs nothing as long as the air is clean."""

    def __init__(
        self,
        number: Callable[[str], int],
        net: Net,
        crowd: Crowded,
        limits: Floats,
        law: DoseLaw,
    ) -> None:
        spaces = net.room.size
        self._number, self._net, self._crowd, self._limits, self._law = (
            number, net, crowd, limits, law,
        )  # fmt: skip
        self._given: Mapping[str, Air] | None = None
        self._taken: Floats = np.zeros((len(CAUSES), 0))
        self._per_ms: Floats = np.zeros((len(CAUSES), spaces))
        self._reaches: dict[int, _Reach] = {}
        self._level: Floats = np.zeros(spaces)
        self._bad: Flags = np.zeros(spaces, np.bool_)
        self._fallen: dict[int, Dose] = {}
        self._booked_ms = self._free_steps = 0
        self.harmful = False

    def breathe(self, air: Mapping[str, Air], now_ms: int) -> None:
        """Take in the air of spaces, left out ones being clean; the same object is no change.

        Raises ValueError for a space that does not exist.
        """
        if air is self._given:
            return
        self._given = air
        if not air and not self.harmful:
            return
        self.settle(now_ms)
        self._booked_ms, self._free_steps = now_ms, 0
        at = np.array([self._number(space) for space in air], np.int64)
        rates = self._law.rates(stack(tuple(air.values())))
        bad = (rates.per_min.sum(0) > CLEAN_PER_MIN) | (rates.level > CLEAN_PER_MIN)
        self._per_ms[:], self._level[:], self._bad[:] = 0.0, 0.0, False
        self._per_ms[:, at[bad]] = rates.per_min[:, bad] / MS_PER_MIN
        self._level[at[bad]], self._bad[at[bad]] = rates.level[bad], True
        self._reaches = {}
        self.harmful = bool(bad.any())
        if self.harmful and not self._taken.size:
            self._taken = np.zeros((len(CAUSES), self._limits.size))

    def falling(
        self, now_ms: float, step_ms: float, steps: int
    ) -> tuple[int, list[tuple[int, float]]]:
        """Return how many of the next steps can be taken at once, and who falls in the first.

        Those who fall come as (person, ms from now). More steps than one are only taken where
        nobody could fall in any of them, wherever he goes.
        """
        if steps <= self._free_steps:
            self._free_steps -= steps
            return steps, []
        self.settle(now_ms)
        who = np.flatnonzero(self._crowd.state < OUT)
        at, limit = self._crowd.space[who], self._limits[who]
        room = limit - self._taken[:GASES, who].sum(0)
        heat_room = limit - self._taken[GASES:, who].sum(0)
        for ahead in (max(steps, RINGS), steps):
            left = self._reach(ahead).ms_left(room, heat_room, limit, at)
            if not np.any(left <= ahead * step_ms):
                self._free_steps = ahead - steps
                return steps, []
        left = self._reach(0).ms_left(room, heat_room, limit, at)
        fall = np.flatnonzero(left <= step_ms)
        return 1, list(zip(who[fall].tolist(), left[fall].tolist(), strict=True))

    def book(self, rows: Records) -> None:
        """Book the stays that ended, from the engine's log."""
        stays = rows[rows["kind"] == SEGMENT]
        stays = stays[self._bad[stays["a"]]]
        if stays.size:
            ms = np.maximum(stays["t1"] - np.maximum(stays["t0"], self._booked_ms), 0)
            taken = self._per_ms[:, stays["a"]] * ms
            np.add.at(self._taken.T, stays["person"], taken.T)

    def settle(self, now_ms: float) -> None:
        """Book the stays that go on, up to now."""
        now, crowd = round(now_ms), self._crowd
        if not self.harmful or now == self._booked_ms:
            return
        here = np.flatnonzero((crowd.state < OUT) & self._bad[crowd.space])
        ms = now - np.maximum(crowd.who["since"][here], self._booked_ms)
        self._taken[:, here] += self._per_ms[:, crowd.space[here]] * np.maximum(ms, 0)
        self._booked_ms = now

    def of(self, i: int) -> Dose:
        """Return what one person has taken in so far."""
        if not self._taken.size:
            return NO_DOSE
        parts = self._taken[:, i]
        gases, heat = float(parts[:GASES].sum()), float(parts[GASES:].sum())
        if not gases and not heat:
            return NO_DOSE
        low, high = (0, GASES) if gases >= heat else (GASES, len(CAUSES))
        return Dose(gases, heat, CAUSES[low + int(np.argmax(parts[low:high]))])

    def at_fall(self, i: int) -> Dose:
        """Return the dose with which somebody fell; irritants that stopped him at once count.

        Ask first when he falls, while the air is still the one that stopped him.
        """
        if i not in self._fallen:
            dose, level = self.of(i), float(self._level[self._crowd.space[i]])
            if level >= self._limits[i] > dose.greater:
                dose = Dose(level, dose.heat, "irritants")
            self._fallen[i] = dose
        return self._fallen[i]

    def _reach(self, rings: int) -> _Reach:
        rings = min(rings, RINGS + 1)
        if rings not in self._reaches:
            gases, heat = self._per_ms[:GASES].sum(0), self._per_ms[GASES:].sum(0)
            self._reaches[rings] = _Reach(gases, heat, self._level).spread(self._net, rings)
        return self._reaches[rings]
