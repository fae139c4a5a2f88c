"""A patch: the spaces of a floor that one crush zone takes over, and the portals around them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from evacuation.floor import Floor

CLOSED_PLACES = frozenset({"landing", "corridor", "hall", "room", "lobby"})
"""Kinds of space in which people may crowd before a door."""
MOST_M2 = 250.0
"""A larger space is no zone: nobody is pressed all over it."""


@dataclass(frozen=True, slots=False)
class Patch:
    """``core`` are spaces whose people the zone moves; ``inner`` portals lie between two of them,
    ``rim`` portals between one of them and the rest of the building.
    """

    id: str
    core: tuple[str, ...]
    floor: Floor

    @cached_property
    def inner(self) -> tuple[str, ...]:
        """Portals within."""
        return tuple(p for p in self._portals if self._ends_inside(p) == 2)

    @cached_property
    def rim(self) -> tuple[str, ...]:
        """Portals to the rest of the building."""
        return tuple(p for p in self._portals if self._ends_inside(p) == 1)

    def beyond(self, portal: str) -> str:
        """Return the space outside a portal of the rim."""
        a, b = self.floor.portals[portal].between
        return b if a in self.core else a

    def within(self, portal: str) -> str:
        """Return the space inside a portal of the rim."""
        a, b = self.floor.portals[portal].between
        return a if a in self.core else b

    @cached_property
    def _portals(self) -> tuple[str, ...]:
        found = dict.fromkeys(p for space in self.core for p in self.floor.portals_of(space))
        return tuple(found)

    def _ends_inside(self, portal: str) -> int:
        return sum(space in self.core for space in self.floor.portals[portal].between)


def of_flight(floor: Floor, stair: str) -> Patch:
    """Return the patch of a flight: it and the landings at its ends."""
    ends = dict.fromkeys(other for other in _next(floor, stair))
    landings = [one for one in ends if floor.spaces[one].kind == "landing"]
    return Patch(stair, (stair, *landings), floor)


def of_door(floor: Floor, portal: str, space: str) -> Patch | None:
    """Return the patch before a door at which people wait in a space; None if it is too large.

    A landing comes with the flight that leads down to it, so that the push from above is there.
    """
    here = floor.spaces[space]
    if here.is_stair:
        return of_flight(floor, space)
    if here.kind == "landing":
        above = [one for one in _next(floor, space) if floor.spaces[one].is_stair]
        if above:
            return of_flight(floor, max(above, key=lambda one: (floor.spaces[one].z_m, one)))
    if here.kind not in CLOSED_PLACES or here.area_m2 > MOST_M2 or not here.outline:
        return None
    return Patch(f"{space} at {portal}", (space,), floor)


def of_flights(floor: Floor) -> dict[str, Patch]:
    """Return the patches of all flights by stair, in the floor's order."""
    return {s.id: of_flight(floor, s.id) for s in floor.spaces.values() if s.is_stair}


def _next(floor: Floor, space: str) -> Iterator[str]:
    for portal in floor.portals_of(space):
        a, b = floor.portals[portal].between
        yield b if a == space else a
