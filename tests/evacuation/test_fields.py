"""Cost fields agree with shortest paths by networkx, and no way comes back to where it began."""

import networkx as nx
import numpy as np
import pytest

from evacuation import BOUNDING, Floor
from evacuation.network import build
from evacuation.routing import Routes
from evacuation.streams import stream
from tests.evacuation.plans import Row, alarm, door, people, plan, room, watch


def grid(side: int, seed: int) -> Floor:
    """Rooms in a grid, most neighbours joined, doors at random places, two exits."""
    source = stream(seed, "grid")
    rows: list[Row] = []
    for k in range(side * side):
        rows.append(room(f"s{k}", 5.0 * (k % side), 5.0 * (k // side), 5, 5))
        for other, ok in ((k + 1, (k + 1) % side), (k + side, k + side < side * side)):
            if ok and source.random() < 0.8:
                x, y = source.uniform(0, 5.0 * side, 2)
                rows.append(door(f"d{k}-{other}", f"s{k}", f"s{other}", float(x), float(y)))
    rows += [door(f"x{k}", f"s{k}", "street", 5.0 * k, 0.0) for k in (0, side * side - 1)]
    return plan(*rows)


def shortest(floor: Floor, portal: str, inner: str) -> float:
    """Metres from a portal to the nearest exit for somebody who left ``inner`` for good."""
    beyond = next(s for s in floor.portals[portal].between if s != inner)
    if floor.spaces[beyond].safe:
        return 0.0
    graph: nx.Graph[str] = nx.Graph()
    for space in floor.spaces.values():
        own = floor.portals_of(space.id)
        if space.safe or space.id == inner:
            continue
        for a in own:
            for b in own:
                pa, pb = floor.portals[a].at, floor.portals[b].at
                metres = float(np.hypot(pa[0] - pb[0], pa[1] - pb[1]))
                if a != b and metres < graph.get_edge_data(a, b, {"m": np.inf})["m"]:
                    graph.add_edge(a, b, m=metres)
    found = [
        nx.dijkstra_path_length(graph, portal, e, weight="m")
        for e in floor.exits
        if inner not in floor.portals[e].between and graph.has_node(portal) and graph.has_node(e)
        if nx.has_path(graph, portal, e)
    ]
    return min(found, default=float("inf"))


@pytest.mark.parametrize("seed", range(4))
def test_fields_agree_with_shortest_paths_that_do_not_come_back(seed: int) -> None:
    floor = grid(4, seed)
    net = build(floor, BOUNDING)
    routes = Routes(floor, net)
    found = routes.field(routes.exits, np.zeros(routes.size)).beyond
    spaces, portals = list(floor.spaces), list(floor.portals)
    for c in np.flatnonzero(routes.usable).tolist():
        expected = shortest(floor, portals[c >> 1], spaces[net.line["send"][c]])
        assert found[c] == pytest.approx(expected, abs=1e-3)


def test_nobody_goes_round_a_queue_through_a_room_with_two_doors() -> None:
    floor = plan(
        room("corridor", 0, 0, 12, 3, kind="corridor", width_m=3.0),
        room("class", 0, 3, 12, 7),
        door("front", "class", "corridor", 10, 3),
        door("back", "class", "corridor", 4, 3),
        door("x", "corridor", "street", 12, 1.5),
    )
    run = watch(floor, people(100, "corridor")).go(300, alarm(floor))
    assert run.crowd.inside == 0
    assert {space for _, space, *_ in run.moves.segments} == {"corridor"}


def test_two_full_rooms_whose_people_want_to_change_places_do_not_lock() -> None:
    floor = plan(
        room("a", 0, 0, 3, 3),
        room("b", 3, 0, 3, 3),
        door("middle", "a", "b", 3, 1.5),
        door("xa", "a", "street", 0, 1.5),
        door("xb", "b", "street", 6, 1.5),
    )
    both = people(34, "a", "a", knows=("xb",)) + people(34, "b", "b", knows=("xa",))
    run = watch(floor, both)
    while run.crowd.inside and run.crowd.now_ms < 600_000:
        run.go(1, alarm(floor))
        assert max(run.crowd.counts().values(), default=0) <= 35
    assert run.crowd.inside == 0
