"""Bodies on the ground: three discs in a row, layers, the weight on each, getting up."""

from math import cos, log, pi, sin, sqrt

from evacuation.engine.compiled import entry, inlined, kernel
from evacuation.zone.kernels.arrays import (
    EMPTY,
    FALLEN,
    LIVE,
    STALE,
    STANDING,
    Discs,
    Law,
    Pairs,
    People,
    Walls,
)
from evacuation.zone.kernels.chance import RISES, chance
from evacuation.zone.kernels.pairing import nearest

LENGTH, WIDTH = 0.94, 0.27
"""Of a lying body, by height: 1.6 x 0.45 m for 1.70 m, 1.2 x 0.35 m for 1.28 m (assumed)."""
HELD_N = 100.0
"""Nobody gets up against a greater force, N."""
KNEELS_M = 0.06
"""Room of this radius is enough to begin to get up."""
LAYERS = 5
"""Nobody falls onto a higher pile: 3 to 6 layers are told of (recalled)."""
RESTS = 0.7
"""A body rests on another if two of their discs are nearer than this share of their radii."""


@inlined
def room_for(w: Walls, x: float, y: float, hx: float, hy: float, r: float) -> bool:
    """Tell whether a body from (x, y) to (hx, hy) neither crosses a wall nor lies on one."""
    for s in range(len(w.x0)):
        if w.stands[s] == 0:
            continue
        dx, dy, _ = nearest(w, s, hx, hy)
        bx, by, _ = nearest(w, s, x, y)
        mx, my, _ = nearest(w, s, 0.5 * (x + hx), 0.5 * (y + hy))
        near = min(dx * dx + dy * dy, mx * mx + my * my)
        if near < 0.25 * r * r or dx * bx + dy * by < 0.0:
            return False
    return True


