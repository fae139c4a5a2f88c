"""An IFC building as a site: floor.yaml, who is in it, and the document of the import."""

from collections.abc import Iterator

from evacuation.bim.building import Building, read
from evacuation.bim.draft import Draft, Entry
from evacuation.bim.findings import findings_of
from evacuation.bim.ids import Ids, ids_of
from evacuation.bim.mapping import floor_of
from evacuation.bim.room import Room
from evacuation.bim.source import Source

REMARKS = (
    "Imported from a building model; import again rather than edit by hand.",
    "Lengths in m, areas in m2. `width_m` is clear width: nominal less 0.10 m for doors.",
    "`between` is [inner side, outer side]; `source_id` is the element's GlobalId in the model.",
)


def draft(source: Source) -> Draft:
    """Read the building in ``source``; ImportProblem if it is unreadable or has no rooms."""
    building = read(source)
    ids = ids_of(building)
    return Draft(
        floor=floor_of(building, ids),
        document=document(building),
        groups=tuple(_groups(building, ids)),
        findings=findings_of(building, ids),
        remarks=REMARKS,
    )


def document(building: Building) -> Entry:
    """The document of `twin import --json` without its findings."""
    exits = building.doors_that_are("exit")
    return {
        "name": building.name,
        "format": building.source.schema,
        "storeys": [
            _storey(building, storey.key, storey.name, storey.z_m) for storey in building.storeys
        ],
        "spaces": len(building.rooms),
        "area_m2": round(sum(room.area_m2 for room in building.rooms), 2),
        "doors": len(building.doors),
        "inner_doors": len(building.doors_that_are("inner")),
        "exits": len(exits),
        "partition_doors": len(building.doors_that_are("partition")),
        "air_doors": len(building.doors_that_are("air")),
        "loose_doors": len(building.doors_that_are("loose")),
        "exit_width_m": round(sum(door.nominal_m for door in exits), 3),
        "stairs": len(building.stairs),
        "links": len(building.links),
        "touch_links": sum(link.kind == "touch" for link in building.links),
        "free_links": sum(link.kind == "free" for link in building.links),
        "reach_exit": len(building.hops()),
        "reach_exit_on_foot": len(building.hops(riding=False)),
    }


def _storey(building: Building, key: str, name: str, z_m: float) -> Entry:
    rooms = [room for room in building.rooms if room.storey == key]
    return {
        "name": name,
        "z_m": round(z_m, 3),
        "spaces": len(rooms),
        "area_m2": round(sum(room.area_m2 for room in rooms), 2),
    }


def _groups(building: Building, ids: Ids) -> Iterator[Entry]:
    """People by area and use, one group per room that people stay in and can leave."""
    reached = building.hops(riding=False)
    for room in building.rooms:
        count = _head_count(room)
        if room.key in reached and count:
            place = ids.rooms[room.key]
            yield {
                "id": place,
                "kind": "staff",
                "profile": "adult",
                "count": count,
                "pre_movement": "usual",
                "at": place,
                "name": room.title,
            }


def _head_count(room: Room) -> int:
    share = room.meaning.m2_per_person
    return max(1, int(room.area_m2 / share)) if share else 0
