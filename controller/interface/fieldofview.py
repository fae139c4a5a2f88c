"""Where a camera hangs and what of the floor it has before it: a sector or polygon on the plan.

Walls are not looked at: a camera sees, of the spaces that it is said to see, what lies in its
field of view.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, degrees, hypot

from controller.interface.corners import Corners, Xy
from controller.interface.kinds import KINDS
from controller.interface.points import Device

_NONE = Corners()


@dataclass(frozen=True, slots=True)
class FieldOfView:
    """A sector: centre `at` (m; None where nobody knows), `direction` and `angle` (degrees from
    the x axis towards the y axis), `range_m`. With `corners` it is their polygon instead.
    """

    at: Xy | None
    direction: float
    angle: float
    range_m: float
    corners: Corners = _NONE

    @classmethod
    def of(cls, camera: Device, middle: Xy | None) -> FieldOfView:
        """The field of view of a camera; `middle` is that of its space, where it hangs if its
        settings do not say otherwise.
        """
        given = camera.settings
        placed = "x" in given or "y" in given
        x, y, direction, angle, reach = (
            float(given.get(name, KINDS[camera.kind].settings[name].usual))
            for name in ("x", "y", "direction", "angle", "range")
        )
        corners = Corners.of(str(given.get("view", "")))
        return cls((x, y) if placed else middle, direction, angle, reach, corners)

    def away_m(self, x: float, y: float) -> float:
        """How far a point is from the camera, m; 0 where nobody knows where it hangs."""
        return hypot(x - self.at[0], y - self.at[1]) if self.at else 0.0

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is in view; so is all, where nobody knows where the camera hangs."""
        if self.corners:
            return self.corners.holds(x, y)
        if self.at is None:
            return True
        if self.away_m(x, y) > self.range_m:
            return False
        if self.angle >= 360.0:
            return True
        turn = degrees(atan2(y - self.at[1], x - self.at[0])) - self.direction
        return abs((turn + 180.0) % 360.0 - 180.0) <= self.angle / 2
