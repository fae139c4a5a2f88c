"""Where each person stands at the start: on a grid in his room, so that no two bodies overlap."""

from collections.abc import Mapping, Sequence
from math import pi, sqrt
from typing import Any

import numpy as np

from evacuation.floor import Point
from evacuation.opinion.models import NoOpinion
from evacuation.people import Person
from evacuation.streams import stream

LARGEST_M, SMALLEST_M = 0.2, 0.12
GAP_M = 0.02
SPACINGS_M = (0.8, 0.6, 0.5, 0.45, 2 * LARGEST_M + GAP_M)
CLEAR_M = 0.03
"""Between a body and the wall."""


def radius_m(person: Person) -> float:
    """Radius of a circle of his body's area, from 0.12 m to JuPedSim's usual 0.2 m."""
    return min(LARGEST_M, max(SMALLEST_M, sqrt(person.body_area_m2 / pi)))


def places_of(people: Sequence[Person], rooms: Mapping[str, Any], seed: int) -> dict[str, Point]:
    """A place for everybody by id, the widest grid first; NoOpinion if a room cannot hold them."""
    by_room: dict[str, list[Person]] = {}
    for person in people:
        by_room.setdefault(person.space, []).append(person)
    found: dict[str, Point] = {}
    for space, held in by_room.items():
        spots = _spots(rooms[space], len(held), max(radius_m(person) for person in held))
        if len(spots) < len(held):
            text = f"{len(held)} bodies do not fit in {space} without overlap"
            raise NoOpinion(f"{text} ({rooms[space].area:.1f} m2, room for {len(spots)})")
        order = stream(seed, f"opinion/{space}").permutation(len(spots))
        chosen = zip(held, order, strict=False)
        found |= {person.id: spots[int(k)] for person, k in chosen}
    return found


def _spots(room: Any, wanted: int, radius: float) -> list[Point]:
    """Grid points within the room, as far apart as the people allow."""
    from shapely import contains_xy

    free = room.buffer(-(radius + CLEAR_M))
    spots: list[Point] = []
    for spacing in SPACINGS_M:
        if spacing < 2 * radius + GAP_M / 2 or free.is_empty:
            continue
        x0, y0, x1, y1 = free.bounds
        columns = np.arange(x0, x1 + 1e-9, spacing)
        rows = np.arange(y0, y1 + 1e-9, spacing)
        x, y = (axis.ravel() for axis in np.meshgrid(columns, rows))
        held = contains_xy(free.buffer(1e-6), x, y)
        spots = [(float(a), float(b)) for a, b in zip(x[held], y[held], strict=True)]
        if len(spots) >= wanted:
            break
    return spots
