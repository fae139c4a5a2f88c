"""A storey as JuPedSim needs it: one polygon to walk on, and a polygon to leave by at each exit."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot
from typing import Any

from evacuation.floor import Floor
from evacuation.opinion.models import NoOpinion
from evacuation.portal import Portal

WALL_M = 0.05
"""Each room loses so much at its walls: outlines of neighbours touch, walls are 0.1 m thick."""
APRON_M = 0.6
"""Whoever stands so far behind an exit is out; the ground there is as wide as the exit."""
INSIDE_M = 0.5
"""An exit farther than this from its room's walls lies within the room, as a stair in a hall."""
REACH_M = 1.0
"""How far from its `at` a portal may be from a room that it joins."""


@dataclass(frozen=True, slots=True)
class Plane:
    """``walked`` is the polygon around each connected part, ``exits`` by portal, ``rooms`` by
    space what is left of the outlines; ``lost`` are portals that could not be drawn.
    """

    walked: Any
    exits: Mapping[str, Any]
    rooms: Mapping[str, Any]
    lost: tuple[str, ...]


def plane_of(floor: Floor) -> Plane:
    """Draw the floor; NoOpinion if no exit can be drawn."""
    from shapely import Polygon, unary_union

    rooms = {
        space.id: Polygon(space.outline).buffer(0.0).buffer(-WALL_M, join_style="mitre")
        for space in floor.spaces.values()
        if space.outline and not space.safe
    }
    ways: list[Any] = []
    exits: dict[str, Any] = {}
    lost: list[str] = []
    blocked = unary_union(list(rooms.values()))
    for portal in floor.portals.values():
        inner = [rooms[end] for end in portal.between if end in rooms]
        if not all(room.distance(_point(portal)) <= REACH_M for room in inner):
            lost.append(portal.id)
        elif len(inner) == 2:
            ways.append(_doorway(portal, inner[0], inner[1]))
        elif inner:
            door, exits[portal.id] = _exit(portal, inner[0], blocked)
            ways.append(door)
    if not exits:
        raise NoOpinion("no exit of this storey can be drawn in the plane")
    walked = unary_union([*rooms.values(), *ways, *exits.values()]).buffer(0.0)
    return Plane(walked, exits, rooms, tuple(lost))


def _point(portal: Portal) -> Any:
    from shapely import Point

    return Point(portal.at)


def _doorway(portal: Portal, first: Any, second: Any) -> Any:
    """The floor within a door: as wide as the portal, from one room to the other."""
    from shapely import LineString
    from shapely.ops import nearest_points

    at = _point(portal)
    ends = [nearest_points(room, at)[0] for room in (first, second)]
    along = _across(portal, first, second)
    reach = max(at.distance(end) for end in ends) + WALL_M
    a = (portal.at[0] - along[0] * reach, portal.at[1] - along[1] * reach)
    b = (portal.at[0] + along[0] * reach, portal.at[1] + along[1] * reach)
    return LineString([a, b]).buffer(portal.width_m / 2, cap_style="flat")


def _across(portal: Portal, first: Any, second: Any) -> tuple[float, float]:
    """The unit vector through a door, square to the wall of the first room beside it."""
    from shapely.ops import nearest_points

    at = _point(portal)
    for room in (first, second):
        near = nearest_points(room.boundary, at)[0]
        dx, dy = at.x - near.x, at.y - near.y
        length = hypot(dx, dy)
        if length > WALL_M / 10:
            return dx / length, dy / length
    return 1.0, 0.0


def _exit(portal: Portal, room: Any, blocked: Any) -> tuple[Any, Any]:
    """The floor within an exit and the polygon behind it that counts as out."""
    from shapely import LineString

    at = _point(portal)
    if room.contains(at) and room.boundary.distance(at) > INSIDE_M:
        half = min(portal.width_m, 2 * INSIDE_M) / 2
        return at.buffer(half, cap_style="square"), at.buffer(half, cap_style="square")
    way = _across(portal, room, room)
    if room.contains(_moved(portal, way, 4 * WALL_M)):
        way = (-way[0], -way[1])
    start, end = -room.distance(at) - 2 * WALL_M, WALL_M
    door = _strip(portal, way, start, end)
    out = _strip(portal, way, end, end + APRON_M).difference(blocked.buffer(WALL_M / 2))
    parts = [part for part in getattr(out, "geoms", [out]) if part.distance(door) < WALL_M]
    largest = max(parts, key=lambda part: part.area, default=LineString().buffer(0.0))
    return door, largest if largest.area > 0.05 else door


def _moved(portal: Portal, way: tuple[float, float], by: float) -> Any:
    from shapely import Point

    return Point(portal.at[0] + way[0] * by, portal.at[1] + way[1] * by)


def _strip(portal: Portal, way: tuple[float, float], start: float, end: float) -> Any:
    from shapely import LineString

    line = LineString([_moved(portal, way, start), _moved(portal, way, end)])
    return line.buffer(portal.width_m / 2, cap_style="flat")
