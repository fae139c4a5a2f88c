"""A jpscore geometry as a site: floor.yaml, who is in it, and the document of the import."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import networkx as nx

from evacuation.bim.draft import OUTSIDE, Draft, Entry, outside, reach, with_notes
from evacuation.bim.names import meaning
from evacuation.bim.outline import outline
from evacuation.bim.polygons import require_polygons
from evacuation.jpscore.findings import findings_of
from evacuation.jpscore.geometry import Door, Geometry
from evacuation.jpscore.ids import Ids, ids_of
from evacuation.jpscore.markup import Markup
from evacuation.jpscore.parties import parties_of, with_crowds
from evacuation.jpscore.plan import Plan, plan_of
from evacuation.jpscore.settings import Settings, beside

WALKED = ("room", "corridor", "landing", "hall")
SORTS = {"corridor": "corridor", "lobby": "hall", "entrance": "hall"}
FAR = 1_000_000
REMARKS = (
    "Imported from a jpscore geometry; import again rather than edit by hand.",
    "Lengths in m, areas in m2. `width_m` is the length of the door's line in the file.",
    "`between` is [inner side, outer side]; `source_id` is room/subroom or the door's id.",
)


def draft(path: Path) -> Draft:
    """Read the geometry at ``path``, or the one that the settings file at ``path`` names.

    Raises ImportProblem with one sentence for a file that cannot be used.
    """
    require_polygons()
    markup = Markup.of(path)
    settings: tuple[Settings, ...]
    if markup.root.tag == "JuPedSim":
        settings = (Settings.of(markup),)
        geometry = Geometry.of(Markup.of(settings[0].geometry))
    else:
        geometry = Geometry.of(markup)
        settings = beside(path)
    plan = plan_of(geometry)
    ids = ids_of(plan)
    shut = settings[0].closed if settings else frozenset()
    folk = parties_of(plan, ids, settings)
    floor = with_notes(_floor(plan, ids, shut), "The file has no door for it.")
    floor = with_crowds(floor, folk.groups)
    return Draft(
        floor=floor,
        document=_document(plan, floor),
        groups=folk.groups,
        findings=(*findings_of(plan, ids, floor), *folk.findings),
        remarks=REMARKS,
        profiles=folk.profiles,
        pre_movement=folk.pre_movement,
    )


def _floor(plan: Plan, ids: Ids, shut: frozenset[str]) -> Entry:
    geometry = plan.geometry
    spaces = [_space(plan, ids, key) for key in geometry.subrooms]
    if any(len(door.ends) == 1 for door in geometry.doors):
        spaces.append(outside())
    source = f"{geometry.markup.path.name}, jpscore geometry {geometry.version}"
    hops = _hops(geometry)
    return {
        "floor": 1,
        "name": geometry.caption or geometry.markup.path.parent.name,
        "source": f"{source}, SHA-256 {geometry.markup.sha256}",
        "storeys": [
            {"id": ids.levels[z], "name": level_name(plan, z), "z_m": z} for z in plan.levels
        ],
        "spaces": spaces,
        "portals": [_portal(plan, ids, door, shut, hops) for door in geometry.doors],
    }


def level_name(plan: Plan, z: float) -> str:
    """The room that is on a level, the first of several; landings are named by their height."""
    rooms = [
        one.room
        for key, one in plan.geometry.subrooms.items()
        if key not in plan.slopes and plan.level_of(key) == z
    ]
    return rooms[0] if rooms and z in plan.holds else f"Landing at {z:g} m"


def title(plan: Plan, key: str) -> str:
    """A subroom as a person finds it in the file."""
    one = plan.geometry.subrooms[key]
    return f"{one.room} {one.caption or key.partition('/')[2]}"


def _space(plan: Plan, ids: Ids, key: str) -> Entry:
    shape, slope = plan.shapes[key], plan.slopes.get(key)
    entry: Entry = {
        "id": ids.spaces[key],
        "kind": "stair" if slope else _kind(plan, key),
        "storey": ids.levels[plan.level_of(key)],
        "area_m2": round(shape.area, 2),
    }
    if slope:
        entry |= {
            "width_m": round(slope.width_m, 2),
            "slope_length_m": round(slope.length_m, 3),
            "riser_m": slope.riser_m,
            "tread_m": slope.tread_m,
            "rises_m": round(slope.rises_m, 3),
        }
    return entry | {"name": title(plan, key), "source_id": key, "outline": outline(shape)}


def _kind(plan: Plan, key: str) -> str:
    one = plan.geometry.subrooms[key]
    if plan.is_landing(key):
        return "landing"
    if one.slopes:
        return "corridor"
    kind = SORTS.get(one.sort) or meaning(one.caption or one.room).kind
    return kind if kind in WALKED else "room"


def _hops(geometry: Geometry) -> Mapping[str, int]:
    """Doors between each subroom and the outside."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node(OUTSIDE)
    graph.add_edges_from((door.ends[0], [*door.ends, OUTSIDE][1]) for door in geometry.doors)
    return {key: int(n) for key, n in nx.single_source_shortest_path_length(graph, OUTSIDE).items()}


def _portal(
    plan: Plan, ids: Ids, door: Door, shut: frozenset[str], hops: Mapping[str, int]
) -> Entry:
    inner = sorted(door.ends, key=lambda key: (-hops.get(key, FAR), plan.shapes[key].area, key))
    ends = [ids.spaces[key] for key in inner] + [OUTSIDE] * (len(inner) == 1)
    at_stair = any(key in plan.slopes for key in inner)
    entry: dict[str, Any] = {
        "id": ids.portals[door],
        "between": ends,
        "width_m": round(door.width_m, 3),
        "at": [round(value, 3) for value in door.at],
        "kind": "opening" if at_stair else "door",
        "name": door.caption or f"{door.tag} {door.number}".capitalize(),
        "source_id": f"{door.tag} {door.number}",
    }
    closed = door.closed or (door.tag == "transition" and door.number in shut)
    return entry | ({"normally": "locked"} if closed else {})


def _document(plan: Plan, floor: Entry) -> Entry:
    geometry, reached = plan.geometry, reach(floor)
    exits = [door for door in geometry.doors if len(door.ends) == 1]
    crossings = sum(door.tag == "crossing" for door in geometry.doors)
    links = len(geometry.doors) - crossings - len(exits)
    return {
        "name": floor["name"],
        "format": f"jpscore {geometry.version}",
        "storeys": [_storey(plan, z) for z in plan.holds],
        "spaces": len(geometry.subrooms),
        "area_m2": round(sum(shape.area for shape in plan.shapes.values()), 2),
        "doors": crossings,
        "inner_doors": crossings,
        "exits": len(exits),
        "partition_doors": 0,
        "air_doors": 0,
        "loose_doors": 0,
        "exit_width_m": round(sum(door.width_m for door in exits), 3),
        "stairs": sum(one.slopes for one in geometry.subrooms.values()),
        "links": links,
        "touch_links": 0,
        "free_links": links,
        "reach_exit": len(reached),
        "reach_exit_on_foot": len(reached),
        "crossings": crossings,
        "transitions": len(geometry.doors) - crossings,
    }


def _storey(plan: Plan, z: float) -> Entry:
    held = [key for key in plan.geometry.subrooms if plan.storey_of(key) == z]
    return {
        "name": level_name(plan, z),
        "z_m": z,
        "spaces": len(held),
        "area_m2": round(sum(plan.shapes[key].area for key in held), 2),
    }
