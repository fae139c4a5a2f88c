"""Where in a zone there is room for one more body."""

from collections.abc import Iterator, Sequence

import numpy as np

from evacuation.zone.kernels.arrays import EMPTY, Floats
from evacuation.zone.layout import Point
from evacuation.zone.zone import Zone

TRIES, RINGS_M = 12, (0.0, 0.15, 0.3, 0.5, 0.8, 1.2, 1.8)
"""Places are tried on rings around where somebody ought to be."""
WALL_SHARE = 0.9
"""A body may touch a wall a little when it is put down."""


class Spots:
    """Who stands where, as people are put down one after the other."""

    def __init__(self, zone: Zone) -> None:
        """Begin with those who are there."""
        d = zone.store.discs
        there = d.kind != EMPTY
        self._zone = zone
        self._x, self._y, self._r = (array[there] for array in (d.x, d.y, d.r))

    def take(self, at: Point, radius: float) -> None:
        """Somebody is put down."""
        self._x = np.append(self._x, at[0])
        self._y = np.append(self._y, at[1])
        self._r = np.append(self._r, radius)

    def clearance(self, at: Floats) -> Floats:
        """How far each place [n, 2] is from the nearest rim of anybody, m; inf with nobody."""
        if not len(self._x):
            return np.full(len(at), np.inf)
        away = np.hypot(at[:, :1] - self._x, at[:, 1:] - self._y) - self._r
        return np.asarray(away.min(axis=1))

    def near(
        self, at: Point, radius: float, turn: float, pieces: Sequence[int]
    ) -> tuple[Point, float]:
        """Return the nearest free place to one on some pieces of ground, or that with the most
        room, and its clearance.

        ``turn`` (0 to 1) says where on the rings one begins to look.
        """
        places = np.array(list(_rings(at, turn)))
        places = places[self._is_ground(places, radius, pieces)]
        if not len(places):
            return at, -np.inf
        clear = self.clearance(places)
        free = np.flatnonzero(clear >= radius)
        pick = int(free[0]) if len(free) else int(np.argmax(clear))
        return (float(places[pick, 0]), float(places[pick, 1])), float(clear[pick])

    def _is_ground(
        self, at: Floats, radius: float, pieces: Sequence[int]
    ) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Tell which places are on some pieces of ground and clear of walls."""
        on = np.isin(pieces_at(self._zone, at), pieces)
        return np.asarray(on & (self._walls_m(at) > WALL_SHARE * radius))

    def _walls_m(self, at: Floats) -> Floats:
        w = self._zone.walls
        on = w.stands != 0
        x0, y0 = w.x0[on], w.y0[on]
        ux, uy = w.x1[on] - x0, w.y1[on] - y0
        dx, dy = at[:, :1] - x0, at[:, 1:] - y0
        t = np.clip((dx * ux + dy * uy) / np.maximum(ux * ux + uy * uy, 1e-12), 0.0, 1.0)
        return np.asarray(np.hypot(dx - t * ux, dy - t * uy).min(axis=1, initial=np.inf))


def pieces_at(zone: Zone, at: Floats) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return the piece of ground under each place [n, 2], -1 for none."""
    g = zone.ground
    rows, cols = g.part.shape
    col = np.clip(((at[:, 0] - g.frame[0]) / g.frame[2]).astype(np.int64), 0, cols - 1)
    row = np.clip(((at[:, 1] - g.frame[1]) / g.frame[2]).astype(np.int64), 0, rows - 1)
    return np.asarray(g.part[row, col])


def _rings(at: Point, turn: float) -> Iterator[Point]:
    yield at
    for ring in RINGS_M[1:]:
        for k in range(TRIES):
            angle = 2.0 * np.pi * (k / TRIES + turn)
            yield at[0] + ring * float(np.cos(angle)), at[1] + ring * float(np.sin(angle))
