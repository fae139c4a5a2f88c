"""The air of a space as people breathe and feel it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AMBIENT_CO2_PERCENT = 0.04
AMBIENT_O2_PERCENT = 20.9
AMBIENT_C = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """Gases by volume, air temperature, and the radiant heat flux on skin; left out: clean air.

    Extinction is not here: it hides the way, and is no dose.
    """

    co_ppm: float = 0.0
    co2_percent: float = AMBIENT_CO2_PERCENT
    o2_percent: float = AMBIENT_O2_PERCENT
    hcn_ppm: float = 0.0
    no_ppm: float = 0.0
    no2_ppm: float = 0.0
    hcl_ppm: float = 0.0
    hbr_ppm: float = 0.0
    hf_ppm: float = 0.0
    so2_ppm: float = 0.0
    acrolein_ppm: float = 0.0
    formaldehyde_ppm: float = 0.0
    temperature_c: float = AMBIENT_C
    radiant_kw_m2: float = 0.0


QUANTITIES: tuple[str, ...] = tuple(field.name for field in fields(Air))
CLEAN = Air()
_row = attrgetter(*QUANTITIES)


class Airs(NamedTuple):
    """The air of many spaces: one array per quantity of Air, all of one shape."""

    co_ppm: Floats
    co2_percent: Floats
    o2_percent: Floats
    hcn_ppm: Floats
    no_ppm: Floats
    no2_ppm: Floats
    hcl_ppm: Floats
    hbr_ppm: Floats
    hf_ppm: Floats
    so2_ppm: Floats
    acrolein_ppm: Floats
    formaldehyde_ppm: Floats
    temperature_c: Floats
    radiant_kw_m2: Floats


def stack(airs: Sequence[Air]) -> Airs:
    """Return the quantities of some airs as arrays, in their order."""
    return Airs(*np.array([_row(air) for air in airs], np.float64).reshape(-1, len(QUANTITIES)).T)
