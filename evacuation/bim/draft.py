"""What any importer hands over: a floor, its people, and what it says about both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import networkx as nx

from evacuation.bim.problem import Finding
from evacuation.floor import NOT_WALKED, Floor

Entry = dict[str, Any]
OUTSIDE = "outside"
OUTSIDE_M2 = 10_000.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A site as a building file gives it.

    ``floor`` is the content of floor.yaml, ``document`` the one of ``twin import`` without its
    findings, ``groups`` rows of people.yaml; ``profiles`` and ``pre_movement`` are the speeds and
    delays that the file states.
    """

    floor: Entry
    document: Entry
    groups: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]
    profiles: Mapping[str, Entry] = field(default_factory=dict)
    pre_movement: Mapping[str, Entry] = field(default_factory=dict)


def outside() -> Entry:
    """The open air around a building: safe, and with room for everybody."""
    return {
        "id": OUTSIDE,
        "kind": "street",
        "safe": True,
        "area_m2": OUTSIDE_M2,
        "name": "Outside",
    }


def reach(floor: Entry) -> set[str]:
    """Ids of the spaces from which an exit is reached on foot, the runs of stairs included."""
    plan = Floor.from_mapping(floor)
    barred = {space.id for space in plan.spaces.values() if space.kind in NOT_WALKED}
    graph = plan.graph.subgraph(set(plan.spaces) - barred)
    reached = nx.node_connected_component(graph, OUTSIDE) if OUTSIDE in graph else set()
    return {space for space in reached if space != OUTSIDE}


def with_notes(floor: Entry, reason: str) -> Entry:
    """``floor`` with ``reason`` as the note of every space that reaches no exit."""
    cut_off = {space for space, _ in Floor.from_mapping(floor).unreachable()}
    spaces = [
        entry | ({"notes": reason} if entry["id"] in cut_off else {}) for entry in floor["spaces"]
    ]
    return {**floor, "spaces": spaces}


def unreached(floor: Entry) -> tuple[Finding, ...]:
    """A finding for every space that reaches no exit on foot, with the reason."""
    plan = Floor.from_mapping(floor)
    cut_off = dict(plan.unreachable())
    return tuple(
        Finding(
            "unreached",
            entry["id"],
            f"{entry['name']} ({entry['area_m2']:.1f} m2) reaches no exit: {cut_off[entry['id']]}.",
        )
        for entry in floor["spaces"]
        if entry["id"] in cut_off
    )
