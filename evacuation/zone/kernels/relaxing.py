"""People who were put down over each other are moved apart, before forces act on them."""

from math import sqrt

from evacuation.engine.compiled import entry, kernel
from evacuation.zone.kernels.arrays import STANDING, Discs, Walls
from evacuation.zone.kernels.pairing import nearest

ENOUGH_M = 0.002
"""Overlaps as small as this are left to the forces."""


@entry
def spread_out(d: Discs, w: Walls, slots: int, steps: int) -> float:
    """Move overlapping people and walls apart, each by half; return the deepest overlap left."""
    deepest = 0.0
    for _ in range(steps):
        deepest = 0.0
        for i in range(slots):
            if d.kind[i] != STANDING:
                continue
            for j in range(i + 1, slots):
                if d.kind[j] == STANDING:
                    deepest = max(deepest, part(d, i, j))
            deepest = max(deepest, keep_inside(d, w, i))
        if deepest < ENOUGH_M:
            break
    return deepest


@kernel
def part(d: Discs, i: int, j: int) -> float:
    """Move two people apart; return how deep they overlapped."""
    dx, dy = d.x[j] - d.x[i], d.y[j] - d.y[i]
    both = d.r[i] + d.r[j]
    d2 = dx * dx + dy * dy
    if d2 >= both * both:
        return 0.0
    far = sqrt(d2)
    nx, ny = (dx / far, dy / far) if far > 1e-6 else (1.0, 0.0)
    deep = both - far
    d.x[i] -= 0.5 * deep * nx
    d.y[i] -= 0.5 * deep * ny
    d.x[j] += 0.5 * deep * nx
    d.y[j] += 0.5 * deep * ny
    return float(deep)


@kernel
def keep_inside(d: Discs, w: Walls, i: int) -> float:
    """Move somebody off the walls that he overlaps; return how deep he did."""
    deepest = 0.0
    for s in range(len(w.x0)):
        if w.stands[s] == 0:
            continue
        dx, dy, _ = nearest(w, s, d.x[i], d.y[i])
        far = sqrt(dx * dx + dy * dy)
        if far < d.r[i] and far > 1e-6:
            deep = d.r[i] - far
            d.x[i] += deep * dx / far
            d.y[i] += deep * dy / far
            deepest = max(deepest, deep)
    return deepest
