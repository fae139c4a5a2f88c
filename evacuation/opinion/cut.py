"""A storey cut out of a building: a floor of its own, on which stairs up and down are ways out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from evacuation.floor import NOT_WALKED, Floor
from evacuation.people import Person
from evacuation.space import Space

ALL = "all"
"""The name of the cut where there is nothing to cut: a floor on one level, without stairs."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A storey, or a floor on one level: its floor, its people, and what was done to the stairs.

    ``left_out`` counts people elsewhere on the storey whom a plane cannot show: on a stair or in
    a space without an outline.
    """

    name: str
    floor: Floor
    people: tuple[Person, ...]
    left_out: int
    note: str


def cuts(floor: Floor, people: Sequence[Person], closed: Collection[str] = ()) -> tuple[Cut, ...]:
    """One cut per storey that has people and a way out, in floor order; ``closed`` portals are
    walls.
    """
    portals = {key: portal for key, portal in floor.portals.items() if key not in closed}
    floor = Floor(floor.spaces, portals, floor.name)
    inside = [s for s in floor.spaces.values() if not s.safe and s.kind not in NOT_WALKED]
    if not any(space.is_stair for space in inside) and len({s.z_m for s in inside}) <= 1:
        found = [_cut(floor, people, ALL, {space.id for space in inside})]
    else:
        storeys = dict.fromkeys(space.storey for space in inside)
        found = [
            _cut(floor, people, one, {s.id for s in inside if s.storey == one and not s.is_stair})
            for one in storeys
        ]
    return tuple(cut for cut in found if cut.people and cut.floor.exits)


def _cut(floor: Floor, people: Sequence[Person], name: str, kept: set[str]) -> Cut:
    shown = {key for key in kept if floor.spaces[key].outline}
    portals = {
        portal.id: portal
        for portal in floor.portals.values()
        if _leads(floor, shown, portal.between)
    }
    ends = {end for portal in portals.values() for end in portal.between} - shown
    stairs = sorted(end for end in ends if not floor.spaces[end].safe)
    spaces: dict[str, Space] = {
        key: space if key in shown else replace(space, kind="street", safe=True, storey="")
        for key, space in floor.spaces.items()
        if key in shown or key in ends
    }
    alone = Floor(spaces, portals, floor.name)
    exits = set(alone.exits)
    here = [
        replace(person, knows=tuple(e for e in person.knows if e in exits))
        for person in people
        if person.space in shown
    ]
    elsewhere = sum(person.space in kept for person in people) - len(here)
    return Cut(name, alone, tuple(here), elsewhere, _note(name, stairs))


def _leads(floor: Floor, shown: set[str], between: tuple[str, str]) -> bool:
    """Whether a portal joins two spaces of the storey, or one of them to a stair or to safety."""
    inside = [end for end in between if end in shown]
    others = [floor.spaces[end] for end in between if end not in shown]
    return len(inside) == 2 or (len(inside) == 1 and (others[0].safe or others[0].is_stair))


def _note(name: str, stairs: Sequence[str]) -> str:
    if name == ALL:
        return "the whole floor, on one level"
    if not stairs:
        return f"storey {name} alone; no stair ends on it"
    return (
        f"storey {name} alone: whoever reaches a stair ({', '.join(stairs)}) is out, nobody comes "
        "from other storeys, and no stair holds anybody up"
    )
