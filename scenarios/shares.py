"""How sure a share is that was counted in so many runs."""

from __future__ import annotations

from scipy import special

COVERAGE = 0.95


def share_interval(hits: int, runs: int) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson (1934) for a share, 95 %; (0, 1) without runs."""
    tail = (1 - COVERAGE) / 2
    low = float(special.betaincinv(hits, runs - hits + 1, tail)) if hits else 0.0
    high = float(special.betaincinv(hits + 1, runs - hits, 1 - tail)) if hits < runs else 1.0
    return low, high
