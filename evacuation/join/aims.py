"""Where the people of a zone want to go: by the line with the least way to safety."""

import numpy as np

from evacuation.engine.arrays import Floats, Ints, Longs
from evacuation.scene import Scene
from evacuation.zone.zone import Zone

BETTER_M, BACK_M = 2.0, 1e6
"""A way out is given up for one shorter by so much; nobody goes out where he came in."""


def best(scene: Scene, row: int, out: Longs) -> int:
    """Return the line by which somebody would leave, by his mind alone."""
    return int(np.argmin(scene.seen.beyond[scene.crowd.who["mind"][row], out]))


def renew(scene: Scene, zone: Zone, slots: Longs, rows: Longs, came: Longs, out: Longs) -> None:
    """Let people change the line they go to; ``out`` are the crossings of the lines, ``came`` the
    crossing by which each would go back.
    """
    cost = _far(zone, slots) + scene.seen.beyond[scene.crowd.who["mind"][rows]][:, out].T
    cost = cost + np.where(out[:, None] == came, BACK_M, 0.0)
    own: Ints = zone.store.people.aim[slots]
    keep = cost[own, np.arange(len(rows))] - BETTER_M
    zone.store.people.aim[slots] = np.where(cost.min(axis=0) < keep, cost.argmin(axis=0), own)


def _far(zone: Zone, slots: Longs) -> Floats:
    """Metres to each line, [lines, people]."""
    d, g = zone.store.discs, zone.ground
    row, col = (
        np.clip(((at[slots] - g.frame[k]) / g.frame[2]).astype(np.int64), 0, size - 1)
        for at, k, size in ((d.y, 1, g.part.shape[0]), (d.x, 0, g.part.shape[1]))
    )
    return np.asarray(g.far[:, row, col])
