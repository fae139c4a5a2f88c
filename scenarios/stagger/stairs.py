"""The stairs of a floor: flights and the landings between them, stair by stair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

import networkx as nx

from evacuation import Floor


@dataclass(frozen=True, slots=True)
class Stair:
    """One stair from top to bottom: its name, and its flights and landings (ids of spaces)."""

    id: str
    name: str
    spaces: tuple[str, ...]


def stairs_of(floor: Floor) -> tuple[Stair, ...]:
    """The stairs of a floor, in its order: flights that landings or doors join to each other."""
    flights = [s.id for s in floor.spaces.values() if s.is_stair]
    near = {end for f in flights for p in floor.portals_of(f) for end in floor.portals[p].between}
    parts = [s for s in floor.spaces if s in flights or (s in near and _is_landing(floor, s))]
    graph = nx.Graph(floor.graph.subgraph(parts))
    found = [sorted(part, key=parts.index) for part in nx.connected_components(graph)]
    return tuple(
        Stair(_prefix(part), _common(floor.spaces[s].name or s for s in part), tuple(part))
        for part in sorted(found, key=lambda part: parts.index(part[0]))
    )


def _is_landing(floor: Floor, space: str) -> bool:
    return floor.spaces[space].kind == "landing" and not floor.spaces[space].safe


def _prefix(ids: list[str]) -> str:
    """The dotted parts that ids have in common; the first id where there are none."""
    return ".".join(_shared([one.split(".") for one in ids])) or ids[0]


def _common(words: Iterable[str]) -> str:
    """What names have in common at their beginning, without what joins the rest to it."""
    names = list(words)
    return "".join(_shared(names)).rstrip(" .,-_:，、") or names[0]


def _shared(rows: Sequence[Sequence[str]]) -> list[str]:
    """The words that all rows have in common at their beginning."""
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*rows, strict=False))
    return [column[0] for column in alike]
