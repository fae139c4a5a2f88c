"""One dismissal by a schedule, people and building only: when all are out, how full stairs were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evacuation import Conditions, Crowd, Cue, Laws, Person
from evacuation.laws import ADULT_M2
from scenarios.egress.place import Place
from scenarios.egress.run import LIMIT_S, SLICE_MS
from scenarios.stagger.stairs import Stair
from twin.people import roll_call

Floats = NDArray[np.float64]
Schedule = Mapping[str, int]
"""Room -> ms after the bell at which its classes are called."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What one dismissal gave; arrays have a row per space of the stairs.

    `end_s` when the last one was out (inf if somebody stayed); `density` [places, seconds]:
    adults per m2 whose bodies would cover as much (body area over 0.113 m2).
    """

    end_s: float
    density: Floats

    @property
    def peak(self) -> float:
        """The greatest density on any flight or landing."""
        return float(self.density.max(initial=0.0))


class Stage:
    """What all rehearsals of a search share: building, classes, laws, and the watched places.

    `watched` are all flights and landings; classes in other rooms than `rooms` stay away.
    """

    def __init__(
        self, place: Place, laws: Laws, rooms: Sequence[str], stairs: Sequence[Stair]
    ) -> None:
        self.place, self.laws, self.rooms = place, laws, tuple(rooms)
        self.watched = tuple(space for stair in stairs for space in stair.spaces)
        self._drawn: dict[int, list[Person]] = {}

    def rehearse(self, schedule: Schedule, seed: int) -> Rehearsal:
        """Let classes go by a schedule; who has no class in these rooms stays where he is."""
        people = [
            replace(p, pre_movement_ms=p.pre_movement_ms + schedule[p.space])
            for p in self._classes(seed)
        ]
        crowd = Crowd(self.place.floor, people, seed, self.laws)
        bodies = np.zeros(len(people))
        bodies[crowd.rows(p.id for p in people)] = [p.body_area_m2 / ADULT_M2 for p in people]
        index = {space: k for k, space in enumerate(self.place.floor.spaces)}
        spots = np.array([index[space] for space in self.watched], np.int64)
        areas = np.array([self.place.floor.spaces[s].walking_area_m2 for s in self.watched])
        rows: list[Floats] = []
        quiet = Conditions(closed=frozenset(self.place.closed))
        now = replace(quiet, cues=(Cue(self.rooms, "bell", "told", ""),))
        while crowd.inside and crowd.now_ms < LIMIT_S * 1_000 and not crowd.settled:
            crowd.advance(SLICE_MS, now)
            now, where = quiet, crowd.whereabouts()
            weight = np.where(where.is_out, 0.0, bodies)
            rows.append(np.bincount(where.space, weight, len(index))[spots] / areas)
        end_s = np.inf if crowd.inside else crowd.now_ms / 1_000
        return Rehearsal(end_s, np.array(rows).reshape(-1, len(spots)).T)

    def _classes(self, seed: int) -> list[Person]:
        """The classes in these rooms, pupils and teachers, as one seed draws them, by id."""
        if seed not in self._drawn:
            file, period = self.place.people, self.place.period
            classes = {g.id for g in file.groups if g.kind == "class"}
            found = [p for p in roll_call(file, period, seed).people if p.group in classes]
            here = (p for p in found if p.space in self.rooms)
            self._drawn[seed] = sorted(here, key=lambda p: p.id)
        return self._drawn[seed]

    def adults(self, seed: int) -> dict[str, float]:
        """How many adults the law counts in each room."""
        found = dict.fromkeys(self.rooms, 0.0)
        for person in self._classes(seed):
            found[person.space] += self.laws.size(person.body_area_m2)
        return found
