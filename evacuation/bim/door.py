"""Doors: where they are, how wide, and which rooms they join."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ifcopenshell.util.element as element_of

from evacuation.bim.mesh import Mesh
from evacuation.bim.probe import Hole, Probe, hole
from evacuation.bim.room import Room

EXIT_RISE_M = 1.5


@dataclass(frozen=True, slots=True)
class Door:
    """An IfcDoor: nominal width (m), sill z (m), place, the rooms on its sides and what it is.

    ``role``: inner (two rooms), exit (one room, at ground level), partition (the same room on both
    sides), air (one room, above or below the ground), loose (no room).
    """

    key: str
    name: str
    nominal_m: float
    at: tuple[float, float]
    sill_m: float
    rooms: tuple[str, ...]
    role: str
    external: bool | None
    by_boundary: bool = False


def doors(
    model: Any, bodies: Mapping[int, Mesh], rooms: Sequence[Room], scale: float, ground_m: float
) -> tuple[tuple[Door, ...], tuple[str, ...]]:
    """Doors sorted by place, and the names of those without any body to place them by."""
    probe, hosts, bounds = Probe(rooms), _hosts(model), _boundaries(model)
    known = {room.key for room in rooms}
    found, formless = [], []
    for one in model.by_type("IfcDoor"):
        host = hosts.get(one.id())
        spot = _spot(one, host, bodies, scale)
        if spot is None:
            formless.append(one.Name or one.GlobalId)
            continue
        said = bounds.get(one.id(), set()) | (bounds.get(host, set()) if host else set())
        found.append(_door(one, spot, probe, tuple(sorted(said & known)), ground_m))
    found.sort(key=lambda door: (round(door.sill_m, 1), door.at, door.name, door.key))
    return tuple(found), tuple(sorted(formless))


def _spot(one: Any, host: int | None, bodies: Mapping[int, Mesh], scale: float) -> Hole | None:
    body = bodies.get(one.id())
    opening = bodies.get(host) if host is not None else None
    shape = opening or body
    if shape is None:
        return None
    nominal = one.OverallWidth * scale if one.OverallWidth else None
    return hole(shape, one.ObjectPlacement, nominal, (body or shape).z_min)


def _door(one: Any, spot: Hole, probe: Probe, said: tuple[str, ...], ground_m: float) -> Door:
    left, right = probe.sides(spot)
    keys = tuple(room.key for room in (left, right) if room is not None)
    guessed = len(set(keys)) != 2 and len(said) == 2
    if guessed:
        keys = said
    return Door(
        key=one.GlobalId,
        name=one.Name or "",
        nominal_m=round(spot.width_m, 3),
        at=spot.at,
        sill_m=round(spot.sill_m, 3),
        rooms=tuple(dict.fromkeys(keys)),
        role=_role(keys, spot.sill_m - ground_m),
        external=_external(one),
        by_boundary=guessed,
    )


def _role(keys: tuple[str, ...], rise_m: float) -> str:
    if len(keys) == 2:
        return "inner" if keys[0] != keys[1] else "partition"
    if len(keys) == 1:
        return "exit" if abs(rise_m) <= EXIT_RISE_M else "air"
    return "loose"


def _hosts(model: Any) -> dict[int, int]:
    """Opening id per filling element id."""
    return {
        fills.RelatedBuildingElement.id(): fills.RelatingOpeningElement.id()
        for fills in model.by_type("IfcRelFillsElement")
    }


def _boundaries(model: Any) -> dict[int, set[str]]:
    """GlobalIds of the spaces whose boundary names an element, per element id."""
    found: dict[int, set[str]] = {}
    for bound in model.by_type("IfcRelSpaceBoundary"):
        element, space = bound.RelatedBuildingElement, bound.RelatingSpace
        if element is not None and space is not None and space.is_a("IfcSpace"):
            found.setdefault(element.id(), set()).add(space.GlobalId)
    return found


def _external(one: Any) -> bool | None:
    said = element_of.get_pset(one, "Pset_DoorCommon", "IsExternal")
    return said if isinstance(said, bool) else None
