"""Which exit each person heads for: the nearest that he knows, by walking from door to door."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import dist

import networkx as nx

from evacuation.floor import Floor, Point
from evacuation.people import Person


def aims_of(
    floor: Floor, people: Sequence[Person], places: Mapping[str, Point], exits: Sequence[str]
) -> dict[str, str]:
    """The exit of everybody who has one, by person; distances are straight from door to door."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(floor.portals)
    for space in floor.spaces.values():
        if not space.safe:
            graph.add_weighted_edges_from(
                (a, b, dist(floor.portals[a].at, floor.portals[b].at))
                for a, b in combinations(floor.portals_of(space.id), 2)
            )
    away = {exit_: nx.single_source_dijkstra_path_length(graph, exit_) for exit_ in exits}
    found = {}
    for person in people:
        known = [exit_ for exit_ in exits if not person.knows or exit_ in person.knows]
        reached = {
            exit_: least
            for exit_ in known
            if (least := _from(floor, person, places[person.id], away[exit_])) is not None
        }
        if reached:
            found[person.id] = min(reached, key=lambda exit_: (reached[exit_], exit_))
    return found


def _from(floor: Floor, person: Person, at: Point, away: Mapping[str, float]) -> float | None:
    ways = [
        dist(at, floor.portals[portal].at) + float(away[portal])
        for portal in floor.portals_of(person.space)
        if portal in away
    ]
    return min(ways, default=None)
