"""One evacuation of a floor without devices: everybody is told at 0, and walks out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evacuation import Conditions, Crowd, Cue, Floor, Laws, Person
from evacuation.crush.parameters import Falls
from evacuation.exposure import (
    CROWDED_PER_M2,
    THRESHOLDS_PER_M2,
    Doorways,
    by_level,
    density_time,
    levels,
    person_seconds,
    queue_levels,
)
from evacuation.moves import Moves
from evacuation.smoke.table import SmokeTable
from scenarios.egress.outcome import Crowding, Floats, Longs, Outcome, Stuck
from scenarios.egress.place import Place
from scenarios.egress.stretches import Stretches, cumulative, span
from twin.people import roll_call

SLICE_MS = 1_000
LIMIT_S = 14_400
"""Whoever is inside after four hours counts as stranded."""
STALL_S = 1_800
"""So does whoever is inside when nobody has come out for so long, everybody having set off."""


def members(place: Place, seed: int) -> tuple[list[Person], int]:
    """Return those inside, by id, and how many are in a safe place already."""
    people = roll_call(place.people, place.period, seed).people
    inside = [p for p in people if not place.floor.spaces[p.space].safe]
    return sorted(inside, key=lambda p: p.id), len(people) - len(inside)


def evacuate(place: Place, laws: Laws, seed: int) -> Outcome:
    """Run one seed to the end: all out, nobody able to move, or `LIMIT_S`."""
    people, already_safe = members(place, seed)
    crowd = Crowd(place.floor, people, seed, laws, Falls())
    doorways, moves = Doorways(crowd), Moves()
    quiet = Conditions(closed=frozenset(place.closed))
    now = replace(quiet, cues=(Cue(tuple(place.floor.spaces), "egress", "told", ""),))
    last_ms = max((p.pre_movement_ms for p in people), default=0)
    while crowd.inside and not crowd.settled:
        if crowd.now_ms >= min(LIMIT_S * 1_000, last_ms + STALL_S * 1_000):
            break
        new = crowd.advance(SLICE_MS, _in_smoke(now, place.smoke, crowd.now_ms / 1_000))
        now = quiet
        moves.segments.extend(new.segments)
        moves.outs.extend(new.outs)
        moves.falls.extend(new.falls)
        last_ms = max(last_ms, crowd.now_ms if new.outs else 0)
        doorways.look()
    return _outcome(place.floor, seed, [p.id for p in people], already_safe, crowd, doorways, moves)


def _in_smoke(now: Conditions, table: SmokeTable | None, time_s: float) -> Conditions:
    """Return the conditions with the smoke and air of a time, taken as they are for one slice."""
    if table is None:
        return now
    return replace(now, extinction_per_m=table.extinction_per_m(time_s), air=table.air(time_s))


def _outcome(
    floor: Floor,
    seed: int,
    ids: list[str],
    already_safe: int,
    crowd: Crowd,
    doorways: Doorways,
    moves: Moves,
) -> Outcome:
    samples = crowd.now_ms // SLICE_MS + 1
    number = {name: k for k, name in enumerate(floor.portals)}
    kept = [(*s[:4], s[4] + SLICE_MS) for s in crowd.open_segments()]
    table = Stretches.of(floor, ids, [*moves.segments, *kept])
    persons, queue = table.present(samples), table.present(samples, "queue")
    density = persons / np.array([[s.walking_area_m2] for s in floor.spaces.values()])
    portal, t_ms = table.passages(floor, ids, doorways, moves)
    first, last = span(portal, t_ms, len(number))
    exits = {person: (number[by], t / 1_000) for person, by, t in moves.outs}
    exits |= {person: (-1, t / 1_000) for person, _, state, t, _ in kept if state == "refuge"}
    assert crowd.crush is not None
    fell = len({one.person for one in moves.falls if one.what == "fall"})
    return Outcome(
        seed=seed,
        exit_s=np.array([exits[who][1] if who in exits else np.inf for who in ids]),
        exit_by=np.array([exits[who][0] if who in exits else -1 for who in ids], np.int64),
        already_safe=already_safe,
        stranded=_stranded(crowd, set(exits)),
        sheltered=tuple(crowd.sheltered()),
        first_s=first,
        last_s=last,
        cumulative=cumulative(portal, t_ms, len(number), samples),
        queue_at=doorways.queues,
        persons=persons,
        queue=queue,
        dose=np.array([crowd.dose(who).greater for who in ids]),
        crowding=_crowding(floor, density, persons, queue, table.present(samples, "walk")),
        crush=crowd.crush.outcome(fell),
        peaks=crowd.crush.peaks(),
    )


def _crowding(
    floor: Floor, density: Floats, persons: Longs, queue: Longs, walking: Longs
) -> Crowding:
    stair = np.array([s.is_stair for s in floor.spaces.values()])
    waiting = np.where(2 * queue >= np.maximum(persons, 1), density, 0.0)
    return Crowding(
        level_person_s=by_level(levels(density, stair), walking, 1.0),
        queue_level_person_s=by_level(queue_levels(density), queue, 1.0),
        queue_peak_per_m2=waiting.max(axis=1),
        density_time_s_m2=density_time(density, CROWDED_PER_M2, 1.0),
        person_s_above=person_seconds(density, persons, THRESHOLDS_PER_M2, 1.0),
    )


def _stranded(crowd: Crowd, out: set[str]) -> tuple[Stuck, ...]:
    """Return everybody who is not out, with the crowd's reason where it has one."""
    known = {one.person: one.reason for one in crowd.stranded()}
    late = f"still moving when nobody had come out for {STALL_S} s"
    if crowd.now_ms >= LIMIT_S * 1_000:
        late = f"still on the way after {LIMIT_S} s"
    inside = crowd.present(crowd.floor.spaces)
    return tuple(
        (who, where, known.get(who, late)) for who, where in sorted(inside) if who not in out
    )
