"""Walking speed in smoke, by published laws that disagree: more than 2 to 1 at K = 3 per m.

K is the light extinction coefficient (1/m) and V = C / K the visibility (m) of Jin 1978, with
C = 3 for things that reflect light (C = 8 for signs that emit it).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evacuation.smoke.names import law_named

Floats = NDArray[np.float64]
Shape = Literal["linear", "visibility-loss", "visibility-share"]

REFLECTING = 3.0
"""Visibility times extinction for things that reflect light (Jin 1978)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeLaw:
    """One declared law: the speed v left of v0 in smoke of extinction K.

    ``linear``: v = v0 max(least_share, 1 - slope K). ``visibility-loss``: v = v0 - slope (reach_m -
    V) below reach_m. ``visibility-share``: v = v0 V / (V + reach_m). Nobody is slowed below
    ``least_m_s``, nor made faster than he was.
    """

    name: str
    source: str
    shape: Shape
    slope: float = 0.0
    reach_m: float = 0.0
    least_share: float = 0.0
    least_m_s: float = 0.0

    def terms(self, extinction_per_m: Floats) -> tuple[Floats, Floats]:
        """Return (share, loss in m/s) for each K: v = min(v0, max(least_m_s, v0 share - loss))."""
        k = np.asarray(extinction_per_m, np.float64)
        nothing = np.zeros_like(k)
        if self.shape == "linear":
            return np.maximum(self.least_share, 1.0 - self.slope * k), nothing
        if self.shape == "visibility-share":
            return REFLECTING / (REFLECTING + self.reach_m * k), nothing
        short = np.maximum(self.reach_m - REFLECTING / np.maximum(k, 1e-9), 0.0)
        return nothing + 1.0, self.slope * short

    def speed_m_s(self, free_m_s: float, extinction_per_m: float) -> float:
        """Return the speed of a lone walker in smoke of one extinction."""
        share, loss = self.terms(np.array([extinction_per_m]))
        slowed = max(self.least_m_s, float(free_m_s * share[0] - loss[0]))
        return min(free_m_s, slowed)


SMOKE_LAWS: dict[str, SmokeLaw] = {
    law.name: law
    for law in (
        SmokeLaw(
            name="frantzich-nilsson",
            source="Frantzich and Nilsson 2003, Lund, as FDS+Evac takes it: v0 max(0.1, 1 - "
            "0.057/0.706 K)",
            shape="linear",
            slope=0.057 / 0.706,
            least_share=0.1,
        ),
        SmokeLaw(
            name="fridolf-ronchi",
            source="Fridolf, Ronchi and others, as in ISO/TS 21602 (m): v0 - 0.34 (3 - V) below "
            "V = 3 m, at least 0.2 m/s",
            shape="visibility-loss",
            slope=0.34,
            reach_m=3.0,
            least_m_s=0.2,
        ),
        SmokeLaw(
            name="visibility-share",
            source="Fridolf and others 2019, method 3, so named by pyFDS-Evac: v0 V / (V + 2)",
            shape="visibility-share",
            reach_m=2.0,
        ),
        SmokeLaw(
            name="nist",
            source="NIST TN 1822, equation 2 in its style: v0 (1 - 0.5 K), at least 0.3 m/s",
            shape="linear",
            slope=0.5,
            least_m_s=0.3,
        ),
    )
}
"""The laws by name, the least severe first."""


def smoke_law(name: str) -> SmokeLaw:
    """Return the law of a name; ValueError with the nearest name if there is none."""
    return law_named(SMOKE_LAWS, name, "law of speed in smoke")
