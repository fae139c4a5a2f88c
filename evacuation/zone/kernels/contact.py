"""Forces between bodies and walls, and the step that follows from them.

Normal: spring k (Helbing, Farkas and Vicsek 2000) and a dash pot, never pulling. Tangential:
a static spring (Cundall and Strack 1979) or viscous friction kappa, up to mu times the normal
force. Viscous terms are taken semi-implicitly, so that a step of 5 ms does not jitter.
"""

from math import exp, sqrt

from evacuation.engine.compiled import inlined, kernel
from evacuation.zone.kernels.arrays import (
    DRAWN,
    LIVE,
    PAIRS,
    STALE,
    STANDING,
    WALLS,
    Discs,
    Law,
    Pairs,
    People,
    Walls,
)
from evacuation.zone.kernels.chance import NOISE, chance
from evacuation.zone.kernels.pairing import moved, nearest

G = 9.81
LIFTED_WIDTH = 2.0
"""Adults per m2 over which the grip of feet goes."""
BRACED_M_S = 0.05
"""Who wants to go no faster stands against a push."""


@kernel
def grow_restless(d: Discs, f: People, p: Pairs, law: Law, draw: int) -> None:
    """Draw the push of everybody's restlessness, which acts one way for ``law.noise_s``."""
    p.meta[DRAWN] = draw
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.owner[i] == i:
            strength = law.noise_n * f.mass[i] / 70.0
            f.noise_x[i] = strength * (2.0 * chance(f.key[i], NOISE, 2 * draw) - 1.0)
            f.noise_y[i] = strength * (2.0 * chance(f.key[i], NOISE, 2 * draw + 1) - 1.0)


@kernel
def clear(d: Discs, f: People, p: Pairs, law: Law, t: float) -> None:
    """Begin a step: only what pushes from outside, and the restlessness of a crowd."""
    draw = int(t / law.noise_s)
    if p.meta[DRAWN] != draw:
        grow_restless(d, f, p, law, draw)
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        d.fx[i] = 0.0
        d.fy[i] = 0.0
        if d.kind[i] == STANDING:
            d.fx[i] = f.push_x[i] + f.noise_x[i]
            d.fy[i] = f.push_y[i] + f.noise_y[i]


@inlined
def normal_force(overlap: float, closing: float, k: float, reduced: float, law: Law) -> float:
    """Return the force between two bodies that overlap, N."""
    dash = 2.0 * law.zeta * sqrt(k * reduced)
    dash = dash / (1.0 + 3.0 * dash * law.dt / reduced)
    return max(k * overlap + dash * closing, 0.0)


@inlined
def friction(
    normal: float, overlap: float, slide: float, spring: float, mu: float, reduced: float, law: Law
) -> tuple[float, float]:
    """Return the tangential force and the spring that is left, for a sliding speed."""
    gamma = law.kappa * overlap + 2.0 * law.zeta * sqrt(law.spring * law.k * reduced)
    gamma = gamma / (1.0 + 3.0 * gamma * law.dt / reduced)
    stiff = law.spring * law.k
    spring += slide * law.dt
    force = stiff * spring + gamma * slide
    most = mu * normal
    if abs(force) > most:
        force = most if force > 0.0 else -most
        spring = force / stiff if stiff > 0.0 else 0.0
    if stiff == 0.0:
        spring = 0.0
    return force, spring


@inlined
def social(f: People, law: Law, i: int, overlap: float) -> float:
    """Return how strongly somebody keeps his distance, N; no more in contact than at touch."""
    strength = law.social_n + law.social_per_kg * f.mass[i]
    return float(strength * exp(min(overlap, 0.0) / law.social_b))


@inlined
def squeeze(f: People, i: int, force: float, nx: float, ny: float) -> None:
    """Add a normal force times its duration to a person's stress."""
    f.sxx[i] += force * nx * nx
    f.sxy[i] += force * nx * ny
    f.syy[i] += force * ny * ny


