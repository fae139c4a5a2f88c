"""Readable ids for storeys, rooms, portals and stairs: `s0.r101`, `s0.d101`, `st1.s0-s1`.

The GlobalId stays beside each id as `source_id`; ids only have to be readable, unique and the
same each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from evacuation.bim.building import Building
from evacuation.bim.naming import Names, slug


@dataclass(frozen=True, slots=True)
class Ids:
    """Ids by GlobalId."""

    storeys: Mapping[str, str]
    rooms: Mapping[str, str]
    stairs: Mapping[str, str]


def ids_of(building: Building) -> Ids:
    """Ids for everything in ``building``."""
    storeys = _storeys(building)
    taken, rooms = Names(), {}
    for room in building.rooms:
        rooms[room.key] = taken.take(f"{storeys[room.storey]}.{_room(room.number, room.label)}")
    return Ids(storeys, rooms, _stairs(building, storeys))


def _room(number: str, label: str) -> str:
    name = slug(number) or slug(label) or "room"
    return f"r{name}" if name[0].isdigit() else name


def _storeys(building: Building) -> Mapping[str, str]:
    """The storey nearest to zero is `s0`; `s1`, `s2` above it, `b1`, `b2` below it."""
    used = building.used_storeys
    ground = min(range(len(used)), key=lambda rank: (abs(used[rank].z_m), rank))
    return {
        storey.key: f"s{rank - ground}" if rank >= ground else f"b{ground - rank}"
        for rank, storey in enumerate(used)
    }


def _stairs(building: Building, storeys: Mapping[str, str]) -> Mapping[str, str]:
    """Stairs that share a room stand above each other and share a number."""
    graph = nx.Graph((stair.lower, stair.upper) for stair in building.stairs)
    stacks = {key: rank for rank, part in enumerate(nx.connected_components(graph)) for key in part}
    numbers: dict[int, int] = {}
    taken, found = Names(), {}
    for stair in building.stairs:
        number = numbers.setdefault(stacks[stair.lower], len(numbers) + 1)
        ends = [storeys[building.room[key].storey] for key in (stair.lower, stair.upper)]
        found[stair.key] = taken.take(f"st{number}.{'-'.join(ends)}")
    return found
