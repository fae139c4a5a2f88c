"""The compressive force on everybody and the dose of it.

Force: half the greater principal value of the sum of normal forces times n n, so that a person
between two equal forces F has F; at least the weight on him. Dose: 1 after 300 s at F1 (Hopkins
1993's two points (m)), by the power that joins them; it heals below the tolerable force.
"""

from math import sqrt

from evacuation.engine.compiled import kernel
from evacuation.zone.kernels.arrays import LAST, LIVE, Discs, Law, Pairs, People, Walls

TENTH_S = 0.1


@kernel
def feel_forces(d: Discs, f: People, p: Pairs, law: Law, tick: int) -> None:
    """Book a tenth of a second: force, its mean over a second, dose; then begin the next."""
    for k in range(p.meta[LIVE]):
        i = p.live[k]
        if d.owner[i] != i:
            continue
        half = 0.5 * (f.sxx[i] - f.syy[i])
        greater = 0.5 * (f.sxx[i] + f.syy[i]) + sqrt(half * half + f.sxy[i] * f.sxy[i])
        f.ring[i * LAST + tick % LAST] = max(0.5 * greater / TENTH_S, f.load[i])
        mean = 0.0
        for n in range(LAST):
            mean += f.ring[i * LAST + n]
        f.squeeze[i] = mean / LAST
        f.most[i] = max(f.most[i], f.squeeze[i])
        take_dose(f, law, i)
        f.sxx[i] = 0.0
        f.sxy[i] = 0.0
        f.syy[i] = 0.0
        f.cx[i] = 0.0
        f.cy[i] = 0.0
        f.bx[i] = 0.0
        f.by[i] = 0.0


@kernel
def take_dose(f: People, law: Law, i: int) -> None:
    """Add a tenth of a second at the mean force; who is dead stays so."""
    scale = (f.mass[i] / 70.0) ** (2.0 / 3.0) * f.tough[i]
    if f.squeeze[i] > law.tolerable * scale:
        rate = (f.squeeze[i] / (law.lethal * scale)) ** law.exponent / law.lethal_s
        f.dose[i] += rate * TENTH_S
    elif f.dose[i] < 1.0:
        f.dose[i] *= 1.0 - TENTH_S / law.heal_s


@kernel
def feel_walls(w: Walls) -> None:
    """Book the loads of a tenth of a second on every wall."""
    for s in range(len(w.load)):
        w.mean[s] = w.load[s] / TENTH_S
        w.peak[s] = max(w.peak[s], w.mean[s])
        w.load[s] = 0.0
