"""One design fire: how its heat, soot and gases grow with time (t-squared).

Knows nothing of rooms. Heat in kW, time in s since ignition, yields in kg per kg of fuel.
"""

from __future__ import annotations

from dataclasses import dataclass

GROWTH_KW_S2 = {"slow": 0.00293, "medium": 0.01172, "fast": 0.0469, "ultra": 0.1876}
"""alpha of Q = alpha t2: 1,055 kW reached in 600, 300, 150, 75 s
(NFPA 72 annex B; ISO 16733-1 design fires)."""
HEAT_OF_COMBUSTION_KJ_KG = 20_000.0
"""Effective heat of combustion of mixed fuel in buildings (NZBC C/VM2 table 2.1)."""
RADIATIVE = 0.35
"""Share of the heat that leaves by radiation and does not heat the gas (NZBC C/VM2)."""
SOOT_YIELD = 0.07
"""kg soot per kg fuel before flashover (NZBC C/VM2)."""
CO_YIELD = 0.04
"""kg carbon monoxide per kg fuel before flashover (NZBC C/VM2)."""
CO2_YIELD = 1.5
"""kg carbon dioxide per kg fuel before flashover (NZBC C/VM2 (m))."""
HCN_YIELD = 0.0
"""kg hydrogen cyanide per kg fuel: none unless a fire states it. C/VM2 has no figure; burning
polyurethane gives about 0.01 (m)."""
DECAY_S = 300.0
"""Time in which heat falls linearly to zero once the fuel runs out (assumed)."""


@dataclass(frozen=True, slots=True)
class Fire:
    """A t-squared fire in one space; `burns_s` (optional) is when its decay begins."""

    space: str
    alpha_kw_s2: float
    peak_kw: float
    ignited_ms: int
    soot_yield: float = SOOT_YIELD
    co_yield: float = CO_YIELD
    burns_s: float | None = None
    co2_yield: float = CO2_YIELD
    hcn_yield: float = HCN_YIELD

    def heat_kw(self, now_ms: float) -> float:
        """Heat release rate: min(peak, alpha t2), then a linear decay."""
        age_s = (now_ms - self.ignited_ms) / 1000
        if age_s <= 0:
            return 0.0
        if self.burns_s is None or age_s <= self.burns_s:
            return min(self.peak_kw, self.alpha_kw_s2 * age_s * age_s)
        top = min(self.peak_kw, self.alpha_kw_s2 * self.burns_s * self.burns_s)
        return max(0.0, top * (1 - (age_s - self.burns_s) / DECAY_S))

    def out(self, now_ms: int) -> bool:
        """Whether the fire has burnt out."""
        return self.burns_s is not None and now_ms > self.ignited_ms + 1000 * (
            self.burns_s + DECAY_S
        )
