"""Where people stand in a space before they move, drawn from their lots."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evacuation.floor import Point, Space

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Lots = NDArray[np.uint64]
TRIES = 200
X, Y, UP = range(3)
"""Which of a person's draws a number is for."""


def uniform(lots: Lots, which: int, attempt: int = 0) -> Floats:
    """Return numbers in [0, 1), one per lot, independent by use and attempt (splitmix64)."""
    z = lots + np.uint64((3 * attempt + which + 1) * 0xD1342543DE82EF95 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        z = (z ^ (z >> np.uint64(shift))) * np.uint64(factor)
    z = z ^ (z >> np.uint64(31))
    return np.asarray((z >> np.uint64(11)) / 9007199254740992.0, np.float64)


def draw(spaces: Sequence[Space], middles: Floats, at: Longs, lots: Lots) -> Floats:
    """Return a point [persons, 2] in the outline of everybody's space ``at``, or around the middle
    [spaces, 2] of a space without outline in a square of its area.
    """
    low, high = _boxes(spaces, middles)
    points = _in_box(low, high, at, lots, 0)
    for s in np.unique(at).tolist():
        if not _is_box(spaces[s].outline):
            rows = np.flatnonzero(at == s)
            points[rows] = _in_outline(spaces[s].outline, low, high, at[rows], lots[rows])
    return points


def _in_box(low: Floats, high: Floats, at: Longs, lots: Lots, attempt: int) -> Floats:
    shares = np.stack([uniform(lots, X, attempt), uniform(lots, Y, attempt)], axis=1)
    return np.asarray(low[at] + shares * (high[at] - low[at]), np.float64)


def _in_outline(
    outline: tuple[Point, ...], low: Floats, high: Floats, at: Longs, lots: Lots
) -> Floats:
    points = np.repeat([np.mean(outline, axis=0)], len(at), axis=0)
    open_rows = np.arange(len(at))
    for attempt in range(TRIES):
        found = _in_box(low, high, at[open_rows], lots[open_rows], attempt)
        good = inside(outline, found)
        points[open_rows[good]] = found[good]
        open_rows = open_rows[~good]
        if not len(open_rows):
            break
    return points


def _boxes(spaces: Sequence[Space], middles: Floats) -> tuple[Floats, Floats]:
    low, high = middles.copy(), middles.copy()
    for s, space in enumerate(spaces):
        if space.outline:
            xs, ys = zip(*space.outline, strict=True)
            low[s], high[s] = (min(xs), min(ys)), (max(xs), max(ys))
        else:
            half = 0.5 * space.area_m2**0.5
            low[s] -= half
            high[s] += half
    return low, high


def _is_box(outline: tuple[Point, ...]) -> bool:
    """Tell whether an outline fills its box (or is missing: then the box is the place)."""
    return len({x for x, _ in outline}) <= 2 and len({y for _, y in outline}) <= 2


def inside(outline: tuple[Point, ...], points: Floats) -> NDArray[np.bool_]:
    """Tell which points [n, 2] lie in a polygon (even-odd rule)."""
    odd = np.zeros(len(points), np.bool_)
    x, y = points.T
    for (x1, y1), (x2, y2) in zip(outline, outline[1:] + outline[:1], strict=True):
        if y1 != y2:
            crosses = (y1 > y) != (y2 > y)
            odd ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return odd
