"""One scenario over many seeds, in processes of their own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.crushrisk import cascades
from scenarios.expect import ERROR, FAIL, INCONCLUSIVE, PASS
from scenarios.places import places, places_text
from scenarios.rig.failure import RigFailure
from scenarios.run import Order, run

MOST_SEEDS = 100_000
"""Runs of one sweep: far beyond what any percentile needs, and listed in a moment."""
SEED_DIGITS = 18
_WORST_FIRST = ((ERROR, 3), (FAIL, 1), (INCONCLUSIVE, 4), (PASS, 0))


def parse_seeds(text: str) -> list[int]:
    """Parse `1..59`, `1,2,7` or both; ValueError on anything else, or more than a sweep does."""
    seeds: list[int] = []
    for part in text.split(","):
        low, dots, high = part.strip().partition("..")
        if not low.isdigit() or (dots and not high.isdigit()):
            raise ValueError(f"--seeds {text!r}: write 1..59 or 1,2,7")
        if max(len(low), len(high)) > SEED_DIGITS:
            raise ValueError(f"--seeds {text!r}: a seed has at most {SEED_DIGITS} digits")
        some = range(int(low), int(high if dots else low) + 1)
        if len(seeds) + len(some) > MOST_SEEDS:
            raise ValueError(
                f"--seeds {text!r}: more than {MOST_SEEDS} runs; 300 to 1000 do for percentiles"
            )
        seeds += some
    if not seeds or len(set(seeds)) != len(seeds):
        raise ValueError(f"--seeds {text!r}: no seed, or one twice")
    return seeds


def sweep(scenario: Path, seeds: str, jobs: int, rig: str, out: Path | None) -> dict[str, Any]:
    """Run all seeds; return the runs, exit-time statistics and the worst verdict."""
    parent = out or Path("runs") / f"{scenario.stem}-sweep"
    orders = [
        Order(scenario, rig=rig, seed=seed, out=parent / f"s{seed}", report=False)
        for seed in parse_seeds(seeds)
    ]
    workers = min(jobs or os.cpu_count() or 1, len(orders))
    if workers == 1:
        runs = [_one(order) for order in orders]
    else:
        context = get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            runs = list(pool.map(_one, orders))
    return {"scenario": scenario.stem, "rig": rig, "folder": str(parent), **_statistics(runs)}


def _one(order: Order) -> dict[str, Any]:
    try:
        document = run(order).document
    except RigFailure as failure:
        return {"seed": order.seed, "verdict": ERROR, "error": str(failure)}
    keep = (
        "seed",
        "verdict",
        "error",
        "people",
        "evacuated",
        "stranded",
        "rset_ms",
        "wall_s",
        "falls",
        "crush",
    )
    return {key: document[key] for key in (*keep, "ledger", "run_dir", "journal_sha256")}


def _statistics(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Incomplete runs count as infinitely long, so a quantile may be null."""
    times = np.array(
        [np.inf if run.get("rset_ms") is None else run["rset_ms"] / 1_000 for run in runs]
    )
    verdicts = [run["verdict"] for run in runs]
    worst = next((name, code) for name, code in _WORST_FIRST if name in verdicts)
    finite = bool(np.isfinite(times).all())
    return {
        "seeds": len(runs),
        "passed": verdicts.count(PASS),
        "verdict": worst[0],
        "exit_code": worst[1],
        "rset_s": {
            "mean": float(times.mean()) if finite else None,
            "sd": float(times.std(ddof=1)) if finite and len(runs) > 1 else None,
            **{name: _quantile(times, q) for name, q in (("p5", 5), ("p50", 50), ("p95", 95))},
            "max": float(times.max()) if finite else None,
        },
        "crush": cascades([run["falls"] for run in runs if "falls" in run]),
        "places": places([run["crush"] for run in runs if "crush" in run]),
        "runs": [{key: value for key, value in run.items() if key != "crush"} for run in runs],
    }


def _quantile(times: np.ndarray[Any, np.dtype[np.float64]], percent: int) -> float | None:
    value = float(np.percentile(times, percent, method="inverted_cdf"))
    return value if np.isfinite(value) else None


def sweep_text(document: dict[str, Any]) -> str:
    """Return a table of the runs with their statistics."""
    lines = [f"{'seed':>6} {'verdict':13} {'out':>6} {'stranded':>9} {'time to clear':>14}"]
    for item in document["runs"]:
        seconds = "-" if item.get("rset_ms") is None else f"{item['rset_ms'] / 1_000:.1f} s"
        lines.append(
            f"{item['seed']:>6} {item['verdict']:13} {item.get('evacuated', '-'):>6} "
            f"{item.get('stranded', '-'):>9} {seconds:>14}"
        )
    names = (("mean", "mean"), ("sd", "sd"), ("p5", "P5"), ("p50", "P50"), ("p95", "P95"))
    times = document["rset_s"]
    shown = [f"{word} {times[key]:.1f} s" for key, word in names if times[key] is not None]
    lines.append(f"{document['passed']} of {document['seeds']} runs pass; {', '.join(shown)}")
    crush = document["crush"]
    lines.append(
        f"falls per run {crush['falls_mean']:.2f}; cascades in {crush['cascades']} of "
        f"{crush['runs']} runs (95 %: {crush['low']:.2f}-{crush['high']:.2f}); "
        f"R_f {crush['r_f']:.2f}"
    )
    classes = [f"{name} in {count}" for name, count in crush["risk_classes"].items() if count]
    lines.append(f"risk class: {', '.join(classes)} runs")
    lines += places_text(document["places"], document["seeds"])
    lines.append(f"runs: {document['folder']}")
    return "\n".join(lines)
