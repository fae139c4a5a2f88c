"""Who comes in and goes out by the lines of a zone, and what each line feels from outside."""

from math import hypot

import numpy as np
from numpy.typing import NDArray

from evacuation.zone.kernels.arrays import EMPTY, STANDING, Discs, Floats, People
from evacuation.zone.layout import Line

STEP_M = 0.05
PRESSED_M = 0.5
"""Pressure from outside acts on those who are so near to a line."""
FELT_M = 1.0
"""Pressure is read off those who are so near to it."""


def spots(line: Line, radius: float) -> Floats:
    """Places just inside a line where a body of some radius fits between its ends, [n, 2]."""
    width = line.width_m
    if width < 2 * radius + 0.02:
        return np.zeros((0, 2))
    along = np.arange(radius + 0.01, width - radius, STEP_M)
    ux, uy = (line.b[0] - line.a[0]) / width, (line.b[1] - line.a[1]) / width
    deep = radius + 0.02
    return np.stack(
        [
            line.a[0] + along * ux + deep * line.inward[0],
            line.a[1] + along * uy + deep * line.inward[1],
        ],
        axis=1,
    )


def clearance(at: Floats, d: Discs) -> Floats:
    """How far each place is from the nearest rim of anybody, m (inf where nobody is)."""
    there = d.kind != EMPTY
    if not there.any():
        return np.full(len(at), np.inf)
    away = np.hypot(at[:, :1] - d.x[there], at[:, 1:] - d.y[there]) - d.r[there]
    return np.asarray(away.min(axis=1))


def fits(line: Line, radius: float, d: Discs, gap: float) -> int:
    """How many bodies of a radius could come in side by side now."""
    at = spots(line, radius)
    free = at[clearance(at, d) >= radius + gap]
    count, last = 0, None
    for place in free:
        if last is None or hypot(*(place - last)) >= 2 * radius + gap:
            count, last = count + 1, place
    return count


def depth(line: Line, d: Discs, slots: int) -> tuple[Floats, NDArray[np.bool_]]:
    """How deep inside of a line everybody who stands is (m), and whether he is before its width."""
    x, y = d.x[:slots] - line.a[0], d.y[:slots] - line.a[1]
    width = line.width_m
    ux, uy = (line.b[0] - line.a[0]) / width, (line.b[1] - line.a[1]) / width
    along = x * ux + y * uy
    before = (along > -0.3) & (along < width + 0.3) & (d.kind[:slots] == STANDING)
    return x * line.inward[0] + y * line.inward[1], before


def press(line: Line, force_n: float, d: Discs, f: People) -> None:
    """Push the first row inside of a line inward, together with ``force_n``."""
    deep, before = depth(line, d, len(f.mass))
    row = before & (deep >= 0.0) & (deep < PRESSED_M)
    each = force_n / max(int(row.sum()), 1)
    f.push_x[row] += each * line.inward[0]
    f.push_y[row] += each * line.inward[1]


def felt(line: Line, d: Discs, f: People) -> float:
    """Line load along a line from inside, N/m: forces on those within 1 m by their spacing."""
    deep, before = depth(line, d, len(f.mass))
    near = before & (deep >= 0.0) & (deep < FELT_M)
    count = int(near.sum())
    if count == 0:
        return 0.0
    per_row = np.sqrt(count / (line.width_m * FELT_M))
    return float(f.squeeze[near].mean() * per_row)


def crossed(line: Line, d: Discs, slots: int) -> NDArray[np.int64]:
    """Slots of those who stand beyond a line, in the order in which they crossed it."""
    deep, before = depth(line, d, slots)
    beyond = np.flatnonzero(before & (deep < 0.0) & (deep > -1.0))
    return np.asarray(beyond[np.argsort(deep[beyond], kind="stable")])
