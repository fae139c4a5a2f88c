"""Readable ids: `s0.r0-12` is subroom 12 of room 0 on the storey nearest to zero."""

from collections.abc import Mapping
from dataclasses import dataclass

from evacuation.bim.naming import Names, slug
from evacuation.jpscore.geometry import Door
from evacuation.jpscore.plan import Plan


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids of levels by height, of spaces by room/subroom, and of portals by door."""

    levels: Mapping[float, str]
    spaces: Mapping[str, str]
    portals: Mapping[Door, str]


def ids_of(plan: Plan) -> Ids:
    """Ids for everything in ``plan``: storeys `s0`, `s1`, `b1`, levels of landings `m1`, `m2`."""
    levels = _levels(plan)
    taken = Names()
    spaces = {
        key: taken.take(
            f"{levels[plan.level_of(key)]}.{'st' if key in plan.slopes else 'r'}{_of(key)}"
        )
        for key in plan.geometry.subrooms
    }
    portals = {}
    for door in plan.geometry.doors:
        letter = "x" if len(door.ends) == 1 else "d" if door.tag == "crossing" else "t"
        level = levels[plan.level_of(door.ends[0])]
        portals[door] = taken.take(f"{level}.{letter}{slug(door.number) or 'door'}")
    return Ids(levels, spaces, portals)


def _of(key: str) -> str:
    return "-".join(slug(part) or "x" for part in key.split("/"))


def _levels(plan: Plan) -> Mapping[float, str]:
    lived = [z for z in plan.levels if z in plan.holds]
    ground = min(range(len(lived)), key=lambda rank: (abs(lived[rank]), rank))
    names = {
        z: f"s{rank - ground}" if rank >= ground else f"b{ground - rank}"
        for rank, z in enumerate(lived)
    }
    middle = (z for z in plan.levels if z not in names)
    return names | {z: f"m{number}" for number, z in enumerate(middle, 1)}
