"""Books what everybody breathes and feels, and says who can go no further, and when.

A person's dose grows by the laws of the air in the space that he is in, for as long as he is in it:
stays are taken from the engine's log, to the millisecond, and the air is constant during an
advance, so the sum is exact. Gases and heat are two doses; who reaches his limit in either falls.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evacuation.engine.arrays import (
    HALTED,
    OUT,
    SEGMENT,
    Crowded,
    Flags,
    Floats,
    Longs,
    Net,
    Records,
)
from evacuation.smoke.air import Air, stack
from evacuation.smoke.dose import CAUSES, GASES, DoseLaw
from evacuation.smoke.limits import Limits

CLEAN_PER_MIN = 1e-3
"""Air in which a dose of 1 takes 1000 minutes or longer counts as clean: nothing is booked."""
Bytes = NDArray[np.int8]
RINGS = 12
"""Within so many steps nobody gets further than so many portals; a second has no more steps."""
FAR = RINGS + 1
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

    def spread(self, hops: Bytes, bad: Longs, rings: int) -> "_Reach":
        """Return the worst that can be met within some portals of each space.

        ``hops`` [bad spaces, spaces] counts the portals between them, up to FAR.
        """
        if rings > RINGS:
            return _Reach(*(np.full_like(one, one.max()) for one in self))
        near = hops <= rings
        return _Reach(
            *(
                (near * one[bad][:, None]).max(0) if one.any() else one
                for one in (self.gases, self.heat, self.level)
            )
        )

    def hot(self, ms: float, least: float, limit: float) -> Flags:
        """Return the spaces where whoever can bear ``least`` more at most might fall in time."""
        rate = np.maximum(self.gases, self.heat)
        return np.asarray(((rate * ms >= least) & (rate > 0.0)) | (self.level >= limit))

    def ms_left(self, taken: Floats, limit: Floats, at: Longs) -> Floats:
        """Return how long each person can bear the air of the space he is at."""
        gases, heat = limit - taken[:, :GASES].sum(1), limit - taken[:, GASES:].sum(1)
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.fmin(gases / self.gases[at], heat / self.heat[at])
        return np.where(self.level[at] >= limit, 0.0, np.fmax(left, 0.0))


class Doses:
    """The doses of a crowd; costs nothing as long as the air is clean."""

    def __init__(
        self,
        number: Callable[[str], int],
        net: Net,
        crowd: Crowded,
        limits: Limits,
        law: DoseLaw,
    ) -> None:
        spaces = net.room.size
        self._number, self._net, self._crowd, self._limits, self._law = (
            number, net, crowd, limits, law,
        )  # fmt: skip
        self._given: Mapping[str, Air] | None = None
        self._taken: Floats = np.zeros((0, len(CAUSES)))
        self._per_ms: Floats = np.zeros((spaces, len(CAUSES)))
        self._reaches: dict[int, _Reach] = {}
        self._level: Floats = np.zeros(spaces)
        self._bad: Flags = np.zeros(spaces, np.bool_)
        self._fallen: dict[int, Dose] = {}
        self._ended: list[Records] = []
        self._hops: dict[int, Bytes] = {}
        self._between: tuple[Longs, Bytes] = (np.zeros(0, np.int64), np.zeros((0, spaces), np.int8))
        self._least_limit = float(limits.value.min(initial=np.inf))
        self._most = 0.0
        self._booked_ms = self._free_steps = 0
        self.harmful = False

    def breathe(self, air: Mapping[str, Air], now_ms: int) -> None:
        """Take in the air of spaces, left out ones being clean; the same object is no change.

        Raises ValueError for a space that does not exist, or air that is not a number.
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
        total = rates.per_min.sum(0) + rates.level
        if not np.isfinite(total).all():
            space = list(air)[int(np.argmin(np.isfinite(total)))]
            raise ValueError(f"the air given for {space} is not a number")
        bad = total > CLEAN_PER_MIN
        self._per_ms[:], self._level[:], self._bad[:] = 0.0, 0.0, False
        self._per_ms[at[bad]] = rates.per_min[:, bad].T / MS_PER_MIN
        self._level[at[bad]], self._bad[at[bad]] = rates.level[bad], True
        self._reaches = {}
        self.harmful = bool(bad.any())
        if self.harmful and not self._taken.size:
            self._taken = np.zeros((self._limits.kind.size, len(CAUSES)))

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
        who = np.zeros(0, np.int64)
        for ahead in (max(steps, RINGS), steps):
            who = self._threatened(self._reach(ahead), ahead * step_ms)
            if not who.size:
                self._free_steps = ahead - steps
                return steps, []
        left = self._left(self._reach(0), who)
        fall = np.flatnonzero(left <= step_ms)
        return 1, list(zip(who[fall].tolist(), left[fall].tolist(), strict=True))

    def book(self, rows: Records) -> None:
        """Take the engine's log of stays that ended; they are booked when somebody asks."""
        if rows.size:
            self._ended.append(rows.copy())

    def _book_ended(self) -> None:
        rows = np.concatenate(self._ended)
        self._ended = []
        ended = np.flatnonzero(rows["kind"] == SEGMENT)
        ended = ended[self._bad[rows["a"][ended]]]
        if ended.size:
            stays = rows[ended]
            ms = np.maximum(stays["t1"] - np.maximum(stays["t0"], self._booked_ms), 0)
            np.add.at(self._taken, stays["person"], self._per_ms[stays["a"]] * ms[:, None])
            self._note(stays["person"])

    def settle(self, now_ms: float) -> None:
        """Book the stays that go on, up to now."""
        now, crowd = round(now_ms), self._crowd
        if self._ended:
            self._book_ended()
        if not self.harmful or now == self._booked_ms:
            return
        here = np.flatnonzero(_breathe(crowd.state) & self._bad[crowd.space])
        if here.size:
            ms = np.maximum(now - np.maximum(crowd.trail["since"][here], self._booked_ms), 0)
            self._taken[here] += self._per_ms[crowd.space[here]] * ms[:, None]
            self._note(here)
        self._booked_ms = now

    def of(self, i: int, now_ms: float) -> Dose:
        """Return what one person has taken in until now."""
        if not self._taken.size:
            return NO_DOSE
        if self._crowd.state[i] not in (OUT, HALTED):
            self.settle(now_ms)
        elif self._ended:
            self._book_ended()
        parts = self._taken[i]
        if not parts.any():
            return NO_DOSE
        gases, heat = float(parts[:GASES].sum()), float(parts[GASES:].sum())
        low, high = (0, GASES) if gases >= heat else (GASES, len(CAUSES))
        return Dose(gases, heat, CAUSES[low + int(np.argmax(parts[low:high]))])

    def at_fall(self, i: int) -> Dose:
        """Return the dose with which somebody fell; irritants that stopped him at once count.

        Ask first when he falls, while the air is still the one that stopped him.
        """
        if i not in self._fallen:
            dose, level = self.of(i, self._booked_ms), float(self._level[self._crowd.space[i]])
            if level >= self._limits.of(i) > dose.greater:
                dose = Dose(level, dose.heat, "irritants")
            self._fallen[i] = dose
        return self._fallen[i]

    def _note(self, who: Longs) -> None:
        """Keep the greatest dose that anybody has taken in."""
        parts = self._taken[who]
        gases, heat = parts[:, :GASES].sum(1).max(), parts[:, GASES:].sum(1).max()
        self._most = max(self._most, float(gases), float(heat))

    def _threatened(self, reach: _Reach, ms: float) -> Longs:
        """Return those who might fall in the next ms, wherever they go."""
        hot = reach.hot(ms, self._least_limit - self._most, self._least_limit)
        who = np.flatnonzero(hot[self._crowd.space] & _breathe(self._crowd.state))
        return who[self._left(reach, who) <= ms] if who.size else who

    def _left(self, reach: _Reach, who: Longs) -> Floats:
        return reach.ms_left(
            self._taken[who], self._limits.of(who), self._crowd.space[who].astype(np.int64)
        )

    def _reach(self, rings: int) -> _Reach:
        rings = min(rings, RINGS + 1)
        if rings not in self._reaches:
            gases, heat = self._per_ms[:, :GASES].sum(1), self._per_ms[:, GASES:].sum(1)
            here = _Reach(gases, heat, self._level)
            bad = np.flatnonzero(self._bad)
            self._reaches[rings] = here.spread(self._hops_from(bad), bad, rings) if rings else here
        return self._reaches[rings]

    def _hops_from(self, bad: Longs) -> Bytes:
        """Return the portals between bad spaces and all spaces; counted once for each space."""
        if np.array_equal(bad, self._between[0]):
            return self._between[1]
        new = [s for s in bad.tolist() if s not in self._hops]
        if new:
            from scipy.sparse import csr_matrix
            from scipy.sparse.csgraph import dijkstra

            send, recv = self._net.line["send"], self._net.line["recv"]
            shape = (self._bad.size, self._bad.size)
            graph = csr_matrix((np.ones(send.size), (send, recv)), shape)
            counted = dijkstra(graph, unweighted=True, indices=new, limit=RINGS)
            rows = np.minimum(counted, FAR).astype(np.int8)
            self._hops.update(zip(new, rows, strict=True))
        self._between = (bad, np.array([self._hops[s] for s in bad.tolist()]))
        return self._between[1]


def _breathe(state: Bytes) -> Flags:
    """Who is inside and has not fallen: waiting for help and in a refuge too."""
    return np.asarray((state != OUT) & (state != HALTED))
