"""Falls: hazards that add up until a person's own limit is reached, and bodies out of balance.

The limit is drawn once per fall (minus the logarithm of a number in (0, 1)), so a higher hazard
never makes the same person fall later. Getting up works alike.
"""

from math import exp, log, sqrt

from evacuation.engine.compiled import entry, inlined, kernel
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
from evacuation.zone.kernels.chance import FALLS, chance
from evacuation.zone.kernels.lying import lie_down
from evacuation.zone.kernels.pacing import darkness
from evacuation.zone.kernels.pairing import nearest

TENTH_S = 0.1
MISSTEP, TRIPPED, SHOVED, BALANCE, STUCK, FAINTED, FORCED = range(1, 8)
G = 9.81
STEP_M = 0.3
HELD_N = 100.0
"""Somebody unconscious is held upright by contact forces above this, N."""
TRIPS_M_S = 0.3
"""Who walks so fast, or is pushed with his tolerable force, bears the whole hazard of a body."""


@inlined
def misstep(f: People, g: Ground, law: Law, i: int, speed: float) -> float:
    """Return the hazard of a misstep that ends in a fall, 1/s (Archea, Templer 1979 (m))."""
    part = f.part[i]
    length, dim, rail = 0.0, 0.0, 0
    if part >= 0:
        length, rail = g.length[part], g.rail[part]
        dim = darkness(law, g.lux[part])
    per_m = law.missteps / length if length > 0.0 else law.missteps * law.level / 4.0
    crowd = (f.crowding[i] - law.packed_at) / law.packed_width
    share = law.recover + (law.packed - law.recover) / (1.0 + exp(-crowd))
    hazard = per_m * speed * share * (1.0 + (law.dark - 1.0) * dim)
    if f.urgent[i] != 0:
        hazard *= law.running
    if f.against[i] != 0:
        hazard *= law.counter
    return hazard * (law.handrail if rail != 0 else 1.0)


@inlined
def carried(f: People, law: Law, i: int) -> float:
    """Return how far others move a person: 0 up to a quarter of the tolerable force, 1 at it."""
    share = f.squeeze[i] / (law.tolerable * (f.mass[i] / 70.0) ** (2.0 / 3.0))
    return min(max(float(share) - 0.25, 0.0) / 0.75, 1.0)


@inlined
def obstacle(f: People, g: Ground, law: Law, i: int, speed: float) -> float:
    """Return the hazard of who is just behind somebody who lies, 1/s: he walks or is pushed."""
    if f.faces[i] == 0 and f.astride[i] == 0:
        return 0.0
    rho = f.crowding[i]
    if rho < 5.0:
        hazard = law.h_low + (law.h_mid - law.h_low) * max(rho - 3.0, 0.0) / 2.0
    else:
        hazard = law.h_mid + (law.h_high - law.h_mid) * min((rho - 5.0) / 2.0, 1.0)
    if f.part[i] >= 0:
        hazard *= 1.0 + (law.h_dark - 1.0) * darkness(law, g.lux[f.part[i]])
    sees = f.part[i] < 0 or g.lux[f.part[i]] >= 1.0
    if (sees or f.informed[i] != 0) and f.squeeze[i] < HELD_N:
        hazard *= law.h_told
    return float(hazard * max(min(speed / TRIPS_M_S, 1.0), carried(f, law, i)))


@inlined
def shoved(f: People, law: Law, i: int) -> float:
    """Return the hazard of waves through a packed crowd, 1/s, by the force that they carry."""
    if f.crowding[i] < law.packed_at:
        return 0.0
    hazard = min(law.h_pressure * max(f.pressure[i] / law.p_onset - 1.0, 0.0), law.h_pressure_cap)
    return float(hazard * carried(f, law, i))


@inlined
def leaning(f: People, law: Law, i: int, x: float, y: float) -> float:
    """Return the force that leans a person: what acts across his way, or along it where there is
    less room than for a step; against it, what exceeds the force by which he pushes himself.
    """
    along, across = x * f.ex[i] + y * f.ey[i], y * f.ex[i] - x * f.ey[i]
    if along < 0.0:
        along = min(along + f.mass[i] * f.want[i] / law.tau, 0.0)
    else:
        along *= max(1.0 - max(f.gap[i], 0.0) / STEP_M, 0.0)
    return sqrt(along * along + across * across)


