"""What many seeds say of falls: chance of a cascade, harm given one, and the class of risk.

Whoever reports on a named school shows class and mechanism, never how many would die.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from evacuation.crush.measures import Peak

LARGE = 10
"""So many people down are a large cascade (the acceptance test of a single trip)."""
CLASSES = ("low", "raised", "high", "severe")
CROWDED_PER_M2, DENSE_PER_M2 = 2.5, 3.5
"""Adults per m2 from which staff watch, and from which floors are held (early warning)."""
Z = 1.96


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run showed, over all spaces: the worst densities and loads, and who fell.

    ``people`` counts those who fell at all, ``harm`` sums the doses of force (each at most 1),
    ``cascades`` counts the spaces with one.
    """

    density_per_m2: float
    load_n_per_m: float
    force_n: float
    breakdown_s: float
    falls: int
    secondary: int
    people: int
    unconscious: int
    lethal: int
    harm: float
    cascades: int = 0

    @property
    def is_cascade(self) -> bool:
        """Whether a fall became a cascade somewhere (``is_cascade``)."""
        return self.cascades > 0

    @property
    def is_large(self) -> bool:
        """Whether ten people or more fell."""
        return self.people >= LARGE

    @property
    def r_f(self) -> float:
        """Falls over others by falls that were none: above 1 each fall brings more than one."""
        return self.secondary / max(self.falls - self.secondary, 1)


def risk_class(peak: Peak) -> str:
    """Return the class of a space: by density, broken flow, people down, doses."""
    if peak.lying >= LARGE or peak.unconscious + peak.lethal > 0:
        return "severe"
    broken = peak.density_per_m2 >= DENSE_PER_M2 and peak.breakdown_s > 0.0
    if peak.lying >= 3 or broken:
        return "high"
    return "raised" if peak.density_per_m2 >= CROWDED_PER_M2 or peak.falls else "low"


def mechanism(peak: Peak) -> str:
    """Return in a few words what makes a space dangerous."""
    if peak.secondary > 0:
        return "people fall over those who lie"
    if peak.load_n_per_m > 0.0:
        return "those behind press on those in front"
    if peak.breakdown_s > 0.0:
        return "the flow breaks down in a dense crowd"
    if peak.density_per_m2 >= CROWDED_PER_M2:
        return "it is crowded"
    return "a misstep" if peak.falls else ""


def interval(hits: int, runs: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    if not runs:
        return (0.0, 1.0)
    share, z = hits / runs, Z * Z
    middle = (share + z / (2 * runs)) / (1 + z / runs)
    half = Z * sqrt(share * (1 - share) / runs + z / (4 * runs * runs)) / (1 + z / runs)
    return (max(middle - half, 0.0), min(middle + half, 1.0))


@dataclass(frozen=True, slots=True)
class Risk:
    """Over seeds: chance of a cascade with its interval, what it then does, and the means."""

    runs: int
    cascades: int
    low: float
    high: float
    people: float
    harm: float
    falls: float
    r_f: float

    @property
    def chance(self) -> float:
        """P(cascade)."""
        return self.cascades / max(self.runs, 1)

    @classmethod
    def of(
        cls,
        runs: Sequence[Outcome],
        bad_one: Callable[[Outcome], bool] = lambda one: one.is_cascade,
    ) -> "Risk":
        """Sum up runs; ``people`` and ``harm`` are means of those that became a cascade."""
        bad = [one for one in runs if bad_one(one)]
        low, high = interval(len(bad), len(runs))
        first = sum(one.falls - one.secondary for one in runs)
        return cls(
            len(runs), len(bad), low, high,
            float(np.mean([one.people for one in bad])) if bad else 0.0,
            float(np.mean([one.harm for one in bad])) if bad else 0.0,
            float(np.mean([one.falls for one in runs])) if runs else 0.0,
            sum(one.secondary for one in runs) / max(first, 1),
        )  # fmt: skip
