"""Schedules of rooms from a few numbers: when each floor begins, and the gap between its rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evacuation import Laws, Space
from scenarios.stagger.rooms import Room

ROUND_S = 10
"""Times on a timetable are multiples of this: nobody reads a clock more closely at a class door."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a floor begins, and the gap between its rooms on one stair, s."""

    begins_s: int
    gap_s: int


def streams(rooms: Sequence[Room]) -> dict[tuple[str, str], list[Room]]:
    """Rooms that need a stair by (storey, stair), the one nearest to its stair first."""
    found: dict[tuple[str, str], list[Room]] = {}
    for room in rooms:
        if room.stair:
            found.setdefault((room.storey, room.stair), []).append(room)
    return {key: sorted(part, key=lambda r: (r.steps, r.id)) for key, part in found.items()}


def storeys(rooms: Sequence[Room]) -> list[str]:
    """Storeys with rooms that need a stair, in the order of the rooms."""
    return list(dict.fromkeys(room.storey for room in rooms if room.stair))


def scheduled(rooms: Sequence[Room], rhythms: Mapping[str, Rhythm]) -> dict[str, int]:
    """The times of all rooms, ms: by the rhythm of their storey, 0 for rooms without a stair.

    All stairs of a storey run side by side in the same rhythm.
    """
    times = {room.id: 0 for room in rooms}
    for (storey, _), part in streams(rooms).items():
        for turn, room in enumerate(part):
            rhythm = rhythms[storey]
            times[room.id] = 1_000 * (rhythm.begins_s + turn * rhythm.gap_s)
    first = min((times[room.id] for room in rooms if room.stair), default=0)
    return {r.id: times[r.id] - (first if r.stair else 0) for r in rooms}


def textbook_gap_s(adults: float, laws: Laws, flight: Space) -> int:
    """The gap at which a flight carries one room after another, rounded up to `ROUND_S`.

    N / (q w_e): `adults` of one room as the law counts them, its greatest flow on stairs, and the
    effective width.
    """
    width = laws.effective_m(flight.width_m, laws.stair_boundary_m)
    seconds = adults / (laws.stair_flow_per_m_s(flight.riser_m, flight.tread_m) * width)
    return -int(-seconds // ROUND_S) * ROUND_S
