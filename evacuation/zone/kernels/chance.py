"""Randomness by counter: a person's own key, what for, and the how-manieth draw."""

import numpy as np

from evacuation.engine.compiled import inlined

FALLS, RISES, NOISE, SIDE, SHOULDER = 1, 2, 3, 4, 5


@inlined
def chance(key: int, purpose: int, draw: int) -> float:
    """Return a number in (0, 1) that only these three decide (SplitMix64, Steele et al. 2014)."""
    z = np.uint64(key) + np.uint64(purpose) * np.uint64(0x9E3779B97F4A7C15)
    z += np.uint64(draw) * np.uint64(0xD1B54A32D192ED03)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (float(z >> np.uint64(11)) + 0.5) * 2.0**-53
