"""How well a camera counts: the share of the people in view whom it finds in one picture.

In the open 98 % are found (catalogues: 95 to 99 % per person, (m)); above 2 people per m2 they hide
each other, 6 points less per person and m2 (assumed), and never less than half. On stairs people
hide behind those in front of them: 10 to 30 % fewer, each camera by its own mounting (design
value). In the dark a camera with infrared lamps finds 80 % of what it finds by day, one without
10 % (assumed). Who lies on the ground is found less often: 90 % (assumed).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from devices.vision.view import Flags, Floats, View

COUNTED, HIDDEN_FROM_PER_M2, HIDDEN_PER_PERSON, LEAST = 0.98, 2.0, 0.06, 0.5
ON_STAIRS = (0.7, 0.9)
IN_THE_DARK = {True: 0.8, False: 0.1}
"""By whether it has infrared lamps."""
LYING = 0.9
SEEN_THROUGH = 3.0
"""Optical depth through which people can be seen: K V = 3 for things that reflect light (Jin)."""


def counted_share(density_per_m2: float) -> float:
    """The probability that a person is counted at a true density (people per m2)."""
    hidden = HIDDEN_PER_PERSON * max(0.0, density_per_m2 - HIDDEN_FROM_PER_M2)
    return max(LEAST, COUNTED - hidden)


@dataclass(frozen=True, slots=True)
class Sight:
    """How one camera sees: its share on stairs, and its share in the dark."""

    stairs: float
    dark: float

    def share(self, density_per_m2: float, stair: bool, dark: bool) -> float:
        """The share of the people of a space that it counts."""
        seen = counted_share(density_per_m2) * (self.stairs if stair else 1.0)
        return seen * (self.dark if dark else 1.0)

    def shares(self, view: View, dark: bool) -> Floats:
        """For each person in view the probability to be found in one picture."""
        beyond = np.maximum(0.0, view.density - HIDDEN_FROM_PER_M2)
        share = np.maximum(LEAST, COUNTED - HIDDEN_PER_PERSON * beyond)
        share = share * np.where(view.stair, self.stairs, 1.0) * (self.dark if dark else 1.0)
        return np.asarray(np.where(view.hidden, 0.0, share * np.where(view.fallen, LYING, 1.0)))

    def found(self, view: View, dark: bool, rng: Generator) -> Flags:
        """Whom it finds in this picture."""
        return np.asarray(rng.random(view.people) < self.shares(view, dark))
