"""What was left out of the floor, assumed, or is worth a look, in plain words."""

from collections.abc import Iterator, Sequence

import networkx as nx

from evacuation.bim.building import Building
from evacuation.bim.door import Door
from evacuation.bim.draft import OUTSIDE
from evacuation.bim.ids import Ids
from evacuation.bim.mapping import FRAME_M
from evacuation.bim.problem import Finding
from evacuation.bim.room import Room

LONG_M = 12.0
AREA_OFF = 0.10


def findings_of(building: Building, ids: Ids) -> tuple[Finding, ...]:
    """Everything there is to say about ``building``, the gravest kinds first."""
    return tuple(
        finding
        for chapter in (_reach, _parts, _exits, _left_out_doors, _lifts, _links)
        for finding in chapter(building, ids)
    ) + tuple(
        finding
        for chapter in (_storeys, _missed, _stairs, _areas, _corridors, _assumed)
        for finding in chapter(building, ids)
    )


def _reach(building: Building, ids: Ids) -> Iterator[Finding]:
    hops = building.hops(riding=False)
    doored = {key for door in building.doors for key in door.rooms}
    doored |= {key for link in building.links for key in link.rooms}
    for room in building.rooms:
        if room.key in hops or room.rideable:
            continue
        why = "it has a door but no way out" if room.key in doored else "it has no door"
        text = f"{room.title} ({room.area_m2:.1f} m2) reaches no exit: {why}."
        yield Finding("unreached", ids.rooms[room.key], text)


def _parts(building: Building, ids: Ids) -> Iterator[Finding]:
    """Parts that are not joined inside: separate flats, rooms that open to the outside only."""
    graph = building.graph(riding=False)
    graph.remove_node(OUTSIDE)
    reached = building.hops(riding=False)
    parts = [sorted(part) for part in nx.connected_components(graph) if part & reached.keys()]
    largest = max((len(part) for part in parts), default=0)
    for part in sorted(parts, key=lambda part: ids.rooms[part[0]]):
        if len(part) == 1 and largest > 1:
            room = building.room[part[0]]
            text = f"{room.title} opens to the outside only; its exit serves no other room."
            yield Finding("outside-only", ids.rooms[part[0]], text)
    joined = sorted((len(part) for part in parts if len(part) > 1), reverse=True)
    if len(joined) > 1:
        sizes = ", ".join(str(size) for size in joined)
        text = f"The building has {len(joined)} parts that are not joined inside ({sizes} rooms)."
        yield Finding("parts", building.name, text)


def _exits(building: Building, ids: Ids) -> Iterator[Finding]:
    for door in building.doors_that_are("exit"):
        room = building.room[door.rooms[0]]
        said = " (the file marks it as external)" if door.external else ""
        text = f"Exit from {room.title}, nominal {door.nominal_m:.2f} m{said}."
        yield Finding("exit", ids.rooms[room.key], text)
    if not building.doors_that_are("exit"):
        yield Finding("exit", building.name, "No door leads to the outside at ground level.")


def _left_out_doors(building: Building, ids: Ids) -> Iterator[Finding]:
    for door in building.doors_that_are("partition"):
        room = building.room[door.rooms[0]]
        at = f"at ({door.at[0]:.1f}, {door.at[1]:.1f})"
        text = f"A door inside {room.title} {at} (cubicle or partition) is left out."
        yield Finding("partition", ids.rooms[room.key], text)
    for door in building.doors_that_are("air"):
        room = building.room[door.rooms[0]]
        text = (
            f"A door of {room.title} leads into the air at {door.sill_m:.1f} m above the datum "
            "(balcony, French window, roof); it is left out and is no exit."
        )
        yield Finding("air", ids.rooms[room.key], text)
    for door in building.doors_that_are("loose"):
        text = f"Door {_name(door)} at ({door.at[0]:.1f}, {door.at[1]:.1f}) touches no room."
        yield Finding("loose", door.key, text + " It is left out.")
    for door in building.doors:
        if door.by_boundary:
            where = " and ".join(building.room[key].title for key in door.rooms)
            text = f"Door {_name(door)} was placed between {where} by the file's space boundaries."
            yield Finding("boundary", ids.rooms[door.rooms[0]], text)


