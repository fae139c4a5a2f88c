"""The stretches of one run as columns, and what is counted from them second by second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evacuation import Floor
from evacuation.exposure import Doorways
from evacuation.moves import Moves, Segment
from scenarios.egress.outcome import Floats, Longs

SECOND_MS = 1_000


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches as columns, by person and then time: person, space, state, from and to in ms."""

    person: Longs
    space: Longs
    state: Longs
    begin: Longs
    end: Longs
    spaces: int
    states: tuple[str, ...]

    @classmethod
    def of(cls, floor: Floor, ids: list[str], segments: list[Segment]) -> Stretches:
        """Put stretches in order; persons are numbered as in `ids`, spaces as on the floor."""
        number = {name: k for k, name in enumerate(ids)}
        index = {name: k for k, name in enumerate(floor.spaces)}
        states = tuple(sorted({row[2] for row in segments}))
        code = {name: k for k, name in enumerate(states)}
        rows = [(number[p], index[s], code[state], a, b) for p, s, state, a, b in segments]
        table = np.array(rows, np.int64).reshape(-1, 5)
        table = table[np.lexsort((table[:, 4], table[:, 3], table[:, 0]))]
        person, space, state, begin, end = table.T
        return cls(person, space, state, begin, end, len(index), states)

    def present(self, samples: int, *states: str) -> Longs:
        """Return persons by space at every whole second, [S, samples], in all states or some."""
        wanted = [k for k, name in enumerate(self.states) if not states or name in states]
        chosen = np.isin(self.state, wanted)
        cells = np.zeros((self.spaces, samples + 1), np.int64)
        for at, sign in ((self.begin, 1), (self.end, -1)):
            second = np.minimum(-(-at[chosen] // SECOND_MS), samples)
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
            [ids[k] for k in self.person[step].tolist()], np.maximum(at - 1, 0) // SECOND_MS
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


def cumulative(portal: Longs, t_ms: Longs, portals: int, samples: int) -> Longs:
    """Return how many have passed each portal by every whole second, [P, samples]."""
    cells = np.zeros((portals, samples), np.int64)
    np.add.at(cells, (portal, np.minimum(-(-t_ms // SECOND_MS), samples - 1)), 1)
    return np.cumsum(cells, axis=1)


def span(portal: Longs, t_ms: Longs, portals: int) -> tuple[Floats, Floats]:
    """Return when each portal was first and last passed, s; nan where nobody did."""
    first, last = np.full(portals, np.inf), np.full(portals, -np.inf)
    np.minimum.at(first, portal, t_ms / 1_000)
    np.maximum.at(last, portal, t_ms / 1_000)
    unused = np.isinf(first)
    first[unused] = last[unused] = np.nan
    return first, last
