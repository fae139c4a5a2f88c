"""Where people are: what can be asked of a crowd at rest between two advances."""

from collections.abc import Iterable

import numpy as np

from evacuation.engine.arrays import ONE, OUT, REFUGE, Crowded, Floats, Longs, Net
from evacuation.moves import Segment
from evacuation.population import Population
from evacuation.telling import Telling, tallied
from evacuation.whereabouts import Whereabouts, whereabouts


class Presence:
    """Counts, densities, queues and places of the people of a crowd; changes nothing."""

    _net: Net
    _crowd: Crowded
    _population: Population
    _telling: Telling
    _spaces: dict[str, int]
    _portals: dict[str, int]
    now_ms: int

    def counts(self) -> dict[str, int]:
        """Return the people present by space, for spaces where somebody is."""
        names, tally = self._telling.spaces, self._crowd.room["count"]
        here = np.flatnonzero(tally)
        return {names[s]: n for s, n in zip(here.tolist(), tally[here].tolist(), strict=True)}

    def states(self) -> dict[str, int]:
        """Return how many people are in each state, ``out`` included."""
        return tallied(self._crowd.meta)

    def density(self, space: str) -> float:
        """Return persons per square metre of a space; stairs count their slope times width."""
        s = self._spaces[space]
        return float(self._crowd.room[s]["count"] / self._net.room[s]["area"])

    def queue(self, portal: str) -> int:
        """Return how many queue at a portal, both sides together."""
        c = 2 * self._portals[portal]
        return int(self._crowd.line["queued"][c : c + 2].sum())

    def profile(self, space: str) -> Floats:
        """Return persons per square metre of each cell of a space, along its axis."""
        cells = np.flatnonzero(self._net.cell["room"] == self._spaces[space])
        return np.asarray(self._crowd.cell["load"][cells] / ONE / self._net.cell["area"][cells])

    def sheltered(self) -> list[tuple[str, str]]:
        """Return (person, space) of everybody who waits for help in a refuge, by id."""
        here = np.flatnonzero(self._crowd.state == REFUGE).tolist()
        ids, names, at = self._population.ids, self._telling.spaces, self._crowd.space
        return sorted((ids[i], names[at[i]]) for i in here)

    def doorways(self) -> tuple[Longs, Longs]:
        """Return the portal that each person last came by (-1: none), and how many queue at each
        portal, both sides together; portals and persons by their rows.
        """
        came = self._crowd.who["came"].astype(np.int64)
        return came, self._crowd.line["queued"].reshape(-1, 2).sum(axis=1, dtype=np.int64)

    def rows(self, persons: Iterable[str]) -> Longs:
        """Return the rows of persons in such arrays; KeyError for who is not in the crowd."""
        return np.fromiter((self._population.number[p] for p in persons), np.int64)

    def present(self, spaces: Iterable[str]) -> list[tuple[str, str]]:
        """Return (person, space) of everybody inside who is in one of these spaces."""
        wanted = np.zeros(len(self._spaces), np.bool_)
        wanted[[self._spaces[space] for space in spaces]] = True
        here = wanted[self._crowd.space] & (self._crowd.state != OUT)
        ids, names, at = self._population.ids, self._telling.spaces, self._crowd.space
        return [(ids[i], names[at[i]]) for i in np.flatnonzero(here).tolist()]

    def where(self, person: str) -> str:
        """Return the space that somebody is in; "" once he is out."""
        i = self._population.number[person]
        is_out = self._crowd.state[i] == OUT
        return "" if is_out else self._telling.spaces[self._crowd.space[i]]

    def whereabouts(self) -> Whereabouts:
        """Return where everybody is now, as arrays with a row per person."""
        return whereabouts(self._net, self._crowd)

    def open_segments(self) -> list[Segment]:
        """Return the unfinished stretch of everybody inside, as if it ended now."""
        return self._telling.open_segments(self.now_ms)
