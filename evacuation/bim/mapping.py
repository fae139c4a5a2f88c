"""A building as the plain mapping of floor.yaml: storeys, spaces and portals.

Left out of it: cubicle doors, doors that lead into the air, and the doors of lifts and shafts,
so that nobody is sent that way. `findings` says which.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from evacuation.bim.building import Building
from evacuation.bim.door import Door
from evacuation.bim.draft import OUTSIDE, Entry, outside
from evacuation.bim.ids import Ids
from evacuation.bim.link import Link
from evacuation.bim.naming import Names
from evacuation.bim.outline import outline
from evacuation.bim.room import Room
from evacuation.bim.stair import Stair

FRAME_M = 0.10
"""A door's clear width is its nominal width less this (leaf at 90 degrees and stops)."""

NARROWEST_M = 0.3
FAR = 1_000_000


def floor_of(building: Building, ids: Ids) -> dict[str, Any]:
    """The floor of ``building`` in the format of floor.yaml."""
    return {
        "floor": 1,
        "name": building.name,
        "source": source_line(building),
        "storeys": [
            {"id": ids.storeys[one.key], "name": one.name, "z_m": round(one.z_m, 3)}
            for one in building.used_storeys
        ],
        "spaces": _spaces(building, ids),
        "portals": Portals(building, ids).entries(),
    }


def source_line(building: Building) -> str:
    """Which file it came from, so that anyone can tell whether they have the same one."""
    source = building.source
    return f"{source.path.name}, {source.schema}, SHA-256 {source.sha256}"


def _spaces(building: Building, ids: Ids) -> list[Entry]:
    ends = {key for stair in building.stairs for key in (stair.lower, stair.upper)}
    found = [_room(room, ids, room.key in ends) for room in building.rooms]
    found += [_stair(stair, building, ids) for stair in building.stairs]
    if building.doors_that_are("exit"):
        found.append(outside())
    return found


def _room(room: Room, ids: Ids, at_stair: bool) -> Entry:
    kind = room.meaning.kind
    if at_stair and kind == "corridor":
        kind = "landing"
    entry: Entry = {"id": ids.rooms[room.key], "kind": kind, "storey": ids.storeys[room.storey]}
    if room.meaning.use:
        entry["use"] = room.meaning.use
    return entry | {
        "area_m2": round(room.area_m2, 2),
        "height_m": round(room.z1_m - room.z0_m, 2),
        "name": room.title,
        "source_id": room.key,
        "outline": outline(room.plan),
    }


def _stair(stair: Stair, building: Building, ids: Ids) -> Entry:
    lower, upper = (
        building.storey[building.room[key].storey].name for key in (stair.lower, stair.upper)
    )
    return {
        "id": ids.stairs[stair.key],
        "kind": "stair",
        "storey": ids.storeys[building.room[stair.lower].storey],
        "area_m2": round(stair.width_m * stair.slope_m, 2),
        "width_m": round(stair.width_m, 2),
        "slope_length_m": stair.slope_m,
        "riser_m": stair.riser_m,
        "tread_m": stair.going_m,
        "rises_m": round(stair.z1_m - stair.z0_m, 3),
        "name": f"Stair from {lower} to {upper}",
        "source_id": stair.key,
        "outline": outline(stair.plan),
    }


class Portals:
    """Doors, links and stair ends as portals, each with its inner side first."""

    def __init__(self, building: Building, ids: Ids) -> None:
        self._building = building
        self._ids = ids
        self._hops = {OUTSIDE: 0, **building.hops(riding=False)}
        self._names = Names()

    def entries(self) -> list[Entry]:
        """All portals: doors by storey, then links, then stair ends."""
        walkable = [link for link in self._building.links if self._on_foot(link.rooms)]
        found = [self._door(door) for door in self._sorted_doors() if self._on_foot(door.rooms)]
        found += [self._link(link) for link in walkable]
        for stair in self._building.stairs:
            found += self._stair_ends(stair)
        return found

    def _sorted_doors(self) -> Sequence[Door]:
        rank = {room.key: i for i, room in enumerate(self._building.rooms)}
        doors = self._building.doors_that_are("inner") + self._building.doors_that_are("exit")
        return sorted(doors, key=lambda one: (one.role, rank[self._inner_first(one.rooms)[0]]))

    def _on_foot(self, rooms: Sequence[str]) -> bool:
        return not any(self._building.room[key].rideable for key in rooms)

    def _inner_first(self, rooms: Sequence[str]) -> list[str]:
        """The side farther from the open air first; the smaller room where both are alike."""
        room = self._building.room
        return sorted(rooms, key=lambda key: (-self._hops.get(key, FAR), room[key].area_m2, key))

    def _door(self, door: Door) -> Entry:
        inner = self._inner_first(door.rooms)
        leads_out = door.role == "exit"
        ends = [self._ids.rooms[key] for key in inner] + ([OUTSIDE] if leads_out else [])
        title = self._building.room[inner[0]].title
        return {
            "id": self._names.take(_portal_id(ends[0], "x" if leads_out else "d")),
            "between": ends,
            "width_m": round(max(door.nominal_m - FRAME_M, NARROWEST_M), 3),
            "nominal_width_m": door.nominal_m,
            "at": list(door.at),
            "kind": "door",
            "name": f"Exit from {title}" if leads_out else f"Door of {title}",
            "source_id": door.key,
        }

    def _link(self, link: Link) -> Entry:
        first, second = self._inner_first(link.rooms)
        rooms = self._building.room
        return {
            "id": self._names.take(_portal_id(self._ids.rooms[first], "o")),
            "between": [self._ids.rooms[first], self._ids.rooms[second]],
            "width_m": link.width_m,
            "at": list(link.at),
            "kind": "opening",
            "name": f"Between {rooms[first].title} and {rooms[second].title}",
        }

    def _stair_ends(self, stair: Stair) -> list[Entry]:
        down = self._hops.get(stair.lower, FAR) <= self._hops.get(stair.upper, FAR)
        run = self._ids.stairs[stair.key]
        low, top = self._ids.rooms[stair.lower], self._ids.rooms[stair.upper]
        common = {"width_m": round(stair.width_m, 2), "kind": "opening"}
        foot: Mapping[str, Any] = {
            "id": f"{run}.foot",
            "between": [run, low] if down else [low, run],
            "at": list(stair.foot),
            "name": f"Foot of {run}",
        }
        head: Mapping[str, Any] = {
            "id": f"{run}.head",
            "between": [top, run] if down else [run, top],
            "at": list(stair.head),
            "name": f"Head of {run}",
        }
        return [{**foot, **common}, {**head, **common}]


def _portal_id(space: str, letter: str) -> str:
    storey, _, room = space.partition(".")
    number = room.removeprefix("r") if room[1:2].isdigit() else f"-{room}"
    return f"{storey}.{letter}{number}"
