"""How fast everybody wants to go: by the gap ahead, the ground, the light; who pushes, who waits.

Speed by the gap ahead is gap / T (single-file experiments, Seyfried et al. 2005: d = 0.36 +
1.06 v); who pushes goes on when there is no gap, others hardly do.
"""

from evacuation.engine.compiled import inlined, kernel
from evacuation.zone.kernels.arrays import (
    LIVE,
    STANDING,
    Discs,
    Ground,
    Law,
    Pairs,
    People,
    Walls,
)
from evacuation.zone.kernels.chance import SHOULDER, chance
from evacuation.zone.kernels.crowding import velocity
from evacuation.zone.kernels.looking import (
    LOOK_M,
    find_way,
    look_ahead,
    stand_over,
    take_places,
    to_leaf,
)

STUCK_M_S, STILL_M_S, EASY_N = 0.1, 0.05, 50.0
NARROWER = 1.0
"""Nobody turns a shoulder in a crowd so much denser than one without room for a step, adults/m2."""


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
    widest = take_places(d, f, p)
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.kind[i] == STANDING:
            look_ahead(d, f, p, g, i, widest)
            f.gap[i] = min(f.gap[i], to_leaf(d, f, w, i))
            stand_over(d, f, p, i, law)
            wait(d, f, law, i, tick)
            make_narrow(d, f, law, i, tick)
            f.want[i] = will(f, law, i, walking_speed(f, g, law, i))
