"""Turns a floor and a set of laws into the arrays of the engine."""

from collections.abc import Sequence
from math import ceil

import numpy as np

from evacuation.engine.arrays import DOOR, LINE, ROOM, Flags, Longs, Net, Records
from evacuation.floor import NOT_WALKED, Floor, Point, Portal, Space
from evacuation.laws import DENSITY_STEP_PER_M2, LEVEL_K_M_S, Laws

CORRIDOR_LIKE = frozenset({"corridor", "landing"})
LEVEL_TOLERANCE_M = 0.3


def build(floor: Floor, laws: Laws) -> Net:
    """Return the network of a floor; crossing 2 p runs from portal p's inner to its outer space."""
    spaces, portals = list(floor.spaces.values()), list(floor.portals.values())
    index = {space.id: i for i, space in enumerate(spaces)}
    lines = [
        (index[a], index[b], _height(floor, p, a))
        for p in portals
        for a, b in (p.between, p.between[::-1])
    ]
    line = np.array(lines, LINE)
    first, leaving = group_by(line["send"], len(spaces))
    return Net(
        line=line,
        door=np.array([_door(floor, p, laws) for p in portals], DOOR),
        room=_rooms(spaces, first, laws),
        leaving=leaving,
        speeds=laws.speed_table(),
        supplies=laws.supply_table(),
        per_density=1.0 / DENSITY_STEP_PER_M2,
        jam=laws.jam_per_m2,
        usual=laws.free_speed_m_s,
        word_speed=laws.word_m_s,
        hearing=laws.hearing_m,
    )


def _door(floor: Floor, p: Portal, laws: Laws) -> tuple[float, float, float, float]:
    return (*p.at, capacity(floor, p, laws), effective_width(floor, p, laws))


def _rooms(spaces: Sequence[Space], first: Longs, laws: Laws) -> Records:
    rooms = np.zeros(len(spaces), ROOM)
    for row, space in zip(rooms, spaces, strict=True):
        row["area"] = space.walking_area_m2
        row["places"] = _places(space, laws)
        row["entry"] = stair_capacity(space, laws)
        row["factor"] = speed_factor(space, laws)
        row["stair"], row["safe"] = space.is_stair, space.safe
    rooms["low"], rooms["high"] = first[:-1], first[1:]
    return rooms


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

    Its own specific flow, and never more than a stair it leads to or from can carry.
    """
    own = laws.door_flow * effective_width(floor, portal, laws)
    stairs = (stair_capacity(floor.spaces[s], laws) for s in portal.between)
    return min(own, *(c for c in stairs if c > 0.0), own)


def stair_capacity(space: Space, laws: Laws) -> float:
    """Return what a stair carries in persons per second; 0 for what is no stair."""
    if not space.is_stair:
        return 0.0
    width = laws.effective_m(space.width_m, laws.stair_boundary_m)
    return laws.stair_flow_per_m_s(space.riser_m, space.tread_m) * width


def speed_factor(space: Space, laws: Laws) -> float:
    """Return the walking speed along a stair over that on the level; 1 on the level."""
    if not space.is_stair:
        return 1.0
    return laws.stair_k_m_s(space.riser_m, space.tread_m) / LEVEL_K_M_S


def walkable(floor: Floor, net: Net) -> Flags:
    """Return which crossings lead on: not back out of safety, not into lifts and shafts."""
    shut = np.array([s.kind in NOT_WALKED for s in floor.spaces.values()], np.bool_)
    return np.asarray(~net.room["safe"][net.line["send"]] & ~shut[net.line["recv"]])


def _places(space: Space, laws: Laws) -> float:
    """Return how many people fit: jam density, at least one; no limit where it is safe."""
    return float("inf") if space.safe else max(1.0, ceil(space.walking_area_m2 * laws.jam_per_m2))


def _height(floor: Floor, portal: Portal, space_id: str) -> float:
    """Return how far up the slope of a stair a portal lies; 0 on the level.

    It is at the top when it stands, or leads to, clearly above the stair's own storey.
    """
    space = floor.spaces[space_id]
    if not space.is_stair:
        return 0.0
    other = floor.spaces[portal.between[portal.between[0] == space_id]]
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
