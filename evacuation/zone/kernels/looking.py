"""What everybody sees: the way to go, the gap ahead and to both sides, who comes, who lies."""

from math import floor, sqrt

from evacuation.engine.compiled import inlined, kernel
from evacuation.zone.kernels.arrays import (
    FALLEN,
    LIVE,
    LYING,
    Discs,
    Ground,
    Law,
    Pairs,
    People,
    Walls,
)
from evacuation.zone.kernels.chance import SIDE, chance

LOOK_M = 1.3
"""How far ahead somebody minds others."""
NARROW = 0.75
"""Somebody is ahead if the two bodies overlap by more than a quarter, seen along the way."""
BESIDE_M, FLANK_M = 0.6, 1.0
"""Somebody no further ahead than the first, and to one side up to the second, walks beside one."""
HALF = 0.7071067811865476
"""Half right and half left: cosine of 45 degrees."""
SOON_S = 0.3
"""People mind where others will be so much later: their reaction time."""
WORTH_M, GAIN_M, STEP_M, TURNED_M = 0.6, 0.1, 0.4, 0.45
"""Who has less room ahead looks aside, and turns where he gains so much and still gets on,
no faster than a gap of the last allows."""
DEEP_M = 0.02
"""Who overlaps so much with somebody who lies stands over him."""
LIES_BEFORE_M = 0.5


@kernel
def take_places(d: Discs, f: People, p: Pairs) -> float:
    """Copy everybody's place in the order of cells, count who lies; return the widest radius, m."""
    widest = 0.0
    p.meta[LYING] = 0
    for k in range(p.meta[LIVE]):
        j = p.sorted[k]
        p.near_x[k] = d.x[j]
        p.near_y[k] = d.y[j]
        p.meta[LYING] += d.kind[j] == FALLEN
        widest = max(widest, d.r[j], f.radius[d.owner[j]])
    return widest


@kernel
def list_near(d: Discs, f: People, p: Pairs, i: int, widest: float) -> int:
    """List who may count for somebody who looks ahead, and more; return how many.

    Few do of all in the cells around: a test without a branch, which the compiler takes for
    several at a time, leaves them out.
    """
    cols, rows = int(p.frame[3]), int(p.frame[4])
    reach = int(LOOK_M / p.frame[2]) + 1
    col = min(max(int((d.x[i] - p.frame[0]) / p.frame[2]), 0), cols - 1)
    row = min(max(int((d.y[i] - p.frame[1]) / p.frame[2]), 0), rows - 1)
    left, right = max(col - reach, 0), min(col + reach + 1, cols)
    x, y, ex, ey = d.x[i], d.y[i], f.ex[i], f.ey[i]
    wide, far = NARROW * (d.r[i] + widest), LOOK_M + d.r[i] + widest
    count = 0
    for r in range(max(row - reach, 0), min(row + reach + 1, rows)):
        first, end = p.start[r * cols + left], p.start[r * cols + right]
        near_x, near_y, counts = p.near_x[first:end], p.near_y[first:end], p.counts[first:end]
        for k in range(len(counts)):
            dx, dy = near_x[k] - x, near_y[k] - y
            along, apart = dx * ex + dy * ey, abs(dy * ex - dx * ey)
            aslant, off = HALF * (along + apart), abs(HALF * (along - apart))
            before = (along > 0.0) & (along <= far) & (apart <= wide)
            aside = (aslant > 0.0) & (aslant <= far) & (off <= wide)
            beside = (along < BESIDE_M) & (apart < FLANK_M) & (aslant > 0.0)
            counts[k] = before | aside | beside
        for k in range(len(counts)):
            p.near[count] = p.sorted[first + k]
            count += counts[k]
    return count


@kernel
def find_way(g: Ground, aim: int, x: float, y: float) -> tuple[float, float, float]:
    """Return direction and distance to go at a place, between the four nearest cells."""
    _, rows, cols = g.far.shape
    u = min(max((x - g.frame[0]) / g.frame[2] - 0.5, 0.0), cols - 1.001)
    v = min(max((y - g.frame[1]) / g.frame[2] - 0.5, 0.0), rows - 1.001)
    c, r = floor(u), floor(v)
    s, t = u - c, v - r
    ex, ey, far = 0.0, 0.0, 0.0
    for dr in range(2):
        for dc in range(2):
            part = (t if dr else 1.0 - t) * (s if dc else 1.0 - s)
            ex += part * g.way_x[aim, r + dr, c + dc]
            ey += part * g.way_y[aim, r + dr, c + dc]
            far += part * g.far[aim, r + dr, c + dc]
    size = sqrt(ex * ex + ey * ey)
    if size < 1e-9:
        return 0.0, 0.0, far
    return ex / size, ey / size, far


@inlined
def free_way(along: float, lateral: float, both: float, closing: float, before: float) -> float:
    """Return the gap along a direction, one more person on it, as it will be soon."""
    if along <= 0.0 or along > LOOK_M + both:
        return before
    return min(before, along - sqrt(both * both - lateral * lateral) - SOON_S * max(closing, 0.0))


@inlined
def comes(f: People, i: int, j: int) -> bool:
    """Tell whether somebody goes elsewhere, against the way of another."""
    return bool(f.aim[i] != f.aim[j] and f.ex[i] * f.ex[j] + f.ey[i] * f.ey[j] < -0.5)


