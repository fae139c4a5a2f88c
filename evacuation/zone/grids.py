"""The arrays of a layout: walls in pieces, ways to every aim, floor by cell."""

from itertools import pairwise
from math import ceil, hypot

import numpy as np
from numpy.typing import NDArray

from evacuation.zone.kernels.arrays import Floats, Ground, Walls
from evacuation.zone.kernels.crowding import smooth
from evacuation.zone.kernels.wayfield import FAR, sweep
from evacuation.zone.layout import Layout, Line, Point, radians

WAY_M, COUNT_M = 0.1, 0.25
"""Cells of the ways and of the counts."""
MARGIN_M = 1.0
"""Ground around the zone where people are still followed until they are taken out."""
BEHIND_M = 0.25
"""More than the radius of a body, less than its width, so that nobody slips past."""
CLEAR_M, DEAR = 0.18, 2.0
"""Ways keep so far from walls where they can: a metre nearer counts twice."""


def walls_of(layout: Layout) -> Walls:
    """Return the pieces of all walls, then the gates, then the lines (which stand when blocked)."""
    ends: list[tuple[Point, Point]] = []
    for line in layout.walls:
        ends += list(pairwise(line))
    fixed = len(ends)
    ends += [(gate.a, gate.b) for gate in layout.gates]
    ends += [_behind(line) for line in layout.lines]
    count = len(ends)
    column = np.array(ends, dtype=np.float64).reshape(count, 4)
    stands = np.zeros(count, np.int8)
    stands[:fixed] = 1
    stands[fixed : fixed + len(layout.gates)] = [gate.shut for gate in layout.gates]
    shared = np.zeros((2, count), np.int8)
    for k, end in enumerate(ends):
        earlier = {point for other in ends[:k] for point in other}
        shared[:, k] = [point in earlier for point in end]
    leaf = (np.arange(count) >= fixed).astype(np.int8)
    x0, y0, x1, y1 = (np.ascontiguousarray(column[:, n]) for n in range(4))
    load, mean, peak = np.zeros((3, count))
    ends_shared = shared[0].copy(), shared[1].copy()
    return Walls(x0, y0, x1, y1, stands, *ends_shared, leaf, load, mean, peak)


def _behind(line: Line) -> tuple[Point, Point]:
    """Return where a line's wall stands: behind it, so that it never comes up inside a body."""
    dx, dy = -BEHIND_M * line.inward[0], -BEHIND_M * line.inward[1]
    return (line.a[0] + dx, line.a[1] + dy), (line.b[0] + dx, line.b[1] + dy)


def ground_of(layout: Layout, walls: Walls) -> Ground:
    """Return the grid of a layout, with a way to each line out and round each ring."""
    x0, x1, y0, y1 = layout.box
    x0, y0 = x0 - MARGIN_M, y0 - MARGIN_M
    width, depth = x1 + MARGIN_M - x0, y1 + MARGIN_M - y0
    frame = np.array([x0, y0, WAY_M, COUNT_M])
    rows, cols = ceil(depth / WAY_M), ceil(width / WAY_M)
    part = _parts(layout, frame, rows, cols)
    fixed = len(walls.x0) - len(layout.gates) - len(layout.lines)
    cost = _costs(part, walls, fixed, frame)
    ways = [_way_to(line, cost, frame) for line in layout.lines if line.out]
    ways += [_ring(points, frame, rows, cols) for points in layout.ways.values()]
    stack = [np.ascontiguousarray(np.stack(one)) for one in zip(*ways, strict=True)]
    big = ceil(depth / COUNT_M), ceil(width / COUNT_M)
    free = _free(layout, frame, *big)
    scratch = np.zeros(2 * max(big))
    free_s = free.copy()
    smooth(free_s, scratch)
    pieces = layout.pieces
    return Ground(
        stack[0], stack[1], stack[2], part,
        np.array([radians(one.slope_deg) for one in pieces]),
        np.array([one.down[0] for one in pieces]), np.array([one.down[1] for one in pieces]),
        np.array([one.length_m if one.slope_deg else 0.0 for one in pieces]),
        np.array([one.lux for one in pieces]),
        np.array([one.handrail for one in pieces], np.int8),
        free, free_s, np.zeros(big), np.zeros(big), np.zeros(big), np.zeros(big), np.zeros(big),
        scratch, cost, np.zeros((rows, cols)), np.zeros((rows, cols)), frame,
    )  # fmt: skip


def _centres(frame: Floats, size: float, rows: int, cols: int) -> tuple[Floats, Floats]:
    xs = frame[0] + (np.arange(cols) + 0.5) * size
    ys = frame[1] + (np.arange(rows) + 0.5) * size
    return np.broadcast_to(xs, (rows, cols)), np.broadcast_to(ys[:, None], (rows, cols))


