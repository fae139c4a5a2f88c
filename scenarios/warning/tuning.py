"""Other thresholds than the site's, to see what each buys: recall and lead against false alarms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from controller.crowdvalues import AMBER2, Crowd, Level

WAITS_S = (5, 10)
"""For how long the signs of amber 2 must be there together."""
DENSE = (0.8, 1.2, 1.4, 1.6, 2.0)
"""Density of amber 2, adults per m2; that from which its other signs count is no greater."""
NEVER_S = 3600.0
"""No dismissal lasts so long: falls are left out."""
LIES_S = (0.0, 1.0, 1.5, 2.0, 3.0)
"""How long somebody must lie before it is a fall."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One change of the thresholds, by the name of its curve and where it stands on it."""

    curve: str
    value: float
    of: Callable[[Crowd], Crowd]


def _each(crowd: Crowd, change: Callable[[str, Level], Level]) -> Crowd:
    watches = {
        name: replace(watch, levels={k: change(k, level) for k, level in watch.levels.items()})
        for name, watch in crowd.watches.items()
    }
    return replace(crowd, watches=watches)


def tuned(factor: float, crowd: Crowd) -> Crowd:
    """The same site with all densities of its levels multiplied."""
    return _each(
        crowd,
        lambda _, level: replace(level, dense=level.dense * factor, least=level.least * factor),
    )


def dense(density: float, for_s: float, crowd: Crowd) -> Crowd:
    """Amber 2 from another density on, after another time; falls are left out."""

    def change(name: str, level: Level) -> Level:
        if name != AMBER2:
            return level
        least = min(level.least, density)
        return replace(level, dense=density, least=least, for_ms=round(1000 * for_s))

    return lying(NEVER_S, _each(crowd, change))


def lying(for_s: float, crowd: Crowd) -> Crowd:
    """A fall counts after another time."""
    return replace(crowd, fall_for_ms=round(1000 * for_s))


def variants() -> list[Variant]:
    """The site's own thresholds first, then the points of every curve."""
    found = [Variant("site", 1.0, partial(tuned, 1.0))]
    for wait in WAITS_S:
        found += [Variant(f"dense-{wait}", d, partial(dense, d, wait)) for d in DENSE]
    return found + [Variant("lying", s, partial(lying, s)) for s in LIES_S]
