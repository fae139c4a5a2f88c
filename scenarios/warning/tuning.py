"""Other thresholds than the site's, to see what each buys: recall and lead against false alarms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from controller.crowdvalues import AMBER2, Crowd, Level

FLOWS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8)
"""Outflow below which a flight has stopped, people per m and s."""
DENSE = (0.8, 1.2, 1.6, 2.0, 2.4, 2.8)
"""Density that is amber 2 by itself, adults per m2."""
DENSE_FOR_MS = 10_000
LIES_S = (0.0, 1.0, 2.0, 4.0, 8.0, 12.0, 16.0)
"""How long one must lie before it is a fall."""
NEVER_MS = 3_600_000
"""No dismissal lasts so long."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One change of the thresholds, by the name of its curve and where it stands on it."""

    curve: str
    value: float
    of: Callable[[Crowd], Crowd]


def stopped(flow: float, crowd: Crowd) -> Crowd:
    """Another outflow below which a flight has stopped."""
    return replace(crowd, flow_per_m_s=flow)


def dense(density: float, crowd: Crowd) -> Crowd:
    """Amber 2 by density alone, without falls."""
    level = Level(density, density, DENSE_FOR_MS, 1)
    watches = {
        name: replace(watch, levels={**watch.levels, AMBER2: level})
        for name, watch in crowd.watches.items()
    }
    return replace(
        crowd, watches=watches, flow_per_m_s=0.0, standing_m_s=0.0,
        fall_for_ms=NEVER_MS, falls_for_ms=NEVER_MS,
    )  # fmt: skip


def lying(for_s: float, crowd: Crowd) -> Crowd:
    """A fall is sure after another time."""
    return replace(crowd, fall_for_ms=round(1000 * for_s))


def variants() -> list[Variant]:
    """The site's own thresholds first, then the points of every curve."""
    found = [Variant("site", 1.0, lambda crowd: crowd)]
    found += [Variant("flow", flow, partial(stopped, flow)) for flow in FLOWS]
    found += [Variant("dense", density, partial(dense, density)) for density in DENSE]
    return found + [Variant("lying", s, partial(lying, s)) for s in LIES_S]
