"""The axis of a long space and its cells: corridors along their outline, stairs along the slope."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

import numpy as np

from evacuation.floor import Point, Space

CELL_M = 2.0
"""Length of a cell: about the distance over which people in a crowd keep their pace."""
LEAST_M = 3.0
"""Shorter spaces are one cell."""
LONG = 2.0
"""A landing has cells if it is so many times as long as wide."""
SQUARE = 1.3


@dataclass(frozen=True, slots=True)
class Axis:
    """A direction (ux, uy), where it begins (``base``), its length, and the cells' areas in m2."""

    ux: float
    uy: float
    base: float
    length: float
    areas: tuple[float, ...]

    def cell(self, along: float) -> int:
        """Return the cell at a distance along the axis."""
        count = len(self.areas)
        return min(max(int(along / self.length * count), 0), count - 1)

    def along(self, at: Point) -> float:
        """Return how far along the axis a point lies."""
        return at[0] * self.ux + at[1] * self.uy - self.base


def axis_of(space: Space, doors: Sequence[Point]) -> Axis:
    """Return the axis of a space; what is not long has one cell."""
    whole = Axis(1.0, 0.0, 0.0, 1.0, (space.walking_area_m2,))
    if space.safe:
        return whole
    if space.is_stair:
        length, area = space.slope_length_m, space.walking_area_m2
        count = _count(length)
        return Axis(0.0, 0.0, 0.0, length, (area / count,) * count) if count > 1 else whole
    if space.kind not in ("corridor", "landing"):
        return whole
    found = _drawn(space, doors) if space.outline else _undrawn(space, doors)
    wide = space.walking_area_m2 / max(found.length, 1e-9)
    is_long = space.kind == "corridor" or found.length >= LONG * wide
    return found if is_long and len(found.areas) > 1 else whole


def _count(length: float) -> int:
    return max(1, round(length / CELL_M)) if length >= LEAST_M else 1


def _undrawn(space: Space, doors: Sequence[Point]) -> Axis:
    """Take the line between the two doors farthest apart, and like cells."""
    pairs = [(hypot(b[0] - a[0], b[1] - a[1]), a, b) for a in doors for b in doors]
    spread, a, b = max(pairs, default=(0.0, (0.0, 0.0), (1.0, 0.0)))
    if spread <= 0.0:
        return Axis(1.0, 0.0, 0.0, 1.0, (space.walking_area_m2,))
    length = max(spread, space.area_m2 / space.width_m if space.width_m else 0.0)
    ux, uy = (b[0] - a[0]) / spread, (b[1] - a[1]) / spread
    middle = 0.5 * ((a[0] + b[0]) * ux + (a[1] + b[1]) * uy)
    count = _count(length)
    return Axis(ux, uy, middle - 0.5 * length, length, (space.walking_area_m2 / count,) * count)


def _drawn(space: Space, doors: Sequence[Point]) -> Axis:
    """Take the longer side of the least rectangle around the outline; of a square, the side along
    which its doors are farther apart.
    """
    points = np.array(space.outline)
    edges = np.roll(points, -1, axis=0) - points
    best: tuple[float, Point, tuple[float, float]] = (np.inf, (1.0, 0.0), (1.0, 1.0))
    for dx, dy in edges.tolist():
        norm = hypot(dx, dy)
        if norm > 0.0:
            u = (dx / norm, dy / norm)
            sides = (_extent(points, u)[1], _extent(points, (-u[1], u[0]))[1])
            if sides[0] * sides[1] < best[0] * (1.0 - 1e-9):
                best = (sides[0] * sides[1], u, sides)
    _, u, sides = best
    across = (-u[1], u[0])
    turn = sides[1] > sides[0]
    if max(sides) < SQUARE * min(sides) and doors:
        at = np.array(doors)
        turn = _extent(at, across)[1] > _extent(at, u)[1]
    return _cut(space, points, across if turn else u)


def _extent(points: np.ndarray, u: Point) -> tuple[float, float]:
    along = points @ np.array(u)
    return float(along.min()), float(np.ptp(along))


def _cut(space: Space, points: np.ndarray, u: Point) -> Axis:
    """Cut the outline across into cells; together they have the area that is stated."""
    base, length = _extent(points, u)
    count = _count(length)
    edges = np.linspace(base, base + length, count + 1)
    shape = [(float(x * u[0] + y * u[1]), float(y * u[0] - x * u[1])) for x, y in points]
    areas = [_area(_clip(_clip(shape, a, 1.0), b, -1.0)) for a, b in pairwise(edges.tolist())]
    total = sum(areas)
    least = 0.05 * total / count
    areas = [max(a, least) for a in areas]
    scale = space.walking_area_m2 / sum(areas) if total > 0.0 else 0.0
    return Axis(u[0], u[1], base, length, tuple(a * scale for a in areas))


def _clip(shape: Sequence[Point], at: float, sign: float) -> list[Point]:
    """Return the part of a polygon on one side of a line across the axis."""
    kept: list[Point] = []
    for (a, p), (b, q) in zip(shape, [*shape[1:], *shape[:1]], strict=True):
        if sign * (a - at) >= 0.0:
            kept.append((a, p))
        if (a - at) * (b - at) < 0.0:
            share = (at - a) / (b - a)
            kept.append((at, p + share * (q - p)))
    return kept


def _area(shape: Sequence[Point]) -> float:
    pairs = zip(shape, [*shape[1:], *shape[:1]], strict=True)
    return 0.5 * abs(sum(a * q - b * p for (a, p), (b, q) in pairs))
