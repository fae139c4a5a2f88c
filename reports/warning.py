"""Curves of crowd warnings: how often they are right, over thresholds and over the lead time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

SHARES = {
    "recall": "cascades warned 10 s before",
    "seen": "falls seen within 5 s",
    "false_amber2": "false amber 2",
    "false_red": "false red",
}


def write_curves(document: Mapping[str, Any], path: Path) -> None:
    """Draw `curve` and `lead` of a `twin warn` document: shares with their 95 % intervals."""
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name, label in SHARES.items():
        rows = [one for one in document["curve"] if one[name]["share"] is not None]
        at = [one["factor"] for one in rows]
        left.plot(at, [one[name]["share"] for one in rows], marker="o", label=label)
        low, high = ([one[name][end] for one in rows] for end in ("low", "high"))
        left.fill_between(at, low, high, alpha=0.12)
    left.set(xlabel="density thresholds over the site's", ylabel="share", ylim=(-0.02, 1.02))
    left.legend(fontsize=8)
    lead = [one for one in document["lead"] if one["of"]]
    for key, label in (("warned", "warned at least so long before"),
                       ("possible", "first fall at least so long before")):  # fmt: skip
        right.step(
            [one["s"] for one in lead], [one[key] / one["of"] for one in lead], where="pre",
            marker="o", label=label,
        )  # fmt: skip
    right.set(xlabel="s before R_f is above 1", ylabel="share of cascades", ylim=(-0.02, 1.02))
    right.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})