@inlined
def unbalanced(f: People, law: Law, i: int) -> float:
    """Return the force that leans a person, N: that of others, less where a wall holds him."""
    others = leaning(f, law, i, f.cx[i] / TENTH_S, f.cy[i] / TENTH_S)
    return min(others, leaning(f, law, i, f.bx[i] / TENTH_S, f.by[i] / TENTH_S))


@kernel
def out_of_balance(f: People, g: Ground, law: Law, i: int) -> int:
    """Lean a person by the forces on him; return why he falls, 0 if he does not."""
    force, part = unbalanced(f, law, i), f.part[i]
    decay = exp(-TENTH_S / law.t_balance)
    steady = force * law.t_balance * law.t_balance / (f.mass[i] * 0.55 * f.height[i])
    f.lean[i] = steady + (f.lean[i] - steady) * decay
    most = law.lean_level
    if part >= 0:
        if g.length[part] > 0.0:
            most = law.lean_flight
        most *= 1.0 - (1.0 - law.lean_dark) * darkness(law, g.lux[part])
    hard = force > law.stuck_g * f.mass[i] * G and f.gap[i] < STEP_M
    f.stuck[i] = f.stuck[i] + TENTH_S if hard else 0.0
    if f.lean[i] > most:
        return BALANCE
    return STUCK if f.stuck[i] >= law.stuck_s - 1e-9 else 0


@entry
def let_go(d: Discs, f: People, p: Pairs, w: Walls, law: Law, s: int) -> None:
    """Take a wall away: who leant on it leans as far as the force between them would have him."""
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.kind[i] != STANDING:
            continue
        dx, dy, _ = nearest(w, s, d.x[i], d.y[i])
        force = law.k_wall * max(d.r[i] - sqrt(dx * dx + dy * dy), 0.0)
        lean = force * law.t_balance * law.t_balance / (f.mass[i] * 0.55 * f.height[i])
        f.lean[i] = max(f.lean[i], lean)


@kernel
def why_fall(d: Discs, f: People, g: Ground, law: Law, i: int) -> int:
    """Return why a person falls in this tenth of a second, 0 if he does not."""
    speed = sqrt(d.vx[i] * d.vx[i] + d.vy[i] * d.vy[i])
    parts = (misstep(f, g, law, i, speed), obstacle(f, g, law, i, speed), shoved(f, law, i))
    f.hazard[i] += (parts[0] + parts[1] + parts[2]) * TENTH_S
    if f.dose[i] >= law.faint and f.squeeze[i] < HELD_N:
        return FAINTED
    cause = out_of_balance(f, g, law, i)
    if cause == 0 and f.hazard[i] >= f.limit[i]:
        cause = MISSTEP if parts[0] > max(parts[1], parts[2]) else SHOVED
        if parts[1] >= max(parts[0], parts[2]):
            cause = TRIPPED
    return cause


@inlined
def set_limit(f: People, i: int) -> None:
    """Draw how much hazard a person bears until his next fall."""
    f.limit[i] = -log(chance(f.key[i], FALLS, f.falls[i]))
    f.hazard[i] = 0.0


@kernel
def let_fall(d: Discs, f: People, p: Pairs, w: Walls, g: Ground, law: Law, t: float) -> int:
    """Let everybody fall who does; return how many. Causes are in ``cause``, times in ``fell_at``.

    Call only where falls are on: ``law.missteps`` below zero switches all of them off.
    """
    count = 0
    if law.missteps < 0.0:
        return 0
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.kind[i] != STANDING:
            continue
        cause = why_fall(d, f, g, law, i)
        if cause != 0:
            lie_down(d, f, p, w, i)
            f.cause[i] = cause
            f.fell_at[i] = t
            f.falls[i] += 1
            set_limit(f, i)
            count += 1
    return count


@entry
def first_limit(f: People, i: int) -> None:
    """Draw the first limit of a person who has just come."""
    set_limit(f, i)


@entry
def trip(d: Discs, f: People, p: Pairs, w: Walls, i: int, t: float) -> None:
    """Let a person fall now, whatever his hazard."""
    lie_down(d, f, p, w, i)
    f.cause[i] = FORCED
    f.fell_at[i] = t
    f.falls[i] += 1
    set_limit(f, i)
