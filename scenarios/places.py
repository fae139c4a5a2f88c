"""Over the runs of a sweep, what is dangerous where and what helps there, the worst first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evacuation.crush.risk import CLASSES
from reports.advice import advice

SHOWN = 8
WORST = ("peak_adults_per_m2", "line_load_n_per_m", "breakdown_s", "r_f")


def places(runs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows by place above the lowest class: class and mechanism of its worst run, in how many runs
    it came to that class, the worst measures, and actions in the order of the literature.
    """
    by_place: dict[str, list[Mapping[str, Any]]] = {}
    for run in runs:
        for name, row in run["spaces"].items():
            if row["risk_class"] != CLASSES[0]:
                by_place.setdefault(name, []).append(row)
    rows = [_place(name, found) for name, found in by_place.items()]
    return sorted(rows, key=lambda row: (-CLASSES.index(row["risk_class"]), -row["runs"],
                                         -row["peak_adults_per_m2"], row["space"]))  # fmt: skip


def _place(name: str, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rank = max(CLASSES.index(row["risk_class"]) for row in found)
    worst = [row for row in found if row["risk_class"] == CLASSES[rank]]
    gravest = max(worst, key=lambda row: (row["r_f"], row["line_load_n_per_m"], row["breakdown_s"]))
    return {
        "space": name,
        "risk_class": CLASSES[rank],
        "runs": len(worst),
        "mechanism": gravest["mechanism"],
        **{name: max(row[name] for row in found) for name in WORST},
        "actions": list(advice(gravest["mechanism"])),
        "actions_ranked_by": "literature",
    }


def places_text(rows: Sequence[Mapping[str, Any]], runs: int) -> list[str]:
    """Lines for people: place, class, mechanism, figures, the first thing to do."""
    lines = []
    for row in rows[:SHOWN]:
        lines.append(
            f"{row['space']:20} {row['risk_class']:7} in {row['runs']} of {runs}: "
            f"{row['mechanism']}; {row['peak_adults_per_m2']:.1f} adults/m2, "
            f"{row['line_load_n_per_m']} N/m, flow broken {row['breakdown_s']:.0f} s, "
            f"R_f {row['r_f']:.1f}"
        )
    if rows:
        lines.append("what helps at the first (order of the literature, not measured here):")
        lines += [f"  {k}. {one}" for k, one in enumerate(rows[0]["actions"], 1)]
    return lines
