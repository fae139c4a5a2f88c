"""Curves of crowd warnings: how often they are right, over thresholds and over the lead time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.palette import BLACK, BLUE, GREY, ORANGE, RED

STYLES: dict[str, tuple[str, str, str, str]] = {
    "recall": ("cascades warned of 10 s before", BLUE, "-", "o"),
    "recall_pile": ("piles of ten warned of 10 s before", BLACK, "--", "s"),
    "seen": ("falls suspected or red within 5 s", GREY, "-.", "^"),
    "sure": ("falls red within 5 s", BLUE, "--", "s"),
    "false_amber2": ("calm stairs with a false amber 2", ORANGE, "-", "D"),
    "false_red": ("calm stairs with a false red", RED, ":", "v"),
}
LEADS = {"cascade": ("R_f above 1", BLUE, "o"), "pile": ("ten down", BLACK, "s")}
CURVES = {
    "flow": ("Amber 2: the foot has stopped", "outflow below, people per m and s",
             ("recall", "recall_pile", "false_amber2")),
    "dense": ("Amber 2 by density alone, falls left out", "density for 10 s, adults per m2",
              ("recall", "recall_pile", "false_amber2")),
    "lying": ("When a suspected fall is red", "time somebody must lie, s",
              ("seen", "sure", "false_red")),
}  # fmt: skip


def write_curves(document: Mapping[str, Any], path: Path) -> None:
    """Draw `curve` and `lead` of a `twin warn` document: shares with their 95 % intervals."""
    figure = Figure(figsize=(10, 7.5), layout="constrained")
    axes = figure.subplots(2, 2, sharey=True).flatten()
    for ax, (curve, (title, label, names)) in zip(axes, CURVES.items(), strict=False):
        _thresholds(ax, [one for one in document["curve"] if one["curve"] == curve], names)
        ax.set_title(title, fontsize=10)
        ax.set_xlabel(label)
    _leads(axes[3], document)
    for ax in axes:
        ax.set_ylim(-0.02, 1.02)
        ax.legend(fontsize=8, loc="best", framealpha=0.8)
    for ax in axes[::2]:
        ax.set_ylabel("share")
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "warning"}):
        figure.savefig(path, metadata={"Date": None})


def _thresholds(ax: Axes, rows: list[Mapping[str, Any]], names: tuple[str, ...]) -> None:
    for name in names:
        label, colour, style, marker = STYLES[name]
        there = [one for one in rows if one[name]["share"] is not None]
        at = [one["value"] for one in there]
        shares = [one[name]["share"] for one in there]
        ax.plot(at, shares, color=colour, ls=style, marker=marker, label=label)
        low, high = ([one[name][end] for one in there] for end in ("low", "high"))
        ax.fill_between(at, low, high, color=colour, alpha=0.1)


def _leads(ax: Axes, document: Mapping[str, Any]) -> None:
    """How long before the event warnings stood, and the first fall was."""
    for event, (name, colour, marker) in LEADS.items():
        rows = [(one["s"], one[event]) for one in document["lead"] if one[event]["of"]]
        for key, label, style in (("warned", "warned", "-"), ("possible", "first fall", ":")):
            ax.plot(
                [s for s, _ in rows], [one[key] / one["of"] for _, one in rows],
                color=colour, ls=style, marker=marker, ms=4, label=f"{label} before {name}",
            )  # fmt: skip
    ax.set_title("How long before it the site's thresholds warned", fontsize=10)
    ax.set_xlabel("at least so many s before")
