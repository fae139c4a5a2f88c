"""What compressive force does to people: doses, as in the zone, by everybody's own resistance."""

import numpy as np
from scipy import special

from evacuation.crush.parameters import Falls
from evacuation.engine.arrays import Floats, Longs, Records
from evacuation.engine.danger import BODY
from evacuation.zone.body import BUILDS
from evacuation.zone.parameters import Parameters

LEVELS = (0.25, 1.0)
"""Doses that are told: unconscious or seriously hurt, and dead."""
TINY = 1e-12


def masses(areas: Floats) -> tuple[Floats, Floats]:
    """Return mass (kg) and height (m) by body area, between the zone's four builds (guessed)."""
    known = sorted((one.area_m2, one.mass_kg, one.height_m) for one in BUILDS.values())
    area, mass, height = np.array(known).T
    return np.interp(areas, area, mass), np.interp(areas, area, height)


def kinds(areas: Floats, zone: Parameters) -> Records:
    """Return the kernels' table of bodies; who is smaller missteps more often by his height, since
    steps and rails are made for grown people (guessed).
    """
    mass, height = masses(areas)
    rows = np.zeros(len(areas), BODY)
    rows["adults"] = areas / zone.body_ref
    rows["tolerable"] = zone.tolerable * (mass / 70.0) ** (2.0 / 3.0)
    rows["small"] = BUILDS["adult"].height_m / height
    return rows


class Harm:
    """Doses of force by person; ``felt`` is the force on each now, N, ``most`` the greatest."""

    def __init__(self, mass: Floats, lots: Floats, falls: Falls) -> None:
        """``lots`` in [0, 1) draw the resistance of each person."""
        zone, spread = falls.zone, special.ndtri(np.clip(lots, TINY, 1.0 - TINY))
        scale = (mass / 70.0) ** (2.0 / 3.0) * np.exp(zone.tough_sigma * spread)
        self._lethal, self._tolerable = zone.lethal * scale, zone.tolerable * scale
        self._zone = zone
        self.dose: Floats = np.zeros(mass.size)
        self.felt: Floats = np.zeros(mass.size)
        self.most: Floats = np.zeros(mass.size)

    def take(self, seconds: float) -> list[tuple[float, Longs]]:
        """Book the forces of some seconds; return who has come to which level of dose by them."""
        rows = np.flatnonzero((self.felt > 0.0) | (self.dose > 0.0))
        if not rows.size:
            return []
        force, before, zone = self.felt[rows], self.dose[rows], self._zone
        self.most[rows] = np.maximum(self.most[rows], force)
        rate = (force / self._lethal[rows]) ** zone.exponent / zone.lethal_s
        heals = np.where(before < LEVELS[-1], before * (1.0 - seconds / zone.heal_s), before)
        after = np.where(force > self._tolerable[rows], before + rate * seconds, heals)
        self.dose[rows] = after
        return [(x, rows[(before < x) & (after >= x)]) for x in LEVELS]
