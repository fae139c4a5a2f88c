"""The building as arrays: what hazards and sound need of a floor, without people or devices.

Built once from the floor file; indices follow the file's order, so every run sees the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from twin.floorfile import FloorFile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Point = tuple[float, float]

STOREY_HEIGHT_M = 3.0
"""Height of a space that states none."""
LEAF_HEIGHT_M = 2.1
"""Height of door leaves, gates and turnstiles (common clear height of escape doors)."""
OPENING_HEIGHT_M = 2.4
"""Height of openings without a leaf, unless a lower ceiling cuts them."""

UNPLACED_M = 10.0
"""Longest way assumed to a portal whose place, or whose space's outline, is not given."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Spaces and portals by index; lengths in m, areas in m2, volumes in m3.

    `z_m` is the mid-height of a stair run and the floor level of everything else, so that only
    real differences of level drive buoyancy. `sink` marks open air and safe places,
    `safe` those where people are out of the crowd.
    `walking_m2` is what density counts on: at least slope times width of a stair run.
    `length_m` is the longer side of a space's outline, or its run on a stair.
    `reach_m` holds, per portal, the walking distance from either space's middle to the portal.
    """

    spaces: tuple[str, ...]
    place: dict[str, int]
    uses: tuple[str, ...]
    area_m2: Floats
    walking_m2: Floats
    height_m: Floats
    volume_m3: Floats
    z_m: Floats
    sink: Bools
    safe: Bools
    middle: tuple[Point | None, ...]
    portals: tuple[str, ...]
    gate: dict[str, int]
    kinds: tuple[str, ...]
    inner: Ints
    outer: Ints
    width_m: Floats
    opening_m: Floats
    at: tuple[Point | None, ...]
    reach_m: Floats
    length_m: Floats
    stairs: frozenset[str]

    @classmethod
    def of(cls, floor: FloorFile) -> Plan:
        """The plan of a checked floor file."""
        place = {space.id: index for index, space in enumerate(floor.spaces)}
        levels = {storey.id: storey.z_m for storey in floor.storeys}
        area = np.array([space.area_m2 for space in floor.spaces], dtype=float)
        height = np.array([space.height_m or STOREY_HEIGHT_M for space in floor.spaces], float)
        level = [levels.get(s.storey or "", 0.0) for s in floor.spaces]
        rise = [_number(s.rises_m) if s.kind == "stair" else 0.0 for s in floor.spaces]
        middle = tuple(_middle(space.outline) for space in floor.spaces)
        inner = np.array([place[p.between[0]] for p in floor.portals], dtype=np.int64)
        outer = np.array([place[p.between[1]] for p in floor.portals], dtype=np.int64)
        at = tuple(_point(portal.at) for portal in floor.portals)
        lintel = np.array(
            [
                p.height_m or (OPENING_HEIGHT_M if p.kind == "opening" else LEAF_HEIGHT_M)
                for p in floor.portals
            ]
        )
        slope = [_number(s.slope_length_m) if s.kind == "stair" else 0.0 for s in floor.spaces]
        sloped = list(zip(floor.spaces, slope, strict=True))
        reach = [
            [_reach(middle[i], at[g], area[i], slope[i]) for i in (inner[g], outer[g])]
            for g in range(len(at))
        ]
        return cls(
            spaces=tuple(place),
            place=place,
            uses=tuple(space.use or space.kind for space in floor.spaces),
            area_m2=area,
            walking_m2=np.maximum(area, [_number(s.width_m) * m for s, m in sloped]),
            height_m=height,
            volume_m3=area * height,
            z_m=np.array(level) + np.array(rise) / 2,
            sink=np.array([s.safe or s.kind in ("yard", "street") for s in floor.spaces]),
            safe=np.array([s.safe for s in floor.spaces]),
            middle=middle,
            portals=tuple(portal.id for portal in floor.portals),
            gate={portal.id: index for index, portal in enumerate(floor.portals)},
            kinds=tuple(
                "fire-door" if p.holds_smoke or p.normally == "closed-fire" else p.kind
                for p in floor.portals
            ),
            inner=inner,
            outer=outer,
            width_m=np.array([portal.width_m for portal in floor.portals], dtype=float),
            opening_m=np.minimum(lintel, np.minimum(height[inner], height[outer])),
            at=at,
            reach_m=np.array(reach, dtype=float).reshape(-1, 2),
            stairs=frozenset(s.id for s in floor.spaces if s.kind == "stair"),
            length_m=np.array([_length(s.outline, s.area_m2, m) for s, m in sloped]),
        )


def _number(value: float | None) -> float:
    return value or 0.0


def _point(at: Sequence[float] | None) -> Point | None:
    return (float(at[0]), float(at[1])) if at else None


def _middle(outline: Sequence[Sequence[float]] | None) -> Point | None:
    """Area centroid of a simple polygon (shoelace formula); None without an outline."""
    if not outline or len(outline) < 3:
        return None
    twice = cx = cy = 0.0
    ends = [*outline[1:], outline[0]]
    for (x0, y0), (x1, y1) in zip(outline, ends, strict=True):
        cross = x0 * y1 - x1 * y0
        twice, cx, cy = twice + cross, cx + (x0 + x1) * cross, cy + (y0 + y1) * cross
    return (cx / (3 * twice), cy / (3 * twice)) if twice else None


def _length(outline: Sequence[Sequence[float]] | None, area_m2: float, slope_m: float) -> float:
    """The longer side of the box around an outline; a square of the same area without one."""
    if slope_m or not outline:
        return slope_m or sqrt(area_m2)
    sides = (max(axis) - min(axis) for axis in zip(*outline, strict=True))
    return float(max(sides))


def _reach(middle: Point | None, at: Point | None, area_m2: float, slope_m: float) -> float:
    """Distance from the middle of a space to a portal: half a stair run, else straight."""
    if slope_m:
        return slope_m / 2
    if middle is None or at is None:
        return min(UNPLACED_M, sqrt(area_m2) / 2)
    return max(0.5, hypot(middle[0] - at[0], middle[1] - at[1]))
