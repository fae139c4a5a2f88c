"""Speed by density, each as its authors give it, as a share of the speed alone."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Shape = Literal["nelson-mowrer", "weidmann", "headway", "predtechenskii-milinskii"]
Floats = NDArray[np.float64]
FREE_DENSITY_PER_M2 = 0.54
"""Below this nobody is slowed by others (SFPE Handbook, Nelson and Mowrer)."""
GAMMA_PER_M2 = 1.913
"""Weidmann 1993: v = v0 (1 - exp(-gamma (1/D - 1/jam)))."""
BODY_M, GAP_S = 0.36, 1.06
"""Seyfried et al. 2005, single file: v = (1/D - 0.36 m) / 1.06 s at D persons per metre."""
LANE_M = 0.45
"""What a lane takes across where people walk staggered (Hoogendoorn and Daamen 2005 (m))."""
WEIDMANN_FREE_M_S = 1.34
"""Mean free speed of Weidmann 1993."""
PM_FREE_M_S = 57.0 / 60.0
"""Predtechenskii and Milinskii's speed at D = 0, normal movement (m)."""
PM_TOP = 0.92
"""The greatest D, in square metres of bodies per square metre, of their formulae."""
MINUTE_S = 60.0


def relative(shape: Shape, density: Floats, jam: float, body_m2: float, stair: bool) -> Floats:
    """Return speed over free speed at densities in standard adults per m2; never rising."""
    if shape == "nelson-mowrer":
        free = 1.0 - FREE_DENSITY_PER_M2 / jam
        found = np.minimum((1.0 - density / jam) / free, 1.0)
    elif shape == "weidmann":
        inverse = 1.0 / np.maximum(density, 1e-9)
        found = 1.0 - np.exp(-GAMMA_PER_M2 * (inverse - 1.0 / jam))
    elif shape == "headway":
        gap = 1.0 / np.maximum(density * LANE_M, 1e-9) - BODY_M
        found = np.minimum(gap / (GAP_S * WEIDMANN_FREE_M_S), 1.0)
    else:
        covered = np.minimum(density * body_m2, PM_TOP)
        found = bodies(covered, stair) / bodies(np.zeros(1), stair)
        found = np.where(density > jam, 0.0, found)
    return np.asarray(np.minimum.accumulate(np.maximum(found, 0.0)), np.float64)


def bodies(covered: Floats, stair: bool) -> Floats:
    """Return Predtechenskii and Milinskii's speed in m/s, level or down stairs (m).

    D is the share of the floor that bodies cover: V = 112 D4 - 380 D3 + 434 D2 - 217 D + 57 m/min;
    down stairs times 0.775 + 0.44 exp(-0.39 D) sin(5.61 D - 0.224).
    """
    d = covered
    level = 112.0 * d**4 - 380.0 * d**3 + 434.0 * d**2 - 217.0 * d + 57.0
    down = 0.775 + 0.44 * np.exp(-0.39 * d) * np.sin(5.61 * d - 0.224)
    return np.asarray(level * (down if stair else 1.0) / MINUTE_S, np.float64)


def door_share(covered: Floats) -> Floats:
    """Return Predtechenskii and Milinskii's speed in doorways over that on the level (m)."""
    return np.asarray(1.17 + 0.13 * np.sin(6.03 * covered - 0.12), np.float64)
