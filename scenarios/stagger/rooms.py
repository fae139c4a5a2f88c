"""Rooms of classes that wait for their call, each with its stair and its way to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Any

import networkx as nx

from controller.interface.people import GroupEntry
from controller.interface.release import present
from evacuation import Floor, Space
from scenarios.egress.place import Place
from scenarios.stagger.stairs import Stair


@dataclass(frozen=True, slots=True)
class Room:
    """A space whose classes are called together; `stair` is "" where they need none.

    `steps` counts the doors to the stair or, without one, to the way out.
    """

    id: str
    name: str
    storey: str
    groups: tuple[GroupEntry, ...]
    stair: str
    steps: int

    @property
    def heads(self) -> int:
        """How many come out of it, teachers with them."""
        return sum(g.count + (g.leader.count if g.leader else 0) for g in self.groups)


def rooms_of(place: Place, stairs: Sequence[Stair]) -> tuple[Room, ...]:
    """Rooms with classes inside the building, in the floor's order; ValueError if there is none."""
    inside: dict[str, list[GroupEntry]] = {}
    for group in present(place.people, place.period):
        space = group.place(place.period)
        if not place.floor.spaces[space].safe and group.count:
            inside.setdefault(space, []).append(group)
    if not inside:
        raise ValueError(
            f"no class is inside in period {place.period!r}: a release plan needs groups of kind "
            "`class` in people.yaml (or another --period)"
        )
    ways = _ways_out(place.floor)
    order = [space for space in place.floor.spaces if space in inside]
    return tuple(_room(place.floor, space, inside[space], stairs, ways) for space in order)


def _room(
    floor: Floor,
    space: str,
    groups: list[GroupEntry],
    stairs: Sequence[Stair],
    ways: Mapping[str, tuple[float, list[str]]],
) -> Room:
    """The room with the stair on its shortest way out."""
    doors = [ways[p] for p in floor.portals_of(space) if p in ways]
    way = min(doors)[1] if doors else []
    flights = any(floor.spaces[s].is_stair for s in way)
    found = [(stair.id, n) for n, s in enumerate(way) for stair in stairs if s in stair.spaces]
    stair, steps = found[0] if found and flights else ("", len(way))
    here = floor.spaces[space]
    return Room(space, here.name or space, here.storey, tuple(groups), stair, steps)


def _ways_out(floor: Floor) -> dict[str, tuple[float, list[str]]]:
    """Door -> metres to the nearest exit, and the spaces on that way; doors that reach none lack.

    Lengths are those of straight lines between doors, and of slopes on stairs.
    """
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(floor.exits)
    for space in floor.spaces.values():
        doors = floor.portals_of(space.id) if space.is_for_all and not space.safe else ()
        for number, first in enumerate(doors):
            for second in doors[number + 1 :]:
                metres = _metres(floor, space, first, second)
                graph.add_edge(first, second, m=metres, space=space.id)
    far, paths = _dijkstra(graph, floor.exits)
    spaces = {
        door: [graph.edges[a, b]["space"] for a, b in pairwise(reversed(path))]
        for door, path in paths.items()
    }
    return {door: (float(far[door]), way) for door, way in spaces.items()}


def _dijkstra(
    graph: nx.Graph[str], goals: Sequence[str]
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Node -> metres to the nearest goal, and the way from that goal to it."""
    far: Any
    paths: Any
    far, paths = nx.multi_source_dijkstra(graph, set(goals), weight="m")
    return far, paths


def _metres(floor: Floor, space: Space, first: str, second: str) -> float:
    (x, y), (u, v) = floor.portals[first].at, floor.portals[second].at
    return max(space.slope_length_m, hypot(x - u, y - v))
