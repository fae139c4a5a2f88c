"""The ring of a footprint as floor.yaml has it."""

from typing import Any

SIMPLIFIED_M = 0.02


def outline(plan: Any) -> list[list[float]]:
    """Outer ring of the largest part, m, not closed; corners that matter under 2 cm dropped."""
    part = max(getattr(plan, "geoms", [plan]), key=lambda one: one.area)
    ring = part.simplify(SIMPLIFIED_M).exterior.normalize().coords
    return [[round(float(x), 2), round(float(y), 2)] for x, y, *_ in list(ring)[:-1]]
