"""The parts of a floor that no way joins but through a safe place: buildings of a campus, say.

Nobody in one part can meet anybody of another, so the engine takes its steps part by part.
"""

from dataclasses import dataclass

import numpy as np

from evacuation.engine.arrays import Longs, Net


@dataclass(frozen=True, slots=True)
class Parts:
    """The part of each space, and of each portal; safe places count to the first part."""

    space: Longs
    portal: Longs
    count: int

    def offsets(self, keys: Longs) -> Longs:
        """Return where each part begins (and the last ends) among things sorted by part."""
        return np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=self.count))])

    def order(self) -> Longs:
        """Return the spaces, part by part."""
        return np.argsort(self.space, kind="stable").astype(np.int64)


def parts_of(net: Net) -> Parts:
    """Find the parts, numbered in the order of their first spaces."""
    safe = net.room["safe"]
    send, recv = net.line["send"][::2], net.line["recv"][::2]
    leader = list(range(net.room.size))

    def lead(s: int) -> int:
        while leader[s] != s:
            leader[s] = leader[leader[s]]
            s = leader[s]
        return s

    inner = ~safe[send] & ~safe[recv]
    for a, b in zip(send[inner].tolist(), recv[inner].tolist(), strict=True):
        a, b = lead(a), lead(b)
        leader[max(a, b)] = min(a, b)
    heads = np.array([lead(s) for s in range(net.room.size)], np.int64)
    found, number = np.unique(heads[~safe], return_inverse=True)
    space = np.zeros(net.room.size, np.int64)
    space[~safe] = number
    portal = np.maximum(np.where(safe[send], 0, space[send]), np.where(safe[recv], 0, space[recv]))
    return Parts(space, portal, max(1, len(found)))
