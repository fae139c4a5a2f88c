"""What the controller's commands change: the same dismissals with them and without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reports.comparison import interval
from scenarios.warning.dismissal import Recorded
from scenarios.warning.judging import PILE, judge_cascade

PLANS = ("trip", "blocked")


def steered(
    taken: Sequence[Recorded], stairs: Sequence[str], portals: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """By plan: falls, cascades, piles and who is left, without and with, and the paired difference
    with its 95 % interval (bootstrap over seeds); and from the first fall on a stair to the first
    door beside it that asks to wait. `portals`: the two spaces of each.
    """
    found: dict[str, Any] = {}
    for plan in PLANS:
        alone = {r.seed: r for r in taken if r.kind == plan}
        led = {r.seed: r for r in taken if r.kind == f"{plan}-steered"}
        seeds = sorted(alone.keys() & led.keys())
        if seeds:
            found[plan] = {
                "seeds": len(seeds),
                **_compared(plan, [alone[s] for s in seeds], [led[s] for s in seeds], stairs),
                "hold": _hold([led[s] for s in seeds], stairs, portals),
            }
    return found


def _compared(
    plan: str, alone: Sequence[Recorded], led: Sequence[Recorded], stairs: Sequence[str]
) -> dict[str, Any]:
    rows = {}
    before, after = ([_measures(r, stairs) for r in runs] for runs in (alone, led))
    for name in before[0]:
        a, b = (np.array([one[name] for one in runs]) for runs in (before, after))
        low, high = interval(f"warn/{plan}/{name}", a, b, paired=True)
        rows[name] = {
            "without": float(a.mean()), "with": float(b.mean()),
            "difference": float((b - a).mean()), "low": low, "high": high,
        }  # fmt: skip
    return rows


def _measures(one: Recorded, stairs: Sequence[str]) -> dict[str, float]:
    """Of one dismissal: falls, stairs with a cascade and with a pile, people inside at its end."""
    by_stair = [[f for f in one.falls if f.space.startswith(f"{s}.")] for s in stairs]
    return {
        "falls": float(len(one.falls)),
        "cascades": float(sum(judge_cascade(falls) is not None for falls in by_stair)),
        "piles": float(sum(len(falls) >= PILE for falls in by_stair)),
        "left": float(one.left),
    }


def _hold(
    led: Sequence[Recorded], stairs: Sequence[str], portals: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """From the first fall on a stair to the first door beside it that asks to wait, ms."""
    took, before, falls = [], 0, 0
    for one in led:
        for stair in stairs:
            first = min((f.t_ms for f in one.falls if f.space.startswith(f"{stair}.")), default=-1)
            doors = [t for t, p in one.held if any(s.startswith(stair) for s in portals[p])]
            falls += first >= 0
            before += first >= 0 and any(t < first for t in doors)
            if first >= 0 and any(t >= first for t in doors) and not any(t < first for t in doors):
                took.append(min(t for t in doors if t >= first) - first)
    return {"first_falls": falls, "held_before": before, "fall_to_held_door_ms": sorted(took)}
