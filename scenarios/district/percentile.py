"""Percentiles of counted whole numbers."""

from __future__ import annotations

from collections.abc import Mapping


def percentile(counts: Mapping[int, int], share: float) -> int:
    """The smallest value that `share` of all counted values do not exceed; 0 if there are none."""
    wanted, seen = share * sum(counts.values()), 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= wanted:
            return value
    return 0
