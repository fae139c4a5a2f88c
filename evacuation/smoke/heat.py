"""Dose of heat per minute: fractions of what people bear (ISO 13571 (m)).

Hot air and radiation add up to one dose of heat, apart from that of gases.
"""

import numpy as np

from evacuation.smoke.air import Floats

CLOTHED = (4.1e8, 3.61)
UNCLOTHED = (5.0e7, 3.4)
"""People bear air of T degrees C for a T^-b minutes: (a, b)."""
WARM_C = 40.0
"""Cooler air is no dose: the laws were made for more, and would book a summer's day (assumed)."""
RADIANT_KW_M2 = 2.5
"""Radiation below this is borne for long; above, for 4.2 q^-1.9 minutes."""


def convective(temperature_c: Floats, clothed: bool) -> Floats:
    """Dose per minute of hot, dry air in degrees C."""
    a, b = CLOTHED if clothed else UNCLOTHED
    warm = np.maximum(temperature_c, 0.0)
    return np.where(warm > WARM_C, warm**b / a, 0.0)


def radiant(flux_kw_m2: Floats) -> Floats:
    """Dose per minute of heat radiation on skin, kW/m2."""
    strong = np.maximum(flux_kw_m2, 0.0)
    return np.where(strong >= RADIANT_KW_M2, strong**1.9 / 4.2, 0.0)
