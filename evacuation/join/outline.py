"""Outlines of level spaces, and where their portals open them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from evacuation.floor import Point, Portal, Space

Segment = tuple[Point, Point]
ON_M = 0.05
"""Two pieces of wall nearer than this to one line are one."""
LEAST_M = 0.3
"""No opening is narrower."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A gap in a rim: its ends, and the direction out of the space (unit)."""

    a: Point
    b: Point
    out: Point

    @property
    def middle(self) -> Point:
        """Its middle."""
        return ((self.a[0] + self.b[0]) / 2, (self.a[1] + self.b[1]) / 2)

    @property
    def width_m(self) -> float:
        """Its width."""
        return hypot(self.b[0] - self.a[0], self.b[1] - self.a[1])


def outline_of(space: Space, doors: Sequence[Portal]) -> tuple[Point, ...]:
    """Return the outline of a level space; where none is drawn, a rectangle of its area along the
    line between the two portals farthest apart, or a square behind the only one.
    """
    if space.outline:
        return space.outline
    points = [door.at for door in doors] or [(0.0, 0.0)]
    far, a, b = max((hypot(q[0] - p[0], q[1] - p[1]), p, q) for p in points for q in points)
    if far < 1.0:
        side = sqrt(space.area_m2)
        a, b = points[0], (points[0][0] + side, points[0][1])
        far = side
    half = 0.5 * space.area_m2 / far
    ux, uy = (b[0] - a[0]) / far, (b[1] - a[1]) / far
    return (
        (a[0] + half * uy, a[1] - half * ux), (b[0] + half * uy, b[1] - half * ux),
        (b[0] - half * uy, b[1] + half * ux), (a[0] - half * uy, a[1] + half * ux),
    )  # fmt: skip


def edges(outline: Sequence[Point]) -> list[Segment]:
    """Return the edges of a polygon."""
    return list(zip(outline, [*outline[1:], outline[0]], strict=True))


def signed_area(outline: Sequence[Point]) -> float:
    """Return the area of a polygon, positive if it turns left."""
    return 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in edges(outline))


def opening(outline: Sequence[Point], at: Point, width_m: float) -> Opening:
    """Return where a portal opens a polygon: on the edge nearest to it, no wider than the edge."""
    turn = 1.0 if signed_area(outline) > 0.0 else -1.0
    best: tuple[float, Opening] | None = None
    for a, b in edges(outline):
        size = hypot(b[0] - a[0], b[1] - a[1])
        if size < LEAST_M:
            continue
        ux, uy = (b[0] - a[0]) / size, (b[1] - a[1]) / size
        along = (at[0] - a[0]) * ux + (at[1] - a[1]) * uy
        half = 0.5 * min(width_m, size)
        middle = min(max(along, half), size - half)
        near = hypot(at[0] - a[0] - middle * ux, at[1] - a[1] - middle * uy)
        if best is None or near < best[0] - 1e-9:
            ends = [(a[0] + s * ux, a[1] + s * uy) for s in (middle - half, middle + half)]
            best = near, Opening(ends[0], ends[1], (uy * turn, -ux * turn))
    if best is None:
        raise ValueError("an outline without an edge")
    return best[1]


def minus(wall: Segment, cut: Segment, within_m: float = ON_M) -> list[Segment]:
    """Return what is left of a piece of wall where another piece of the same line is taken off."""
    (ax, ay), (bx, by) = wall
    size = hypot(bx - ax, by - ay)
    if size < 1e-6:
        return []
    ux, uy = (bx - ax) / size, (by - ay) / size
    spans = []
    for x, y in cut:
        if abs((y - ay) * ux - (x - ax) * uy) > within_m:
            return [wall]
        spans.append((x - ax) * ux + (y - ay) * uy)
    low, high = max(min(spans), 0.0), min(max(spans), size)
    if high - low < 1e-6:
        return [wall]
    rest = [(0.0, low), (high, size)]
    return [
        ((ax + s * ux, ay + s * uy), (ax + e * ux, ay + e * uy)) for s, e in rest if e - s > 1e-6
    ]


def contains(outline: Sequence[Point], x: float, y: float) -> bool:
    """Tell whether a point lies in a polygon (crossing number)."""
    inside = False
    for (ax, ay), (bx, by) in edges(outline):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside
