"""Expected ways to safety: one cost field over the crossings for each distinct knowledge.

A field gives for every crossing the remaining way behind it, in metres of level walking (stairs
count by their speed), plus surcharges for ways known to be bad, and the narrowest capacity on it.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from evacuation.engine.arrays import Floats, Longs, Net
from evacuation.floor import Floor
from evacuation.network import walkable

SMOKE_M = 1e4
"""Surcharge for a portal into dense smoke: taken only if no clear way is known."""
SIGN_M = 2e3
"""Surcharge for leaving a space by another way than its sign points."""
UNFAMILIAR_M = 1e5
"""Offset of ways to exits that one does not know; used when all that one knows are closed."""
FORBIDDEN_M = 1e6
"""Offset of ways through portals that one was told not to use; the last resort."""
LEAST_M = 1e-6


@dataclass(frozen=True, slots=True)
class Field:
    """Metres beyond each crossing (infinite: no way) and the narrowest capacity there, 1/s."""

    beyond: Floats
    narrowest: Floats
    following: NDArray[np.int32]


class Routes:
    """Shortest ways over the directed crossings of a floor."""

    def __init__(self, floor: Floor, net: Net) -> None:
        self.net = net
        self.usable = walkable(floor, net)
        self.send, self.recv = net.line["send"], net.line["recv"]
        self.safe = net.room["safe"]
        self.sink = net.line.size
        self._tail, self._head, self._metres = self._steps()
        exits = {p: k for k, p in enumerate(floor.portals)}
        self.exits = [exits[e] for e in floor.exits]
        outward = np.flatnonzero(self.usable & self.safe[self.recv]).tolist()
        self.out = {c >> 1: c for c in outward}

    def field(self, exits: Collection[int], surcharge: Floats) -> Field:
        """Return the field to some exits (portal numbers); ``surcharge`` per crossing in metres,
        infinite for crossings that are known to be impassable.
        """
        cost = np.where(self.usable, surcharge, np.inf)
        metres, before = self._search(sorted(exits), cost)
        beyond = metres + cost
        return Field(beyond, self._narrowest(beyond, before), before)

    def exit_behind(self, crossing: int, surcharge: Floats) -> int:
        """Return the nearest exit behind a crossing without coming back through it, -1 if none."""
        blocked = surcharge.copy()
        blocked[crossing ^ 1] = np.inf
        field = self.field(self.exits, blocked)
        if not np.isfinite(field.beyond[crossing]):
            return -1
        while field.following[crossing] != self.sink:
            crossing = int(field.following[crossing])
        return crossing >> 1

    def ways(self, space: int) -> Longs:
        """Return the crossings that leave a space."""
        room = self.net.room[space]
        return self.net.leaving[room["low"] : room["high"]]

    def _steps(self) -> tuple[Longs, Longs, Floats]:
        """Return all steps from one crossing to the next: from, to, metres across the space."""
        pairs = [
            (a, b)
            for a in np.flatnonzero(self.usable & ~self.safe[self.recv])
            for b in self._onward(int(a))
        ]
        tail, head = np.array(pairs, np.int64).reshape(-1, 2).T
        return tail, head, self._across(tail, head)

    def _onward(self, crossing: int) -> list[int]:
        ways = self.ways(int(self.recv[crossing])).tolist()
        return [b for b in ways if b >> 1 != crossing >> 1 and self.usable[b]]

    def _across(self, tail: Longs, head: Longs) -> Floats:
        slope, door = self.net.line["slope"], self.net.door
        up = np.abs(slope[tail ^ 1] - slope[head])
        a, b = door[tail >> 1], door[head >> 1]
        flat = np.hypot(a["x"] - b["x"], a["y"] - b["y"])
        metres = np.where(up > 0.0, up, flat) / self.net.room["factor"][self.recv[tail]]
        return np.asarray(np.maximum(metres, LEAST_M))

    def _search(self, exits: list[int], cost: Floats) -> tuple[Floats, NDArray[np.int32]]:
        outs = np.array([self.out[p] for p in exits if p in self.out], np.int64)
        rows = np.concatenate([self._head, np.full(outs.size, self.sink)])
        columns = np.concatenate([self._tail, outs])
        data = np.concatenate([self._metres + cost[self._head], np.full(outs.size, LEAST_M)])
        size = self.sink + 1
        graph = csr_array((data, (rows, columns)), shape=(size, size))
        metres, before = dijkstra(graph, indices=np.array([self.sink]), return_predecessors=True)
        return metres[0, : self.sink], before[0, : self.sink]

    def _narrowest(self, beyond: Floats, before: NDArray[np.int32]) -> Floats:
        """Return the smallest capacity from each crossing on; worked from the exits backwards."""
        narrowest = self.net.door["capacity"][np.arange(self.sink) >> 1].copy()
        finite = np.flatnonzero(np.isfinite(beyond) & (before >= 0))
        depth = sorted(finite.tolist(), key=lambda c: self._hops(c, before))
        for c in depth:
            if before[c] != self.sink:
                narrowest[c] = min(narrowest[c], narrowest[before[c]])
        return np.asarray(narrowest)

    def _hops(self, crossing: int, before: NDArray[np.int32]) -> int:
        hops = 0
        while before[crossing] >= 0 and before[crossing] != self.sink:
            crossing = int(before[crossing])
            hops += 1
        return hops
