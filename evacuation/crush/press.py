"""How close a pushing crowd stands, what it presses on, and what capacity it loses.

A queue stands at the density of the law as long as few push; who push close up, and pass on a
line load that grows along the way as in a silo (Janssen), since walls take a part of it.
"""

from math import exp, sqrt

import numpy as np

from evacuation.crush.ground import Ground
from evacuation.crush.parameters import Falls
from evacuation.crush.pile import G
from evacuation.engine.arrays import Crowded, Flags, Floats, Net

STANDS = 0.8
"""A cell whose places are taken so far by a queue is jammed (assumed)."""


class Press:
    """By cell: how much closer people stand than in a calm queue (``close``), and line load (N/m).

    ``out`` is what the head of each crossing's queue presses on, N/m; ``dropped`` the portals that
    have lost a part of their capacity.
    """

    def __init__(self, net: Net, crowd: Crowded, ground: Ground, falls: Falls) -> None:
        self._net, self._crowd, self._ground, self._falls = net, crowd, ground, falls
        self.close: Floats = np.ones(net.cell.size)
        self.load: Floats = np.zeros(net.cell.size)
        self.told: Floats = np.zeros(net.cell.size)
        self.out: Floats = np.zeros(net.line.size)
        self.flow: Floats = np.zeros(net.line.size)
        self._passed = crowd.line["passed"].copy()
        self.dropped: Flags = np.zeros(net.door.size, np.bool_)

    def push(self, q: int) -> float:
        """Return the share of those in a cell who push; who knows of a fall does not."""
        falls = self._falls
        share = falls.pushing(float(self._ground.urgency[self._net.cell[q]["room"]]))
        told = float(self.told[q])
        return share + told * min(falls.push_calm - share, 0.0)

    def watch(self, seconds: float) -> None:
        """Keep the flow of every crossing, persons per second, as a mean that fades."""
        passed = self._crowd.line["passed"]
        fade = exp(-seconds / self._falls.settle_s)
        self.flow += (1.0 - fade) * ((passed - self._passed) / seconds - self.flow)
        self._passed = passed.copy()

    def _still(self, s: int) -> float:
        """Return how much slower than it could a space empties: 1 where nobody gets out."""
        room = self._net.room[s]
        own = self._net.leaving[room["low"] : room["high"]]
        waits = own[self._crowd.line["queued"][own] > 0]
        most = float(self._ground.capacity[waits >> 1].sum())
        return max(1.0 - float(self.flow[waits].sum()) / most, 0.0) if most > 0.0 else 0.0

    def close_up(self, s: int, body: float, seconds: float) -> bool:
        """Let a space's queue close up where people push, or ease; whether any is closer than calm.

        ``body`` is the area of those there (m2).
        """
        step, still = seconds / self._falls.close_s, self._still(s)
        for q in range(*self._ground.cells(s).indices(self._net.cell.size)):
            jam = self._ground.places[q] / 1000.0 / self._ground.area[q] * body
            want = max(self._falls.packing(self.push(q)) * still / jam, 1.0)
            cell, spot = self._crowd.cell[q], self._ground.spot[q]
            phi = float(spot["rho"]) * self._falls.zone.body_ref
            spot["creep"] = self._falls.shoving(self.push(q), phi)
            if want > self.close[q] and cell["stood"] < STANDS * self._net.cell[q]["places"]:
                continue
            self.close[q] += (want - self.close[q]) * min(step, 1.0)
            if self.close[q] < 1.001 and want == 1.0:
                self.close[q] = 1.0
        return bool(self.close[self._ground.cells(s)].max() > 1.0)

    def bear(self, s: int, c: int, edge_m: float, mass: float, body: float) -> None:
        """Add up the line load towards a crossing of a space, from the far end to the portal or
        to a pile that is ``edge_m`` before it; forces on persons go into the spots.
        """
        net, falls = self._net, self._falls
        metres = self._ground.cell_m(s)
        wide = float(self._ground.between[s])
        lam = wide / (2.0 * falls.wall)
        each = falls.push_n * mass / 70.0
        each += falls.push_flight * mass * G if net.room[s]["stair"] else 0.0
        sigma = max((self.out[k] for k in self._into(s, c)), default=0.0)
        for q in self._towards(s, c):
            spot = self._ground.spot[q]
            if abs(q - net.line[c]["goal"]) * metres + metres <= edge_m:
                break
            per_m2 = spot["rho"] * falls.zone.body_ref / body
            if spot["rho"] * falls.zone.body_ref > falls.load_phi:
                decay = exp(-metres / lam)
                sigma = sigma * decay + per_m2 * self.push(q) * each * lam * (1.0 - decay)
                spot["force"] = max(spot["force"], sigma / sqrt(per_m2))
            else:
                sigma = 0.0
            self.load[q] = max(self.load[q], sigma)
        self.out[c] = sigma

    def _into(self, s: int, c: int) -> list[int]:
        """Return the crossings that lead into a space, but not by the portal of a crossing."""
        room = self._net.room[s]
        own = self._net.leaving[room["low"] : room["high"]]
        return [int(k) ^ 1 for k in own if k >> 1 != c >> 1]

    def _towards(self, s: int, c: int) -> list[int]:
        """Return the cells of a space in the order in which people come towards a crossing."""
        cells = range(*self._ground.cells(s).indices(self._net.cell.size))
        goal = int(self._net.line[c]["goal"])
        ahead = 2 * (goal - cells.start) >= len(cells)
        return (
            [q for q in cells if q <= goal] if ahead else [q for q in reversed(cells) if q >= goal]
        )

    def capacity_left(self, c: int, phi: float, urgency: float) -> float:
        """Return the share of its capacity that a narrow portal keeps before a crowd that pushes;
        it comes back below a lower occupancy than it went at.
        """
        p, falls = c >> 1, self._falls
        at = falls.drop_off if self.dropped[p] else falls.drop_on
        narrow = float(self._net.door[p]["width"]) < falls.drop_width
        self.dropped[p] = narrow and urgency > 1.0 and phi > at
        return falls.capacity_left(urgency) if self.dropped[p] else 1.0
