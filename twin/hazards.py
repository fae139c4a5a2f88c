"""Everything that burns or smokes on a campus, advanced in steps of one second.

Joins design fires with the gas of the building and tells when a space fills or clears. Aerosol
(steam, cooking) hangs under the ceiling at a detector: devices sense it, people walk below it.
Smoke that others computed (a table, FDS) takes the place of our gas in the spaces that it names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from devices.surroundings import Record
from evacuation.smoke.air import CLEAN, Air
from evacuation.smoke.table import SmokeTable
from twin.fire import HEAT_OF_COMBUSTION_KJ_KG, RADIATIVE, Fire
from twin.harm import breathed
from twin.plan import Bools, Floats, Plan
from twin.smoke import OXYGEN_KJ_KG, SOOT_EXTINCTION_M2_KG, Smoke
from twin.vents import Vents

STEP_MS = 1000
FILLS_PER_M, CLEARS_PER_M = 0.1, 0.05
"""Extinction at which a space counts as smoky (10 %/m obscured) and as clear again (assumed)."""
NOTHING_PER_M, NOTHING_K = 1e-4, 0.01
"""Below these the gas is at rest and steps are skipped."""
AEROSOL_TAU_S = 30.0
"""Time constant with which aerosol thins once its source stops (assumed: kitchen with window)."""


@dataclass(frozen=True, slots=True)
class Aerosol:
    """Steam or cooking fumes in one space: full strength until `until_ms`, then thinning."""

    extinction_per_m: float
    until_ms: int

    def at(self, now_ms: int) -> float:
        """Extinction coefficient under the ceiling, 1/m."""
        if now_ms <= self.until_ms:
            return self.extinction_per_m
        return float(
            self.extinction_per_m * np.exp((self.until_ms - now_ms) / 1000 / AEROSOL_TAU_S)
        )


class Hazards:
    """Fires, smoke and aerosol; `extinction` and `celsius` are the truth per space index, `air`
    what is breathed, by the names of spaces where it is not clean.
    """

    def __init__(self, plan: Plan, record: Record, vents: Vents | None = None) -> None:
        self._plan, self._record = plan, record
        self.gas = Smoke(plan, vents)
        self.fires: list[Fire] = []
        self.burnt_soot_kg = 0.0
        self.extinction: list[float] = [0.0] * len(plan.spaces)
        self.celsius: list[float] = [20.0] * len(plan.spaces)
        self.air: dict[str, Air] = {}
        self._told: dict[str, tuple[SmokeTable, int]] = {}
        self.version = 0
        self._aerosols: dict[int, Aerosol] = {}
        self._smoky = np.zeros(len(plan.spaces), dtype=np.bool_)
        self._calm = True

    @property
    def active(self) -> bool:
        """Whether anything burns, smokes or steams."""
        return bool(self.fires or self._aerosols or self._told or not self._calm)

    def ignite(self, fire: Fire) -> None:
        """Start a fire."""
        self.fires.append(fire)
        self._calm = False
        self._record(fire.ignited_ms, 1, "hazard", fire.space, what="ignition", value=fire.peak_kw)

    def fill(self, now: int, space: str, extinction_per_m: float) -> None:
        """Fill a space with cold smoke of a given extinction coefficient, at once."""
        index = self._plan.place[space]
        soot = extinction_per_m * self._plan.volume_m3[index] / SOOT_EXTINCTION_M2_KG
        self.gas.add(index, soot_kg=soot)
        self.burnt_soot_kg += soot
        self._calm = False
        self._publish(now)

    def follow(self, now: int, table: SmokeTable) -> None:
        """Let the smoke of a table be the truth in its spaces; the table's time 0 is now."""
        for space in table.spaces:
            self._told[space] = (table, now)
            self._record(now, 1, "hazard", space, what="table", value=table.source)
        self._publish(now)

    def cook(self, now: int, space: str, extinction_per_m: float, for_ms: int) -> None:
        """Let aerosol hang in a space: a nuisance for its detectors, no danger to people."""
        self._aerosols[self._plan.place[space]] = Aerosol(extinction_per_m, now + for_ms)
        self._record(now, 1, "hazard", space, what="aerosol", value=extinction_per_m)

    def shut(self, closed: Bools) -> None:
        """Say which portals are closed leaves now."""
        self.gas.shut(closed)

    def sensed_per_m(self, index: int, now: int) -> float:
        """Extinction coefficient under the ceiling of a space, smoke and aerosol, 1/m."""
        smoke = self.extinction[index]
        aerosol = self._aerosols.get(index)
        return smoke if aerosol is None else smoke + aerosol.at(now)

    def step(self, now: int) -> None:
        """The second that ends at `now`: burn, move, publish."""
        if not self.active:
            return
        self._burn(now)
        if not self._calm:
            self.gas.step(STEP_MS / 1000)
        if self._told or not self._calm:
            self._publish(now)
        self._aerosols = {
            index: aerosol
            for index, aerosol in self._aerosols.items()
            if aerosol.at(now) > NOTHING_PER_M
        }

    def _burn(self, now: int) -> None:
        self.fires = [fire for fire in self.fires if not fire.out(now)]
        for fire in self.fires:
            index = self._plan.place[fire.space]
            free_kw = fire.heat_kw(now - STEP_MS / 2)
            heat_kj = free_kw * self.gas.breathes(index) * STEP_MS / 1000
            fuel_kg = heat_kj / HEAT_OF_COMBUSTION_KJ_KG
            soot_kg = fuel_kg * fire.soot_yield
            self.burnt_soot_kg += soot_kg
            self.gas.add(
                index,
                heat_kj=heat_kj * (1 - RADIATIVE),
                soot_kg=soot_kg,
                co_kg=fuel_kg * fire.co_yield,
                oxygen_kg=heat_kj / OXYGEN_KJ_KG,
                co2_kg=fuel_kg * fire.co2_yield,
                hcn_kg=fuel_kg * fire.hcn_yield,
            )

    def _publish(self, now: int) -> None:
        """Make the new state visible and record the spaces that filled or cleared."""
        per_m, kelvin = self.gas.extinction_per_m, self.gas.temperature_k
        self.air = breathed(self._plan, self.gas)
        self._calm = not self.fires and bool(
            per_m.max() < NOTHING_PER_M and kelvin.max() < 293.15 + NOTHING_K
        )
        self._overrule(now, per_m, kelvin)
        self.extinction = per_m.tolist()
        self.celsius = (kelvin - 273.15).tolist()
        self.version += 1
        smoky = np.where(self._smoky, per_m > CLEARS_PER_M, per_m >= FILLS_PER_M)
        for index in np.flatnonzero(smoky != self._smoky):
            what = "smoke" if smoky[index] else "clear"
            value = round(float(per_m[index]), 4)
            self._record(now, 1, "hazard", self._plan.spaces[index], what=what, value=value)
        self._smoky = smoky

    def _overrule(self, now: int, per_m: Floats, kelvin: Floats) -> None:
        """Put what tables say in the place of our own gas, in the spaces that they name."""
        for space, (table, since) in self._told.items():
            index = self._plan.place[space]
            per_m[index], air = table.at(space, (now - since) / 1000)
            self.air.pop(space, None)
            if air is not CLEAN:
                self.air[space] = air
            kelvin[index] = air.temperature_c + 273.15
