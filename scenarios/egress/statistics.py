"""Numbers over runs: quantiles in which an incomplete run is infinitely long, and intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from controller.interface.streams import stream

Floats = NDArray[np.float64]
QUANTILES = (("p5", 0.05), ("p50", 0.50), ("p95", 0.95))
RESAMPLES = 1_000
POOL_RESAMPLES = 200
"""For exit times of all persons, where a resample costs a pass over persons times runs."""
COVERAGE = 0.95


def figure(value: float, digits: int = 3) -> float | None:
    """Return a number for JSON: rounded, and null where it is infinite or not defined."""
    return round(float(value), digits) if np.isfinite(value) else None


def spread(values: Floats) -> dict[str, float | None]:
    """Return mean, sd (n - 1), P5, P50, P95 and max; null where infinite or not defined.

    A quantile is a value that occurred: the smallest that this share does not exceed, so one
    that falls on an incomplete run is infinite and null.
    """
    cut = _quantiles(np.sort(values), np.ones(len(values)))
    return {
        "mean": figure(values.mean()) if len(values) else None,
        "sd": figure(_sd(values)),
        **{name: figure(value) for (name, _), value in zip(QUANTILES, cut, strict=True)},
        "max": figure(values.max()) if len(values) else None,
    }


def _sd(values: Floats) -> float:
    finite = len(values) > 1 and bool(np.isfinite(values).all())
    return float(values.std(ddof=1)) if finite else float("nan")


def _quantiles(rising: Floats, weight: Floats) -> Floats:
    """Return the quantiles of sorted values with weights (inverse of the distribution)."""
    if not len(rising):
        return np.full(len(QUANTILES), np.nan)
    share = np.cumsum(weight)
    wanted = np.array([q for _, q in QUANTILES]) * share[-1]
    at = np.searchsorted(share, wanted - 1e-9 * share[-1])
    return np.asarray(rising[np.minimum(at, len(rising) - 1)], np.float64)


def intervals(runs: Floats, name: str) -> dict[str, list[float | None]] | None:
    """Return 95 % bootstrap intervals of mean, P5, P50, P95 over runs; null for a single run.

    `runs` [R, N]: the values of each run. Whole runs are drawn with replacement (percentile
    bootstrap, Efron 1979), since persons of one run are not independent.
    """
    count, size = runs.shape
    if count < 2 or not size:
        return None
    source = stream(0, f"bootstrap/{name}")
    order = np.argsort(runs, axis=None, kind="stable")
    rising, owner = runs.ravel()[order], order // size
    means = runs.mean(axis=1)

    def one() -> Floats:
        drawn = np.bincount(source.integers(0, count, count), minlength=count).astype(np.float64)
        used = drawn > 0
        mean = float((means[used] * drawn[used]).sum() / count)
        return np.array([mean, *_quantiles(rising, drawn[owner])])

    return _percentiles(one, POOL_RESAMPLES if size > 1 else RESAMPLES)


def _percentiles(one: Callable[[], Floats], resamples: int) -> dict[str, list[float | None]]:
    drawn = np.sort(np.stack([one() for _ in range(resamples)]), axis=0)
    low = int(resamples * (1 - COVERAGE) / 2)
    names = ("mean", *(name for name, _ in QUANTILES))
    return {
        name: [figure(drawn[low, k]), figure(drawn[resamples - 1 - low, k])]
        for k, name in enumerate(names)
    }


def of_runs(runs: Floats, name: str) -> dict[str, Any]:
    """Return the spread over all values of all runs, with its intervals."""
    return {**spread(runs.ravel()), "interval_95": intervals(runs, name)}
