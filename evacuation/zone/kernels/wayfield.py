"""How far it is from every cell to an aim, and which way: the eikonal equation by fast sweeping.

Zhao 2005 (Mathematics of Computation 74, 603): four sweeps in turn until nothing changes.
"""

from math import sqrt

from evacuation.engine.compiled import entry, inlined, kernel
from evacuation.zone.kernels.arrays import Floats, Ground, Law

FAR = 1e9
SWEEPS = 60
SEED_M = 0.15
"""So near to an aim one is there."""
SLOWER, LEAST = 0.266, 0.15
"""SFPE: speed falls by so much per adult and m2; people still get on in the densest crowd."""


@entry
def sweep(far: Floats, cost: Floats, cell: float) -> int:
    """Fill ``far`` (0 at the aim, FAR elsewhere) with the least cost to go; cost >= FAR is wall.

    Return how many rounds of four sweeps it took.
    """
    return solve(far, cost, cell)


@kernel
def solve(far: Floats, cost: Floats, cell: float) -> int:
    """Do the same for kernels."""
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
        if change < 1e-3 * cell:
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


@entry
def look_for_ways(g: Ground, law: Law, aim: int) -> None:
    """Turn the directions to an aim to the quickest way as crowds are now.

    A metre costs 1 / f, f the share of the free speed that SFPE leaves at the density there
    (Hughes 2002: people take the way of least time through a crowd that they see).
    """
    rows, cols = g.part.shape
    scale = g.frame[2] / g.frame[3]
    floor = g.frame[3] * g.frame[3] * law.body_ref
    high, wide = g.people.shape
    for r in range(rows):
        for c in range(cols):
            g.work[r, c] = 0.0 if 0.0 <= g.far[aim, r, c] < SEED_M and g.cost[r, c] < FAR else FAR
    for r in range(rows):
        for c in range(cols):
            if g.cost[r, c] < FAR:
                y, x = min(int((r + 0.5) * scale), high - 1), min(int((c + 0.5) * scale), wide - 1)
                crowd = g.area[y, x] / (max(g.free_s[y, x], 0.05) * floor)
                g.price[r, c] = g.cost[r, c] / max(1.0 - SLOWER * crowd, LEAST)
            else:
                g.price[r, c] = FAR
    solve(g.work, g.price, g.frame[2])
    for r in range(1, rows - 1):
        for c in range(1, cols - 1):
            if g.cost[r, c] < FAR and g.far[aim, r, c] >= SEED_M and g.work[r, c] < FAR:
                descend(g, aim, r, c)


@inlined
def descend(g: Ground, aim: int, r: int, c: int) -> None:
    """Set the direction at a cell to that in which the cost falls, by the cheaper neighbours."""
    here = g.work[r, c]
    left, right = here - g.work[r, c - 1], here - g.work[r, c + 1]
    down, up = here - g.work[r - 1, c], here - g.work[r + 1, c]
    ex = right if right >= left else -left
    ey = up if up >= down else -down
    ex = ex if max(left, right) > 0.0 else 0.0
    ey = ey if max(down, up) > 0.0 else 0.0
    size = sqrt(ex * ex + ey * ey)
    if size > 0.0:
        g.way_x[aim, r, c] = ex / size
        g.way_y[aim, r, c] = ey / size
