"""What the gas of the building is to those who breathe it: air by space, for the crowd's doses.

The zone model knows carbon monoxide, carbon dioxide, oxygen, temperature and, where a fire states a
yield, hydrogen cyanide. It knows no irritant gases and, having no layers and no flames, no radiant
heat: real harm may come sooner near the fire.
"""

from __future__ import annotations

import numpy as np

from evacuation.smoke.air import AMBIENT_CO2_PERCENT, AMBIENT_O2_PERCENT, Air
from evacuation.smoke.heat import WARM_C
from evacuation.smoke.toxicity import O2_COUNTS_BELOW_PERCENT
from twin.plan import Floats, Plan
from twin.smoke import CO, CO2, HCN, OXYGEN, OXYGEN_KG_M3, Smoke

M3_PER_KMOL = 24.05
"""Molar volume at 20 C and 1 atm."""
CO_KG_KMOL, CO2_KG_KMOL, HCN_KG_KMOL = 28.01, 44.01, 27.03
WORTH_CO_PPM, WORTH_HCN_PPM = 10.0, 1.0
"""Less than this, in air that is neither hot nor poor in oxygen, is not passed on (assumed): a dose
of 1 takes days.
"""


def breathed(plan: Plan, gas: Smoke) -> dict[str, Air]:
    """The air of every space that is worth telling the crowd of."""
    per_m3 = gas.state / plan.volume_m3
    co_ppm = _share(per_m3[CO], CO_KG_KMOL) * 1e6
    hcn_ppm = _share(per_m3[HCN], HCN_KG_KMOL) * 1e6
    co2_percent = AMBIENT_CO2_PERCENT + 100 * _share(per_m3[CO2], CO2_KG_KMOL)
    o2_percent = AMBIENT_O2_PERCENT * np.maximum(1 - per_m3[OXYGEN] / OXYGEN_KG_M3, 0.0)
    celsius = gas.temperature_k - 273.15
    worth = (co_ppm > WORTH_CO_PPM) | (hcn_ppm > WORTH_HCN_PPM)
    worth |= (celsius > WARM_C) | (o2_percent < O2_COUNTS_BELOW_PERCENT)
    at = np.flatnonzero(worth)
    told = np.array([co_ppm, co2_percent, o2_percent, hcn_ppm, celsius])[:, at].T.tolist()
    return {
        plan.spaces[k]: Air(
            co_ppm=co, co2_percent=co2, o2_percent=o2, hcn_ppm=hcn, temperature_c=warm
        )
        for k, (co, co2, o2, hcn, warm) in zip(at.tolist(), told, strict=True)
    }


def _share(kg_m3: Floats, kg_per_kmol: float) -> Floats:
    """Share of the volume that a gas of this molar mass takes in air at 20 C."""
    share: Floats = kg_m3 / kg_per_kmol * M3_PER_KMOL
    return share
