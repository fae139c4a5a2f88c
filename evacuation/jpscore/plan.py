"""What the words of the file mean: footprints, levels, storeys and the measures of stairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from evacuation.bim.problem import ImportProblem
from evacuation.jpscore.geometry import Door, Geometry, Subroom
from evacuation.jpscore.markup import Xy

SNAP_M = 0.01
"""Vertices that are nearer are one."""
SAME_LEVEL_M = 0.3
STEP_M = 0.63
"""Going plus two risers of a comfortable stair (Blondel's rule, 0.60 to 0.66 m)."""
STEEPEST = 0.75
"""Riser over tread at most; steeper planes get its riser and tread."""


@dataclass(frozen=True, slots=True)
class Slope:
    """A stair piece: heights of its ends, width and walking line, riser and tread, all in m."""

    low_m: float
    high_m: float
    width_m: float
    length_m: float
    riser_m: float
    tread_m: float

    @property
    def rises_m(self) -> float:
        """From its lower to its upper end."""
        return self.high_m - self.low_m


@dataclass(frozen=True, slots=True)
class Plan:
    """Footprints (shapely polygons) by subroom, levels in m from the lowest up, slopes of stairs.

    ``holds`` are levels with rooms; the others are landings between two flights of stairs.
    """

    geometry: Geometry
    shapes: Mapping[str, Any]
    levels: tuple[float, ...]
    holds: tuple[float, ...]
    slopes: Mapping[str, Slope]

    def level_of(self, key: str) -> float:
        """The level of a subroom; of a stair, the level of its lower end."""
        slope = self.slopes.get(key)
        z = slope.low_m if slope else floor_level(self.geometry.subrooms[key], self.shapes[key])
        return min(self.levels, key=lambda level: abs(level - z))

    def storey_of(self, key: str) -> float:
        """The storey that a subroom counts to: its level, a landing to the storey below it."""
        level = self.level_of(key)
        return max((z for z in self.holds if z <= level), default=min(self.holds, default=level))

    def is_landing(self, key: str) -> bool:
        """Whether a subroom lies between flights of stairs only."""
        return _between_flights(self.geometry, key)


def plan_of(geometry: Geometry) -> Plan:
    """Work out the plan; ImportProblem names a subroom whose walls and doors do not close."""
    shapes = {key: _shape(geometry, one) for key, one in geometry.subrooms.items()}
    rooms = [one for one in geometry.subrooms.values() if not one.slopes]
    levels = _distinct([floor_level(one, shapes[one.key]) for one in rooms])
    slopes = {
        one.key: slope
        for one in geometry.subrooms.values()
        if one.slopes and (slope := _slope(geometry, one, shapes[one.key].area)) is not None
    }
    levels = _distinct([*levels, *(slope.low_m for slope in slopes.values())])
    lived = [one for one in rooms if not _between_flights(geometry, one.key)] or rooms
    holds = _distinct([floor_level(one, shapes[one.key]) for one in lived])
    return Plan(geometry, shapes, levels or (0.0,), holds or (0.0,), slopes)


def floor_level(one: Subroom, shape: Any) -> float:
    """Height of the floor in the middle of a subroom, m."""
    middle = shape.representative_point()
    return one.z_m((middle.x, middle.y))


def _shape(geometry: Geometry, one: Subroom) -> Any:
    """The polygon that walls and doors close, obstacles cut out."""
    from shapely import LineString, MultiPoint, polygonize, set_precision, unary_union

    lines = [*one.walls, *(door.line for door in geometry.doors_of(one.key))]
    drawn = unary_union([LineString(line) for line in lines if len(line) > 1])
    faces = list(polygonize([set_precision(drawn, SNAP_M)]).geoms)
    if not faces:
        text = f"the walls and doors of room/subroom {one.key} do not close around any floor"
        raise ImportProblem(f"{geometry.markup.path}: {text}.")
    whole = unary_union(faces)
    if len(one.obstacles) == 0:
        return whole
    corners = [point for edge in one.obstacles for point in edge]
    left = whole.difference(MultiPoint(corners).convex_hull)
    return whole if left.is_empty else left


def _distinct(heights: Sequence[float]) -> tuple[float, ...]:
    """Levels from the lowest up; heights within 0.3 m of one below are the same level."""
    levels: list[float] = []
    for z in sorted(heights):
        if not levels or z - levels[-1] > SAME_LEVEL_M:
            levels.append(round(z, 3))
    return tuple(levels)


def _between_flights(geometry: Geometry, key: str) -> bool:
    """Whether all doors of a level subroom lead to stairs, of which one goes up and one down."""
    one = geometry.subrooms[key]
    doors = geometry.doors_of(key)
    beyond = [geometry.subrooms[end] for door in doors for end in door.ends if end != key]
    if one.slopes or len(beyond) < len(doors) or not all(stair.slopes for stair in beyond):
        return False
    ways = {stair.key: geometry.doors_of(stair.key) for stair in beyond}
    middles = [sum(s.z_m(d.at) for d in ways[s.key]) / len(ways[s.key]) for s in beyond]
    levels = [one.z_m(door.at) for door in doors]
    rises = [middle - level for middle, level in zip(middles, levels, strict=True)]
    return min(rises, default=0.0) < 0.0 < max(rises, default=0.0)


def _slope(geometry: Geometry, one: Subroom, area_m2: float) -> Slope | None:
    """The measures of a stair between its lowest and highest door; None if it rises nowhere.

    The heights are those of its plane at the doors; where the plane is level, those of the level
    rooms behind them.
    """
    doors = geometry.doors_of(one.key)
    heights = {door: _height(geometry, one, door) for door in doors}
    if not doors:
        return None
    low, high = min(doors, key=heights.__getitem__), max(doors, key=heights.__getitem__)
    rise = heights[high] - heights[low]
    if rise <= SAME_LEVEL_M:
        return None
    run = max(hypot(low.at[0] - high.at[0], low.at[1] - high.at[1]), rise / (4 * STEEPEST))
    riser, tread = _steps(rise / run)
    width = max(area_m2 / run, min(low.width_m, high.width_m, 0.3))
    return Slope(heights[low], heights[high], width, hypot(run, rise), riser, tread)


def _height(geometry: Geometry, one: Subroom, door: Door) -> float:
    beyond = [geometry.subrooms[end] for end in door.ends if end != one.key]
    if one.plane[:2] == (0.0, 0.0) and beyond:
        return beyond[0].z_m(door.at)
    return one.z_m(door.at)


def _steps(steepness: float) -> tuple[float, float]:
    """Riser and tread of a slope, since the file has planes and no steps: 2 r + t = 0.63 m."""
    steepness = min(steepness, STEEPEST)
    tread = STEP_M / (1.0 + 2.0 * steepness)
    return round(steepness * tread, 3), round(tread, 3)


def nearest_gate(doors: Sequence[Door], corners: Sequence[Xy]) -> tuple[Door, ...]:
    """The exits that lead to a goal: the nearest one, and those no more than 1 cm farther."""
    from shapely import LineString, MultiPoint

    goal = MultiPoint(corners).convex_hull
    away = {door: LineString(door.line).distance(goal) for door in doors}
    least = min(away.values(), default=0.0)
    return tuple(door for door in doors if away[door] <= least + SNAP_M)
