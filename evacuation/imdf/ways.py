"""What the venue leaves open: where its ground is, how to get out, which stairs stand on which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist, hypot
from typing import Any

from evacuation.imdf.doors import Door
from evacuation.imdf.survey import Survey, Unit

Xy = tuple[float, float]
STACKED = 0.3
"""Share of the smaller footprint that two stair units have in common if one stands on the other."""
CLIMBED = frozenset({"stairs", "steps", "escalator", "ramp"})
RISER_M, TREAD_M = 0.17, 0.28
"""Assumed steps: 2 risers and a tread make 0.62 m."""
NARROWEST_M, NEWEL_M = 0.8, 0.2
ENTRANCE_M = 1.8
"""Assumed width of an entrance that the paths of the campus show and no opening measures."""
AT_DOORSTEP_M = 1.0


@dataclass(frozen=True, slots=True)
class Entrance:
    """A way out of a unit: an opening in the outline, or where a path of the campus comes in."""

    key: str
    unit: str
    at: tuple[float, float]
    width_m: float
    by_path: bool


@dataclass(frozen=True, slots=True)
class Run:
    """Stairs from one unit to the one above: width and length of the walking line, m."""

    lower: str
    upper: str
    rises_m: float
    width_m: float
    plan: Any

    @property
    def length_m(self) -> float:
        """Along the slope of the assumed steps, without landings."""
        return hypot(self.rises_m, self.rises_m * TREAD_M / RISER_M)

    @property
    def foot(self) -> Xy:
        """Where the flight up begins: on a short side, a quarter from its one end."""
        return self._on_short_side(0.25)

    @property
    def head(self) -> Xy:
        """Where the flight above arrives, after a half turn: a quarter from the other end."""
        return self._on_short_side(0.75)

    def _on_short_side(self, share: float) -> Xy:
        corners = _corners(self.plan)
        (x0, y0), (x1, y1) = min(pairwise(corners[:3]), key=lambda side: dist(*side))
        return (x0 + share * (x1 - x0), y0 + share * (y1 - y0))


def entrances(survey: Survey, doors: Sequence[Door]) -> tuple[Entrance, ...]:
    """Exits: openings in the outline of a ground level, else where campus paths come in."""
    found = [
        Entrance(door.opening.key, door.ends[0], door.at, door.opening.width_m, False)
        for door in doors
        if door.role == "exit"
    ]
    return tuple(found) if found else tuple(_by_paths(survey))


def _by_paths(survey: Survey) -> list[Entrance]:
    """Nodes of the path network on a level that have a neighbour in the open."""
    nodes = {one["id"]: one for one in survey.archive.all("navPath")}
    found = []
    for key, node in nodes.items():
        level = node["properties"].get("level_id")
        others = [nodes[n] for n in node["properties"].get("neighbours") or () if n in nodes]
        if level not in survey.levels or all(n["properties"].get("level_id") for n in others):
            continue
        spot = survey.projection.plane(node.get("geometry"), f"Path node {key}")
        units = [unit for unit in survey.units_on(level) if unit.category not in CLIMBED]
        near = min(units, key=lambda unit: (unit.plan.distance(spot), unit.key), default=None)
        if near is not None and near.plan.distance(spot) <= AT_DOORSTEP_M:
            at = (round(spot.x, 3), round(spot.y, 3))
            found.append(Entrance(key, near.key, at, ENTRANCE_M, True))
    return found


def ground_ordinals(survey: Survey, ways: Sequence[Entrance]) -> Mapping[str, int]:
    """The ordinal at ground level by building: where most exits are, else the one nearest to 0."""
    grounds: dict[str, int] = {}
    for building in survey.buildings:
        own = [level for level in survey.levels.values() if level.building == building]
        ordinals = [
            level.ordinal
            for way in ways
            if (level := survey.levels[survey.units[way.unit].level]).building == building
        ]
        known = ordinals or [min((level.ordinal for level in own), key=lambda n: (abs(n), n))]
        grounds[building] = max(sorted(set(known)), key=known.count)
    return grounds


def runs(survey: Survey, storey_height_m: float) -> tuple[Run, ...]:
    """Stairs between units of stairs that stand above each other on neighbouring levels."""
    climbed = [unit for unit in survey.units.values() if unit.category in CLIMBED]
    found = []
    for lower in climbed:
        for upper in climbed:
            if _next_level(survey, lower, upper) and _share(lower, upper) > STACKED:
                plan = lower.plan.intersection(upper.plan)
                found.append(Run(lower.key, upper.key, storey_height_m, _width(plan), plan))
    return tuple(found)


def _next_level(survey: Survey, lower: Unit, upper: Unit) -> bool:
    below, above = survey.levels[lower.level], survey.levels[upper.level]
    return below.building == above.building and above.ordinal == below.ordinal + 1


def _share(lower: Unit, upper: Unit) -> float:
    common = lower.plan.intersection(upper.plan).area
    return float(common / min(lower.plan.area, upper.plan.area))


def _corners(plan: Any) -> list[Xy]:
    """The smallest rectangle around a stairwell, closed, from its lowest corner."""
    ring = plan.minimum_rotated_rectangle.normalize().exterior.coords
    return [(float(x), float(y)) for x, y in ring]


def _width(plan: Any) -> float:
    """Half of the stairwell's short side less the newel: two flights beside each other."""
    sides = [dist(a, b) for a, b in pairwise(_corners(plan))]
    return float(max((min(sides) - NEWEL_M) / 2, NARROWEST_M))
