"""Distributions of speeds and times, as quantile functions: a share in [0, 1) gives a value.

Everything is drawn by its quantile, so that one number decides a person's pace on the level and
on stairs alike, and a value is never drawn twice.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
TINY = 2.0**-54
"""Shares are kept this far from 0 and 1, where some quantiles are infinite."""

FAMILIES: dict[str, tuple[str, ...]] = {
    "constant": ("value",),
    "uniform": ("min", "max"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "gamma": ("shape", "scale"),
    "weibull": ("shape", "scale"),
    "loglogistic": ("median", "shape"),
}
"""The families, and the parameters that each one needs, the second a spread or a scale."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A family with its parameters, cut off to [low, high] (the rest is scaled up to 1), and then
    moved by ``shift``.

    ``normal`` mean, sd; ``lognormal`` median, sigma of the logarithm; ``gamma`` and ``weibull``
    shape, scale; ``loglogistic`` median, shape; ``uniform`` min, max; ``constant`` value.
    ValueError for parameters that are missing, unknown, or make no distribution.
    """

    family: str
    parameters: dict[str, float] = field(default_factory=dict)
    low: float = 0.0
    high: float = np.inf
    shift: float = 0.0

    def __post_init__(self) -> None:
        """Check the parameters."""
        needed = FAMILIES.get(self.family)
        if needed is None:
            raise ValueError(f"no distribution {self.family!r}; known: {', '.join(FAMILIES)}")
        if set(self.parameters) != set(needed):
            raise ValueError(f"a {self.family} distribution needs {' and '.join(needed)}")
        if not all(np.isfinite(v) for v in self.parameters.values()):
            raise ValueError(f"the parameters of a {self.family} distribution are finite numbers")
        if self.family == "uniform":
            good = self.parameters["min"] <= self.parameters["max"]
        elif self.family == "constant":
            good = True
        else:
            first, second = (self.parameters[name] for name in needed)
            good = second >= 0.0 if self.family in ("normal", "lognormal") else second > 0.0
            good &= self.family == "normal" or first > 0.0
        if not good or not self.low <= self.high:
            raise ValueError(f"these are no parameters of a {self.family} distribution")

    def quantiles(self, shares: ArrayLike) -> Floats:
        """Return the values at some shares, like ``shares`` in shape."""
        given = np.clip(np.asarray(shares, np.float64), TINY, 1.0 - TINY)
        if self.spreads:
            below, above = self.share(self.low), self.share(self.high)
            given = np.clip(below + (above - below) * given, TINY, 1.0 - TINY)
        return np.asarray(np.clip(self._plain(given), self.low, self.high) + self.shift)

    @property
    def spreads(self) -> bool:
        """Whether values differ at all."""
        p = self.parameters
        same = self.family == "uniform" and p["min"] == p["max"]
        return not (self.family == "constant" or same or 0.0 in (p.get("sd"), p.get("sigma")))

    @property
    def mean(self) -> float:
        """The mean, by quadrature over 10,000 shares: with its cut."""
        return float(np.mean(self.quantiles((np.arange(10_000) + 0.5) / 10_000)))

    def share(self, value: float) -> float:
        """Return the share below a value, before any cut."""
        p = self.parameters
        if value == np.inf:
            return 1.0
        if self.family == "uniform":
            return float(np.clip((value - p["min"]) / (p["max"] - p["min"]), 0.0, 1.0))
        if self.family == "normal":
            return float(special.ndtr((value - p["mean"]) / p["sd"]))
        if value <= 0.0:
            return 0.0
        if self.family == "lognormal":
            return float(special.ndtr(np.log(value / p["median"]) / p["sigma"]))
        if self.family == "gamma":
            return float(special.gammainc(p["shape"], value / p["scale"]))
        if self.family == "weibull":
            return float(-np.expm1(-((value / p["scale"]) ** p["shape"])))
        return float(1.0 / (1.0 + (value / p["median"]) ** -p["shape"]))

    def _plain(self, share: Floats) -> Floats:
        """Return the quantiles of the family without its cut."""
        p = self.parameters
        match self.family:
            case "constant":
                return np.full_like(share, p["value"])
            case "uniform":
                return np.asarray(p["min"] + (p["max"] - p["min"]) * share)
            case "normal":
                return np.asarray(p["mean"] + p["sd"] * special.ndtri(share))
            case "lognormal":
                return np.asarray(p["median"] * np.exp(p["sigma"] * special.ndtri(share)))
            case "gamma":
                return np.asarray(p["scale"] * special.gammaincinv(p["shape"], share))
            case "weibull":
                return np.asarray(p["scale"] * (-np.log1p(-share)) ** (1.0 / p["shape"]))
            case _:
                return np.asarray(p["median"] * (share / (1.0 - share)) ** (1.0 / p["shape"]))


def constant(value: float) -> Distribution:
    """Return one value for everybody."""
    return Distribution("constant", {"value": value})


def uniform(low: float, high: float) -> Distribution:
    """Return equal parts between two values."""
    return Distribution("uniform", {"min": low, "max": high})


def normal(mean: float, sd: float, low: float = 0.0, high: float = np.inf) -> Distribution:
    """Return a normal distribution, cut off."""
    return Distribution("normal", {"mean": mean, "sd": sd}, low, high)


def lognormal(median: float, sigma: float) -> Distribution:
    """Return a lognormal distribution by its median and the sd of the logarithm."""
    return Distribution("lognormal", {"median": median, "sigma": sigma})
