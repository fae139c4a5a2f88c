"""The floor graph: spaces joined by portals, some of them safe. Knows no file and no device."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from evacuation.plan import read_plan
from evacuation.portal import Portal
from evacuation.space import NOT_WALKED, Point, Space

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["NOT_WALKED", "Floor", "Point", "Portal", "Space"]


@dataclass(frozen=True)
class Floor:
    """Spaces and portals, checked against each other."""

    spaces: Mapping[str, Space]
    portals: Mapping[str, Portal]
    name: str = ""

    @staticmethod
    def from_mapping(mapping: Mapping[str, Any]) -> "Floor":
        """Build a floor from a plain mapping (the content of floor.yaml); keys not used here are
        left alone. Raises FloorError with every problem found.
        """
        spaces, portals = read_plan(mapping)
        return Floor(spaces, portals, str(mapping.get("name", "")))

    @cached_property
    def graph(self) -> "nx.MultiGraph[str]":
        """Spaces as nodes, portals as edges keyed by id."""
        import networkx as nx

        graph: nx.MultiGraph[str] = nx.MultiGraph()
        graph.add_nodes_from(self.spaces)
        for portal in self.portals.values():
            graph.add_edge(*portal.between, key=portal.id, width_m=portal.width_m)
        return graph

    @cached_property
    def exits(self) -> tuple[str, ...]:
        """Portals between a space that is not safe and one that is, in floor order."""
        return tuple(p.id for p in self.portals.values() if self._is_exit(p))

    def unreachable(self) -> list[tuple[str, str]]:
        """List (space, reason) for every place where people can be and that reaches no exit."""
        reached = self._reaching()
        return [
            (space.id, self._why_cut_off(space.id))
            for space in self.spaces.values()
            if not space.safe and space.kind not in NOT_WALKED and space.id not in reached
        ]

    def portals_of(self, space: str) -> tuple[str, ...]:
        """Return the ids of the portals of a space, in floor order."""
        return self._portals_by_space.get(space, ())

    @cached_property
    def _portals_by_space(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for portal in self.portals.values():
            for space in portal.between:
                found.setdefault(space, []).append(portal.id)
        return {space: tuple(ids) for space, ids in found.items()}

    def _is_exit(self, portal: Portal) -> bool:
        inner, outer = (self.spaces[s] for s in portal.between)
        return inner.safe != outer.safe and not {inner.kind, outer.kind} & NOT_WALKED

    def _reaching(self) -> set[str]:
        walked = [s.id for s in self.spaces.values() if not s.safe and s.is_for_all]
        inside = self.graph.subgraph(walked)
        doorways = [
            s for e in self.exits for s in self.portals[e].between if not self.spaces[s].safe
        ]
        from networkx import node_connected_component

        return {n for d in doorways for n in node_connected_component(inside, d)}

    def _why_cut_off(self, space: str) -> str:
        portals = self.portals_of(space)
        if not portals:
            return "the space has no portal"
        beyond = sorted({s for p in portals for s in self.portals[p].between} - {space})
        return f"its portals lead only to {', '.join(beyond)}, and no way from there to an exit"
