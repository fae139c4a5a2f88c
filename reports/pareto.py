"""Release plans against each other: what the density on stairs costs in time, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.figures import WIDTH_IN, styled
from reports.palette import BLACK, BLUE, GREY, ORANGE, RED, SKY


@styled
def pareto(document: Mapping[str, Any]) -> Figure:
    """Every schedule that was tried, the front on fresh seeds, all at once, and the choice.

    Across: mean time until all are out more than all at once, s; up: the highest density on a
    flight or landing in a dismissal (median and P5 to P95), adults per m2.
    """
    figure = Figure(figsize=(WIDTH_IN, 4.2), layout="constrained")
    axes = figure.subplots()
    once = document["all_at_once"]
    zero, limit = once["end_s"]["mean"], document["density_per_m2"]
    _tried(axes, document["tried"], zero)
    front = sorted(document["front"], key=lambda one: float(one["end_s"]["mean"]))
    label = "best found, fresh seeds (P5 to P95)"
    _bars(axes, front, zero, {"color": BLUE, "marker": "s", "label": label})
    _bars(axes, [once], zero, {"color": ORANGE, "marker": "D", "label": "all at once"})
    _bars(axes, [document["plan"]], zero,
          {"color": BLACK, "marker": "*", "ms": 14, "label": "chosen"})  # fmt: skip
    axes.axhline(limit, color=RED, lw=1.2, ls=(0, (6, 2, 1, 2)))
    axes.annotate(f"limit {limit:g}", (1, limit), (-2, 3), xycoords=("axes fraction", "data"),
                  textcoords="offset points", ha="right", color=RED, fontweight="bold")  # fmt: skip
    axes.set(xlabel="added time until all are out (s)", ylim=(0, None))
    axes.set(ylabel="highest density on stairs (adults per m²)")
    axes.grid(color=GREY, alpha=0.2, lw=0.5)
    figure.legend(loc="outside lower center", ncols=4)
    return figure


def _tried(axes: Axes, tried: Sequence[Sequence[float]], zero: float) -> None:
    """Every schedule of the search, worst seed; those far off the front are cut away."""
    cloud = np.array(tried, float).reshape(-1, 2)
    cloud = cloud[np.isfinite(cloud).all(axis=1)]
    axes.scatter(
        cloud[:, 0] - zero, cloud[:, 1], s=9, color=SKY, alpha=0.5, lw=0, label="tried, worst seed"
    )


def _bars(
    axes: Axes, plans: Sequence[Mapping[str, Any]], zero: float, style: Mapping[str, Any]
) -> None:
    """Median peaks with P5 to P95, and the 95 % interval of the mean time."""
    x = np.array([one["end_s"]["mean"] for one in plans]) - zero
    y = np.array([one["peak_per_m2"]["p50"] for one in plans])
    peaks = [[one["peak_per_m2"][q] for one in plans] for q in ("p5", "p95")]
    spans = np.array([one["end_s"]["interval_95"]["mean"] for one in plans]).reshape(-1, 2) - zero
    axes.errorbar(
        x, y, yerr=np.abs(np.array(peaks) - y), xerr=np.abs(spans.T - x), ls="none", capsize=2,
        lw=1.0, **style,
    )  # fmt: skip
