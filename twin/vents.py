"""Smoke vents in roofs and dampers in walls: ways for smoke that nobody walks through.

A vent is driven by the column of warm gas below it: what leaves is made good through the openings
of its space. With well-mixed spaces there is no black layer under the roof, so a vent takes out
gas of the mean thickness, which is less smoke than a real one takes at first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from controller.interface.kinds import KINDS
from controller.interface.points import Device, PointList, Value
from twin.plan import Floats, Plan

GRAVITY = 9.81
DISCHARGE = 0.6
"""Orifice coefficient of a doorway that air comes in by, and of a duct's mouth."""
BREATH_K = 0.5
"""Temperature difference that always stirs (as in `smoke`, assumed)."""
ROOF = 0.055
"""Exchange through a level opening: Q = 0.055 sqrt(g' A^(5/2)) (Brown & Solvason 1962)."""
DUCT_LEAK = 0.004
"""Share of its area that a shut damper leaks through: 200 m3/(h m2) at 300 Pa, class S of EN
13501-3 (m), is what an orifice (0.6) of 0.4 % lets through."""
HALF = 0.5
"""At most this share of a space's gas leaves in one step."""


@dataclass(frozen=True, slots=True)
class Vent:
    """A vent to open air at the top of a space; `area_m2` its aerodynamic free area, Cd A
    (EN 12101-2).
    """

    space: int
    area_m2: float


@dataclass(frozen=True, slots=True)
class Duct:
    """An opening of `area_m2` between two spaces with a damper in it."""

    spaces: tuple[int, int]
    area_m2: float


@dataclass(slots=True)
class Vents:
    """The vents and ducts of a site by the device that moves them; `opened` holds what is open."""

    plan: Plan
    vents: Mapping[str, Vent] = field(default_factory=dict)
    ducts: Mapping[str, Duct] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, plan: Plan, points: PointList) -> Vents:
        """Those of an I/O list: vents are shut, dampers open, as their devices begin."""
        vents, ducts = {}, {}
        for device in points.devices.values():
            if device.kind == "smoke-vent":
                area = float(_setting(device, "area_m2"))
                vents[device.id] = Vent(plan.place[device.at], area)
            elif device.kind == "fire-damper" and _setting(device, "to"):
                ends = plan.place[device.at], plan.place[str(_setting(device, "to"))]
                area = float(_setting(device, "area_m2"))
                ducts[device.id] = Duct(ends, area)
        return cls(plan, vents, ducts, set(ducts))

    def move(self, device: str, state: str) -> None:
        """A device has opened or shut its vent or damper."""
        (self.opened.add if state == "open" else self.opened.discard)(device)

    def step(self, state: Floats, kelvin: Floats, open_m2: Floats, dt_s: float) -> Floats:
        """Move gas for a time, in place; returns what went to open air. `open_m2` per portal."""
        vented: Floats = np.zeros(len(state))
        for name, duct in self.ducts.items():
            area = duct.area_m2 if name in self.opened else DUCT_LEAK * duct.area_m2
            self._mix(state, kelvin, duct.spaces, area, sqrt(duct.area_m2), dt_s)
        for space, area in self._venting().items():
            vented += self._vent(state, kelvin, open_m2, (space, area), dt_s)
        return vented

    def _venting(self) -> dict[int, float]:
        areas: dict[int, float] = {}
        for name in self.opened & self.vents.keys():
            vent = self.vents[name]
            areas[vent.space] = areas.get(vent.space, 0.0) + vent.area_m2
        return dict(sorted(areas.items()))

    def _mix(
        self, state: Floats, kelvin: Floats, ends: tuple[int, int], area: float, tall: float,
        dt_s: float,
    ) -> None:  # fmt: skip
        """Two-way exchange through an upright opening, Q = Cd/3 A sqrt(g' H) (as doors)."""
        a, b = ends
        apart = max(abs(kelvin[a] - kelvin[b]), BREATH_K)
        reduced = GRAVITY * apart / (0.5 * (kelvin[a] + kelvin[b]))
        volumes = self.plan.volume_m3
        moved = DISCHARGE / 3 * area * sqrt(reduced * tall) * dt_s
        moved = min(moved, HALF * volumes[a], HALF * volumes[b])
        drift = moved * (state[:, a] / volumes[a] - state[:, b] / volumes[b])
        state[:, a] -= drift
        state[:, b] += drift

    def _vent(
        self, state: Floats, kelvin: Floats, open_m2: Floats, vent: tuple[int, float], dt_s: float
    ) -> Floats:
        """Through-flow out of the vent and in by the space's openings, or exchange if that is more.

        Q = sqrt(2 g' H) / sqrt(1/At2 + 1/Ab2) with At = Cd A of the vents, Ab of the openings, H
        from the middle of the openings to the roof (Linden, Lane-Serff & Smeed 1990). Air comes
        from the spaces beyond in the share of their openings; what those lose comes from outside.
        """
        space, top = vent
        plan, volumes = self.plan, self.plan.volume_m3
        ambient = 293.15
        warm = max(kelvin[space] - ambient, BREATH_K)
        reduced = GRAVITY * warm / (0.5 * (kelvin[space] + ambient))
        gates, beyond = self._openings(space)
        low = DISCHARGE * open_m2[gates]
        through = 0.0
        if low.sum() > 0:
            middle = float((low * plan.opening_m[gates]).sum() / low.sum()) / 2
            column = max(plan.height_m[space] - middle, 0.0)
            through = sqrt(2 * reduced * column) / sqrt(1 / top**2 + 1 / float(low.sum()) ** 2)
        level = ROOF * sqrt(reduced * (top / DISCHARGE) ** 2.5)
        out = min(max(through, level) * dt_s, HALF * volumes[space])
        gone: Floats = state[:, space] * (out / volumes[space])
        state[:, space] -= gone
        if through >= level:
            for share, other in zip(low / low.sum(), beyond, strict=True):
                moved = min(out * share, HALF * volumes[other]) / volumes[other]
                brought = state[:, other] * moved
                state[:, other] -= brought
                state[:, space] += brought
        return gone

    def _openings(self, space: int) -> tuple[list[int], list[int]]:
        """The portals of a space, and what lies beyond each."""
        plan = self.plan
        ends = list(zip(plan.inner.tolist(), plan.outer.tolist(), strict=True))
        gates = [g for g, pair in enumerate(ends) if space in pair]
        return gates, [ends[g][1] if ends[g][0] == space else ends[g][0] for g in gates]


def _setting(device: Device, name: str) -> Value:
    return device.settings.get(name, KINDS[device.kind].settings[name].usual)
