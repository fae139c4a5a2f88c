"""Puts names to the engine's events, only for what happened."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evacuation.engine.arrays import (
    DOINGS,
    HALT,
    NOTICE,
    NOTICE_SMOKE,
    NOTICE_TOLD,
    OUT,
    PASSED_OUT,
    SEGMENT,
    SWITCHED,
    TALLY,
    TURNED,
    Log,
    Longs,
    Records,
)
from evacuation.floor import Floor
from evacuation.moves import Fallen, Moves, Notice, Passage, Segment
from evacuation.perception import Perception
from evacuation.population import Population
from evacuation.smoke.doses import Doses

Names = NDArray[np.object_]
FEW = 64
"""Up to so many events are read one by one."""


def tallied(meta: Longs) -> dict[str, int]:
    """Return how many people are in each state, by the counts of all parts."""
    found = dict.fromkeys(DOINGS, 0)
    counts = meta[:, TALLY : TALLY + len(DOINGS)].sum(axis=0).tolist()
    for doing, count in zip(DOINGS, counts, strict=True):
        found[doing] += count
    return found


def _names(words: Sequence[str]) -> Names:
    """Return words as an array that whole columns of numbers can be looked up in."""
    found = np.empty(len(words), np.object_)
    found[:] = words
    return found


_STATE_NAMES = _names(DOINGS)


class Telling:
    """Reads the engine's log into Moves."""

    def __init__(
        self, floor: Floor, population: Population, perception: Perception, doses: Doses
    ) -> None:
        self.spaces = tuple(floor.spaces)
        self.portals = tuple(floor.portals)
        self._population = population
        self._perception, self._doses = perception, doses
        self._ids = _names(population.ids)
        self._space_names, self._portal_names = _names(self.spaces), _names(self.portals)

    def read(self, log: Log, moves: Moves) -> None:
        """Take all events off the log, in the order of their happening in the engine."""
        count = int(log.length[0])
        log.length[0] = 0
        if not count:
            return
        rows = log.rows[:count]
        if count <= FEW:
            self._one_by_one(rows, moves)
            return
        kinds = rows["kind"]
        self._segments(rows[kinds == SEGMENT], moves)
        for kind, names, found in (
            (PASSED_OUT, self._portal_names, moves.outs),
            (TURNED, self._portal_names, moves.turned),
            (SWITCHED, self._portal_names, moves.switched),
        ):
            some = rows[kinds == kind]
            if some.size:
                columns = self._ids[some["person"]], names[some["a"]], some["t0"]
                found.extend(zip(*(one.tolist() for one in columns), strict=True))
        for i, a, t in rows[kinds == HALT][["person", "a", "t0"]].tolist():
            moves.incapacitated.append(self._fallen(i, a, t))
        for i, code, t in rows[kinds == NOTICE][["person", "a", "t0"]].tolist():
            moves.notices.append(self._notice(i, code, t))

    def _one_by_one(self, rows: Records, moves: Moves) -> None:
        """Do the same for a few events, for which whole columns do not pay."""
        ids, spaces, portals = self._population.ids, self.spaces, self.portals
        found = {PASSED_OUT: moves.outs, TURNED: moves.turned, SWITCHED: moves.switched}
        for t0, t1, i, a, b, kind in rows.tolist():
            if kind == SEGMENT:
                moves.segments.append((ids[i], spaces[a], DOINGS[b], t0, t1))
            elif kind in found:
                found[kind].append((ids[i], portals[a], t0))
            elif kind == HALT:
                moves.incapacitated.append(self._fallen(i, a, t0))
            else:
                moves.notices.append(self._notice(i, a, t0))

    def _segments(self, rows: Records, moves: Moves) -> None:
        names = self._ids[rows["person"]], self._space_names[rows["a"]], _STATE_NAMES[rows["b"]]
        columns = (*names, rows["t0"], rows["t1"])
        moves.segments.extend(zip(*(one.tolist() for one in columns), strict=True))

    def already_safe(self) -> list[Passage]:
        """Return those who start in a safe place: out at 0, through no portal."""
        crowd = self._population.crowd
        return [(self._population.ids[i], "", 0) for i in np.flatnonzero(crowd.state == OUT)]

    def open_segments(self, now_ms: int) -> list[Segment]:
        """Return the stretch that everybody inside is in, up to now."""
        crowd, ids = self._population.crowd, self._population.ids
        rows = np.flatnonzero((crowd.state != OUT) & (crowd.trail["since"] < now_ms)).tolist()
        return [
            (
                ids[i],
                self.spaces[crowd.space[i]],
                DOINGS[crowd.state[i]],
                int(crowd.trail[i]["since"]),
                now_ms,
            )
            for i in rows
        ]

    def _fallen(self, i: int, space: int, t: int) -> Fallen:
        dose = self._doses.at_fall(i)
        return Fallen(self._population.ids[i], self.spaces[space], t, dose.cause, dose.greater)

    def _notice(self, i: int, code: int, t: int) -> Notice:
        ids = self._population.ids
        if code >= 0:
            cue = self._perception.cues[code]
            return (ids[i], t, cue.source, cue.kind, cue.cause)
        if code == NOTICE_SMOKE:
            return (ids[i], t, self.spaces[self._population.crowd.space[i]], "smoke", "")
        return (ids[i], t, ids[NOTICE_TOLD - code], "told", "")
