"""Dose of poison gases per minute: fractions of the dose that incapacitates half of a population.

Two published sets: Purser's, as FDS+Evac books it, and ISO 13571. Concentrations are volume ppm and
volume percent; all arguments and results are arrays of one shape. Figures marked (m) are from
memory of the standard.
"""

from collections.abc import Mapping

import numpy as np

from evacuation.smoke.air import Airs, Floats

FLD_PPM_MIN = {
    "hcl_ppm": 114_000.0, "hbr_ppm": 114_000.0, "hf_ppm": 87_000.0, "so2_ppm": 12_000.0,
    "no2_ppm": 1_900.0, "acrolein_ppm": 4_500.0, "formaldehyde_ppm": 22_500.0,
}  # fmt: skip
"""Dose of each irritant that kills half, ppm min (Purser; FDS+Evac guide)."""
FEC_PPM = {
    "hcl_ppm": 1000.0, "hbr_ppm": 1000.0, "hf_ppm": 500.0, "so2_ppm": 150.0, "no2_ppm": 250.0,
    "acrolein_ppm": 30.0, "formaldehyde_ppm": 250.0,
}  # fmt: skip
"""Concentration of each irritant that stops half of those who meet it (ISO 13571 (m))."""
NORMAL_O2_PERCENT = 20.9
O2_COUNTS_BELOW_PERCENT = 19.5
"""Above this, want of oxygen is not booked: the formula never falls to zero (FDS+Evac)."""


def purser_co(air: Airs) -> Floats:
    """Carbon monoxide without the effect of CO2: 2.764e-5 CO^1.036 per min (Purser)."""
    return np.asarray(2.764e-5 * air.co_ppm**1.036)


def purser_hcn(air: Airs) -> Floats:
    """Cyanide: exp(C/43)/220 - 0.0045 per min, C = HCN - NO2, which protects (FDS+Evac); not
    below zero, and zero where there is no more HCN than NO2.
    """
    c = air.hcn_ppm - air.no2_ppm
    rate = np.exp(np.maximum(c, 0.0) / 43.0) / 220.0 - 0.0045
    return np.where(c > 0.0, np.maximum(rate, 0.0), 0.0)


def purser_irritants(air: Airs) -> Floats:
    """Nitrogen oxides (NO + NO2)/1500 and the sum of irritants over their doses, per min."""
    return np.asarray((air.no_ppm + air.no2_ppm) / 1500.0 + _shares(air, FLD_PPM_MIN))


def hyperventilation(air: Airs, slope: float) -> Floats:
    """How many times faster CO2 makes people breathe: exp(slope CO2% + 2.0004)/7.1.

    ``slope`` is 0.1903 in FDS+Evac and 0.1930 in another edition of Purser's chapter. At the 0.04 %
    of fresh air it is 1.05.
    """
    return np.asarray(np.exp(slope * air.co2_percent + 2.0004) / 7.1)


def purser_oxygen(air: Airs) -> Floats:
    """Want of oxygen: 1/exp(8.13 - 0.54 (20.9 - O2%)) per min, none from 19.5 % O2 up.

    Per minute: FDS writes 60 exp(...) because it adds up seconds. At 10 % it takes 9.4 min.
    """
    rate = np.exp(0.54 * (NORMAL_O2_PERCENT - air.o2_percent) - 8.13)
    return np.where(air.o2_percent < O2_COUNTS_BELOW_PERCENT, rate, 0.0)


def iso_co(air: Airs) -> Floats:
    """Carbon monoxide: CO/35000 per min (ISO 13571 (m))."""
    return np.asarray(air.co_ppm / 35_000.0)


def iso_hcn(air: Airs) -> Floats:
    """Cyanide: exp(HCN/43)/220 per min (ISO 13571 (m)), less its value where there is none."""
    return np.asarray(np.expm1(air.hcn_ppm / 43.0) / 220.0)


def iso_breathing(air: Airs) -> Floats:
    """How much more is breathed for CO2: exp(CO2%/5) above 2 %, else 1 (ISO 13571 (m))."""
    return np.where(air.co2_percent > 2.0, np.exp(air.co2_percent / 5.0), 1.0)


def iso_irritants(air: Airs) -> Floats:
    """The fractional effective concentration (FEC) of irritants: a level, not a dose per time."""
    return _shares(air, FEC_PPM)


def _shares(air: Airs, limits: Mapping[str, float]) -> Floats:
    """Sum the shares of their limits that some gases reach."""
    present = [(gas, limit) for gas, limit in limits.items() if getattr(air, gas).any()]
    total = np.zeros_like(air.co_ppm)
    for gas, limit in present:
        total += getattr(air, gas) / limit
    return total
