"""Where everybody wants to go and how fast: the way field, the gap ahead, who pushes, who waits.

Speed by the gap ahead is gap / T (single-file experiments, Seyfried et al. 2005: d = 0.36 +
1.06 v); who pushes goes on when there is no gap, others hardly do.
"""

from math import floor, sqrt

from evacuation.engine.compiled import inlined, kernel
from evacuation.zone.kernels.arrays import (
    FALLEN,
    LIVE,
    STANDING,
    Discs,
    Ground,
    Law,
    Pairs,
    People,
    Walls,
)
from evacuation.zone.kernels.chance import SHOULDER, SIDE, chance
from evacuation.zone.kernels.crowding import velocity

LOOK_M = 1.3
"""How far ahead somebody minds others."""
NARROW = 0.75
"""Somebody is ahead if the two bodies overlap by more than a quarter, seen along the way."""
BESIDE_M, FLANK_M = 0.6, 1.0
"""Somebody no further ahead than the first, and to one side up to the second, walks beside one."""
HALF = 0.7071067811865476
"""Half right and half left: cosine of 45 degrees."""
STUCK_M_S, STILL_M_S, EASY_N = 0.1, 0.05, 50.0
NARROWER = 1.0
"""Nobody turns a shoulder in a crowd so much denser than one without room for a step, adults/m2."""
SOON_S = 0.3
"""People mind where others will be so much later: their reaction time."""
WORTH_M, GAIN_M, STEP_M, TURNED_M = 0.6, 0.1, 0.4, 0.45
"""Who has less room ahead looks aside, and turns where he gains so much and still gets on,
no faster than a gap of the last allows."""
DEEP_M = 0.02
"""Who overlaps so much with somebody who lies stands over him."""
LIES_BEFORE_M = 0.5


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
    """Return the gap along a direction, one more person beside or on it, as it will be soon."""
    if along <= 0.0 or along > LOOK_M + both or abs(lateral) > NARROW * both:
        return before
    return min(before, along - sqrt(both * both - lateral * lateral) - SOON_S * max(closing, 0.0))


@kernel
def look_ahead(d: Discs, f: People, p: Pairs, g: Ground, i: int) -> None:
    """Find the gap ahead and to both sides, and whether somebody comes or lies ahead; turn."""
    f.against[i] = 0
    f.beside[i] = 0
    f.faces[i] = 0
    cols, rows = int(p.frame[3]), int(p.frame[4])
    reach = int(LOOK_M / p.frame[2]) + 1
    col = min(max(int((d.x[i] - p.frame[0]) / p.frame[2]), 0), cols - 1)
    row = min(max(int((d.y[i] - p.frame[1]) / p.frame[2]), 0), rows - 1)
    ex, ey, side = f.ex[i], f.ey[i], 0.0
    ahead, left, right = LOOK_M, LOOK_M, LOOK_M
    for r in range(max(row - reach, 0), min(row + reach + 1, rows)):
        for c in range(max(col - reach, 0), min(col + reach + 1, cols)):
            for k in range(p.start[r * cols + c], p.start[r * cols + c + 1]):
                j = p.sorted[k]
                dx, dy = d.x[j] - d.x[i], d.y[j] - d.y[i]
                along, lateral = dx * ex + dy * ey, dy * ex - dx * ey
                if along + abs(lateral) <= 0.0 or j == i:
                    continue
                both = d.r[i] + d.r[j]
                if d.kind[j] == FALLEN:
                    if 0.0 < along < both + LIES_BEFORE_M and abs(lateral) < NARROW * both:
                        f.faces[i] = 1
                    continue
                ux, uy = d.vx[i] - d.vx[j], d.vy[i] - d.vy[j]
                fast, over = ux * ex + uy * ey, uy * ex - ux * ey
                ahead = free_way(along, lateral, both, fast, ahead)
                if along < BESIDE_M and NARROW * both < abs(lateral) < FLANK_M:
                    f.beside[i] = 1
                left = free_way(
                    HALF * (along + lateral),
                    HALF * (lateral - along),
                    both,
                    HALF * (fast + over),
                    left,
                )
                right = free_way(
                    HALF * (along - lateral),
                    HALF * (lateral + along),
                    both,
                    HALF * (fast - over),
                    right,
                )
                comes = f.aim[i] != f.aim[j] and ex * f.ex[j] + ey * f.ey[j] < -0.5
                if comes and 0.0 < along < 1.0 + both and abs(lateral) < NARROW * both:
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


@inlined
def darkness(law: Law, lux: float) -> float:
    """Return 0 at 10 lx and more, ``law.dim`` at 1 lx, 1 at 0.1 lx and less."""
    if lux >= 1.0:
        return max(10.0 - lux, 0.0) / 9.0 * law.dim
    return min(law.dim + (1.0 - lux) / 0.9 * (1.0 - law.dim), 1.0)


