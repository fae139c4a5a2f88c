"""A frame: where a piece of the zone's plan lies in the building."""

from dataclasses import dataclass
from math import hypot

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """Maps a piece of the zone to a space: ``at`` and ``along`` (unit) in the zone, where
    a is metres along and b metres to the left; in the building a point is ``plan + a * along_plan
    + b * left_plan`` and ``up + a * up_per_m`` up a stair.
    """

    space: str
    at: Point
    along: Point
    plan: Point
    along_plan: Point
    left_plan: Point
    up: float = 0.0
    up_per_m: float = 0.0

    def building(self, x: float, y: float) -> tuple[float, float, float]:
        """Return x, y and how far up a stair of a point of the zone."""
        dx, dy = x - self.at[0], y - self.at[1]
        a = dx * self.along[0] + dy * self.along[1]
        b = dy * self.along[0] - dx * self.along[1]
        (px, py), (ax, ay), (bx, by) = self.plan, self.along_plan, self.left_plan
        return px + a * ax + b * bx, py + a * ay + b * by, self.up + a * self.up_per_m

    def zone(self, x: float, y: float, up: float) -> Point:
        """Return the point of the zone for one of the building; on a flight in its middle."""
        if self.up_per_m:
            a, b = (up - self.up) / self.up_per_m, 0.0
        else:
            dx, dy = x - self.plan[0], y - self.plan[1]
            a = dx * self.along_plan[0] + dy * self.along_plan[1]
            b = dx * self.left_plan[0] + dy * self.left_plan[1]
        return self.point(a, b)

    def point(self, a: float, b: float) -> Point:
        """Return the point of the zone, a metres along and b to the left."""
        return (
            self.at[0] + a * self.along[0] - b * self.along[1],
            self.at[1] + a * self.along[1] + b * self.along[0],
        )

    def turned(self, x: float, y: float) -> Point:
        """Return a direction of the building as one of the zone (level pieces)."""
        a = x * self.along_plan[0] + y * self.along_plan[1]
        b = x * self.left_plan[0] + y * self.left_plan[1]
        return (a * self.along[0] - b * self.along[1], a * self.along[1] + b * self.along[0])


def level(space: str, zone_at: Point, outward: Point, plan_at: Point, out_plan: Point) -> Frame:
    """Frame of a level space laid so that a point and a direction of its plan come to lie on one
    of the zone.
    """
    left = (-out_plan[1], out_plan[0])
    return Frame(space, zone_at, outward, plan_at, out_plan, left)


def flight(
    space: str, at: Point, along: Point, plan: tuple[Point, Point], up: tuple[float, float]
) -> Frame:
    """Frame of a flight from one end to the other: ``plan`` and ``up`` of both ends."""
    (x0, y0), (x1, y1) = plan
    length = abs(up[1] - up[0])
    step = ((x1 - x0) / length, (y1 - y0) / length)
    size = hypot(*step)
    left = (-step[1] / size, step[0] / size) if size > 1e-9 else (0.0, 0.0)
    return Frame(space, at, along, plan[0], step, left, up[0], (up[1] - up[0]) / length)