def _inside(outline: tuple[Point, ...], x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Tell of many places whether they lie in a polygon (crossing number)."""
    inside = np.zeros(x.shape, np.bool_)
    for (ax, ay), (bx, by) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if ay != by:
            crosses = (ay > y) != (by > y)
            inside ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return inside


def _parts(layout: Layout, frame: Floats, rows: int, cols: int) -> NDArray[np.int32]:
    x, y = _centres(frame, WAY_M, rows, cols)
    part = np.full((rows, cols), -1, np.int32)
    for k, piece in enumerate(layout.pieces):
        part[_inside(piece.outline, x, y) & (part < 0)] = k
    return part


def _free(layout: Layout, frame: Floats, rows: int, cols: int) -> Floats:
    """Share of each cell that is floor, by nine places in it."""
    free = np.zeros((rows, cols))
    x, y = _centres(frame, COUNT_M, rows, cols)
    for dx in (-1, 0, 1):
        for dy in (-1, 0, 1):
            hit = np.zeros((rows, cols), np.bool_)
            for piece in layout.pieces:
                hit |= _inside(piece.outline, x + dx * COUNT_M / 3, y + dy * COUNT_M / 3)
            free += hit / 9.0
    return free


def _away(x: Floats, y: Floats, a: Point, b: Point) -> Floats:
    """Distance of many places from a piece of wall."""
    ux, uy = b[0] - a[0], b[1] - a[1]
    t = np.clip(((x - a[0]) * ux + (y - a[1]) * uy) / max(ux * ux + uy * uy, 1e-12), 0.0, 1.0)
    return np.asarray(np.hypot(x - a[0] - t * ux, y - a[1] - t * uy))


def _costs(part: NDArray[np.int32], walls: Walls, fixed: int, frame: Floats) -> Floats:
    """Cost of a metre by cell: dear near walls, FAR in them and off the ground; gates are free."""
    rows, cols = part.shape
    x, y = _centres(frame, WAY_M, rows, cols)
    cost = np.where(part < 0, FAR, 1.0)
    for k in range(fixed):
        far = _away(x, y, (walls.x0[k], walls.y0[k]), (walls.x1[k], walls.y1[k]))
        cost = np.where(far < 0.71 * WAY_M, FAR, cost)
        cost = np.where((far < CLEAR_M) & (cost < FAR), DEAR, cost)
    return np.ascontiguousarray(cost)


def _way_to(line: Line, cost: Floats, frame: Floats) -> tuple[Floats, Floats, Floats]:
    """Return direction and distance to a line; beyond it the way goes on outward."""
    rows, cols = cost.shape
    x, y = _centres(frame, WAY_M, rows, cols)
    outward = (x - line.a[0]) * -line.inward[0] + (y - line.a[1]) * -line.inward[1]
    across = _away(x, y, line.a, line.b)
    far = np.full(cost.shape, FAR)
    far[(across < 0.8 * WAY_M) & (cost < FAR)] = 0.0
    if not (far == 0.0).any():
        far[across < 0.8 * WAY_M] = 0.0
    sweep(far, cost, WAY_M)
    ex, ey, far = _downhill(far)
    along = (x - line.a[0]) * (line.b[0] - line.a[0]) + (y - line.a[1]) * (line.b[1] - line.a[1])
    beside = (along < 0.0) | (along > line.width_m**2)  # there another line may be
    behind = (outward > -0.1) & (across < MARGIN_M + 0.5) & ~beside
    ex, ey = np.where(behind, -line.inward[0], ex), np.where(behind, -line.inward[1], ey)
    return ex, ey, np.where(behind, -outward, far)


def _downhill(far: Floats) -> tuple[Floats, Floats, Floats]:
    """Direction of descent, and the distances carried on into walls, where they only rise."""
    known = np.where(far < FAR, far, np.nan)
    for _ in range(6):  # six rings of cells into walls and off the ground
        padded = np.pad(known, 1, constant_values=np.nan)
        near = np.stack([padded[1 + r : padded.shape[0] - 1 + r, 1 + c : padded.shape[1] - 1 + c]
                         for r in (-1, 0, 1) for c in (-1, 0, 1) if r or c])  # fmt: skip
        filled = np.where(np.isnan(near), np.inf, near).min(axis=0) + 2 * WAY_M
        known = np.where(np.isnan(known) & np.isfinite(filled), filled, known)
    known = np.where(np.isnan(known), 1e6, known)
    dy, dx = np.gradient(known, WAY_M)
    size = np.hypot(dx, dy)
    size[size == 0.0] = 1.0
    return -dx / size, -dy / size, known


def _ring(
    points: tuple[Point, ...], frame: Floats, rows: int, cols: int
) -> tuple[Floats, Floats, Floats]:
    """Direction along the nearest stretch of a closed line."""
    x, y = _centres(frame, WAY_M, rows, cols)
    best = np.full((rows, cols), np.inf)
    ex, ey = np.zeros((rows, cols)), np.zeros((rows, cols))
    for a, b in zip(points, (*points[1:], points[0]), strict=True):
        far, size = _away(x, y, a, b), hypot(b[0] - a[0], b[1] - a[1])
        nearer = far < best
        best = np.where(nearer, far, best)
        ex, ey = (
            np.where(nearer, (b[0] - a[0]) / size, ex),
            np.where(nearer, (b[1] - a[1]) / size, ey),
        )
    return ex, ey, np.zeros((rows, cols))
