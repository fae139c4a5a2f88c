"""Who is near whom: lists by counting sort, renewed when somebody has moved half the skin."""

from math import sqrt

from evacuation.engine.compiled import inlined, kernel
from evacuation.zone.kernels.arrays import (
    LIVE,
    PAIRS,
    RENEWED,
    SHORT,
    SPRINGS,
    STALE,
    STANDING,
    WALLS,
    Discs,
    Law,
    Pairs,
    Walls,
)


@kernel
def renew(d: Discs, p: Pairs, w: Walls, law: Law) -> bool:
    """Make the lists anew, springs kept; False if they are too short (make room, then again)."""
    if p.meta[SHORT] == 0:
        keep_springs(p)
    sort_into_cells(d, p)
    p.meta[SHORT] = 0
    p.meta[PAIRS] = 0
    list_pairs(d, p, law)
    p.meta[WALLS] = 0
    list_walls(d, p, w, law)
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        p.then_x[i] = d.x[i]
        p.then_y[i] = d.y[i]
    p.meta[STALE] = 0
    p.meta[RENEWED] += 1
    return bool(p.meta[SHORT] == 0)


@inlined
def keep(p: Pairs, i: int, other: int, spring: float) -> None:
    """Keep the spring of disc ``i`` with another disc, or with wall ``-1 - other``."""
    at = p.kept_count[i]
    if at < SPRINGS:
        p.kept_with[i * SPRINGS + at] = other
        p.kept[i * SPRINGS + at] = spring
        p.kept_count[i] = at + 1


@inlined
def kept(p: Pairs, i: int, other: int) -> float:
    """Return the spring that was kept of a contact, 0 for a new one."""
    for k in range(i * SPRINGS, i * SPRINGS + p.kept_count[i]):
        if p.kept_with[k] == other:
            return float(p.kept[k])
    return 0.0


@kernel
def keep_springs(p: Pairs) -> None:
    """Put all stretched springs aside."""
    p.kept_count[:] = 0
    for k in range(p.meta[PAIRS]):
        if p.spring[k] != 0.0:
            keep(p, p.a[k], p.b[k], p.spring[k])
    for k in range(p.meta[WALLS]):
        if p.wall_spring[k] != 0.0:
            keep(p, p.wa[k], -1 - p.wall[k], p.wall_spring[k])


@inlined
def cell_of(p: Pairs, x: float, y: float) -> int:
    """Return the cell of a place; who is outside belongs to the border."""
    col = min(max(int((x - p.frame[0]) / p.frame[2]), 0), int(p.frame[3]) - 1)
    row = min(max(int((y - p.frame[1]) / p.frame[2]), 0), int(p.frame[4]) - 1)
    return row * int(p.frame[3]) + col


@kernel
def sort_into_cells(d: Discs, p: Pairs) -> None:
    """Sort discs by cell, within a cell by number (counting sort)."""
    p.start[:] = 0
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        c = cell_of(p, d.x[i], d.y[i])
        p.cell[i] = c
        p.start[c + 1] += 1
    for c in range(1, len(p.start)):
        p.start[c] += p.start[c - 1]
    for k in range(p.meta[LIVE] - 1, -1, -1):
        i = p.live[k]
        c = p.cell[i]
        p.start[c + 1] -= 1
        p.sorted[p.start[c + 1]] = i
    # start[c + 1] now is where cell c begins: move it back by one
    for c in range(len(p.start) - 1):
        p.start[c] = p.start[c + 1]
    p.start[len(p.start) - 1] = p.meta[LIVE]


@kernel
def list_pairs(d: Discs, p: Pairs, law: Law) -> None:
    """List the pairs of each cell with itself and with half of its neighbours."""
    cols, rows = int(p.frame[3]), int(p.frame[4])
    for c in range(cols * rows):
        row, col = c // cols, c % cols
        for k in range(p.start[c], p.start[c + 1]):
            i = p.sorted[k]
            for m in range(k + 1, p.start[c + 1]):
                pair_up(d, p, law, i, p.sorted[m])
            for n in range(4):
                r2 = row + (0 if n == 0 else 1)
                c2 = col + (1 if n == 0 else n - 2)
                if r2 >= rows or c2 < 0 or c2 >= cols:
                    continue
                other = r2 * cols + c2
                for m in range(p.start[other], p.start[other + 1]):
                    pair_up(d, p, law, i, p.sorted[m])


@inlined
def pair_up(d: Discs, p: Pairs, law: Law, i: int, j: int) -> None:
    """List a pair if it may come into reach before lists are renewed."""
    dx, dy = d.x[j] - d.x[i], d.y[j] - d.y[i]
    far = d.r[i] + d.r[j] + law.reach + law.skin
    if dx * dx + dy * dy >= far * far or d.owner[i] == d.owner[j]:
        return
    if d.kind[i] != STANDING and d.kind[j] != STANDING:
        return
    at = p.meta[PAIRS]
    if at >= len(p.a):
        p.meta[SHORT] = 1
        return
    low, high = min(i, j), max(i, j)
    p.a[at] = low
    p.b[at] = high
    p.spring[at] = kept(p, low, high)
    p.meta[PAIRS] = at + 1


@inlined
def nearest(w: Walls, s: int, x: float, y: float) -> tuple[float, float, float]:
    """Return the offset from a piece of wall to a place, and where along it (0 to 1)."""
    ux, uy = w.x1[s] - w.x0[s], w.y1[s] - w.y0[s]
    t = ((x - w.x0[s]) * ux + (y - w.y0[s]) * uy) / (ux * ux + uy * uy)
    t = min(max(t, 0.0), 1.0)
    return x - w.x0[s] - t * ux, y - w.y0[s] - t * uy, t


@kernel
def list_walls(d: Discs, p: Pairs, w: Walls, law: Law) -> None:
    """List the walls near each standing person."""
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.kind[i] != STANDING:
            continue
        far = d.r[i] + law.reach + law.skin
        for s in range(len(w.x0)):
            if w.stands[s] == 0:
                continue
            dx, dy, _ = nearest(w, s, d.x[i], d.y[i])
            if dx * dx + dy * dy < far * far:
                at = p.meta[WALLS]
                if at >= len(p.wa):
                    p.meta[SHORT] = 1
                    return
                p.wa[at] = i
                p.wall[at] = s
                p.wall_spring[at] = kept(p, i, -1 - s)
                p.meta[WALLS] = at + 1


@inlined
def moved(d: Discs, p: Pairs, law: Law, i: int) -> bool:
    """Tell whether a disc has gone half the skin since lists were made."""
    dx, dy = d.x[i] - p.then_x[i], d.y[i] - p.then_y[i]
    return sqrt(dx * dx + dy * dy) > 0.5 * law.skin
