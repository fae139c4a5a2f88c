"""Smoke as a table: what the air of each space is at which time, whoever computed it.

Linear in time between the rows of a space. Before its first row a space is clean; after its last
row it stays as that row says. Spaces without rows stay clean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evacuation.smoke.air import (
    AMBIENT_C,
    AMBIENT_CO2_PERCENT,
    AMBIENT_O2_PERCENT,
    CLEAN,
    QUANTITIES,
    Air,
    Floats,
)

EXTINCTION = "extinction_per_m"
COLUMNS: tuple[str, ...] = (EXTINCTION, *QUANTITIES)
"""What a row may say besides its time and space, in the order of a course's values."""
_NORMAL = {
    "co2_percent": AMBIENT_CO2_PERCENT, "o2_percent": AMBIENT_O2_PERCENT,
    "temperature_c": AMBIENT_C,
}  # fmt: skip
FRESH: tuple[float, ...] = tuple(_NORMAL.get(name, 0.0) for name in COLUMNS)
"""Clean air in the order of COLUMNS."""
THIN_PER_M = 1e-4


class Course(NamedTuple):
    """One space: ``times_s`` [n] rising, ``values`` [n, columns] in the order of COLUMNS."""

    times_s: Floats
    values: Floats


@dataclass(frozen=True, slots=True)
class SmokeTable:
    """The air of some spaces over time; ``source`` says where it comes from, ``notes`` what that
    source did not tell.
    """

    source: str
    courses: Mapping[str, Course]
    notes: tuple[str, ...] = ()

    @property
    def spaces(self) -> tuple[str, ...]:
        """The spaces that it speaks of."""
        return tuple(self.courses)

    def at(self, space: str, time_s: float) -> tuple[float, Air]:
        """Return extinction (1/m) and air of one of its spaces; CLEAN itself where it is clean."""
        times, values = self.courses[space]
        after = int(np.searchsorted(times, time_s, side="right"))
        if after == 0:
            return 0.0, CLEAN
        row = values[after - 1]
        if after < times.size:
            share = (time_s - times[after - 1]) / (times[after] - times[after - 1])
            row = row + share * (values[after] - row)
        extinction, *air = row.tolist()
        if tuple(air) == FRESH[1:]:
            return extinction, CLEAN
        return extinction, Air(**dict(zip(QUANTITIES, air, strict=True)))

    def extinction_per_m(self, time_s: float) -> dict[str, float]:
        """Return the extinction of the spaces that hold smoke at a time, for Conditions."""
        found = {space: self.at(space, time_s)[0] for space in self.courses}
        return {space: k for space, k in found.items() if k > THIN_PER_M}

    def air(self, time_s: float) -> dict[str, Air]:
        """Return the air of the spaces where it is not clean at a time, for Conditions."""
        found = {space: self.at(space, time_s)[1] for space in self.courses}
        return {space: air for space, air in found.items() if air is not CLEAN}
