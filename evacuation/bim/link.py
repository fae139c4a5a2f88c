"""Links without a door: unfilled openings in walls, and rooms that simply touch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely import STRtree, unary_union
from shapely.geometry.base import BaseGeometry

from evacuation.bim.door import Door
from evacuation.bim.mesh import Mesh
from evacuation.bim.probe import Probe, hole
from evacuation.bim.room import Room

WALKABLE_HIGH_M = 1.8
SILL_M = 0.6
SAME_FLOOR_M = 0.3
REACH_M = 0.05
NARROWEST_M = 0.6
CUT_M = 1.0


@dataclass(frozen=True, slots=True)
class Link:
    """A way between rooms without a door: ``free`` opening or ``touch``; width (m), place."""

    kind: str
    rooms: tuple[str, str]
    width_m: float
    at: tuple[float, float]
    z_m: float


def openings(
    model: Any, bodies: Mapping[int, Mesh], rooms: Sequence[Room], placed: Sequence[Door]
) -> tuple[Link, ...]:
    """Unfilled openings, 1.8 m or higher and from the floor up, between two rooms.

    An opening around the centre of a door counts as filled even if the file does not say so.
    """
    probe, hosts = Probe(rooms), _walls_of(model)
    filled = {fills.RelatingOpeningElement.id() for fills in model.by_type("IfcRelFillsElement")}
    found = []
    for one in model.by_type("IfcOpeningElement"):
        mesh, wall = bodies.get(one.id()), hosts.get(one.id())
        if mesh is None or wall is None or one.id() in filled:
            continue
        if mesh.z_max - mesh.z_min < WALKABLE_HIGH_M or _holds_door(mesh, placed):
            continue
        spot = hole(mesh, wall.ObjectPlacement, None, wall=bodies.get(wall.id()))
        left, right = probe.sides(spot)
        if left and right and left.key != right.key and spot.sill_m - left.z0_m <= SILL_M:
            ends = _pair(left.key, right.key)
            found.append(Link("free", ends, round(spot.width_m, 3), spot.at, left.z0_m))
    return tuple(sorted(found, key=lambda link: (link.rooms, link.at)))


def touches(model: Any, bodies: Mapping[int, Mesh], rooms: Sequence[Room]) -> tuple[Link, ...]:
    """Rooms on one floor whose footprints meet with no wall between for 0.6 m or more."""
    walls = [bodies[wall.id()] for wall in model.by_type("IfcWall") if wall.id() in bodies]
    plans = [wall.plan() for wall in walls]
    wall_tree = STRtree(plans)
    grown = [room.plan.buffer(REACH_M) for room in rooms]
    tree = STRtree(grown)
    found = []
    for i, j in sorted((int(a), int(b)) for a, b in tree.query(grown, predicate="intersects").T):
        if i < j and abs(rooms[i].z0_m - rooms[j].z0_m) <= SAME_FLOOR_M:
            seam = grown[i].intersection(grown[j])
            height = rooms[i].z0_m + CUT_M
            between = [
                plans[k]
                for k in sorted(int(k) for k in wall_tree.query(seam, predicate="intersects"))
                if walls[k].z_min < height < walls[k].z_max
            ]
            found += _touch(rooms[i], rooms[j], seam.difference(unary_union(between)))
    return tuple(sorted(found, key=lambda link: link.rooms))


def _touch(first: Room, second: Room, gap: BaseGeometry) -> list[Link]:
    width = gap.area / (2 * REACH_M)
    if width < NARROWEST_M:
        return []
    spot = max(getattr(gap, "geoms", [gap]), key=lambda part: part.area).representative_point()
    at = (round(spot.x, 3), round(spot.y, 3))
    return [Link("touch", _pair(first.key, second.key), round(width, 3), at, first.z0_m)]


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)


def _walls_of(model: Any) -> dict[int, Any]:
    return {
        voids.RelatedOpeningElement.id(): voids.RelatingBuildingElement
        for voids in model.by_type("IfcRelVoidsElement")
        if voids.RelatingBuildingElement.is_a("IfcWall")
    }


def _holds_door(mesh: Mesh, placed: Sequence[Door]) -> bool:
    low, high = mesh.points.min(axis=0), mesh.points.max(axis=0)
    return any(
        bool(np.all(low[:2] <= door.at) and np.all(high[:2] >= door.at))
        and low[2] - SILL_M <= door.sill_m <= high[2]
        for door in placed
    )
