"""A person as the zone knows him: a disc with mass, a speed, an aim, and his kind's sizes."""

from dataclasses import dataclass
from math import pi, sqrt

import numpy as np


@dataclass(frozen=True, slots=True)
class Build:
    """Sizes of a kind of people: mass kg, body area m2 (clothed), height m."""

    mass_kg: float
    area_m2: float
    height_m: float

    @property
    def radius_m(self) -> float:
        """Radius of the disc of that area."""
        return sqrt(self.area_m2 / pi)


BUILDS = {
    "child": Build(28.0, 0.053, 1.28),
    "pupil": Build(40.0, 0.075, 1.40),
    "youth": Build(55.0, 0.085, 1.62),
    "adult": Build(70.0, 0.113, 1.70),
}
"""8, 12 and 16 years and grown; areas of Predtechenskii and Milinskii (recalled), masses and
heights of growth tables, rounded (recalled)."""


def build_of(area_m2: float) -> Build:
    """Return the sizes of somebody of a body area, between those of the four kinds."""
    kinds = list(BUILDS.values())
    areas = [one.area_m2 for one in kinds]
    mass = float(np.interp(area_m2, areas, [one.mass_kg for one in kinds]))
    height = float(np.interp(area_m2, areas, [one.height_m for one in kinds]))
    return Build(mass, area_m2, height)


@dataclass(frozen=True, slots=True)
class Body:
    """A person who comes into a zone: id, kind's sizes, free speed on the level, and aim (a line
    or a ring of the layout). ``urgent``: he runs.
    """

    id: str
    build: Build
    speed_m_s: float
    aim: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What he takes along when his owner changes: speed, dose, greatest force (N), falls."""

    speed_m_s: float = 0.0
    dose: float = 0.0
    most_n: float = 0.0
    falls: int = 0


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody went out by a line (or was carried out: line ""), at a time, in a state."""

    id: str
    line: str
    t_ms: int
    state: State


@dataclass(frozen=True, slots=True)
class Fall:
    """Somebody fell: when, why (a word of ``CAUSES``), in which layer, at which crowding."""

    id: str
    t_ms: int
    cause: str
    layer: int
    adults_per_m2: float


CAUSES = ("", "misstep", "tripped", "shoved", "balance", "stuck", "fainted", "forced")
