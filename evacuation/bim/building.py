"""A building read from IFC: storeys, rooms, doors, links, stairs and who reaches an exit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ifcopenshell.util.element as element_of
import ifcopenshell.util.unit as unit_of
import networkx as nx

from evacuation.bim.door import Door, doors
from evacuation.bim.draft import OUTSIDE
from evacuation.bim.link import Link, openings, touches
from evacuation.bim.mesh import Mesh, meshes
from evacuation.bim.problem import ImportProblem
from evacuation.bim.room import Room, Storey, rooms, storeys
from evacuation.bim.source import Source
from evacuation.bim.stair import Stair, stairs


@dataclass(frozen=True)
class Building:
    """All that was found, keyed by GlobalId; ``missed`` names what had no usable body."""

    source: Source
    name: str
    storeys: tuple[Storey, ...]
    rooms: tuple[Room, ...]
    doors: tuple[Door, ...]
    links: tuple[Link, ...]
    stairs: tuple[Stair, ...]
    missed: Mapping[str, tuple[str, ...]]
    virtual_across: int

    @cached_property
    def room(self) -> Mapping[str, Room]:
        """Rooms by GlobalId."""
        return {room.key: room for room in self.rooms}

    @cached_property
    def storey(self) -> Mapping[str, Storey]:
        """Storeys by GlobalId."""
        return {storey.key: storey for storey in self.storeys}

    @cached_property
    def used_storeys(self) -> tuple[Storey, ...]:
        """Storeys that have rooms, from the lowest up."""
        used = {room.storey for room in self.rooms}
        return tuple(storey for storey in self.storeys if storey.key in used)

    def doors_that_are(self, role: str) -> tuple[Door, ...]:
        """Doors of one role: inner, exit, partition, air or loose."""
        return tuple(door for door in self.doors if door.role == role)

    def graph(self, riding: bool = True) -> "nx.Graph[str]":
        """Rooms and the open air, joined by doors, links and stairs.

        ``riding=False`` leaves lifts and shafts out.
        """
        barred = set() if riding else {room.key for room in self.rooms if room.rideable}
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(room.key for room in self.rooms if room.key not in barred)
        graph.add_node(OUTSIDE)
        pairs: list[tuple[str, ...]] = [door.rooms for door in self.doors_that_are("inner")]
        pairs += [(door.rooms[0], OUTSIDE) for door in self.doors_that_are("exit")]
        pairs += [link.rooms for link in self.links]
        pairs += [(stair.lower, stair.upper) for stair in self.stairs]
        graph.add_edges_from((a, b) for a, b in pairs if a not in barred and b not in barred)
        return graph

    def hops(self, riding: bool = True) -> Mapping[str, int]:
        """Doors, links and stairs from each room to the open air; unreached rooms are absent."""
        hops = nx.single_source_shortest_path_length(self.graph(riding), OUTSIDE)
        return {key: int(count) for key, count in hops.items() if key != OUTSIDE}


def read(source: Source) -> Building:
    """The building in ``source``; ImportProblem if it is unreadable or has no rooms at all."""
    return building_of(source, source.open())


def building_of(source: Source, model: Any) -> Building:
    """The building in the open ``model``, which came from ``source``."""
    scale = float(unit_of.calculate_unit_scale(model))
    bodies = _bodies(model)
    levels = storeys(model, scale)
    found, formless = rooms(model, bodies, levels, _area_scale(model))
    if not found:
        raise ImportProblem(f"{source.path} has no rooms (IfcSpace with a body on a storey).")
    ground = min((storey.z_m for storey in levels), key=abs)
    placed, unplaced = doors(model, bodies, found, scale, ground)
    linked, unlinked = stairs(model, bodies, found, levels)
    return Building(
        source=source,
        name=_name(model) or source.path.stem,
        storeys=levels,
        rooms=found,
        doors=placed,
        links=touches(model, bodies, found) + openings(model, bodies, found, placed),
        stairs=linked,
        missed={"space": formless, "door": unplaced, "stair": unlinked},
        virtual_across=_virtual_across(model, found),
    )


def _bodies(model: Any) -> Mapping[int, Mesh]:
    kinds = ("IfcSpace", "IfcDoor", "IfcOpeningElement", "IfcStair", "IfcWall")
    wanted = {one.id(): one for kind in kinds for one in model.by_type(kind)}
    for stair in model.by_type("IfcStair"):
        wanted.update((part.id(), part) for part in element_of.get_decomposition(stair))
    return meshes(model, [wanted[key] for key in sorted(wanted)])


def _area_scale(model: Any) -> float:
    return float(unit_of.calculate_unit_scale(model, "AREAUNIT"))


def _name(model: Any) -> str:
    names = [one.LongName or one.Name for one in model.by_type("IfcBuilding")]
    return " / ".join(name.strip() for name in names if name and name.strip())


def _virtual_across(model: Any, found: Sequence[Room]) -> int:
    """Virtual boundaries that are shared by rooms on different storeys (stairwell voids)."""
    storey = {room.key: room.storey for room in found}
    shared: dict[int, set[str]] = {}
    for bound in model.by_type("IfcRelSpaceBoundary"):
        element, space = bound.RelatedBuildingElement, bound.RelatingSpace
        if element is None or space is None or bound.PhysicalOrVirtualBoundary != "VIRTUAL":
            continue
        if space.GlobalId in storey:
            shared.setdefault(element.id(), set()).add(storey[space.GlobalId])
    return sum(len(storeys) > 1 for storeys in shared.values())
