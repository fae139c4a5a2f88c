"""What was left out of a venue, assumed, or is worth a look, in plain words."""

from collections import Counter
from collections.abc import Iterator

from evacuation.bim.draft import Entry, unreached
from evacuation.bim.problem import Finding
from evacuation.imdf.categories import VOID
from evacuation.imdf.venue import Venue
from evacuation.imdf.ways import CLIMBED, RISER_M, TREAD_M

OVERLAP_M2 = 1.0
LEVEL_CATEGORIES = ("arrivals", "departures")


def findings_of(venue: Venue, floor: Entry) -> tuple[Finding, ...]:
    """Everything there is to say about ``venue``, the gravest kinds first."""
    chapters = (
        _exits,
        _doors,
        _lifts,
        _voids,
        _overlaps,
        _stairs,
        _outlines,
        _categories,
        _assumed,
    )
    told = tuple(finding for chapter in chapters for finding in chapter(venue))
    return unreached(floor) + venue.survey.lost + told


def _exits(venue: Venue) -> Iterator[Finding]:
    for way in venue.ways:
        unit = venue.survey.units[way.unit]
        text = f"Exit from {venue.title(unit)}, {way.width_m:.2f} m wide"
        if way.by_path:
            text += (
                ": no opening is marked there; a path of the campus comes in at this place. The "
                "width is assumed."
            )
        else:
            text += ": an opening in the outline of its level with a unit on one side only."
        yield Finding("exit", venue.unit_ids[way.unit], text)
    served = {
        venue.survey.levels[venue.survey.units[way.unit].level].building for way in venue.ways
    }
    for key, name in venue.survey.buildings.items():
        if key not in served:
            text = f"{name} has no exit: no opening leads out and no path comes in."
            yield Finding("exit", name, text)


def _doors(venue: Venue) -> Iterator[Finding]:
    for door in venue.doors:
        where = f"at ({door.at[0]:.1f}, {door.at[1]:.1f})"
        if door.role == "partition":
            unit = venue.survey.units[door.ends[0]]
            text = f"An opening inside {venue.title(unit)} {where} is left out."
            yield Finding("partition", venue.unit_ids[unit.key], text)
        elif door.role == "loose":
            level = venue.survey.levels[door.opening.level].name
            sides = "one unit" if door.ends else "no unit"
            text = f"An opening {where} on {level} touches {sides} and no outline; it is left out."
            yield Finding("loose", door.opening.key, text)


def _lifts(venue: Venue) -> Iterator[Finding]:
    for unit in venue.survey.units.values():
        if venue.kind(unit.key) == "lift":
            ways = sum(unit.key in door.ends for door in venue.doors)
            text = (
                f"{venue.title(unit)} is a lift by its category: its {ways} openings are left out, "
                "so that no route leads through it."
            )
            yield Finding("lift", venue.unit_ids[unit.key], text)


def _voids(venue: Venue) -> Iterator[Finding]:
    for unit in venue.survey.units.values():
        if venue.kind(unit.key) == VOID:
            text = f"{venue.title(unit)} ({unit.category}) has no floor to stand on; left out."
            yield Finding("void", venue.unit_ids[unit.key], text)


def _overlaps(venue: Venue) -> Iterator[Finding]:
    """Units of one level that share floor: their areas are counted twice."""
    from shapely import STRtree

    for level in venue.levels:
        units = venue.survey.units_on(level.key)
        tree = STRtree([unit.plan for unit in units])
        pairs = tree.query([unit.plan for unit in units], predicate="intersects").T
        for first, second in sorted((int(a), int(b)) for a, b in pairs):
            shared = (
                units[first].plan.intersection(units[second].plan).area if first < second else 0
            )
            if shared > OVERLAP_M2:
                names = [venue.unit_ids[units[k].key] for k in (first, second)]
                text = f"{names[0]} and {names[1]} share {shared:.1f} m2, which both areas count."
                yield Finding("area", names[0], text)


def _stairs(venue: Venue) -> Iterator[Finding]:
    joined = {key for run in venue.runs for key in (run.lower, run.upper)}
    alone = [
        unit
        for unit in venue.survey.units.values()
        if unit.category in CLIMBED and unit.key not in joined
    ]
    for unit in alone:
        text = (
            f"{venue.title(unit)} ({unit.plan.area:.1f} m2) stands on no other stair and under "
            "none; it is a level space here."
        )
        yield Finding("stair", venue.unit_ids[unit.key], text)


def _outlines(venue: Venue) -> Iterator[Finding]:
    outlines = len(venue.survey.archive.all("building"))
    empty = outlines - len(venue.survey.buildings)
    if empty > 0:
        names = ", ".join(venue.survey.buildings.values())
        text = (
            f"{outlines} buildings are drawn, {len(venue.survey.buildings)} of them inside "
            f"({names}); the other {empty} are left out."
        )
        yield Finding("buildings", names, text)


def _categories(venue: Venue) -> Iterator[Finding]:
    """Openings for vehicles into rooms: a sign that the category was not kept up."""
    said = [one["properties"].get("category") for one in venue.survey.archive.all("opening")]
    driven = Counter(said)["automobile"]
    if driven:
        text = (
            f'{driven} openings are of category "automobile"; they are taken as doors for people.'
        )
        yield Finding("category", "opening", text)


def _assumed(venue: Venue) -> Iterator[Finding]:
    where = "venue"
    grounds = ", ".join(
        f"level {venue.grounds[key]} of {name}" for key, name in venue.survey.buildings.items()
    )
    text = (
        f"IMDF has no heights: {venue.storey_height_m:.2f} m from floor to floor are assumed "
        f"(--storey-height), with {grounds} on the ground."
    )
    yield Finding("assumed", where, text)
    text = "The length of an opening is taken as its clear width, as it is drawn."
    yield Finding("assumed", where, text)
    if venue.runs:
        text = (
            f"{len(venue.runs)} runs of stairs join stair units that stand above each other: steps "
            f"of {RISER_M} by {TREAD_M} m, two flights beside each other in the stairwell, length "
            "without landings. A run's area is added to the two units, which keep theirs."
        )
        yield Finding("assumed", where, text)
    text = "Headcounts follow from area and category (evacuation/imdf/categories.toml)."
    yield Finding("people", where, text)
