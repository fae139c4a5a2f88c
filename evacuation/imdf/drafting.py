"""An IMDF venue as a site: floor.yaml, who is in it, and the document of the import."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from evacuation.bim.draft import OUTSIDE, Draft, Entry, outside, with_notes
from evacuation.bim.naming import Names
from evacuation.bim.outline import outline
from evacuation.bim.polygons import require_polygons
from evacuation.imdf.archive import Archive
from evacuation.imdf.categories import VOID, meaning_of
from evacuation.imdf.doors import doors_of
from evacuation.imdf.findings import findings_of
from evacuation.imdf.survey import Level, Unit, survey_of
from evacuation.imdf.venue import Venue
from evacuation.imdf.ways import CLIMBED, RISER_M, TREAD_M, Run, entrances, ground_ordinals, runs

STOREY_HEIGHT_M = 3.6
"""Assumed from floor to floor where nobody says otherwise; IMDF has no heights."""
FAR = 1_000_000
REMARKS = (
    "Imported from an IMDF venue; import again rather than edit by hand.",
    "Lengths in m, areas in m2; x is east and y north of the point that `source` names.",
    "`between` is [inner side, outer side]; `source_id` is the feature's id in the venue.",
)


def draft(path: Path, storey_height_m: float = STOREY_HEIGHT_M) -> Draft:
    """Read the venue at ``path`` with storeys of an assumed height, m.

    Raises ImportProblem with one sentence for files that cannot be used.
    """
    require_polygons()
    survey = survey_of(Archive.of(path))
    doors = doors_of(survey)
    ways = entrances(survey, doors)
    venue = Venue(
        survey=survey,
        doors=doors,
        ways=ways,
        runs=runs(survey, storey_height_m),
        grounds=ground_ordinals(survey, ways),
        storey_height_m=storey_height_m,
    )
    floor = with_notes(_floor(venue), "The venue draws no way out of it.")
    return Draft(
        floor=floor,
        document=_document(venue, floor),
        groups=tuple(_groups(venue, floor)),
        findings=findings_of(venue, floor),
        remarks=REMARKS,
    )


def _floor(venue: Venue) -> Entry:
    survey = venue.survey
    units = [unit for unit in survey.units.values() if venue.kind(unit.key) != VOID]
    spaces = [_unit(venue, unit) for unit in units] + [_run(venue, run) for run in venue.runs]
    names = " / ".join(survey.buildings.values())
    at = f"{survey.projection.lon:.4f} E, {survey.projection.lat:.4f} N"
    return {
        "floor": 1,
        "name": names,
        "source": f"{survey.archive.path.name}, IMDF, origin {at}, SHA-256 {survey.archive.sha256}",
        "storeys": [
            {
                "id": venue.level_ids[level.key],
                "name": f"{survey.buildings[level.building]}, {level.name}",
                "z_m": round(venue.z_m(level), 3),
            }
            for level in venue.levels
        ],
        "spaces": spaces + ([outside()] if venue.ways else []),
        "portals": list(_portals(venue)),
    }


def _unit(venue: Venue, unit: Unit) -> Entry:
    return {
        "id": venue.unit_ids[unit.key],
        "kind": venue.kind(unit.key),
        "storey": venue.level_ids[unit.level],
        "use": unit.category,
        "area_m2": round(unit.plan.area, 2),
        "name": venue.title(unit),
        "source_id": unit.key,
        "outline": outline(unit.plan),
    }


def _run(venue: Venue, run: Run) -> Entry:
    lower, upper = (venue.survey.units[key] for key in (run.lower, run.upper))
    names = [venue.survey.levels[unit.level].name for unit in (lower, upper)]
    return {
        "id": venue.run_ids[run],
        "kind": "stair",
        "storey": venue.level_ids[lower.level],
        "area_m2": round(run.width_m * run.length_m, 2),
        "width_m": round(run.width_m, 2),
        "slope_length_m": round(run.length_m, 2),
        "riser_m": RISER_M,
        "tread_m": TREAD_M,
        "rises_m": round(run.rises_m, 3),
        "name": f"Stair from {names[0]} to {names[1]}",
        "outline": outline(run.plan),
    }


def _portals(venue: Venue) -> Iterator[Entry]:
    """Doors by level and file order, then exits, then the ends of stairs."""
    hops, taken = venue.hops(), Names()
    for door in venue.doors:
        if venue.walked(door):
            ends = _inner_first(venue, door.ends, hops)
            yield {
                "id": taken.take(_portal_id(ends[0], "d")),
                "between": ends,
                "width_m": round(door.opening.width_m, 3),
                "at": list(door.at),
                "kind": "door",
                "name": f"Door of {ends[0]}",
                "source_id": door.opening.key,
            }
    for way in venue.ways:
        unit = venue.unit_ids[way.unit]
        yield {
            "id": taken.take(_portal_id(unit, "x")),
            "between": [unit, OUTSIDE],
            "width_m": round(way.width_m, 3),
            "at": list(way.at),
            "kind": "door",
            "name": f"Exit from {unit}",
            "source_id": way.key,
        }
    for run in venue.runs:
        yield from _run_ends(venue, run, hops)


def _inner_first(venue: Venue, ends: tuple[str, ...], hops: Mapping[str, int]) -> list[str]:
    """The side farther from the open air first; the smaller unit where both are alike."""
    units = venue.survey.units
    ranked = sorted(ends, key=lambda key: (-hops.get(key, FAR), units[key].plan.area, key))
    return [venue.unit_ids[key] for key in ranked]


def _run_ends(venue: Venue, run: Run, hops: Mapping[str, int]) -> Iterator[Entry]:
    down = hops.get(run.lower, FAR) <= hops.get(run.upper, FAR)
    name = venue.run_ids[run]
    ends = (("foot", run.lower, down, run.foot), ("head", run.upper, not down, run.head))
    for end, unit, leaves, at in ends:
        beside = venue.unit_ids[unit]
        yield {
            "id": f"{name}.{end}",
            "between": [name, beside] if leaves else [beside, name],
            "width_m": round(run.width_m, 2),
            "at": [round(value, 3) for value in at],
            "kind": "opening",
            "name": f"{end.capitalize()} of {name}",
        }


def _portal_id(space: str, letter: str) -> str:
    storey, _, room = space.partition(".")
    number = room.removeprefix("r") if room[1:2].isdigit() else f"-{room}"
    return f"{storey}.{letter}{number}"


def _groups(venue: Venue, floor: Entry) -> Iterator[Entry]:
    """People by area and use, in the units that reach an exit on foot."""
    reached = venue.hops()
    for unit in venue.survey.units.values():
        share = meaning_of(unit.category).m2_per_person
        if unit.key in reached and share:
            place = venue.unit_ids[unit.key]
            yield {
                "id": place,
                "kind": "visitors",
                "profile": "adult",
                "count": max(1, int(unit.plan.area / share)),
                "pre_movement": "usual",
                "at": place,
                "name": unit.label or unit.category,
            }


def _document(venue: Venue, floor: Entry) -> Entry:
    survey, roles = venue.survey, [door.role for door in venue.doors]
    units = survey.units.values()
    return {
        "name": floor["name"],
        "format": "IMDF",
        "storeys": [_storey(venue, level) for level in venue.levels],
        "spaces": len(survey.units),
        "area_m2": round(sum(unit.plan.area for unit in units), 2),
        "doors": len(venue.doors),
        "inner_doors": roles.count("inner"),
        "exits": len(venue.ways),
        "partition_doors": roles.count("partition"),
        "air_doors": 0,
        "loose_doors": roles.count("loose"),
        "exit_width_m": round(sum(way.width_m for way in venue.ways), 3),
        "stairs": sum(unit.category in CLIMBED for unit in units),
        "links": len(venue.runs),
        "touch_links": 0,
        "free_links": 0,
        "reach_exit": len(venue.hops(riding=True)),
        "reach_exit_on_foot": len(venue.hops()),
        "stair_runs": len(venue.runs),
        "lifts": sum(venue.kind(unit.key) == "lift" for unit in units),
        "buildings": len(survey.buildings),
        "building_outlines": len(survey.archive.all("building")),
        "storey_height_m": venue.storey_height_m,
    }


def _storey(venue: Venue, level: Level) -> Entry:
    units = venue.survey.units_on(level.key)
    return {
        "name": f"{venue.survey.buildings[level.building]}, {level.name}",
        "z_m": round(venue.z_m(level), 3),
        "spaces": len(units),
        "area_m2": round(sum(unit.plan.area for unit in units), 2),
    }