@kernel
def look_ahead(d: Discs, f: People, p: Pairs, g: Ground, i: int, widest: float) -> None:
    """Find the gap ahead and to both sides, and whether somebody comes or lies ahead; turn."""
    f.against[i] = 0
    f.beside[i] = 0
    f.faces[i] = 0
    ex, ey, side = f.ex[i], f.ey[i], 0.0
    ahead, left, right = LOOK_M, LOOK_M, LOOK_M
    for k in range(list_near(d, f, p, i, widest)):
        j = p.near[k]
        dx, dy = d.x[j] - d.x[i], d.y[j] - d.y[i]
        along, lateral = dx * ex + dy * ey, dy * ex - dx * ey
        both = d.r[i] + d.r[j]
        if along + abs(lateral) <= 0.0 or j == i:
            continue
        wide = NARROW * both
        before = abs(lateral) <= wide
        if d.kind[j] == FALLEN:
            if 0.0 < along < both + LIES_BEFORE_M and abs(lateral) < wide:
                f.faces[i] = 1
            continue
        if along < BESIDE_M and wide < abs(lateral) < FLANK_M:
            f.beside[i] = 1
        on_left, on_right = HALF * (along + lateral), HALF * (along - lateral)
        before_left, before_right = abs(on_right) <= wide, abs(on_left) <= wide
        if not (before or before_left or before_right):
            continue
        ux, uy = d.vx[i] - d.vx[j], d.vy[i] - d.vy[j]
        fast, over = ux * ex + uy * ey, uy * ex - ux * ey
        if before:
            ahead = free_way(along, lateral, both, fast, ahead)
        if before_left:
            left = free_way(on_left, on_right, both, HALF * (fast + over), left)
        if before_right:
            right = free_way(on_right, on_left, both, HALF * (fast - over), right)
        if 0.0 < along < 1.0 + both and abs(lateral) < wide and comes(f, i, j):
            f.against[i] = 1
            side += lateral
    f.gap[i] = ahead
    turn(d, f, g, i, left, right, side)


@kernel
def turn(d: Discs, f: People, g: Ground, i: int, left: float, right: float, side: float) -> None:
    """Turn half right or left where that is freer and still leads on; make way on the right."""
    ex, ey, to = f.ex[i], f.ey[i], 0.0
    if f.against[i] != 0:
        to = -1.0 if side > -0.02 else 1.0
        if chance(f.key[i], SIDE, 0) < 0.1 and abs(side) < 0.02:
            to = -to
    elif f.gap[i] < WORTH_M:
        if HALF * left > f.gap[i] + GAIN_M and left >= right:
            to = 1.0
        elif HALF * right > f.gap[i] + GAIN_M:
            to = -1.0
    if to == 0.0:
        return
    nx, ny = HALF * (ex - to * ey), HALF * (ey + to * ex)
    _, _, far = find_way(g, f.aim[i], d.x[i] + STEP_M * nx, d.y[i] + STEP_M * ny)
    if f.way[i] - far < 0.5 * STEP_M:
        return
    f.ex[i] = nx
    f.ey[i] = ny
    f.gap[i] = max(f.gap[i], min(left if to > 0.0 else right, TURNED_M))


@inlined
def to_leaf(d: Discs, f: People, w: Walls, i: int) -> float:
    """Return how far a shut leaf is ahead, m; ``LOOK_M`` if there is none."""
    least = LOOK_M
    for s in range(len(w.x0)):
        if w.leaf[s] == 0 or w.stands[s] == 0:
            continue
        ux, uy = w.x1[s] - w.x0[s], w.y1[s] - w.y0[s]
        cross = f.ex[i] * uy - f.ey[i] * ux
        if abs(cross) < 1e-9:
            continue
        rx, ry = w.x0[s] - d.x[i], w.y0[s] - d.y[i]
        along, place = (rx * uy - ry * ux) / cross, (rx * f.ey[i] - ry * f.ex[i]) / cross
        if along > 0.0 and 0.0 <= place <= 1.0:
            least = min(least, along - d.r[i])
    return least


@kernel
def stand_over(d: Discs, f: People, p: Pairs, i: int, law: Law) -> None:
    """Tell whether somebody steps over one who lies: few around, one layer, or already over him."""
    was = f.astride[i]
    f.astride[i] = 0
    if p.meta[LYING] == 0:
        return
    cols, rows = int(p.frame[3]), int(p.frame[4])
    col = min(max(int((d.x[i] - p.frame[0]) / p.frame[2]), 0), cols - 1)
    row = min(max(int((d.y[i] - p.frame[1]) / p.frame[2]), 0), rows - 1)
    for r in range(max(row - 1, 0), min(row + 2, rows)):
        for c in range(max(col - 1, 0), min(col + 2, cols)):
            for k in range(p.start[r * cols + c], p.start[r * cols + c + 1]):
                j = p.sorted[k]
                if d.kind[j] != FALLEN:
                    continue
                dx, dy = d.x[j] - d.x[i], d.y[j] - d.y[i]
                deep = d.r[i] + d.r[j] - sqrt(dx * dx + dy * dy)
                low = f.layer[d.owner[j]] <= 1
                easy = low and f.crowding[i] < law.step_density
                if deep > DEEP_M or (easy and deep > -0.02):
                    f.astride[i] = 1
                    if was == 0:
                        f.trodden[d.owner[j]] += 1
                        was = 1
