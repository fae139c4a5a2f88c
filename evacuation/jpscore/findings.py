"""What was left out of a jpscore geometry, assumed, or is worth a look, in plain words."""

from collections.abc import Iterator

from evacuation.bim.draft import Entry, unreached
from evacuation.bim.problem import Finding
from evacuation.jpscore.ids import Ids
from evacuation.jpscore.plan import STEEPEST, STEP_M, Plan


def findings_of(plan: Plan, ids: Ids, floor: Entry) -> tuple[Finding, ...]:
    """Everything there is to say about ``plan``, the gravest kinds first."""
    chapters = (_exits, _flat, _obstacles, _closed, _landings, _stairs, _holes, _doors)
    return unreached(floor) + tuple(
        finding for chapter in chapters for finding in chapter(plan, ids, floor)
    )


def _exits(plan: Plan, ids: Ids, floor: Entry) -> Iterator[Finding]:
    leading = [door for door in plan.geometry.doors if len(door.ends) == 1]
    for door in leading:
        where = plan.geometry.subrooms[door.ends[0]].room
        said = f' "{door.caption}"' if door.caption else ""
        text = f"Exit{said} from {where}, {door.width_m:.2f} m wide (a transition to room -1)."
        yield Finding("exit", ids.portals[door], text)
    if not leading:
        text = "No transition leads to room -1, so the building has no exit."
        yield Finding("exit", floor["name"], text)


def _flat(plan: Plan, ids: Ids, floor: Entry) -> Iterator[Finding]:
    for one in plan.geometry.subrooms.values():
        if one.slopes and one.key not in plan.slopes:
            text = f"Stair {one.key} rises nowhere in the file; it is kept as a level corridor."
            yield Finding("stair", ids.spaces[one.key], text)
        elif "escalator" in one.sort:
            text = f"Escalator {one.key} stands still and is walked like a stair."
            yield Finding("stair", ids.spaces[one.key], text)


def _obstacles(plan: Plan, ids: Ids, floor: Entry) -> Iterator[Finding]:
    for one in plan.geometry.subrooms.values():
        if one.obstacles:
            text = f"Room/subroom {one.key} has obstacles: their hull is taken off its area."
            yield Finding("obstacle", ids.spaces[one.key], text)


def _closed(plan: Plan, ids: Ids, floor: Entry) -> Iterator[Finding]:
    for portal in floor["portals"]:
        if portal.get("normally") == "locked":
            text = f"{portal['name']} is closed in the file; it is written as normally locked."
            yield Finding("closed", portal["id"], text)


def _landings(plan: Plan, ids: Ids, floor: Entry) -> Iterator[Finding]:
    for key in plan.geometry.subrooms:
        if key not in plan.slopes and plan.level_of(key) not in plan.holds:
            z, storey = plan.level_of(key), plan.storey_of(key)
            text = (
                f"Room/subroom {key} at {z:g} m lies between two flights: it is a landing, counted "
                f"to the storey at {storey:g} m."
            )
            yield Finding("landing", ids.spaces[key], text)


def _stairs(plan: Plan, ids: Ids, floor: Entry) -> Iterator[Finding]:
    if not plan.slopes:
        return
    text = (
        f"The file gives stairs as sloping planes without steps: riser and tread are assumed with "
        f"2 risers and a tread making {STEP_M} m, at most {STEEPEST:g} steep; the length runs from "
        "door to door along the slope, the width is area over run."
    )
    yield Finding("assumed", floor["name"], text)
    for key, slope in plan.slopes.items():
        steep = slope.rises_m / (slope.length_m**2 - slope.rises_m**2) ** 0.5
        if steep > STEEPEST + 0.01:
            text = (
                f"Stair {key} rises {slope.rises_m:.2f} m at {steep:.2f} : 1, steeper than a "
                f"stair is built; its riser becomes {slope.riser_m} m, its tread {slope.tread_m} m."
            )
            yield Finding("stair", ids.spaces[key], text)


def _holes(plan: Plan, ids: Ids, floor: Entry) -> Iterator[Finding]:
    for key, shape in plan.shapes.items():
        parts = len(getattr(shape, "geoms", [shape]))
        if parts > 1:
            text = f"Room/subroom {key} consists of {parts} pieces; the outline shows the largest."
            yield Finding("outline", ids.spaces[key], text)


def _doors(plan: Plan, ids: Ids, floor: Entry) -> Iterator[Finding]:
    text = (
        "`doors` counts crossings, `exits` transitions to room -1, `links` transitions between "
        "rooms; widths are those of the file, no frame is taken off."
    )
    yield Finding("assumed", floor["name"], text)
