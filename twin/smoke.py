"""Smoke, heat and gases in well-mixed spaces joined by portals.

Each space is ONE volume of uniform gas. There are no layers: a real room has a hot, black upper
layer and clear air below, so here a detector under the ceiling sees smoke later than a real one
would, while people near the floor meet smoke and heat earlier than real people would. Times to
detection in large halls come out late, visibility in a young fire comes out poor, and flames,
plumes and radiation harm nobody. Gas expansion (the push of a fast fire), wind, through-flow
between the ends of a tall shaft and soot deposit on walls are left out; a fire in a tight room
starves.

Scalars per space (rows of `state`): excess heat kJ; soot, carbon monoxide, oxygen used, carbon
dioxide beyond that of fresh air, and hydrogen cyanide, kg.
Open air takes whatever reaches it; what it took is counted in `vented`, so soot is conserved.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from twin.plan import Bools, Floats, Plan
from twin.vents import Vents

AMBIENT_K = 293.15
AIR_KG_M3 = 353.0 / AMBIENT_K
"""Ideal gas at 1 atm: density x temperature = 353 kg K/m3 (SFPE Handbook)."""
CP_KJ_KGK = 1.01
GRAVITY = 9.81
SOOT_EXTINCTION_M2_KG = 8700.0
"""Mass specific extinction coefficient of flame smoke (Mulholland & Croarkin 2000)."""
DISCHARGE = 0.6
"""Orifice coefficient of a doorway."""
BREATH_K = 0.5
"""Temperature difference that always stirs an open doorway (used buildings are never still;
assumed)."""
STABLE = 0.05
"""Share of the exchange that is left where the upper space is the warmer one (assumed)."""
WALL_KW_M2K = 0.02
"""Heat transfer to walls, floor and ceiling, convection and radiation in one (assumed)."""
OXYGEN_KG_M3 = 0.232 * AIR_KG_M3
OXYGEN_KJ_KG = 13_100.0
"""Heat per kg of oxygen, nearly the same for all fuels (Huggett 1980)."""
LEAST_OXYGEN, FULL_OXYGEN = 10 / 21, 15 / 21
"""Burning stops below 10 % and is free above 15 % oxygen, linear between (assumed from CFAST's
lower oxygen limit)."""
LEAK_M2 = {"fire-door": (0.01, 0.03), "door": (0.02, 0.04)}
"""Leakage of a closed single (< 1.2 m) and double leaf: EN 12101-6 annex A for well-fitting
leaves; twice single for ordinary doors (assumed)."""
HALF = 0.5
"""At most this share of a space's gas is exchanged in one step, which keeps the step stable."""

HEAT, SOOT, CO, OXYGEN, CO2, HCN = range(6)


