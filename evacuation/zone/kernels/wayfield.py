"""How far it is from every cell to an aim, and which way: the eikonal equation by fast sweeping.

Zhao 2005 (Mathematics of Computation 74, 603): four sweeps in turn until nothing changes.
"""

from math import sqrt

from evacuation.engine.compiled import entry, inlined
from evacuation.zone.kernels.arrays import Floats

FAR = 1e9
SWEEPS = 60


@entry
def sweep(far: Floats, cost: Floats, cell: float) -> int:
    """Fill ``far`` (0 at the aim, FAR elsewhere) with the least cost to go; cost >= FAR is wall.

    Return how many rounds of four sweeps it took.
    """
    rows, cols = far.shape
    for n in range(SWEEPS):
        change = 0.0
        for way in range(4):
            for a in range(rows):
                r = a if way & 1 == 0 else rows - 1 - a
                for b in range(cols):
                    c = b if way & 2 == 0 else cols - 1 - b
                    if cost[r, c] < FAR:
                        new = arrival(far, cost[r, c] * cell, r, c)
                        if new < far[r, c] - 1e-9:
                            change = max(change, far[r, c] - new)
                            far[r, c] = new
        if change < 1e-9:
            return n + 1
    return SWEEPS


@inlined
def arrival(far: Floats, step: float, r: int, c: int) -> float:
    """Return the upwind solution at one cell."""
    rows, cols = far.shape
    a = min(far[max(r - 1, 0), c], far[min(r + 1, rows - 1), c])
    b = min(far[r, max(c - 1, 0)], far[r, min(c + 1, cols - 1)])
    if abs(a - b) >= step:
        return float(min(a, b) + step)
    return float(0.5 * (a + b + sqrt(2.0 * step * step - (a - b) * (a - b))))
