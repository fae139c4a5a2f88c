"""Two sets of runs against each other: differences with intervals, paired by seed where possible.

Interval: percentile bootstrap (Efron 1979) of the mean difference, 95 %, on a seeded stream.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from controller.interface.streams import stream
from reports.dossier import read_json
from reports.measures import measures

RESAMPLES = 4_000
CONFIDENCE = 0.95
WORDS = {
    "rset_s": "the time until the last person is out",
    "mean_exit_s": "the mean time out",
    "stranded": "the number of people who do not get out",
    "peak_density_per_m2": "the highest density",
}
Values = npt.NDArray[np.float64]


def compare(runs_a: Sequence[Path], runs_b: Sequence[Path]) -> dict[str, Any]:
    """Rows of {metric, a, b, difference (b - a), low, high, better} and one plain sentence.

    `low` and `high` are None with fewer than two runs a side; `better` is then "unclear".
    ValueError if either side holds no run.
    """
    if not runs_a or not runs_b:
        raise ValueError("a comparison needs at least one run on either side")
    a, b, paired = _paired(_by_seed(runs_a), _by_seed(runs_b))
    rows = [_row(metric, _column(a, metric), _column(b, metric), paired) for metric in a[0]]
    return {
        "a": {"name": _name(runs_a), "runs": len(a)},
        "b": {"name": _name(runs_b), "runs": len(b)},
        "paired_by_seed": paired,
        "rows": rows,
        "sentence": _sentence(rows, len(a), len(b), paired),
    }


def _by_seed(runs: Sequence[Path]) -> list[tuple[Any, dict[str, float]]]:
    return [(read_json(run / "manifest.json").get("seed"), measures(run)) for run in runs]


def _paired(
    a: list[tuple[Any, dict[str, float]]], b: list[tuple[Any, dict[str, float]]]
) -> tuple[list[dict[str, float]], list[dict[str, float]], bool]:
    """Both sides in the order of their seeds if these match one to one, else as they came."""
    seeds = [seed for seed, _ in a]
    unique = len(set(seeds)) == len(seeds) and None not in seeds
    other = dict(b)
    if unique and len(b) == len(a) and set(other) == set(seeds):
        return [row for _, row in a], [other[seed] for seed in seeds], True
    return [row for _, row in a], [row for _, row in b], False


def _column(rows: Sequence[Mapping[str, float]], metric: str) -> Values:
    return np.array([row.get(metric, np.nan) for row in rows])


def _row(metric: str, a: Values, b: Values, paired: bool) -> dict[str, Any]:
    low, high = interval(metric, a, b, paired)
    difference = float(b.mean() - a.mean())
    return {
        "metric": metric,
        "a": float(a.mean()),
        "b": float(b.mean()),
        "difference": difference,
        "low": low,
        "high": high,
        "better": _better(low, high),
    }


def interval(metric: str, a: Values, b: Values, paired: bool) -> tuple[float | None, float | None]:
    """Bootstrap interval of mean(b) - mean(a); (None, None) with fewer than two runs a side."""
    if min(len(a), len(b)) < 2:
        return None, None
    rng = stream(0, f"compare/{metric}")
    samples = _resampled(rng, b - a) if paired else _resampled(rng, b) - _resampled(rng, a)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(samples, [tail, 1 - tail])
    return float(low), float(high)


def _resampled(rng: np.random.Generator, values: Values) -> Values:
    picks = rng.integers(0, len(values), size=(RESAMPLES, len(values)))
    means: Values = values[picks].mean(axis=1)
    return means


def _better(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "unclear"
    if high < 0:
        return "b"
    return "a" if low > 0 else "neither"


def _name(runs: Sequence[Path]) -> str:
    return str(runs[0] if len(runs) == 1 else runs[0].parent)


def _sentence(rows: Sequence[Mapping[str, Any]], a: int, b: int, paired: bool) -> str:
    known = {row["metric"]: row for row in rows}
    lead = known["stranded" if known["stranded"]["difference"] else "rset_s"]
    what, unit = WORDS[lead["metric"]], " s" if lead["metric"].endswith("_s") else ""
    change = f"{abs(lead['difference']):.1f}{unit}"
    if lead["low"] is None:
        return (
            f"In B {what} is {change} {_direction(lead['difference'])} than in A; with one run "
            "on a side no interval can be given."
        )
    span = f"95 % interval {lead['low']:+.1f} to {lead['high']:+.1f}{unit}"
    runs = f"{a} pairs of runs with the same seed" if paired else f"{a} and {b} runs"
    if lead["better"] == "neither":
        return (
            f"A and B do not differ clearly in {what}: the mean difference "
            f"is {lead['difference']:+.1f}{unit} ({span}), over {runs}."
        )
    direction = _direction(lead["difference"])
    return f"In B {what} is {change} {direction} than in A ({span}), over {runs}."


def _direction(difference: float) -> str:
    return "higher" if difference > 0 else "lower"
