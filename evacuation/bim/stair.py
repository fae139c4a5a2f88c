"""Stairs: which rooms they join, how long the walking line is and how wide the treads are."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ifcopenshell.util.element as element_of
import numpy as np
from shapely import MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from evacuation.bim.mesh import Array, Mesh
from evacuation.bim.room import Room, Storey
from evacuation.bim.tread import Tread, risers, sides, treads, walking_line

END_BAND_M = 0.35
FOOT_M = 0.75
NEAR_M = 1.5
HULL_M = 0.3
USUAL_SLOPE_DEG = 32.0
USUAL_RISER_M = 0.175
USUAL_GOING_M = 0.28


@dataclass(frozen=True, slots=True)
class Stair:
    """An IfcStair between two rooms; all in metres. ``measured`` says whether treads were found."""

    key: str
    name: str
    lower: str
    upper: str
    foot: tuple[float, float]
    head: tuple[float, float]
    z0_m: float
    z1_m: float
    width_m: float
    slope_m: float
    riser_m: float
    going_m: float
    steps: int
    plan: BaseGeometry
    measured: bool


def stairs(
    model: Any, bodies: Mapping[int, Mesh], rooms: Sequence[Room], levels: Sequence[Storey]
) -> tuple[tuple[Stair, ...], tuple[str, ...]]:
    """Stairs that join two rooms, by height and place, and the names of those that do not."""
    found, unlinked = [], []
    for one in model.by_type("IfcStair"):
        flights = _bodies(one, bodies)
        stair = _stair(one, flights, rooms, levels) if flights else None
        if stair is None:
            unlinked.append((one.Name or "").strip() or one.GlobalId)
        else:
            found.append(stair)
    found.sort(key=lambda stair: (round(stair.z0_m, 1), stair.foot, stair.key))
    return tuple(found), tuple(sorted(unlinked))


def _bodies(one: Any, bodies: Mapping[int, Mesh]) -> list[tuple[str, Mesh]]:
    parts = [one, *element_of.get_decomposition(one)]
    return [(part.is_a(), bodies[part.id()]) for part in parts if part.id() in bodies]


def _stair(
    one: Any, parts: list[tuple[str, Mesh]], rooms: Sequence[Room], levels: Sequence[Storey]
) -> Stair | None:
    corners = Mesh(np.concatenate([mesh.corners for _, mesh in parts]))
    hull = MultiPoint(corners.points[:, :2]).convex_hull
    foot = _mean_where(corners.points, corners.points[:, 2] < corners.z_min + END_BAND_M)
    head = _mean_where(corners.points, corners.points[:, 2] > corners.z_max - END_BAND_M)
    lower = _nearest([r for r in rooms if abs(r.z0_m - corners.z_min) <= FOOT_M], foot, hull)
    upper = _upper(rooms, levels, corners, head, hull)
    if lower is None or upper is None or lower.key == upper.key:
        return None
    steps = treads([mesh for _, mesh in parts], lower.z0_m, upper.z0_m)
    width = _flight_width(parts) or (float(np.median([s.width_m for s in steps])) if steps else 1.0)
    return _measured(one, lower, upper, foot, head, steps, width, hull)


def _measured(
    one: Any,
    lower: Room,
    upper: Room,
    foot: Array,
    head: Array,
    steps: Sequence[Tread],
    width: float,
    hull: BaseGeometry,
) -> Stair:
    rise = upper.z0_m - lower.z0_m
    length, going = walking_line(steps, lower.z0_m, upper.z0_m)
    measured = len(steps) >= 3
    if not measured:
        length, going = rise / math.sin(math.radians(USUAL_SLOPE_DEG)), USUAL_GOING_M
    count = risers(steps, upper.z0_m) if measured else round(rise / USUAL_RISER_M)
    low = steps[0].centre if measured else foot
    high = steps[-1].centre if measured else head
    return Stair(
        key=one.GlobalId,
        name=(one.Name or "").strip(),
        lower=lower.key,
        upper=upper.key,
        foot=(round(float(low[0]), 3), round(float(low[1]), 3)),
        head=(round(float(high[0]), 3), round(float(high[1]), 3)),
        z0_m=lower.z0_m,
        z1_m=upper.z0_m,
        width_m=round(width, 3),
        slope_m=round(length, 2),
        riser_m=round(rise / count, 3),
        going_m=round(going, 3),
        steps=count,
        plan=hull,
        measured=measured,
    )


def _upper(
    rooms: Sequence[Room], levels: Sequence[Storey], body: Mesh, head: Array, hull: BaseGeometry
) -> Room | None:
    """Railings make the body about 1 m too high, so look downward from the highest storey level."""
    for level in sorted({storey.z_m for storey in levels}, reverse=True):
        if body.z_min + 1.0 < level <= body.z_max + 0.6:
            room = _nearest([r for r in rooms if abs(r.z0_m - level) <= FOOT_M], head, hull)
            if room is not None:
                return room
    return None


def _nearest(rooms: Sequence[Room], end: Array, hull: BaseGeometry) -> Room | None:
    if not rooms:
        return None
    spot = Point(float(end[0]), float(end[1]))
    near = min(rooms, key=lambda room: (round(room.plan.distance(spot), 3), room.key))
    if near.plan.distance(spot) <= NEAR_M:
        return near
    around = hull.buffer(HULL_M)
    best = max(rooms, key=lambda room: (round(room.plan.intersection(around).area, 3), room.key))
    return best if best.plan.intersects(around) else None


def _mean_where(points: Array, chosen: Any) -> Array:
    mean: Array = points[chosen][:, :2].mean(axis=0)
    return mean


def _flight_width(parts: Sequence[tuple[str, Mesh]]) -> float:
    """Median short side of the flights' smallest rectangles; 0 where the stair has no flights."""
    widths = [sides(mesh.plan())[0] for kind, mesh in parts if kind == "IfcStairFlight"]
    return float(np.median(widths)) if widths else 0.0
