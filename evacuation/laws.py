"""Density-speed and flow laws, as declared sets of numbers with their sources."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

DENSITY_STEP_PER_M2 = 0.01
DENSITY_TOP_PER_M2 = 12.0
FREE_DENSITY_PER_M2 = 0.54
"""Below this nobody is slowed by others (SFPE Handbook, Nelson and Mowrer)."""
LEVEL_K_M_S = 1.40
"""Nelson and Mowrer's k of corridors and doors; a stair's k over this is its speed factor."""
WEIDMANN_FREE_M_S = 1.34
"""Mean free speed of Weidmann 1993."""
CREEP_SPEED = 0.083
"""Slowest speed in a crowd over the free speed: 0.10 of 1.2 m/s (IMO MSC.1/Circ.1533)."""
CREEP_FLOW = 0.246
"""Flow left at jam density over the maximum: 0.32 of 1.3 P/(m s) (IMO MSC.1/Circ.1533)."""

Shape = Literal["nelson-mowrer", "weidmann"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laws:
    """One declared set of movement laws.

    Flows are persons per second and metre of effective width; boundary layers are metres on each
    side. ``stair_flow`` 0 takes the stair's own riser and tread. ``smoke`` and ``dose`` name the
    laws of speed in smoke (``evacuation.smoke.visibility``) and of dose (``.dose``).
    ``word_m_s`` is how fast word of a closed portal goes from person to person, and ``hearing_m``
    the widest gap it jumps: both are design values, not measurements (information waves in crushes
    are put at 0.2 to 1.0 m/s; the end of Hall's social distance is 3.7 m).
    """

    name: str
    shape: Shape
    jam_per_m2: float
    door_flow: float
    stair_flow: float
    door_boundary_m: float
    stair_boundary_m: float
    corridor_boundary_m: float
    word_m_s: float = 0.5
    hearing_m: float = 4.0
    smoke: str = "frantzich-nilsson"
    dose: str = "purser"

    def stair_k_m_s(self, riser_m: float, tread_m: float) -> float:
        """Return Nelson and Mowrer's k of a stair, 51.8 sqrt(tread/riser) m/min, in m/s."""
        return 51.8 * sqrt(tread_m / riser_m) / 60.0

    def stair_flow_per_m_s(self, riser_m: float, tread_m: float) -> float:
        """Return the most a stair carries per metre of effective width: k / (4 a)."""
        return self.stair_flow or self.stair_k_m_s(riser_m, tread_m) * self.jam_per_m2 / 4.0

    @property
    def free_speed_m_s(self) -> float:
        """The law's own speed of an undisturbed walker on the level: Nelson and Mowrer's k (1 -
        0.54 a), or Weidmann's 1.34 m/s.
        """
        if self.shape == "weidmann":
            return WEIDMANN_FREE_M_S
        return LEVEL_K_M_S * (1.0 - FREE_DENSITY_PER_M2 / self.jam_per_m2)

    def effective_m(self, width_m: float, boundary_m: float) -> float:
        """Return clear width less a boundary layer on both sides, at least a quarter of it."""
        return max(width_m - 2.0 * boundary_m, 0.25 * width_m)

    def speed_table(self) -> NDArray[np.float64]:
        """Return speed over free speed by density, every 0.01 per m2; never rising."""
        density = _densities()
        free = _walking(self.shape, np.array([FREE_DENSITY_PER_M2]), self.jam_per_m2)[0]
        scale = free if self.shape == "nelson-mowrer" else 1.0
        share = _walking(self.shape, density, self.jam_per_m2) / scale
        return np.asarray(np.clip(share, CREEP_SPEED, 1.0), np.float64)

    def supply_table(self) -> NDArray[np.float64]:
        """Return the share of the greatest flow that a space of some density still lets in.

        1 up to the density of greatest flow, then the falling branch of flow = density x speed,
        then a creep until the space is full at jam density (the engine counts places for that).
        """
        density = _densities()
        flow = density * np.maximum(_walking(self.shape, density, self.jam_per_m2), 0.0)
        peak = int(np.argmax(flow))
        share = flow / flow[peak]
        share[: peak + 1] = 1.0
        return np.asarray(np.clip(share, CREEP_FLOW, 1.0), np.float64)


def _densities() -> NDArray[np.float64]:
    count = round(DENSITY_TOP_PER_M2 / DENSITY_STEP_PER_M2) + 1
    return np.linspace(0.0, DENSITY_TOP_PER_M2, count)


def _walking(shape: Shape, density: NDArray[np.float64], jam: float) -> NDArray[np.float64]:
    """Return relative speed: SFPE's 1 - a D, or Weidmann 1993's law with gamma 1.913 per m2."""
    if shape == "nelson-mowrer":
        return 1.0 - density / jam
    inverse = 1.0 / np.maximum(density, 1e-9)
    return np.asarray(1.0 - np.exp(-1.913 * (inverse - 1.0 / jam)))


BOUNDING = Laws(
    name="bounding",
    shape="nelson-mowrer",
    jam_per_m2=1.0 / 0.266,
    door_flow=1.3,
    stair_flow=0.0,
    door_boundary_m=0.15,
    stair_boundary_m=0.15,
    corridor_boundary_m=0.20,
)
"""SFPE Handbook (Nelson and Mowrer) design values: about half the flow seen in laboratories."""

LABORATORY = Laws(
    name="laboratory",
    shape="weidmann",
    jam_per_m2=5.4,
    door_flow=1.9,
    stair_flow=1.05,
    door_boundary_m=0.0,
    stair_boundary_m=0.0,
    corridor_boundary_m=0.0,
)
"""Weidmann 1993 on the level, 1.9 P/(m s) through doors of clear width (Rupprecht 2011), stairs
1.05 P/(m s) (Burghardt, Seyfried and Klingsch 2013)."""