def _lifts(building: Building, ids: Ids) -> Iterator[Finding]:
    for room in building.rooms:
        if not room.rideable:
            continue
        ways = sum(room.key in door.rooms for door in building.doors)
        ways += sum(room.key in link.rooms for link in building.links)
        text = (
            f"{room.title} is a {room.meaning.kind} by its name: its {ways} doors or openings are "
            "left out, so that no route leads through it."
        )
        yield Finding(room.meaning.kind, ids.rooms[room.key], text)


def _links(building: Building, ids: Ids) -> Iterator[Finding]:
    for link in building.links:
        first, second = (building.room[key] for key in link.rooms)
        if first.rideable or second.rideable:
            continue
        how = "meet without a wall" if link.kind == "touch" else "share an opening without a door"
        text = f"{first.title} and {second.title} {how}, {link.width_m:.2f} m wide."
        yield Finding("link", ids.rooms[first.key], text)
    if building.virtual_across:
        text = (
            f"{building.virtual_across} virtual boundaries join rooms of different storeys "
            "(stairwell voids); nobody can walk there, so they are no links."
        )
        yield Finding("virtual", building.name, text)


def _storeys(building: Building, ids: Ids) -> Iterator[Finding]:
    used = {storey.key for storey in building.used_storeys}
    empty = [storey for storey in building.storeys if storey.key not in used]
    for storey in empty:
        text = f"Storey {storey.name} at {storey.z_m:.2f} m has no rooms in the file; left out."
        yield Finding("storey", storey.name, text)
    if empty:
        names = ", ".join(storey.name for storey in empty)
        count = f"{len(empty)} storeys" if len(empty) > 1 else "1 storey"
        yield Finding("storeys", building.name, f"{count} without spaces: {names}.")


def _missed(building: Building, ids: Ids) -> Iterator[Finding]:
    for name in building.missed["space"]:
        yield Finding("no-body", name, f"Space {name} has no usable body or no storey; left out.")
    for name in building.missed["door"]:
        yield Finding("no-body", name, f"Door {name} has no body to place it by; left out.")


def _stairs(building: Building, ids: Ids) -> Iterator[Finding]:
    for name in building.missed["stair"]:
        text = f"Stair {name} does not join two rooms; left out."
        yield Finding("stair", name, text)
    for stair in building.stairs:
        if not stair.measured:
            text = f"Stair {stair.name} has no treads to measure: a slope of 32 degrees is assumed."
            yield Finding("stair", ids.stairs[stair.key], text)


def _areas(building: Building, ids: Ids) -> Iterator[Finding]:
    """Geometry is used; where the file states areas of its own, say how far they differ."""
    quoted = [(room, room.quoted_m2) for room in building.rooms if room.quoted_m2]
    if not quoted:
        text = "The file states no room areas; areas are measured from the geometry."
        yield Finding("area", building.name, text)
        return
    said, measured = sum(area for _, area in quoted), sum(room.area_m2 for room, _ in quoted)
    text = (
        f"Areas are measured from the geometry: {measured:.1f} m2 for {len(quoted)} rooms; "
        f"the file itself says {said:.1f} m2 ({quoted[0][0].quoted_by}), "
        f"ratio {measured / said:.3f}."
    )
    yield Finding("area", building.name, text)
    ratios = [(room, room.area_m2 / area) for room, area in quoted]
    off = [(room, ratio) for room, ratio in ratios if abs(ratio - 1) > AREA_OFF]
    if off:
        listed = ", ".join(f"{room.title} {ratio:.2f}" for room, ratio in off)
        text = f"Areas more than 10 % off the file's own (ratio): {listed}."
        yield Finding("area", building.name, text)


def _corridors(building: Building, ids: Ids) -> Iterator[Finding]:
    for room in building.rooms:
        length = _length(room)
        if room.meaning.kind == "corridor" and length > LONG_M:
            text = f"{room.title} is {length:.1f} m long and is kept as one space, as in the file."
            yield Finding("corridor", ids.rooms[room.key], text)


def _assumed(building: Building, ids: Ids) -> Iterator[Finding]:
    text = f"The clear width of a door is taken as its nominal width less {FRAME_M:.2f} m."
    yield Finding("assumed", building.name, text)
    if building.stairs:
        text = (
            "A stair is one run from floor to floor: its length follows the walking line over the "
            "treads, and its area is added to the rooms around it, which keep theirs."
        )
        yield Finding("assumed", building.name, text)


def _length(room: Room) -> float:
    box: Sequence[float] = room.plan.bounds
    return max(box[2] - box[0], box[3] - box[1])


def _name(door: Door) -> str:
    return door.name or door.key
