"""Puts names to the engine's events, only for what happened."""

import numpy as np

from evacuation.engine.arrays import (
    EVENTS,
    HALT,
    NOTICE,
    NOTICE_SMOKE,
    NOTICE_TOLD,
    OUT,
    PASSED_OUT,
    SEGMENT,
    STATES,
    SWITCHED,
    TURNED,
    Log,
)
from evacuation.floor import Floor
from evacuation.moves import Fallen, Moves, Notice, Passage, Segment
from evacuation.perception import Perception
from evacuation.population import Population
from evacuation.smoke.doses import Doses


class Telling:
    """Reads the engine's log into Moves."""

    def __init__(
        self, floor: Floor, population: Population, perception: Perception, doses: Doses
    ) -> None:
        self.spaces = tuple(floor.spaces)
        self.portals = tuple(floor.portals)
        self._population = population
        self._perception, self._doses = perception, doses

    def read(self, log: Log, moves: Moves) -> None:
        """Take all events off the log, in the order of their happening in the engine."""
        meta = self._population.crowd.meta
        count = int(meta[EVENTS])
        meta[EVENTS] = 0
        if not count:
            return
        ids, spaces, portals = self._population.ids, self.spaces, self.portals
        for t0, t1, i, a, b, kind in log.rows[:count].tolist():
            if kind == SEGMENT:
                moves.segments.append((ids[i], spaces[a], STATES[b], t0, t1))
            elif kind == PASSED_OUT:
                moves.outs.append((ids[i], portals[a], t0))
            elif kind == TURNED:
                moves.turned.append((ids[i], portals[a], t0))
            elif kind == SWITCHED:
                moves.switched.append((ids[i], portals[a], t0))
            elif kind == NOTICE:
                moves.notices.append(self._notice(i, a, t0))
            elif kind == HALT:
                dose = self._doses.at_fall(i)
                moves.incapacitated.append(Fallen(ids[i], spaces[a], t0, dose.cause, dose.greater))

    def already_safe(self) -> list[Passage]:
        """Return those who start in a safe place: out at 0, through no portal."""
        crowd = self._population.crowd
        return [(self._population.ids[i], "", 0) for i in np.flatnonzero(crowd.state == OUT)]

    def open_segments(self, now_ms: int) -> list[Segment]:
        """Return the stretch that everybody inside is in, up to now."""
        crowd, ids = self._population.crowd, self._population.ids
        rows = np.flatnonzero((crowd.state != OUT) & (crowd.who["since"] < now_ms)).tolist()
        return [
            (
                ids[i],
                self.spaces[crowd.space[i]],
                STATES[crowd.state[i]],
                int(crowd.who[i]["since"]),
                now_ms,
            )
            for i in rows
        ]

    def _notice(self, i: int, code: int, t: int) -> Notice:
        ids = self._population.ids
        if code >= 0:
            cue = self._perception.cues[code]
            return (ids[i], t, cue.source, cue.kind, cue.cause)
        if code == NOTICE_SMOKE:
            return (ids[i], t, self.spaces[self._population.crowd.space[i]], "smoke", "")
        return (ids[i], t, ids[NOTICE_TOLD - code], "told", "")
