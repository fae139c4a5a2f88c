"""What fire does to people who stay in it: doses of carbon monoxide and of heat (ISO 13571).

Each person collects two fractional effective doses; whoever reaches 1 in either can go no
further. 1 is the median of a population, taken for everybody. Oxygen want, hydrogen cyanide,
irritants, radiant heat and faster breathing are left out, so real harm may come sooner.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from twin.plan import Floats, Plan
from twin.smoke import CO, Smoke

CO_PPM_MIN = 35_000.0
"""Dose of carbon monoxide that incapacitates, ppm min (ISO 13571)."""
HEAT_MIN, HEAT_POWER = 4.1e8, 3.61
"""Clothed people bear hot air of T C for 4.1e8 T^-3.61 min (ISO 13571)."""
INCAPACITATED = 1.0
BEARABLE_C, BEARABLE_PPM = 60.0, 50.0
"""Below both, nothing is booked: two hours and half a day to a dose of 1."""
PPM_PER_KG_M3 = 1e6 * 24.05 / 28.01
"""Molar volume 24.05 m3/kmol at 20 C over carbon monoxide's 28.01 kg/kmol."""


class Harm:
    """Doses by person; `incapacitated` only grows."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._doses: dict[str, tuple[float, float]] = {}
        self.incapacitated: frozenset[str] = frozenset()

    def threatened(self, gas: Smoke) -> list[str]:
        """Spaces where a dose would be booked."""
        hot = gas.temperature_k > BEARABLE_C + 273.15
        harmful = np.flatnonzero(hot | (self._co_ppm(gas) > BEARABLE_PPM))
        return [self._plan.spaces[index] for index in harmful.tolist()]

    def expose(self, gas: Smoke, present: Iterable[tuple[str, str]], dt_s: float) -> None:
        """Book `dt_s` of exposure for each (person, space), where they are now."""
        poison, heat = self._rates_per_min(gas)
        minutes, place = dt_s / 60, self._plan.place
        fallen = []
        for person, space in present:
            index = place[space]
            if not (poison[index] or heat[index]):
                continue
            before = self._doses.get(person, (0.0, 0.0))
            dose = (before[0] + poison[index] * minutes, before[1] + heat[index] * minutes)
            self._doses[person] = dose
            if max(dose) >= INCAPACITATED and person not in self.incapacitated:
                fallen.append(person)
        if fallen:
            self.incapacitated |= frozenset(fallen)

    def dose(self, person: str) -> tuple[float, float]:
        """Fractional effective doses so far: carbon monoxide, heat."""
        return self._doses.get(person, (0.0, 0.0))

    def _rates_per_min(self, gas: Smoke) -> tuple[list[float], list[float]]:
        """Doses per minute by space, carbon monoxide and convected heat."""
        ppm, celsius = self._co_ppm(gas), gas.temperature_k - 273.15
        poison = np.where(ppm > BEARABLE_PPM, ppm / CO_PPM_MIN, 0.0)
        heat = np.where(celsius > BEARABLE_C, celsius**HEAT_POWER / HEAT_MIN, 0.0)
        return poison.tolist(), heat.tolist()

    def _co_ppm(self, gas: Smoke) -> Floats:
        ppm: Floats = PPM_PER_KG_M3 * gas.state[CO] / self._plan.volume_m3
        return ppm
