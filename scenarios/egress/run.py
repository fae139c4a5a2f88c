"""One evacuation of a floor without devices: everybody is told at 0, and walks out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evacuation import Conditions, Crowd, Cue, Floor, Laws, Person
from evacuation.exposure import (
    CROWDED_PER_M2,
    THRESHOLDS_PER_M2,
    Doorways,
    by_level,
    density_time,
    levels,
    person_seconds,
)
from evacuation.moves import Moves, Segment
from scenarios.egress.outcome import Floats, Longs, Outcome, Stuck
from scenarios.egress.place import Place
from twin.people import roll_call

SLICE_MS = 1_000
LIMIT_S = 14_400
"""Whoever is inside after four hours counts as stranded."""
STALL_S = 1_800
"""So does whoever is inside when nobody has come out for so long, everybody having set off."""
STATES = ("unaware", "premove", "walk", "queue", "incapacitated")


def members(place: Place, seed: int) -> tuple[list[Person], int]:
    """Return those inside, by id, and how many are in a safe place already."""
    people = roll_call(place.people, place.period, seed).people
    inside = [p for p in people if not place.floor.spaces[p.space].safe]
    return sorted(inside, key=lambda p: p.id), len(people) - len(inside)


def evacuate(place: Place, laws: Laws, seed: int) -> Outcome:
    """Run one seed to the end: all out, nobody able to move, or `LIMIT_S`."""
    people, already_safe = members(place, seed)
    crowd = Crowd(place.floor, people, seed, laws)
    doorways, moves = Doorways(crowd), Moves()
    now = Conditions(
        closed=frozenset(place.closed), cues=(Cue(tuple(place.floor.spaces), "egress", "told", ""),)
    )
    last_ms = max((p.pre_movement_ms for p in people), default=0)
    while crowd.inside and not crowd.settled:
        if crowd.now_ms >= min(LIMIT_S * 1_000, last_ms + STALL_S * 1_000):
            break
        new = crowd.advance(SLICE_MS, now)
        now = replace(now, cues=())
        moves.segments.extend(new.segments)
        moves.outs.extend(new.outs)
        last_ms = max(last_ms, crowd.now_ms if new.outs else 0)
        doorways.look()
    return _outcome(place.floor, seed, [p.id for p in people], already_safe, crowd, doorways, moves)


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
    kept = [(*s[:4], s[4] + SLICE_MS) for s in crowd.open_segments()]
    table = _Table.of(floor, ids, [*moves.segments, *kept])
    persons = table.present(samples, STATES)
    queue = table.present(samples, ("queue",))
    moving = table.present(samples, ("walk", "queue"))
    density = persons / np.array([[s.walking_area_m2] for s in floor.spaces.values()])
    stair = np.array([s.is_stair for s in floor.spaces.values()])
    portal, t_ms = table.passages(floor, ids, doorways, moves)
    first, last = _span(portal, t_ms, len(floor.portals))
    exits = {person: t / 1_000 for person, _, t in moves.outs}
    return Outcome(
        seed=seed,
        exit_s=np.array([exits.get(person, np.inf) for person in ids]),
        already_safe=already_safe,
        stranded=_stranded(crowd, set(exits)),
        first_s=first,
        last_s=last,
        cumulative=_cumulative(portal, t_ms, len(floor.portals), samples),
        queue_at=doorways.queues,
        persons=persons,
        queue=queue,
        level_person_s=by_level(levels(density, stair), moving, 1.0),
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


@dataclass(frozen=True, slots=True)
class _Table:
    """Stretches as columns, by person and then time: person, space, state, from and to in ms."""

    person: Longs
    space: Longs
    state: Longs
    begin: Longs
    end: Longs
    spaces: int

    @classmethod
    def of(cls, floor: Floor, ids: list[str], segments: list[Segment]) -> _Table:
        number = {name: k for k, name in enumerate(ids)}
        index = {name: k for k, name in enumerate(floor.spaces)}
        code = {name: k for k, name in enumerate(STATES)}
        rows = [(number[p], index[s], code[state], a, b) for p, s, state, a, b in segments]
        table = np.array(rows, np.int64).reshape(-1, 5)
        table = table[np.lexsort((table[:, 4], table[:, 3], table[:, 0]))]
        person, space, state, begin, end = table.T
        return cls(person, space, state, begin, end, len(index))

    def present(self, samples: int, states: tuple[str, ...]) -> Longs:
        """Return persons in each space in some states at every whole second, [S, samples]."""
        chosen = np.isin(self.state, [STATES.index(name) for name in states])
        cells = np.zeros((self.spaces, samples + 1), np.int64)
        for at, sign in ((self.begin, 1), (self.end, -1)):
            second = np.minimum(-(-at[chosen] // SLICE_MS), samples)
            np.add.at(cells, (self.space[chosen], second), sign)
        return np.cumsum(cells, axis=1)[:, :-1]

    def passages(
        self, floor: Floor, ids: list[str], doorways: Doorways, moves: Moves
    ) -> tuple[Longs, Longs]:
        """Return the portal and the time, ms, of every passage: inside, and out."""
        index = {name: k for k, name in enumerate(floor.portals)}
        step = np.flatnonzero(
            (self.person[1:] == self.person[:-1]) & (self.space[1:] != self.space[:-1])
        )
        at = self.end[step]
        came = doorways.portals(
            [ids[k] for k in self.person[step].tolist()], np.maximum(at - 1, 0) // SLICE_MS
        )
        joined = _joining(floor)
        pairs = zip(self.space[step].tolist(), self.space[step + 1].tolist(), strict=True)
        inner = [_between(joined[pair], door) for pair, door in zip(pairs, came, strict=True)]
        out = [(index[portal], t) for _, portal, t in moves.outs]
        leaving = np.array(out, np.int64).reshape(-1, 2)
        portals = np.concatenate([np.array(inner, np.int64), leaving[:, 0]])
        return portals, np.concatenate([at, leaving[:, 1]])


def _joining(floor: Floor) -> dict[tuple[int, int], list[int]]:
    """Return the portals between two spaces, by number, for both directions."""
    spaces = {name: k for k, name in enumerate(floor.spaces)}
    found: dict[tuple[int, int], list[int]] = {}
    for number, portal in enumerate(floor.portals.values()):
        a, b = (spaces[end] for end in portal.between)
        found.setdefault((a, b), []).append(number)
        found.setdefault((b, a), []).append(number)
    return found


def _between(portals: list[int], came: int) -> int:
    """Return the portal used: the one he came by, unless he has passed another since."""
    return int(came) if came in portals else portals[0]


def _cumulative(portal: Longs, t_ms: Longs, portals: int, samples: int) -> Longs:
    cells = np.zeros((portals, samples), np.int64)
    np.add.at(cells, (portal, np.minimum(-(-t_ms // SLICE_MS), samples - 1)), 1)
    return np.cumsum(cells, axis=1)


def _span(portal: Longs, t_ms: Longs, portals: int) -> tuple[Floats, Floats]:
    """Return when each portal was first and last passed, s; nan where nobody did."""
    first, last = np.full(portals, np.inf), np.full(portals, -np.inf)
    np.minimum.at(first, portal, t_ms / 1_000)
    np.maximum.at(last, portal, t_ms / 1_000)
    unused = np.isinf(first)
    first[unused] = last[unused] = np.nan
    return first, last
