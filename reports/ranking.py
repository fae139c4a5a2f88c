"""Several sets of runs ranked by one number, and whether the ranking can be relied on.

A pair is decided where the 95 % interval of its difference (bootstrap, paired by seed: common
random numbers) leaves out 0, and six seeds or more differ. A ranking is robust only if every pair
is decided, the same way round, under every condition that was tried; else it is undecided, and only
the pairs that are may be used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from reports.comparison import Values, interval
from reports.dossier import read_json
from reports.measures import measures

ROBUST, UNDECIDED = "robust", "undecided"
LEAST_DIFFER = 6
"""So many seeds must differ: six of six one way round are 2 x 0.5^6 = 0.03 by chance (sign test);
the bootstrap alone would take four cascades in twenty runs for certain."""
Sides = Mapping[str, Sequence[Path]]
Pair = tuple[str, str]


def rank(conditions: Mapping[str, Sides], metric: str) -> dict[str, Any]:
    """Rank sides (name -> runs) under each condition; the first condition gives the means.

    ValueError where conditions do not have the same sides, sides not the same seeds, or runs no
    such metric (lower is better for every one).
    """
    values = {name: _values(sides, metric) for name, sides in conditions.items()}
    first, *others = values.values()
    if any(set(other) != set(first) for other in others):
        raise ValueError(f"every condition needs the same folders: {', '.join(sorted(first))}")
    better = {name: _decided(sides, metric) for name, sides in values.items()}
    order = sorted(first, key=lambda name: (float(first[name].mean()), name))
    pairs = list(combinations(order, 2))
    held = [pair for pair in pairs if all(pair in found for found in better.values())]
    verdict = ROBUST if pairs and len(held) == len(pairs) else UNDECIDED
    return {
        "metric": metric,
        "conditions": {
            name: {side: float(column.mean()) for side, column in sides.items()}
            for name, sides in values.items()
        },
        "pairs": [
            {"better": a, "worse": b, "verdict": ROBUST if (a, b) in held else UNDECIDED,
             "fails": [{"under": name, "why": _why(found, a, b)} for name, found in better.items()
                       if (a, b) not in found],
             "under": {name: _difference(sides, a, b, metric) for name, sides in values.items()}}
            for a, b in pairs
        ],
        "verdict_stands": not held,
        "ranking": order if verdict == ROBUST else None,
        "verdict": verdict,
        "sentence": _sentence(order, held, verdict, metric, list(values)),
    }  # fmt: skip


def _values(sides: Sides, metric: str) -> dict[str, Values]:
    """Name -> the metric of each run, in the order of the seeds."""
    found, seeds = {}, set()
    for name, runs in sides.items():
        rows = {int(read_json(run / "manifest.json")["seed"]): measures(run) for run in runs}
        lacking = [run for run in rows.values() if metric not in run]
        if lacking:
            known = ", ".join(sorted(lacking[0]))
            raise ValueError(f"runs of {name} have no metric {metric!r}; they have {known}")
        seeds.add(tuple(sorted(rows)))
        found[name] = np.array([rows[seed][metric] for seed in sorted(rows)])
    if len(seeds) != 1 or len(next(iter(seeds))) < 2:
        raise ValueError("a ranking needs the same seeds in every folder, at least two")
    return found


def _why(found: set[Pair], a: str, b: str) -> str:
    """Why a pair is not decided so under a condition."""
    if (b, a) in found:
        return f"it turns round, {b} is better"
    return "the interval of the difference holds 0, or too few seeds differ"


def _decided(sides: Mapping[str, Values], metric: str) -> set[Pair]:
    """Pairs (better, worse) whose interval leaves out 0."""
    found = set()
    for a, b in combinations(sides, 2):
        low, high = interval(metric, sides[a], sides[b], paired=True)
        if np.count_nonzero(sides[a] != sides[b]) < LEAST_DIFFER:
            continue
        if low is not None and low > 0:
            found.add((a, b))
        elif high is not None and high < 0:
            found.add((b, a))
    return found


def _difference(sides: Mapping[str, Values], a: str, b: str, metric: str) -> dict[str, Any]:
    low, high = interval(metric, sides[a], sides[b], paired=True)
    return {"difference": float((sides[b] - sides[a]).mean()), "low": low, "high": high}


def _sentence(
    order: Sequence[str], held: Sequence[Pair], verdict: str, metric: str, under: Sequence[str]
) -> str:
    where = f"under {len(under)} condition{'s' if len(under) > 1 else ''} ({', '.join(under)})"
    if verdict == ROBUST:
        return f"{metric}, best first: {', '.join(order)}; this holds {where}."
    known = "; ".join(f"{a} is better than {b}" for a, b in held) or "no pair is decided"
    return f"undecided: the ranking by {metric} does not hold {where}. What does: {known}."
