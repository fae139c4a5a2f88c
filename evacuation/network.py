"""Turns a floor and a set of laws into the arrays of the engine."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np

from evacuation.axes import Axis, axis_of
from evacuation.curves import BODY_M, GAP_S
from evacuation.engine.arrays import CELL, DOOR, LAW, LINE, ONE, ROOM, Flags, Longs, Net, Records
from evacuation.floor import Floor, Point, Portal, Space
from evacuation.laws import DENSITY_STEP_PER_M2, PACKED, Laws

CORRIDOR_LIKE = frozenset({"corridor", "landing"})
LEVEL_TOLERANCE_M = 0.3
SEAM = 0.9
"""An opening of so much of the width of the corridors on both sides is no narrowing: people see
and follow the crowd behind it."""
OVERTAKING_M = 1.22
"""Twice the 0.61 m that a body takes across (Fruin 1971's body ellipse, 24 by 18 inches): where the
way is no wider, nobody overtakes."""
MIDDLE = 0.15
"""A portal farther than this share of the length from both ends has a queue on both sides."""


def build(floor: Floor, laws: Laws) -> Net:
    """Return the network of a floor; crossing 2 p runs from portal p's inner to its outer space."""
    spaces, portals = list(floor.spaces.values()), list(floor.portals.values())
    index = {space.id: i for i, space in enumerate(spaces)}
    axes = [
        _in_lanes(s, axis_of(s, [floor.portals[p].at for p in floor.portals_of(s.id)]), laws)
        for s in spaces
    ]
    starts = np.cumsum([0, *(len(axis.areas) for axis in axes)])
    ends = np.array(
        [(index[a], index[b]) for p in portals for a, b in (p.between, p.between[::-1])]
    )
    ends = ends.reshape(-1, 2)
    first, leaving = group_by(ends[:, 0], len(spaces))
    return Net(
        line=_lines(floor, portals, ends, axes, starts, laws),
        door=np.array([_door(floor, p, laws) for p in portals], DOOR),
        room=_rooms(spaces, axes, starts, first, laws),
        cell=_cells(spaces, axes, laws),
        leaving=leaving,
        speeds=laws.speed_table(),
        supplies=laws.supply_table(),
        storage=laws.storage_table(),
        law=_law(laws),
        rooms=np.arange(len(spaces), dtype=np.int64),
    )


def _law(laws: Laws) -> Records:
    step = 1 / (DENSITY_STEP_PER_M2 * ONE)
    word = (laws.word_m_s, laws.hearing_m, laws.social)
    return np.array([(step, *word, BODY_M, GAP_S)], LAW)


def _door(floor: Floor, p: Portal, laws: Laws) -> tuple[float, float, float, float]:
    return (*p.at, capacity(floor, p, laws), effective_width(floor, p, laws))


def _lines(
    floor: Floor,
    portals: Sequence[Portal],
    ends: Longs,
    axes: Sequence[Axis],
    starts: Longs,
    laws: Laws,
) -> Records:
    lines = np.zeros(len(ends), LINE)
    lines["send"], lines["recv"] = ends.T
    for c, (row, (s, r)) in enumerate(zip(lines, ends.tolist(), strict=True)):
        portal = portals[c >> 1]
        here, there = (floor.spaces[portal.between[k]] for k in ((0, 1), (1, 0))[c & 1])
        row["slope"] = height = _height(floor, portal, here)
        row["factor"] = speed_factor(here, laws, up=height > 0.0)
        row["entry"] = stair_capacity(there, laws, up=_height(floor, portal, there) <= 0.0)
        goal = axes[s].cell(height if here.is_stair else axes[s].along(portal.at))
        other = _height(floor, portal, there) if there.is_stair else axes[r].along(portal.at)
        row["goal"], row["into"] = starts[s] + goal, starts[r] + axes[r].cell(other)
        is_seam = _is_seam(portal, here, there, axes[s], axes[r])
        row["beyond"] = row["into"] if is_seam else -1
        row["in_room"] = len(axes[s].areas) == 1
        row["per_load"] = _queue_m(axes[s], goal, laws)
        most, before = capacity(floor, portal, laws), carried(here, axes[s], laws, height > 0.0)
        behind = 0.0 if there.is_stair or is_seam else carried(there, axes[r], laws)
        row["carried"] = ONE * (min(before, most) and (most if is_seam else before))
        row["over"] = max(most / behind, 1.0) if behind else 1.0
    return lines


def carried(space: Space, axis: Axis, laws: Laws, up: bool = False) -> float:
    """Return the most a corridor or stair carries along it, in persons per second, where queues
    move; else, and for rooms, 0.
    """
    if not laws.moving_queues or (len(axis.areas) == 1 and not space.width_m):
        return 0.0
    if space.is_stair:
        return stair_capacity(space, laws, up)
    if space.kind not in CORRIDOR_LIKE:
        return 0.0
    width = space.width_m if len(axis.areas) == 1 else sum(axis.areas) / axis.length
    return laws.level_flow_per_m_s * laws.effective_m(width, laws.corridor_boundary_m)


def _in_lanes(space: Space, axis: Axis, laws: Laws) -> Axis:
    """Return the axis with the areas that people use of it: one lane where there is no second."""
    if len(axis.areas) == 1:
        return axis
    width = _width(space, axis)
    if not laws.is_lane(width):
        return axis
    return replace(axis, areas=tuple(area * laws.lane_m / width for area in axis.areas))


def _queue_m(axis: Axis, goal: int, laws: Laws) -> float:
    """Return what a load that queues takes before a portal: metres of a long space, on both sides
    of a portal in its middle, or square metres of a room.
    """
    jam = laws.jam_per_m2 * ONE
    count = len(axis.areas)
    if count == 1:
        return 1.0 / jam
    in_middle = MIDDLE < (goal + 0.5) / count < 1.0 - MIDDLE and 0 < goal < count - 1
    return axis.length / (sum(axis.areas) * jam * (2.0 if in_middle else 1.0))


def _is_seam(portal: Portal, here: Space, there: Space, a: Axis, b: Axis) -> bool:
    """Tell whether a portal joins two long level spaces without narrowing them."""
    if here.is_stair or there.is_stair or len(a.areas) == 1 or len(b.areas) == 1:
        return False
    widths = (sum(axis.areas) / axis.length for axis in (a, b))
    return portal.kind == "opening" and all(portal.width_m >= SEAM * w for w in widths)


def _rooms(
    spaces: Sequence[Space], axes: Sequence[Axis], starts: Longs, first: Longs, laws: Laws
) -> Records:
    rooms = np.zeros(len(spaces), ROOM)
    for row, space, axis in zip(rooms, spaces, axes, strict=True):
        row["ux"], row["uy"], row["base"], row["length"] = axis.ux, axis.uy, axis.base, axis.length
        row["area"] = space.walking_area_m2
        row["usual"] = laws.free_speed_m_s
        row["stair"], row["safe"] = space.is_stair, space.safe
        row["narrow"] = is_narrow(space, axis)
        row["lane"] = row["narrow"] and laws.is_lane(_width(space, axis))
        row["cells"] = len(axis.areas)
    rooms["cell"] = starts[:-1]
    rooms["low"], rooms["high"] = first[:-1], first[1:]
    return rooms


def is_narrow(space: Space, axis: Axis) -> bool:
    """Tell whether two bodies do not fit side by side in a corridor or on a stair."""
    if len(axis.areas) == 1:
        return False
    return _width(space, axis) < OVERTAKING_M


def _width(space: Space, axis: Axis) -> float:
    """Return the clear width of a long space."""
    return space.width_m or space.walking_area_m2 / axis.length


def _cells(spaces: Sequence[Space], axes: Sequence[Axis], laws: Laws) -> Records:
    rows = []
    for k, (space, axis) in enumerate(zip(spaces, axes, strict=True)):
        top = PACKED if len(axis.areas) > 1 else 1.0
        for area in axis.areas:
            rows.append((area, _places(space, area, laws), _places(space, area * top, laws), k))
    return np.array(rows, CELL)


def _places(space: Space, area: float, laws: Laws) -> int:
    """Return the load that fits, at least one person; no limit where it is safe."""
    if space.lift is not None:
        return ONE * space.lift.capacity
    if space.safe:
        return int(np.iinfo(np.int64).max)
    return ONE * max(1, ceil(area * laws.jam_per_m2 - 1e-9))


def group_by(keys: Sequence[int] | Longs, groups: int) -> tuple[Longs, Longs]:
    """Return (first, order): the members of group g are order[first[g]:first[g + 1]]."""
    keys = np.asarray(keys, np.int64)
    order = np.argsort(keys, kind="stable").astype(np.int64)
    first = np.searchsorted(keys[order], np.arange(groups + 1)).astype(np.int64)
    return first, order


def effective_width(floor: Floor, portal: Portal, laws: Laws) -> float:
    """Return a portal's clear width less its boundary layers, in metres.

    An opening onto a corridor spans it from wall to wall, so it has the corridor's layers.
    """
    kinds = {floor.spaces[s].kind for s in portal.between}
    if portal.kind == "opening" and "stair" not in kinds and kinds & CORRIDOR_LIKE:
        return laws.effective_m(portal.width_m, laws.corridor_boundary_m)
    return laws.effective_m(portal.width_m, laws.door_boundary_m)


def capacity(floor: Floor, portal: Portal, laws: Laws) -> float:
    """Return the most a portal passes, both directions together, in persons per second.

    Its own specific flow, and never more than a stair it leads to or from can carry down.
    """
    is_open = portal.kind == "opening" and laws.opening_flow > 0.0
    flow = laws.opening_flow if is_open else laws.door_flow
    own = flow * effective_width(floor, portal, laws)
    stairs = (stair_capacity(floor.spaces[s], laws) for s in portal.between)
    return min(own, *(c for c in stairs if c > 0.0), own)


def stair_capacity(space: Space, laws: Laws, up: bool = False) -> float:
    """Return what a stair carries in persons per second; 0 for what is no stair."""
    if not space.is_stair:
        return 0.0
    width = laws.effective_m(space.width_m, laws.stair_boundary_m)
    return laws.stair_flow_per_m_s(space.riser_m, space.tread_m, up) * width


def speed_factor(space: Space, laws: Laws, up: bool) -> float:
    """Return the walking speed along a stair over that on the level; 1 on the level."""
    return laws.stair_factor(space.riser_m, space.tread_m, up) if space.is_stair else 1.0


def walkable(floor: Floor, net: Net) -> Flags:
    """Return which crossings lead on: not back out of safety, not into shafts and lifts that are
    out of service.
    """
    shut = np.array([not s.is_walked for s in floor.spaces.values()], np.bool_)
    return np.asarray(~net.room["safe"][net.line["send"]] & ~shut[net.line["recv"]])


def _height(floor: Floor, portal: Portal, space: Space) -> float:
    """Return how far up the slope of a stair a portal lies; 0 on the level.

    It is at the top when it stands, or leads to, clearly above the stair's own storey.
    """
    if not space.is_stair:
        return 0.0
    other = floor.spaces[portal.between[portal.between[0] == space.id]]
    z = portal.storey_z_m
    if z is None:
        z = other.z_m if other.storey else space.z_m
    return space.slope_length_m if z > space.z_m + LEVEL_TOLERANCE_M else 0.0


def centre(net: Net, space: int) -> Point:
    """Return a middle point of a space from its portals, for want of an outline."""
    room = net.room[space]
    own = net.door[net.leaving[room["low"] : room["high"]] >> 1]
    if not own.size:
        return (0.0, 0.0)
    return (float(own["x"].mean()), float(own["y"].mean()))
