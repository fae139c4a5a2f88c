"""A building model becomes a site: floor.yaml, and the other three files to be filled in.

Only what a building model knows is written. People, devices and the cause-and-effect matrix are
started as small files that load; they are never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evacuation.bim.problem import Finding, ImportProblem
from evacuation.bim.source import Source, require_extra
from scenarios.skeleton import matrix_text, people_text, points_text

if TYPE_CHECKING:
    from evacuation.bim.building import Building

__all__ = ["ImportProblem", "import_building", "import_text"]

REMARKS = (
    "Imported from a building model; import again rather than edit by hand.",
    "Lengths in m, areas in m2. `width_m` is clear width: nominal less 0.10 m for doors.",
    "`between` is [inner side, outer side]; `source_id` is the element's GlobalId in the model.",
)


def import_building(path: Path, out: Path) -> dict[str, object]:
    """Write the site of the IFC file ``path`` into the folder ``out`` and say what was found.

    floor.yaml is written each time; points.yaml, people.yaml and matrix.yaml only where absent.
    Raises ImportProblem with one sentence for a file that cannot be used or a folder that cannot
    be written.
    """
    source = Source.of(path)
    require_extra()
    from evacuation.bim.building import read
    from evacuation.bim.findings import findings_of
    from evacuation.bim.ids import ids_of, slug
    from evacuation.bim.mapping import floor_of
    from evacuation.bim.text import yaml_of

    building = read(source)
    ids = ids_of(building)
    floor = floor_of(building, ids)
    site = slug(out.resolve().name) or "site"
    written = _write(
        out,
        {"floor.yaml": yaml_of(floor, REMARKS)},
        {
            "people.yaml": people_text(building, ids),
            "points.yaml": points_text(site),
            "matrix.yaml": matrix_text(),
        },
    )
    return {**summary(building, findings_of(building, ids)), "written": written}


def import_text(document: Mapping[str, Any]) -> str:
    """The document of an import as a page for a terminal."""
    storeys = [
        f"  {one['name']:<20} {one['z_m']:7.2f} m {one['spaces']:4} rooms {one['area_m2']:9.1f} m2"
        for one in document["storeys"]
    ]
    said = [f"  {one['kind']:<12} {one['where']:<16} {one['text']}" for one in document["findings"]]
    return "\n".join(
        [
            f"{document['name']}: {document['spaces']} rooms, {document['area_m2']:.1f} m2, "
            f"doors: {document['doors']}, exits: {document['exits']} "
            f"({document['exit_width_m']:.2f} m in all), stairs: {document['stairs']}; "
            f"{document['reach_exit_on_foot']} rooms reach an exit on foot.",
            *storeys,
            "What was left out, assumed, or is worth a look:",
            *said,
            f"Written: {', '.join(document['written'])}.",
        ]
    )


def summary(building: Building, findings: tuple[Finding, ...]) -> dict[str, object]:
    """The document of `twin import --json`."""
    exits = building.doors_that_are("exit")
    return {
        "name": building.name,
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
        "findings": [{"kind": one.kind, "where": one.where, "text": one.text} for one in findings],
    }


def _storey(building: Building, key: str, name: str, z_m: float) -> dict[str, object]:
    rooms = [room for room in building.rooms if room.storey == key]
    return {
        "name": name,
        "z_m": round(z_m, 3),
        "spaces": len(rooms),
        "area_m2": round(sum(room.area_m2 for room in rooms), 2),
    }


def _write(out: Path, always: Mapping[str, str], if_absent: Mapping[str, str]) -> list[str]:
    """Write the files into ``out`` and name those that were written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        absent = {name: text for name, text in if_absent.items() if not (out / name).exists()}
        for name, text in {**always, **absent}.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ImportProblem(f"The site cannot be written to {out}: {error.strerror}.") from error
    return [*always, *absent]
