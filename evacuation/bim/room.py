"""Storeys and rooms: footprints, heights and areas from the geometry of IfcSpace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ifcopenshell.util.element as element_of
import numpy as np
from shapely.geometry.base import BaseGeometry

from evacuation.bim.mesh import Mesh
from evacuation.bim.names import Meaning, meaning

FLAT = 0.9
FLOOR_BAND_M = 0.05
FULL_FLOOR = 0.85
QUOTED = (
    ("BaseQuantities", "NetFloorArea"),
    ("Qto_SpaceBaseQuantities", "NetFloorArea"),
    ("BaseQuantities", "GrossFloorArea"),
    ("Qto_SpaceBaseQuantities", "GrossFloorArea"),
    ("PSet_Revit_Dimensions", "Area"),
)


@dataclass(frozen=True, slots=True)
class Storey:
    """A storey of the file; ``key`` is its GlobalId, ``z_m`` its elevation."""

    key: str
    name: str
    z_m: float


@dataclass(frozen=True, slots=True)
class Room:
    """An IfcSpace with a body: footprint (m), floor and ceiling (m), and what its name means."""

    key: str
    number: str
    label: str
    storey: str
    plan: BaseGeometry
    z0_m: float
    z1_m: float
    meaning: Meaning
    quoted_m2: float | None
    quoted_by: str

    @property
    def area_m2(self) -> float:
        """Footprint area from the geometry."""
        return float(self.plan.area)

    @property
    def title(self) -> str:
        """Number and name as printed in a sentence."""
        return " ".join(part for part in (self.number, self.label) if part) or self.key

    @property
    def rideable(self) -> bool:
        """Whether it is a lift or a shaft: nobody walks through it."""
        return self.meaning.kind in ("lift", "shaft")


def storeys(model: Any, scale: float) -> tuple[Storey, ...]:
    """All storeys from the lowest up; ``scale`` turns file units into metres."""
    found = [
        Storey(one.GlobalId, (one.Name or one.LongName or "").strip(), (one.Elevation or 0) * scale)
        for one in model.by_type("IfcBuildingStorey")
    ]
    return tuple(sorted(found, key=lambda one: (one.z_m, one.name, one.key)))


def rooms(
    model: Any, bodies: Mapping[int, Mesh], levels: Sequence[Storey], area_scale: float
) -> tuple[tuple[Room, ...], tuple[str, ...]]:
    """Rooms sorted by storey and name, and the titles of spaces that have no body or no storey.

    ``area_scale`` turns the file's own area figures into m2.
    """
    known = {storey.key: rank for rank, storey in enumerate(levels)}
    found, formless = [], []
    for space in model.by_type("IfcSpace"):
        storey = _storey_of(space)
        mesh = bodies.get(space.id())
        plan = footprint(mesh) if mesh else None
        if mesh is None or plan is None or plan.is_empty or storey not in known:
            formless.append(" ".join(filter(None, (space.Name, space.LongName))) or space.GlobalId)
            continue
        found.append(_room(space, storey, plan, mesh, area_scale))
    found.sort(key=lambda room: (known[room.storey], room.number, room.label, room.key))
    return tuple(found), tuple(sorted(formless))


def footprint(mesh: Mesh) -> BaseGeometry:
    """The floor of a room seen from above.

    The level faces at the lowest level face; where they make up less than 85 % of the whole plan
    (stepped or sloping floors), the whole plan.
    """
    level = np.abs(mesh.normal_z()) > FLAT
    whole = mesh.plan()
    if not level.any():
        return whole
    z = mesh.corners[:, :, 2]
    lowest = z[level].min()
    floor = mesh.plan(level & (np.abs(z - lowest).max(axis=1) <= FLOOR_BAND_M))
    return floor if floor.area >= FULL_FLOOR * whole.area else whole


def _room(space: Any, storey: str, plan: BaseGeometry, mesh: Mesh, area_scale: float) -> Room:
    number, label = (space.Name or "").strip(), (space.LongName or "").strip()
    if label == number:
        label = ""
    quoted = _quoted_area(space)
    return Room(
        key=space.GlobalId,
        number=number,
        label=label,
        storey=storey,
        plan=plan,
        z0_m=mesh.z_min,
        z1_m=mesh.z_max,
        meaning=meaning(label or number),
        quoted_m2=None if quoted is None else quoted[1] * area_scale,
        quoted_by="" if quoted is None else quoted[0],
    )


def _storey_of(space: Any) -> str:
    above: Any = element_of.get_aggregate(space)
    while above is not None and not above.is_a("IfcBuildingStorey"):
        above = element_of.get_aggregate(above)
    return "" if above is None else str(above.GlobalId)


def _quoted_area(space: Any) -> tuple[str, float] | None:
    """The file's own floor area: which figure it is and its value in file units; None if absent."""
    sets = element_of.get_psets(space)
    for name, figure in QUOTED:
        value = sets.get(name, {}).get(figure)
        if isinstance(value, (int, float)):
            return f"{name}.{figure}", float(value)
    return None