@kernel
def press_pairs(d: Discs, f: People, p: Pairs, law: Law) -> None:
    """Add the forces of all pairs."""
    for k in range(p.meta[PAIRS]):
        i, j = p.a[k], p.b[k]
        dx, dy = d.x[j] - d.x[i], d.y[j] - d.y[i]
        both = d.r[i] + d.r[j]
        d2 = dx * dx + dy * dy
        if d2 >= (both + law.reach) * (both + law.reach):
            continue
        far = max(sqrt(d2), 1e-9)
        nx, ny = dx / far, dy / far
        overlap = both - far
        a, b = d.owner[i], d.owner[j]
        up = d.kind[i] == STANDING and d.kind[j] == STANDING
        if not up and (f.astride[a] != 0 or f.astride[b] != 0):
            p.spring[k] = 0.0
            continue
        push, slide = 0.0, 0.0
        if up and law.social_b > 0.0:
            push = 0.5 * (social(f, law, a, overlap) + social(f, law, b, overlap))
        if overlap > 0.0:
            ux, uy = d.vx[j] - d.vx[i], d.vy[j] - d.vy[i]
            reduced = 1.0 / (d.inverse[i] + d.inverse[j])
            force = normal_force(overlap, -(ux * nx + uy * ny), law.k, reduced, law)
            slide, p.spring[k] = friction(
                force, overlap, uy * nx - ux * ny, p.spring[k], law.mu, reduced, law
            )
            squeeze(f, a, force * law.dt, nx, ny)
            squeeze(f, b, force * law.dt, nx, ny)
            push += force
        else:
            p.spring[k] = 0.0
        gx, gy = -push * nx - slide * ny, -push * ny + slide * nx
        d.fx[i] += gx
        d.fy[i] += gy
        d.fx[j] -= gx
        d.fy[j] -= gy


@kernel
def book_others(d: Discs, f: People, p: Pairs, law: Law) -> None:
    """Book the forces so far, which are those of other people."""
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.kind[i] == STANDING:
            f.cx[i] += d.fx[i] * law.dt
            f.cy[i] += d.fy[i] * law.dt


@kernel
def press_walls(d: Discs, f: People, p: Pairs, w: Walls, law: Law) -> None:
    """Add the forces of walls, and to the walls their loads."""
    for k in range(p.meta[WALLS]):
        i, s = p.wa[k], p.wall[k]
        dx, dy, along = nearest(w, s, d.x[i], d.y[i])
        d2 = dx * dx + dy * dy
        far = sqrt(d2)
        hidden = (along == 0.0 and w.shared0[s] != 0) or (along == 1.0 and w.shared1[s] != 0)
        if w.stands[s] == 0 or hidden or far >= d.r[i] + law.reach or far < 1e-9:
            p.wall_spring[k] = 0.0
            continue
        nx, ny = dx / far, dy / far
        overlap = d.r[i] - far
        push, slide = 0.0, 0.0
        if law.social_b > 0.0:
            push = social(f, law, i, overlap)
        if overlap > 0.0:
            reduced = f.mass[i]
            out = d.vx[i] * nx + d.vy[i] * ny
            force = normal_force(overlap, -out, law.k_wall, reduced, law)
            slide, p.wall_spring[k] = friction(
                force, overlap, d.vy[i] * nx - d.vx[i] * ny, p.wall_spring[k], law.mu_wall,
                reduced, law,
            )  # fmt: skip
            squeeze(f, i, force * law.dt, nx, ny)
            w.load[s] += force * law.dt
            push += force
        else:
            p.wall_spring[k] = 0.0
        d.fx[i] += push * nx + slide * ny
        d.fy[i] += push * ny - slide * nx


@inlined
def brace(d: Discs, f: People, law: Law, i: int) -> None:
    """Let somebody who stands resist by the grip of his feet, up to ``law.brace`` m g; who
    is pressed so close that he is lifted has none.
    """
    speed = sqrt(d.vx[i] * d.vx[i] + d.vy[i] * d.vy[i])
    grip = min(max(1.0 - (f.crowding[i] - law.lifted_at) / LIFTED_WIDTH, 0.0), 1.0)
    held = law.brace * grip * G * law.dt
    left = max(speed - held, 0.0) / speed if speed > 0.0 else 0.0
    d.vx[i] *= left
    d.vy[i] *= left


@kernel
def move(d: Discs, f: People, p: Pairs, law: Law) -> None:
    """Take one step: speeds from forces and from where each wants to go, then places."""
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.kind[i] != STANDING:
            continue
        f.bx[i] += d.fx[i] * law.dt
        f.by[i] += d.fy[i] * law.dt
        rate = law.dt / law.tau
        kick = law.dt * d.inverse[i]
        d.vx[i] = (d.vx[i] + kick * d.fx[i] + rate * f.want[i] * f.ex[i]) / (1.0 + rate)
        d.vy[i] = (d.vy[i] + kick * d.fy[i] + rate * f.want[i] * f.ey[i]) / (1.0 + rate)
        if f.want[i] < BRACED_M_S:
            brace(d, f, law, i)
        d.x[i] += d.vx[i] * law.dt
        d.y[i] += d.vy[i] * law.dt
        if moved(d, p, law, i):
            p.meta[STALE] = 1
