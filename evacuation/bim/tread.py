"""Treads of a stair: the level surfaces a foot can stand on, and the walking line over them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from evacuation.bim.mesh import Array, Mesh

LEVEL = 0.95
SAME_LEVEL_M = 0.01
SMALLEST_M2 = 0.05
RISER_M = 0.12
COVERED = 0.5
SAME_STEP_M = 0.04
LAST_RISER_M = 0.08


@dataclass(frozen=True, slots=True)
class Tread:
    """One level of a stair: z, centre (x, y) and sides in m; landings are treads too."""

    z_m: float
    centre: Array
    width_m: float
    going_m: float


def treads(bodies: Sequence[Mesh], z0_m: float, z1_m: float) -> tuple[Tread, ...]:
    """Treads above ``z0_m`` up to ``z1_m``, from the lowest up.

    A surface that is mostly covered by another less than a riser above it is the carriage under a
    tread plate, not a tread.
    """
    levels: dict[int, list[Array]] = {}
    for body in bodies:
        for corners in body.corners[body.normal_z() > LEVEL]:
            levels.setdefault(round(float(corners[:, 2].mean()) / SAME_LEVEL_M), []).append(corners)
    plans = [
        (rank * SAME_LEVEL_M, Mesh(np.array(faces)).plan())
        for rank, faces in sorted(levels.items())
        if z0_m + 0.03 < rank * SAME_LEVEL_M < z1_m + 0.03
    ]
    plans = [(z, plan) for z, plan in plans if plan.area >= SMALLEST_M2]
    seen = [_tread(z, plan) for z, plan in plans if not _covered(z, plan, plans)]
    return tuple(
        step for i, step in enumerate(seen) if i == 0 or step.z_m - seen[i - 1].z_m > SAME_STEP_M
    )


def walking_line(steps: Sequence[Tread], z0_m: float, z1_m: float) -> tuple[float, float]:
    """Length of the line through the tread centres from floor to floor, and the median going; m.

    The first riser starts at the lower floor, and where the last tread is not the upper floor
    itself the last step is one going more; both at the median going.
    """
    if len(steps) < 2:
        return 0.0, 0.0
    runs = [float(math.dist(a.centre, b.centre)) for a, b in pairwise(steps)]
    going = float(np.median(runs))
    rises = [b.z_m - a.z_m for a, b in pairwise(steps)]
    length = sum(math.hypot(run, rise) for run, rise in zip(runs, rises, strict=True))
    length += math.hypot(going, steps[0].z_m - z0_m)
    if z1_m - steps[-1].z_m > LAST_RISER_M:
        length += math.hypot(going, z1_m - steps[-1].z_m)
    return length, going


def risers(steps: Sequence[Tread], z1_m: float) -> int:
    """Number of risers up to the upper floor, which is a tread of its own in some files."""
    return len(steps) + (z1_m - steps[-1].z_m > LAST_RISER_M)


def sides(plan: BaseGeometry) -> tuple[float, float]:
    """Short and long side (m) of the smallest rectangle around ``plan``."""
    box = plan.minimum_rotated_rectangle
    if not isinstance(box, Polygon):
        return 0.0, 0.0
    corners = np.array(box.exterior.coords)
    first, second = (float(np.linalg.norm(corners[i + 1] - corners[i])) for i in (0, 1))
    return min(first, second), max(first, second)


def _tread(z: float, plan: BaseGeometry) -> Tread:
    short, long = sides(plan)
    return Tread(z, np.array([plan.centroid.x, plan.centroid.y]), long, short)


def _covered(z: float, plan: BaseGeometry, plans: Sequence[tuple[float, BaseGeometry]]) -> bool:
    over = [other for height, other in plans if z < height <= z + RISER_M]
    return any(plan.intersection(other).area > COVERED * plan.area for other in over)
