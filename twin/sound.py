"""Who hears what: sounders along the floor graph, and voice where a working zone covers.

Levels are dB(A). A sounder is a point source in the middle of its space; sound loses 20 log10 of
the distance along the way (spherical spreading, no reverberation: levels in long corridors come
out low) and a fixed loss at each portal, along the way that loses least at portals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from twin.plan import Bools, Floats, Plan

SOUNDER_DB_1M = 100.0
"""Level of a wall sounder at 1 m (EN 54-3 products state 95 to 105)."""
OPEN_DB = {"opening": 0, "gate": 0, "turnstile": 0}
"""Loss at open portals without a leaf."""
OPEN_DOOR_DB = 5
"""Loss at an open doorway: it takes in only part of the sound (assumed)."""
CLOSED_DB = {"fire-door": 30, "door": 20}
"""Loss at a closed leaf: 20 dB(A) for ordinary, 30 dB(A) for fire doors (BS 5839-1, clause 16)."""
LEAST_DB = 60.0
"""A sounder must reach 60 dB(A) anywhere (GB 50116-2013, 6.5.2)..."""
ABOVE_DB = 15.0
"""...and 15 dB above the background (GB 50116-2013, 6.5.2; NFPA 72 18.4.4 average ambient)."""
BACKGROUND_DB = {
    "office": 55.0,
    "meeting": 55.0,
    "guard": 55.0,
    "clinic": 50.0,
    "hall": 55.0,
    "canteen": 55.0,
    "gym": 55.0,
    "kitchen": 65.0,
    "plant": 85.0,
    "technical": 85.0,
    "yard": 55.0,
    "assembly": 55.0,
    "street": 55.0,
}
"""Average ambient levels by use (NFPA 72 table A.18.4.4: business and assembly 55, institutional
50, mechanical rooms 85, medium-density thoroughfares 55; kitchen assumed)."""
USUAL_DB = 45.0
"""Background of every other use: classrooms, their corridors and stairs (educational 45)."""
FAR = 1e5
"""Weight that ranks portal losses before metres when ways are compared, m per dB."""


class Sound:
    """Audibility over the floor graph; recomputed only for the sounders that sound."""

    def __init__(self, plan: Plan) -> None:
        count = len(plan.spaces)
        doors = count + np.arange(len(plan.portals))
        self._plan, self._nodes = plan, count + len(plan.portals)
        self._ends = (np.concatenate([plan.inner, plan.outer]), np.tile(doors, 2))
        self._reach = np.concatenate([plan.reach_m[:, 0], plan.reach_m[:, 1]])
        self._needed_db = np.array(
            [max(LEAST_DB, BACKGROUND_DB.get(use, USUAL_DB) + ABOVE_DB) for use in plan.uses]
        )
        self._open_db = np.array([OPEN_DB.get(kind, OPEN_DOOR_DB) for kind in plan.kinds])
        self._shut_db = np.array([CLOSED_DB.get(kind, 0) for kind in plan.kinds])

    def levels_db(self, sources: Sequence[int], closed: Bools) -> Floats:
        """Level per source and space, dB(A); `sources` are space indices; -inf out of reach."""
        loss = np.where(closed, np.maximum(self._shut_db, self._open_db), self._open_db)
        weight = self._reach + FAR / 2 * np.tile(loss, 2)
        graph = csr_matrix((weight, self._ends), (self._nodes, self._nodes))
        cost = dijkstra(graph, directed=False, indices=list(sources))[:, : len(self._plan.spaces)]
        lost_db = np.floor(cost / FAR)
        away_m = np.maximum(1.0, cost - FAR * np.where(np.isinf(lost_db), 0.0, lost_db))
        rows = np.arange(len(sources))
        away_m[rows, sources] = np.maximum(1.0, np.sqrt(self._plan.area_m2[list(sources)]) / 2)
        level: Floats = SOUNDER_DB_1M - 20 * np.log10(away_m) - lost_db
        return level

    def heard(self, sounding: Mapping[str, int], closed: Bools) -> dict[str, tuple[str, ...]]:
        """Per sounding device the spaces where people hear it as the loudest.

        Sounders add up in energy; a space hears when the sum reaches what it needs.
        """
        if not sounding:
            return {}
        devices = sorted(sounding)
        level = self.levels_db([sounding[device] for device in devices], closed)
        total_db = 10 * np.log10((10 ** (level / 10)).sum(axis=0) + 1e-12)
        loudest = level.argmax(axis=0)
        spaces = self._plan.spaces
        found: dict[str, list[str]] = {}
        for index in np.flatnonzero(total_db >= self._needed_db):
            found.setdefault(devices[int(loudest[index])], []).append(spaces[int(index)])
        return {device: tuple(names) for device, names in sorted(found.items())}
