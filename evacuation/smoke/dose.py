"""Named sets of dose laws: what each minute in some air adds to a person's doses.

A dose of 1 incapacitates half of a population. Design takes 0.3 (about 11 % are more sensitive) and
0.1 for small children and the frail (ISO 13571 (m)).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evacuation.smoke import heat, toxicity
from evacuation.smoke.air import Airs, Floats
from evacuation.smoke.names import law_named

HALF, DESIGN, VULNERABLE = 1.0, 0.3, 0.1
"""Doses at which half of all people, one in nine, and small children can go no further."""
CAUSES = (
    "carbon monoxide", "hydrogen cyanide", "irritants", "want of oxygen", "hot air", "radiant heat",
)  # fmt: skip
"""The parts of a dose: the first four add up to the dose of gases, the last two to that of heat."""
GASES = 4


class Rates(NamedTuple):
    """``per_min`` [causes, spaces] dose per minute; ``level`` [spaces] irritants that stop at once.

    ``level`` is ISO 13571's fractional effective concentration, 0 in sets that book irritants as a
    dose.
    """

    per_min: Floats
    level: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLaw:
    """One declared set of dose laws."""

    name: str
    source: str
    gases: Callable[[Airs], tuple[Floats, Floats, Floats, Floats]]
    level: Callable[[Airs], Floats]
    clothed: bool = True

    def rates(self, air: Airs) -> Rates:
        """Return what each space's air does to people in it."""
        hot = heat.convective(air.temperature_c, self.clothed)
        rays = heat.radiant(air.radiant_kw_m2)
        return Rates(np.array([*self.gases(air), hot, rays]), self.level(air))

    def minutes(self, air: Airs, dose: float = HALF) -> Floats:
        """Return how long each air is borne until gases, or heat, reach a dose; infinite if ever so
        long, 0 where irritants stop people at once.
        """
        rates = self.rates(air)
        worst = np.maximum(rates.per_min[:GASES].sum(0), rates.per_min[GASES:].sum(0))
        with np.errstate(divide="ignore"):
            return np.where(rates.level >= dose, 0.0, dose / worst)


def _purser(slope: float) -> Callable[[Airs], tuple[Floats, Floats, Floats, Floats]]:
    def gases(air: Airs) -> tuple[Floats, Floats, Floats, Floats]:
        faster = toxicity.hyperventilation(air, slope)
        return (
            toxicity.purser_co(air) * faster,
            toxicity.purser_hcn(air) * faster,
            toxicity.purser_irritants(air) * faster,
            toxicity.purser_oxygen(air),
        )

    return gases


def _iso_gases(air: Airs) -> tuple[Floats, Floats, Floats, Floats]:
    faster, nothing = toxicity.iso_breathing(air), np.zeros_like(air.co_ppm)
    return (toxicity.iso_co(air) * faster, toxicity.iso_hcn(air) * faster, nothing, nothing)


def _no_level(air: Airs) -> Floats:
    return np.zeros_like(air.co_ppm)


_PURSER = "Purser (SFPE Handbook), as FDS+Evac books it; heat by ISO 13571; CO2 quickens breath by"
DOSE_LAWS: dict[str, DoseLaw] = {
    law.name: law
    for law in (
        DoseLaw(
            name="purser",
            source=f"{_PURSER} exp(0.1903 CO2 + 2.0004)/7.1",
            gases=_purser(0.1903),
            level=_no_level,
        ),
        DoseLaw(
            name="purser-0.1930",
            source=f"{_PURSER} exp(0.1930 CO2 + 2.0004)/7.1",
            gases=_purser(0.1930),
            level=_no_level,
        ),
        DoseLaw(
            name="purser-unclothed",
            source=f"{_PURSER} exp(0.1903 CO2 + 2.0004)/7.1; heat on bare skin",
            gases=_purser(0.1903),
            level=_no_level,
            clothed=False,
        ),
        DoseLaw(
            name="iso-13571",
            source="ISO 13571 (m): CO/35000, HCN, exp(CO2/5) above 2 %; irritants by "
            "concentration; no want of oxygen",
            gases=_iso_gases,
            level=toxicity.iso_irritants,
        ),
        DoseLaw(
            name="iso-13571-unclothed",
            source="the same, heat on bare skin",
            gases=_iso_gases,
            level=toxicity.iso_irritants,
            clothed=False,
        ),
    )
}
"""The sets by name."""


def dose_law(name: str) -> DoseLaw:
    """Return the set of a name; ValueError with the nearest name if there is none."""
    return law_named(DOSE_LAWS, name, "set of dose laws")
