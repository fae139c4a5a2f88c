"""Density, occupancy and the pressure of Helbing on a grid, by a kernel that stays within walls.

Two running means over 7 cells of 0.25 m have the variance of exp(-d2 / R2) with R = 1 m (Helbing,
Johansson and Al-Abideen 2007 (m)). What is smoothed is divided by floor that is smoothed alike.
"""

from evacuation.engine.compiled import entry, inlined, kernel
from evacuation.zone.kernels.arrays import (
    EMPTY,
    LIVE,
    TRAIL,
    Discs,
    Floats,
    Ground,
    Law,
    Pairs,
    People,
)

HALF = 3


@kernel
def run_along(row: Floats, out: Floats) -> None:
    """Write the running mean over 2 HALF + 1 cells; beyond the border there is nothing."""
    size = len(row)
    total = 0.0
    for c in range(min(HALF, size)):
        total += row[c]
    for c in range(size):
        if c + HALF < size:
            total += row[c + HALF]
        if c - HALF - 1 >= 0:
            total -= row[c - HALF - 1]
        out[c] = total / (2 * HALF + 1)


@kernel
def blur(field: Floats, scratch: Floats) -> None:
    """Smooth a field in place: twice along rows, twice along columns."""
    rows, cols = field.shape
    line, other = scratch[: max(rows, cols)], scratch[max(rows, cols) :]
    for r in range(rows):
        run_along(field[r], line[:cols])
        run_along(line[:cols], field[r])
    for c in range(cols):
        for r in range(rows):
            other[r] = field[r, c]
        run_along(other[:rows], line[:rows])
        run_along(line[:rows], other[:rows])
        for r in range(rows):
            field[r, c] = other[r]


@entry
def smooth(field: Floats, scratch: Floats) -> None:
    """Smooth a field in place; ``scratch`` has twice its longer side."""
    blur(field, scratch)


@inlined
def count_cell(g: Ground, x: float, y: float) -> tuple[int, int]:
    """Return row and column of a place on the grid of counts."""
    rows, cols = g.people.shape
    col = min(max(int((x - g.frame[0]) / g.frame[3]), 0), cols - 1)
    row = min(max(int((y - g.frame[1]) / g.frame[3]), 0), rows - 1)
    return row, col


@inlined
def velocity(d: Discs, f: People, i: int, tick: int, law: Law) -> tuple[float, float]:
    """Return a person's mean velocity over the window, shorter if he came later."""
    back = min(int(law.window * 10.0 + 0.5), TRAIL - 1)
    at = i * TRAIL + (tick - back) % TRAIL
    return (d.x[i] - f.trail_x[at]) / (0.1 * back), (d.y[i] - f.trail_y[at]) / (0.1 * back)


@kernel
def count_people(d: Discs, f: People, p: Pairs, g: Ground, law: Law, tick: int) -> None:
    """Count bodies, body area, momentum and energy by cell, and smooth all five."""
    g.people[:] = 0.0
    g.area[:] = 0.0
    g.px[:] = 0.0
    g.py[:] = 0.0
    g.pp[:] = 0.0
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.kind[i] == EMPTY or d.owner[i] != i:
            continue
        row, col = count_cell(g, d.x[i], d.y[i])
        vx, vy = velocity(d, f, i, tick, law)
        g.people[row, col] += 1.0
        g.area[row, col] += 3.141592653589793 * f.radius[i] * f.radius[i]
        g.px[row, col] += vx
        g.py[row, col] += vy
        g.pp[row, col] += vx * vx + vy * vy
        at = i * TRAIL + tick % TRAIL
        f.trail_x[at] = d.x[i]
        f.trail_y[at] = d.y[i]
    blur(g.people, g.scratch)
    blur(g.area, g.scratch)
    blur(g.px, g.scratch)
    blur(g.py, g.scratch)
    blur(g.pp, g.scratch)


@kernel
def feel_crowd(d: Discs, f: People, p: Pairs, g: Ground, law: Law) -> None:
    """Give everybody the crowding (adults per m2) and the pressure (1/s2) where he is."""
    cell = g.frame[3] * g.frame[3]
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.owner[i] != i:
            continue
        row, col = count_cell(g, d.x[i], d.y[i])
        floor = max(g.free_s[row, col], 0.05) * cell
        f.crowding[i] = g.area[row, col] / floor / law.body_ref
        n = max(g.people[row, col], 1e-9)
        mean_x, mean_y = g.px[row, col] / n, g.py[row, col] / n
        spread = max(g.pp[row, col] / n - mean_x * mean_x - mean_y * mean_y, 0.0)
        f.pressure[i] = n / floor * spread