@kernel
def lie_down(d: Discs, f: People, p: Pairs, w: Walls, i: int) -> None:
    """Lay a person down along his motion, or to a side where a wall is in the way."""
    cap = len(f.mass)
    speed = sqrt(d.vx[i] * d.vx[i] + d.vy[i] * d.vy[i])
    ux, uy = f.ex[i], f.ey[i]
    if speed > 0.1:
        ux, uy = d.vx[i] / speed, d.vy[i] / speed
    r = 0.5 * WIDTH * f.height[i]
    step = 0.5 * (LENGTH * f.height[i] - 2.0 * r)
    turn, found = 0.0, False
    for n in range(8):
        turn = (n + 1) // 2 * (1.0 if n % 2 else -1.0) * pi / 4.0
        vx, vy = ux * cos(turn) - uy * sin(turn), ux * sin(turn) + uy * cos(turn)
        if room_for(w, d.x[i], d.y[i], d.x[i] + 2 * step * vx, d.y[i] + 2 * step * vy, r):
            found = True
            break
    if not found:
        step = 0.0
    vx, vy = ux * cos(turn) - uy * sin(turn), ux * sin(turn) + uy * cos(turn)
    legs_x, legs_y = d.x[i], d.y[i]
    for n in range(3):
        j = i if n == 1 else (cap + 2 * i + n // 2)
        d.x[j] = legs_x + n * step * vx
        d.y[j] = legs_y + n * step * vy
        d.vx[j] = 0.0
        d.vy[j] = 0.0
        d.r[j] = r
        d.inverse[j] = 0.0
        d.owner[j] = i
        d.kind[j] = FALLEN
    f.want[i] = 0.0
    f.lean[i] = 0.0
    f.stuck[i] = 0.0
    f.astride[i] = 0
    f.rising[i] = 0.0
    f.patience[i] = -log(chance(f.key[i], RISES, f.falls[i]))
    f.layer[i] = min(1 + top_below(d, f, i), LAYERS)
    p.meta[STALE] = 1


@inlined
def disc_of(cap: int, i: int, n: int) -> int:
    """Return the n-th disc of a body."""
    return i if n == 0 else cap + 2 * i + n - 1


@kernel
def rests(d: Discs, cap: int, i: int, j: int) -> bool:
    """Tell whether two lying bodies overlap."""
    for n in range(3):
        a = disc_of(cap, i, n)
        for m in range(3):
            b = disc_of(cap, j, m)
            dx, dy = d.x[a] - d.x[b], d.y[a] - d.y[b]
            far = RESTS * (d.r[a] + d.r[b])
            if dx * dx + dy * dy < far * far:
                return True
    return False


@kernel
def top_below(d: Discs, f: People, i: int) -> int:
    """Return the highest layer of bodies under a new one, 0 on the ground."""
    cap, top = len(f.mass), 0
    for j in range(cap):
        if j != i and d.kind[j] == FALLEN and rests(d, cap, i, j):
            top = max(top, f.layer[j])
    return top


@kernel
def weigh(d: Discs, f: People, p: Pairs, law: Law) -> None:
    """Give each lying body the weight on it, from the top down, shared among those below (N)."""
    cap, top = len(f.mass), 0
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.owner[i] == i:
            f.load[i] = 0.0
            if d.kind[i] == FALLEN:
                top = max(top, f.layer[i])
    for level in range(top, 1, -1):
        for i in range(cap):
            if d.kind[i] == FALLEN and f.layer[i] == level:
                pass_weight(d, f, law, i, level)


@kernel
def pass_weight(d: Discs, f: People, law: Law, i: int, level: int) -> None:
    """Share a body's weight, and what lies on it, among those of the next layer that carry it."""
    cap, under = len(f.mass), 0
    for j in range(cap):
        if d.kind[j] == FALLEN and f.layer[j] == level - 1 and rests(d, cap, i, j):
            under += 1
    weight = law.weight_share * f.mass[i] * 9.81 + f.load[i]
    for j in range(cap):
        if d.kind[j] == FALLEN and f.layer[j] == level - 1 and rests(d, cap, i, j):
            f.load[j] += weight / under


@kernel
def room_to_rise(d: Discs, f: People, law: Law, i: int) -> float:
    """Return the radius that a lying person finds to stand up in; 0 if he cannot: unconscious,
    pressed, under somebody.
    """
    if f.dose[i] >= law.faint or f.load[i] > 0.0 or f.squeeze[i] > HELD_N:
        return 0.0
    room = f.radius[i]
    for j in range(len(f.mass)):
        if j != i and d.kind[j] == STANDING:
            dx, dy = d.x[j] - d.x[i], d.y[j] - d.y[i]
            room = min(room, sqrt(dx * dx + dy * dy) - d.r[j])
    return max(float(room), 0.0)


@kernel
def let_rise(d: Discs, f: People, p: Pairs, law: Law) -> int:
    """Let those get up who can and have taken their time; return how many.

    Who lies on others gets up as slowly as people step over bodies.
    """
    count = 0
    for i in range(len(f.mass)):
        if d.kind[i] != FALLEN:
            continue
        room = room_to_rise(d, f, law, i)
        if room < KNEELS_M:
            continue
        ease = law.steps_over if f.layer[i] > 1 else 1.0
        f.rising[i] += 0.1 * ease / law.rise_s
        if f.rising[i] >= f.patience[i]:
            stand_up(d, f, p, i, room)
            count += 1
    return count


@kernel
def stand_up(d: Discs, f: People, p: Pairs, i: int, room: float) -> None:
    """Make a standing person of a lying one, where his trunk is, as wide as there is room."""
    cap = len(f.mass)
    d.kind[i] = STANDING
    d.r[i] = room
    d.inverse[i] = 1.0 / f.mass[i]
    f.layer[i] = 0
    f.astride[i] = 1
    d.kind[cap + 2 * i] = EMPTY
    d.kind[cap + 2 * i + 1] = EMPTY
    p.meta[STALE] = 1


@entry
def settle(d: Discs, f: People) -> None:
    """Number the layers anew after a body was taken out, in the order in which they fell."""
    cap = len(f.mass)
    for i in range(cap):
        if d.kind[i] == FALLEN:
            f.layer[i] = 0
    while True:
        first = -1
        for i in range(cap):
            waits = d.kind[i] == FALLEN and f.layer[i] == 0
            if waits and (first < 0 or f.fell_at[i] < f.fell_at[first]):
                first = i
        if first < 0:
            return
        f.layer[first] = min(1 + top_below(d, f, first), LAYERS)
