"""Word of a fall: it goes up the crowd from cell to cell, faster where a marshal stands."""

import numpy as np

from evacuation.crush.ground import Ground
from evacuation.crush.parameters import Falls
from evacuation.engine.arrays import Flags, Floats, Net


class Word:
    """How long word of a fall takes to every cell, and who acts on it."""

    def __init__(self, net: Net, ground: Ground, falls: Falls) -> None:
        self._net, self._ground, self._falls = net, ground, falls
        self.marshals: Flags = np.zeros(net.room.size, np.bool_)
        self.told: Flags = np.zeros(net.room.size, np.bool_)
        self._posts: list[int] = []
        self._swept: set[int] = set()

    def post(self, spaces: list[int]) -> None:
        """Let marshals stand in spaces; they are heard there and in the spaces next to them."""
        line = self._net.line
        self._posts = spaces
        self._swept &= set(spaces)
        self.marshals[:] = False
        self.marshals[[s for s in spaces if s not in self._swept]] = True
        self.marshals[line["recv"][self.marshals[line["send"]]]] = True

    def sweep(self, rho: Floats) -> bool:
        """Let those marshals be swept along who stand on a flight that is dense now; whether any
        is. On a landing, in a corridor or a room they stand beside the flow, and stay.
        """
        net = self._net
        on = [s for s in self._posts if s not in self._swept and net.room[s]["stair"]]
        gone = [s for s in on if rho[net.cell["room"] == s].max() >= self._falls.sweeps]
        if gone:
            self._swept |= set(gone)
            self.post(self._posts)
        return bool(gone)

    def seconds(self, cell: int) -> Floats:
        """Return after how many seconds word of a fall in a cell has come to each other one."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import dijkstra

        net, room = self._net, self._net.cell["room"]
        speed = np.where(self.marshals, self._falls.staff_m_s, self._falls.zone.word_m_s)
        metres = np.array([self._ground.cell_m(s) for s in range(net.room.size)])
        takes = (metres / speed)[room]
        same = np.flatnonzero(room[1:] == room[:-1])
        a = np.concatenate([same, same + 1, net.line["goal"]])
        b = np.concatenate([same + 1, same, net.line["into"]])
        inner = ~net.room["safe"][room[a]] & ~net.room["safe"][room[b]]
        a, b = a[inner], b[inner]
        graph = csr_matrix((0.5 * (takes[a] + takes[b]), (a, b)), (room.size, room.size))
        found: Floats = dijkstra(graph, indices=[cell])[0]
        return found

    def share(self, seconds: Floats, since_s: float) -> Floats:
        """Return the share of those in each cell who know and stop, so long after a fall."""
        room = self._net.cell["room"]
        stop = np.where(self.marshals, self._falls.staff_share, self._falls.zone.told_share)[room]
        knows = (seconds <= since_s) | (self.told[room] & np.isfinite(seconds))
        return np.where(knows, stop, 0.0)
