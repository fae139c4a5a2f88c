"""Which units an opening joins, found by stepping away from it on both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from evacuation.imdf.survey import Opening, Survey, Unit

STEPS_M = (0.1, 0.2, 0.3, 0.45, 0.6, 0.8)
"""How far from the line a unit is looked for; beyond, a wall would be thicker than walls are."""
OFFSETS = (0.0, -0.25, 0.25)
"""Where along the line, in shares of its length from its middle."""
ON_OUTLINE_M = 0.5


@dataclass(frozen=True, slots=True)
class Door:
    """An opening between the units of ``ends``; ``role`` is inner, partition, exit or loose."""

    opening: Opening
    ends: tuple[str, ...]
    role: str

    @property
    def at(self) -> tuple[float, float]:
        """The middle of its line, m."""
        middle = self.opening.line.interpolate(0.5, normalized=True)
        return (round(middle.x, 3), round(middle.y, 3))


def doors_of(survey: Survey) -> tuple[Door, ...]:
    """Every opening with the units on its sides, in file order."""
    grounds = {key: _Ground(survey.units_on(key)) for key in survey.levels}
    return tuple(_door(survey, one, grounds[one.level]) for one in survey.openings)


class _Ground:
    """The units of one level, to be asked which of them lies at a place."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._units = units

    @cached_property
    def _tree(self) -> Any:
        from shapely import STRtree

        return STRtree([unit.plan for unit in self._units])

    def at(self, places: Sequence[tuple[float, float]]) -> str:
        """The unit that most of the places lie in; of several, the smallest."""
        from shapely import points

        _, found = self._tree.query(points(places), predicate="within")
        hits: Mapping[int, int] = {
            int(k): int(n) for k, n in zip(*np.unique(found, return_counts=True), strict=True)
        }
        best = min(
            hits,
            key=lambda k: (-hits[k], self._units[k].plan.area, self._units[k].key),
            default=None,
        )
        return "" if best is None else self._units[best].key


def _door(survey: Survey, opening: Opening, ground: _Ground) -> Door:
    sides = [_beside(opening, ground, side) for side in (1.0, -1.0)]
    ends = tuple(key for key in sides if key)
    if len(ends) == 2:
        return (
            Door(opening, ends, "inner")
            if ends[0] != ends[1]
            else Door(opening, ends[:1], "partition")
        )
    outline = survey.levels[opening.level].plan.boundary
    leads_out = ends and outline.distance(opening.line) <= ON_OUTLINE_M
    return Door(opening, ends, "exit" if leads_out else "loose")


def _beside(opening: Opening, ground: _Ground, side: float) -> str:
    corners = np.asarray(opening.line.coords)
    along = corners[-1] - corners[0]
    length = float(np.hypot(*along)) or 1.0
    across = np.array([-along[1], along[0]]) / length * side
    middle = (corners[0] + corners[-1]) / 2
    for step in STEPS_M:
        places = [tuple(middle + share * along + step * across) for share in OFFSETS]
        found = ground.at([(float(x), float(y)) for x, y in places])
        if found:
            return found
    return ""
