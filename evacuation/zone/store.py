"""The arrays of a zone: made once, one row per slot; who comes takes the lowest free slot."""

from collections.abc import Sequence
from math import ceil, exp
from statistics import NormalDist
from typing import Any

import numpy as np

from evacuation.streams import shares, words
from evacuation.zone.body import Body, State
from evacuation.zone.kernels.arrays import (
    EMPTY,
    LAST,
    SPRINGS,
    STANDING,
    TRAIL,
    Bytes,
    Discs,
    Floats,
    Ground,
    Ints,
    Law,
    Pairs,
    People,
    Words,
)
from evacuation.zone.kernels.falling import first_limit

WIDEST_M = 0.35
"""No body is wider: cells are made for it."""
PER_SLOT = {"ring": LAST, "trail_x": TRAIL, "trail_y": TRAIL}
TYPES = {Floats: np.float64, Ints: np.int32, Bytes: np.int8, Words: np.uint64}


def made(kind: Any, size: int) -> Any:
    """Return a tuple of zeroed arrays with a row per slot."""
    types = kind.__annotations__
    return kind(
        *(np.zeros(size * PER_SLOT.get(name, 1), TYPES[types[name]]) for name in kind._fields)
    )


def new_pairs(ground: Ground, slots: int, law: Law) -> Pairs:
    """Return empty lists for a number of slots."""
    cell = 2 * WIDEST_M + law.reach + law.skin
    rows, cols = ground.part.shape
    across = ceil(cols * ground.frame[2] / cell), ceil(rows * ground.frame[2] / cell)
    frame = np.array([ground.frame[0], ground.frame[1], cell, *across])
    discs, lists = 3 * slots, 16 * slots
    ints = np.int32
    return Pairs(
        np.zeros(lists, ints), np.zeros(lists, ints), np.zeros(lists),
        np.zeros(discs * SPRINGS, ints), np.zeros(discs * SPRINGS), np.zeros(discs, ints),
        np.zeros(4 * slots, ints), np.zeros(4 * slots, ints), np.zeros(4 * slots),
        np.zeros(discs, ints), np.zeros(across[0] * across[1] + 1, ints), np.zeros(discs, ints),
        np.zeros(discs, ints), np.zeros(discs), np.zeros(discs), np.zeros(discs), np.zeros(discs),
        np.zeros(discs, np.int8), np.zeros(discs + 1, ints), np.zeros(8, ints), frame,
    )  # fmt: skip


def longer(pairs: Pairs) -> Pairs:
    """Return the lists with twice the room."""
    names = ("a", "b", "spring", "wa", "wall", "wall_spring")
    return pairs._replace(**{name: np.concatenate([getattr(pairs, name)] * 2) for name in names})


class Store:
    """Discs and people of a zone, and who has which slot."""

    def __init__(self, slots: int, seed: int, spread: float) -> None:
        """Make room for so many; ``spread`` is the lognormal sigma of how much people bear."""
        self.slots, self._seed, self._spread = slots, seed, spread
        self.discs: Discs = made(Discs, 3 * slots)
        self.people: People = made(People, slots)
        self.ids: list[str] = [""] * slots
        self.slot: dict[str, int] = {}
        self._free = list(range(slots - 1, -1, -1))

    @property
    def full(self) -> bool:
        """Whether no slot is left."""
        return not self._free

    def add(
        self, body: Body, aim: int, at: Sequence[float], v: Sequence[float], state: State, tick: int
    ) -> int:
        """Give a person a slot; ValueError if he is there already or too wide."""
        if body.id in self.slot:
            raise ValueError(f"{body.id!r} is in the zone already")
        if body.build.radius_m > WIDEST_M:
            raise ValueError(f"{body.id!r} is wider than {2 * WIDEST_M} m")
        i = self._free.pop()
        self.slot[body.id], self.ids[i] = i, body.id
        d, f = self.discs, self.people
        for array in f:
            array.reshape(self.slots, -1)[i] = 0
        d.x[i], d.y[i], d.vx[i], d.vy[i] = *at, *v
        d.r[i] = f.radius[i] = body.build.radius_m
        d.inverse[i], d.owner[i], d.kind[i] = 1.0 / body.build.mass_kg, i, STANDING
        f.mass[i], f.height[i] = body.build.mass_kg, body.build.height_m
        f.free[i], f.aim[i], f.urgent[i] = body.speed_m_s, aim, body.urgent
        f.dose[i], f.most[i], f.falls[i], f.part[i] = state.dose, state.most_n, state.falls, -1
        self._draw(i, body.id)
        f.trail_x.reshape(self.slots, TRAIL)[i] = at[0] - 0.1 * v[0] * self._ages(tick)
        f.trail_y.reshape(self.slots, TRAIL)[i] = at[1] - 0.1 * v[1] * self._ages(tick)
        return i

    def _draw(self, i: int, name: str) -> None:
        word = words(self._seed, "zone", [name])
        share = shares(word)[0]
        f = self.people
        f.key[i] = word[0, 0]
        f.pushes[i], f.obeys[i] = share[1], share[2]
        f.tough[i] = exp(self._spread * NormalDist().inv_cdf(min(max(share[3], 1e-9), 1 - 1e-9)))
        first_limit(f, i)

    @staticmethod
    def _ages(tick: int) -> Floats:
        """How many tenths ago each place of the trail was, before this tick's own."""
        return np.asarray((tick - 1 - np.arange(TRAIL)) % TRAIL + 1.0)

    def remove(self, i: int) -> State:
        """Take a person out; return what he takes along."""
        d, f = self.discs, self.people
        speed = float(np.hypot(d.vx[i], d.vy[i]))
        state = State(speed, float(f.dose[i]), float(f.most[i]), int(f.falls[i]))
        for disc in (i, self.slots + 2 * i, self.slots + 2 * i + 1):
            d.kind[disc] = EMPTY
        del self.slot[self.ids[i]]
        self.ids[i] = ""
        self._free.append(i)
        self._free.sort(reverse=True)
        return state