class Smoke:
    """The gas of every space; `step` moves it by one second or any shorter time."""

    def __init__(self, plan: Plan, vents: Vents | None = None) -> None:
        self.vents = vents if vents is not None else Vents(plan)
        count, links = len(plan.spaces), np.arange(len(plan.portals))
        self._plan = plan
        self.state: Floats = np.zeros((6, count))
        self.vented: Floats = np.zeros(6)
        ends = np.concatenate([plan.inner, plan.outer])
        signs = np.repeat([-1.0, 1.0], len(links))
        self._spread = csr_matrix((signs, (ends, np.tile(links, 2))), (count, len(links)))
        self._touch = abs(self._spread)
        self._rise_m = plan.z_m[plan.outer] - plan.z_m[plan.inner]
        self._open_m2 = plan.width_m * plan.opening_m
        self._leak_m2 = np.array(
            [
                _leak(k, w, a)
                for k, w, a in zip(plan.kinds, plan.width_m, self._open_m2, strict=True)
            ]
        )
        self._column_m = plan.opening_m + np.abs(self._rise_m)
        capacity = AIR_KG_M3 * plan.volume_m3 * CP_KJ_KGK
        walls = 2 * plan.area_m2 + 4 * np.sqrt(plan.area_m2) * plan.height_m
        self._capacity = capacity
        self._loss_per_s = WALL_KW_M2K * walls / capacity
        self.shut(np.zeros(len(links), dtype=np.bool_))

    def shut(self, closed: Bools) -> None:
        """Say which portals are closed leaves (only a leak is left of those)."""
        self._area_m2 = np.where(closed, self._leak_m2, self._open_m2)

    @property
    def temperature_k(self) -> Floats:
        """Gas temperature per space, K."""
        kelvin: Floats = AMBIENT_K + self.state[HEAT] / self._capacity
        return kelvin

    @property
    def extinction_per_m(self) -> Floats:
        """Light extinction coefficient per space, 1/m."""
        per_m: Floats = SOOT_EXTINCTION_M2_KG * self.state[SOOT] / self._plan.volume_m3
        return per_m

    def breathes(self, index: int) -> float:
        """Share of a fire's free heat release that the oxygen in its space allows, 0..1."""
        if self._plan.sink[index]:
            return 1.0
        left = 1 - self.state[OXYGEN, index] / (OXYGEN_KG_M3 * self._plan.volume_m3[index])
        return float(np.clip((left - LEAST_OXYGEN) / (FULL_OXYGEN - LEAST_OXYGEN), 0.0, 1.0))

    def add(
        self,
        index: int,
        heat_kj: float = 0.0,
        soot_kg: float = 0.0,
        co_kg: float = 0.0,
        oxygen_kg: float = 0.0,
        co2_kg: float = 0.0,
        hcn_kg: float = 0.0,
    ) -> None:
        """Put heat and products into one space, and take oxygen from it."""
        self.state[:, index] += (heat_kj, soot_kg, co_kg, oxygen_kg, co2_kg, hcn_kg)

    def step(self, dt_s: float = 1.0) -> None:
        """Exchange through portals, lose heat to walls, vent to open air."""
        moved_m3 = self._exchange_m3_s() * dt_s
        load = (self._touch @ moved_m3) / self._plan.volume_m3
        room = np.minimum(1.0, HALF / np.maximum(load, 1e-9))
        plan = self._plan
        moved_m3 *= np.minimum(room[plan.inner], room[plan.outer])
        thick = self.state / plan.volume_m3
        drift = moved_m3 * (thick[:, plan.inner] - thick[:, plan.outer])
        self.state += (self._spread @ drift.T).T
        self.vented += self.vents.step(self.state, self.temperature_k, self._area_m2, dt_s)
        self.state[HEAT] *= np.exp(-self._loss_per_s * dt_s)
        self.vented += self.state[:, plan.sink].sum(axis=1)
        self.state[:, plan.sink] = 0.0

    def _exchange_m3_s(self) -> Floats:
        """Two-way exchange per portal: Q = Cd/3 A sqrt(g' H) (Brown & Solvason 1962).

        H is the opening's height plus the rise between the two spaces: hot gas below cold gas
        is driven by the whole column (stairs fill upward); hot above cold hardly mixes.
        """
        plan, kelvin = self._plan, self.temperature_k
        cold = kelvin[plan.outer] - kelvin[plan.inner]
        mean = 0.5 * (kelvin[plan.inner] + kelvin[plan.outer])
        reduced = GRAVITY * np.maximum(np.abs(cold), BREATH_K) / mean
        calm = np.where(cold * self._rise_m > 0, STABLE, 1.0)
        flow: Floats = DISCHARGE / 3 * self._area_m2 * np.sqrt(reduced * self._column_m) * calm
        return flow


def _leak(kind: str, width_m: float, open_m2: float) -> float:
    """Area left of a closed portal; only leaves close, gates and turnstiles stay open to smoke."""
    if kind not in LEAK_M2:
        return float(open_m2)
    single, double = LEAK_M2[kind]
    return single if width_m < 1.2 else double
