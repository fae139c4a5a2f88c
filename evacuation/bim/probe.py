"""Which rooms lie on the two sides of a hole in a wall, found by stepping away from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ifcopenshell.util.placement as placement
import numpy as np
from shapely import STRtree, points

from evacuation.bim.mesh import Array, Mesh
from evacuation.bim.room import Room

STEPS_M = (0.15, 0.3, 0.45, 0.6, 0.8, 1.0)
OFFSETS = (0.0, 0.25, -0.25)
LARGEST_HALF_WALL_M = 0.6
BELOW_FLOOR_M = 0.6
BELOW_CEILING_M = 0.3
ABOVE_SILL_M = 0.2


@dataclass(frozen=True, slots=True)
class Hole:
    """A door or opening in a wall: centre (x, y), unit axis along the wall, lengths in m."""

    centre: Array
    along: Array
    half_wall_m: float
    width_m: float
    sill_m: float

    @property
    def across(self) -> Array:
        """Unit vector across the wall."""
        return _turned(self.along)

    @property
    def at(self) -> tuple[float, float]:
        """The centre, rounded to millimetres."""
        return round(float(self.centre[0]), 3), round(float(self.centre[1]), 3)


def hole(
    mesh: Mesh,
    placed: Any,
    nominal_m: float | None,
    sill_m: float | None = None,
    wall: Mesh | None = None,
) -> Hole:
    """The hole that ``mesh`` fills or cuts, with axes from the element's placement.

    ``nominal_m`` is the width by the file; where it fits the extent across better than the extent
    along, the axes are turned by 90 degrees. An opening may be much deeper than the wall that
    it cuts; with ``wall`` only the part inside the wall counts.
    """
    along = _direction(placed)
    across = _turned(along)
    sizes = [high - low for low, high in (mesh.extent(along), mesh.extent(across))]
    wanted = nominal_m if nominal_m is not None else sizes[0]
    if abs(sizes[1] - wanted) < abs(sizes[0] - wanted):
        along, across = across, -along
    (a0, a1), (b0, b1) = mesh.extent(along), mesh.extent(across)
    if wall is not None:
        w0, w1 = wall.extent(across)
        b0, b1 = max(b0, min(w0, b1)), min(b1, max(w1, b0))
    centre = along * (a0 + a1) / 2 + across * (b0 + b1) / 2
    half = min((b1 - b0) / 2, LARGEST_HALF_WALL_M)
    width = nominal_m if nominal_m is not None else a1 - a0
    return Hole(centre, along, half, width, mesh.z_min if sill_m is None else sill_m)


def _direction(placed: Any) -> Array:
    along = np.asarray(placement.get_local_placement(placed)[:2, 0], dtype=np.float64)
    size = float(np.linalg.norm(along))
    return along / size if size > 1e-9 else np.array([1.0, 0.0])


def _turned(axis: Array) -> Array:
    return np.array([-axis[1], axis[0]])


class Probe:
    """Finds the room at a point of the plan at a height."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        self._rooms = rooms
        self._tree = STRtree([room.plan for room in rooms])

    def sides(self, hole: Hole) -> tuple[Room | None, Room | None]:
        """The first room met on either side, nearest step first; None for the open air."""
        return self._side(hole, 1.0), self._side(hole, -1.0)

    def _side(self, hole: Hole, sign: float) -> Room | None:
        height = hole.sill_m + ABOVE_SILL_M
        for step in STEPS_M:
            for offset in OFFSETS:
                away = hole.across * (sign * (hole.half_wall_m + step))
                place = hole.centre + away + hole.along * (offset * hole.width_m)
                room = self._at(float(place[0]), float(place[1]), height)
                if room is not None:
                    return room
        return None

    def _at(self, x: float, y: float, z: float) -> Room | None:
        hits = sorted(int(i) for i in self._tree.query(points(x, y), predicate="within"))
        standing = [self._rooms[i] for i in hits if _stands(self._rooms[i], z)]
        return min(standing, key=lambda room: abs(room.z0_m - z), default=None)


def _stands(room: Room, z: float) -> bool:
    return room.z0_m - BELOW_FLOOR_M <= z <= room.z1_m - BELOW_CEILING_M
