"""Where people stand in a space before they move."""

import numpy as np

from evacuation.floor import Point, Space

TRIES = 200


def inside(outline: tuple[Point, ...], x: float, y: float) -> bool:
    """Tell whether a point lies in a polygon (even-odd rule)."""
    odd = False
    for (x1, y1), (x2, y2) in zip(outline, outline[1:] + outline[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def draw(space: Space, fallback: Point, source: np.random.Generator) -> Point:
    """Draw a point in the outline, or around ``fallback`` in a square of the space's area."""
    if not space.outline:
        half = 0.5 * float(np.sqrt(space.area_m2))
        dx, dy = source.uniform(-half, half, 2)
        return (fallback[0] + float(dx), fallback[1] + float(dy))
    low, high = np.min(space.outline, axis=0), np.max(space.outline, axis=0)
    for _ in range(TRIES):
        x, y = source.uniform(low, high)
        if inside(space.outline, float(x), float(y)):
            return (float(x), float(y))
    x, y = np.mean(space.outline, axis=0)
    return (float(x), float(y))
