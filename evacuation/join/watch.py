"""What calls for a crush zone: a flight or landing that fills up, a fall, a shut door that people
wait at.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from evacuation.crush.crush import Crush
from evacuation.engine.arrays import ONE, OUT, Floats
from evacuation.join.patch import Patch, of_door, of_flights
from evacuation.laws import ADULT_M2
from evacuation.scene import Scene

OPEN_PHI, AHEAD_S, MEMORY_S = 0.35, 10.0, 5
"""Occupancy that a zone is opened for, if it is expected within so many seconds by the rise over
the last ones."""
WAITING = 5
"""So many people before a shut door are a queue."""


@dataclass(frozen=True, slots=True)
class Call:
    """A patch that ought to be a zone, and why."""

    patch: Patch
    why: str


class Watch:
    """Looks at the graph once a second."""

    def __init__(self, scene: Scene, crush: Crush) -> None:
        """Know the flights of the floor."""
        self._scene, self._crush = scene, crush
        self._flights = list(of_flights(scene.floor).values())
        names = list(scene.floor.spaces)
        cells = scene.net.cell["room"]
        self._cells = [
            np.flatnonzero(np.isin(cells, [names.index(one) for one in patch.core]))
            for patch in self._flights
        ]
        self._areas = np.array([one.body_area_m2 for one in scene.population.rows])
        self._past: deque[Floats] = deque(maxlen=MEMORY_S + 1)

    def calls(self) -> list[Call]:
        """Return what calls for a zone now, each patch once, in the floor's order."""
        found: dict[str, Call] = {}
        for one in [*self._full(), *self._fallen(), *self._shut()]:
            found.setdefault(one.patch.id, one)
        return list(found.values())

    def occupancy(self) -> Floats:
        """Return by cell the share of the floor that bodies take, or that the graph's law counts
        as taken where it counts heads: what it calls packed it can not pack further.
        """
        crowd, net = self._scene.crowd, self._scene.net
        inside = crowd.state != OUT
        bodies = np.bincount(crowd.who["cell"][inside], self._areas[inside], net.cell.size)
        return np.asarray(
            np.maximum(bodies, crowd.cell["load"] * ADULT_M2 / ONE) / net.cell["area"]
        )

    def greatest(self, patch: Patch) -> float:
        """Return the greatest occupancy of a cell of a patch."""
        names = list(self._scene.floor.spaces)
        core = [names.index(one) for one in patch.core]
        cells = np.isin(self._scene.net.cell["room"], core)
        return float(self.occupancy()[cells].max())

    def _full(self) -> list[Call]:
        now = self.occupancy()
        self._past.append(now)
        rise = (now - self._past[0]) / max(len(self._past) - 1, 1)
        soon = np.maximum(now, now + AHEAD_S * rise)
        full = [float(soon[cells].max(initial=0.0)) for cells in self._cells]
        return [
            Call(patch, f"occupancy {phi:.2f} expected")
            for patch, phi in zip(self._flights, full, strict=True) if phi > OPEN_PHI
        ]  # fmt: skip

    def _fallen(self) -> list[Call]:
        """Somebody lies whom no zone moves."""
        names = list(self._scene.floor.spaces)
        where = {names[s] for s in self._crush.lying.piles}
        return [Call(patch, "a fall") for patch in self._flights if where.intersection(patch.core)]

    def _shut(self) -> list[Call]:
        scene = self._scene
        queued = scene.crowd.line["queued"]
        found = []
        for c in np.flatnonzero((queued >= WAITING) & np.repeat(scene.seen.closed, 2)).tolist():
            portal = list(scene.floor.portals)[c >> 1]
            space = list(scene.floor.spaces)[int(scene.net.line["send"][c])]
            patch = of_door(scene.floor, portal, space)
            if patch is not None:
                found.append(Call(patch, f"{int(queued[c])} wait at {portal}, which is shut"))
        return found