@inlined
def walking_speed(f: People, g: Ground, law: Law, i: int) -> float:
    """Return how fast somebody would walk by the ground, the light and the gap ahead."""
    part = f.part[i]
    speed, gap = f.free[i], f.gap[i]
    headway = law.headway
    if part >= 0:
        speed *= 1.0 - (1.0 - law.dark_speed) * darkness(law, g.lux[part])
        if g.length[part] > 0.0:
            down = f.ex[i] * g.down_x[part] + f.ey[i] * g.down_y[part] >= 0.0
            speed *= law.stair if down else law.stair * law.upstairs
            headway, gap = law.headway_stair, f.gap[i] - law.tread
    if f.astride[i] != 0:
        speed *= law.steps_over
    sees_nobody = f.gap[i] >= LOOK_M and (part < 0 or g.length[part] == 0.0)
    if headway > 0.0 and not sees_nobody:
        most = gap / headway
        if f.beside[i] != 0 and (part < 0 or g.length[part] == 0.0):
            apart = law.stand if f.pushes[i] >= law.push_share else 0.0
            most = (gap - apart) / law.headway_crowd
        speed = min(speed, max(most, 0.0))
    return float(speed)


@inlined
def will(f: People, law: Law, i: int, walk: float) -> float:
    """Return the speed that somebody strives for: told to stop, unconscious, pushing or not.

    Nobody pushes in a thin crowd. Who does not push stops behind somebody who lies, where there is
    no room to step over.
    """
    if f.dose[i] >= law.faint:
        return 0.0
    heeds = f.informed[i] != 0 and f.obeys[i] < law.told_share
    if heeds:
        return 0.0
    if f.pushes[i] >= law.push_share and f.faces[i] != 0 and f.crowding[i] >= law.step_density:
        return 0.0
    if f.pushes[i] < law.push_share:
        jam = max(f.crowding[i] - law.packed_at + 1.0, f.waited[i] / law.patience_s - 1.0)
        jam = min(max(jam, 0.0), 1.0)
        return max(walk, float(jam) * min(law.push_speed, float(f.free[i])))
    return max(walk, min(law.creep, float(f.free[i])))


@inlined
def wait(d: Discs, f: People, law: Law, i: int, tick: int) -> None:
    """Count how long somebody has stood still; who gets on grows patient as fast."""
    vx, vy = velocity(d, f, i, tick, law)
    change = 0.1 if vx * vx + vy * vy < STILL_M_S * STILL_M_S else -0.1
    f.waited[i] = min(max(f.waited[i] + change, 0.0), 2.0 * law.patience_s)


@inlined
def is_stuck(d: Discs, f: People, i: int) -> bool:
    """Tell whether somebody hardly moves, with others in his way or on him."""
    slow = d.vx[i] * d.vx[i] + d.vy[i] * d.vy[i] < STUCK_M_S * STUCK_M_S
    return bool(slow) and bool(f.gap[i] < 0.05 or f.squeeze[i] > 0.5 * EASY_N)


@inlined
def make_narrow(d: Discs, f: People, law: Law, i: int, tick: int) -> None:
    """Turn a shoulder, or back: who is stuck does so by chance, nobody widens under pressure.

    Not in a packed crowd: a body that turns takes no less floor.

    An upright body is 0.47 x 0.27 m: round discs would stand in arches that people do not.
    """
    draw = chance(f.key[i], SHOULDER, int(0.1 * tick / law.noise_s))
    if f.crowding[i] < law.packed_at + NARROWER and is_stuck(d, f, i) and draw < 0.5:
        least = f.radius[i] * (1.0 - law.shoulder)
        d.r[i] = max(d.r[i] - 0.1 / law.shoulder_s * (f.radius[i] - least), least)
    elif f.squeeze[i] < EASY_N:
        d.r[i] = min(d.r[i] + 0.004, f.radius[i])


@kernel
def make_up_minds(d: Discs, f: People, p: Pairs, w: Walls, g: Ground, law: Law, tick: int) -> None:
    """Let everybody who stands look round and choose direction and speed."""
    _, rows, cols = g.far.shape
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.kind[i] != STANDING:
            continue
        f.ex[i], f.ey[i], f.way[i] = find_way(g, f.aim[i], d.x[i], d.y[i])
        col = min(max(int((d.x[i] - g.frame[0]) / g.frame[2]), 0), cols - 1)
        row = min(max(int((d.y[i] - g.frame[1]) / g.frame[2]), 0), rows - 1)
        f.part[i] = g.part[row, col]
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.kind[i] == STANDING:
            look_ahead(d, f, p, g, i)
            f.gap[i] = min(f.gap[i], to_leaf(d, f, w, i))
            stand_over(d, f, p, i, law)
            wait(d, f, law, i, tick)
            make_narrow(d, f, law, i, tick)
            f.want[i] = will(f, law, i, walking_speed(f, g, law, i))
