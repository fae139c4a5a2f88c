"""Numbers to figures: egress curve, flow per exit, seconds ledger. No input, no output.

Every figure is as wide as the text of an A4 page; times are seconds since the start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from reports.density import WARNING_PER_M2
from reports.ledger import ENTRIES, UNEXPLAINED
from reports.palette import (
    BLACK,
    BLUE,
    ENTRY_STYLE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    RED,
    SKY,
    legible,
    settings,
)
from reports.tables import Egress, ExitRow

WIDTH_IN = 7.1
BIN_S = 10
SHOWN_EXITS = 8
SYSTEM = ("decide", "bus", "actuate", "announce")
STRIP_SHARE = 0.02  # exits with a smaller share of the people stand in the table only
CURVES: tuple[tuple[str, Any], ...] = (
    (BLACK, "solid"),
    (ORANGE, (0, (6, 2))),
    (BLUE, (0, (2, 1.5))),
    (GREEN, (0, (6, 2, 1, 2))),
)
_P = ParamSpec("_P")


def styled(draw: Callable[_P, Figure]) -> Callable[_P, Figure]:
    """Draw a figure under the house's settings."""

    @wraps(draw)
    def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> Figure:
        with rc_context(settings()):
            return draw(*args, **kwargs)

    return wrapped


@styled
def egress_curve(
    egress: Egress, people: int, start_ms: int, limits: Sequence[tuple[str, int]] = ()
) -> Figure:
    """People who noticed, set off and are out over time; `limits`: (words, ms) as upright lines."""
    figure = Figure(figsize=(WIDTH_IN, 3.1), layout="constrained")
    axes = figure.subplots()
    last = max([*egress.out_ms, start_ms + 1000, *(ms for _, ms in limits)])
    end_s = (last - start_ms) / 1000 * 1.04 or 1.0
    seconds = np.arange(int(end_s) + 1)
    noticed, started, out = (
        np.searchsorted(np.asarray(instants), seconds * 1000 + start_ms, side="right")
        for instants in (egress.noticed_ms, egress.started_ms, egress.out_ms)
    )
    axes.fill_between(seconds, out, started, color=SKY, alpha=0.25, lw=0, step="post")
    axes.step(seconds, noticed, where="post", color=GREY, ls=":", lw=1.4, label="noticed")
    axes.step(seconds, started, where="post", color=BLUE, ls="--", lw=1.4, label="set off")
    axes.step(seconds, out, where="post", color=BLACK, lw=2.0, label="out")
    axes.axhline(people, color=GREY, lw=0.7, ls=(0, (2, 2)))
    axes.annotate(f"all {people:,}", (0, people), (3, 2), textcoords="offset points", color=GREY)
    for number, (label, ms) in enumerate(limits):
        _limit(axes, label, (ms - start_ms) / 1000, end_s, number)
    axes.set(xlim=(0, end_s), ylim=(0, people * 1.1 or 1))
    axes.set(xlabel="time since the start (s)", ylabel="people")
    figure.legend(loc="outside lower center", ncols=4)
    return figure


def _limit(axes: Axes, label: str, at_s: float, end_s: float, number: int) -> None:
    axes.axvline(at_s, color=RED, lw=1.4, ls=(0, (6, 2, 1, 2)))
    left = at_s > end_s * 0.7
    axes.annotate(
        f"limit {label}",
        (at_s, 0.06 + 0.09 * number),
        (-4 if left else 4, 0),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="right" if left else "left",
        color=RED,
        fontweight="bold",
    )


@styled
def exit_flows(rows: Sequence[ExitRow], start_ms: int, names: Mapping[str, str]) -> Figure:
    """People per second through each used exit, means over ten seconds, one strip per exit."""
    few = STRIP_SHARE * sum(row.people for row in rows)
    used = [row for row in rows if row.people and row.people >= few][:SHOWN_EXITS]
    figure = Figure(figsize=(WIDTH_IN, 0.6 + 0.85 * max(1, len(used))), layout="constrained")
    strips = figure.subplots(max(1, len(used)), 1, sharex=True, sharey=True, squeeze=False)
    last = max((row.out_ms[-1] for row in used), default=start_ms)
    edges = np.arange(0, (last - start_ms) / 1000 + 2 * BIN_S, BIN_S)
    for axes, row in zip(strips[:, 0], used, strict=False):
        since = (np.asarray(row.out_ms) - start_ms) / 1000
        flow = np.histogram(since, edges)[0] / BIN_S
        axes.stairs(flow, edges, fill=True, facecolor=SKY, edgecolor=BLUE, lw=0.8, hatch="")
        axes.set_title(_exit_title(row, names), loc="left", pad=2)
        axes.set(xlim=(0, edges[-1]), ylim=(0, None))
    strips[-1, 0].set_xlabel("time since the start (s)")
    figure.supylabel("people / s", fontsize=8)
    return figure


@styled
def density_curves(curves: Mapping[str, Sequence[tuple[int, float]]], start_ms: int) -> Figure:
    """People per m2 over time: name of a space -> (ms, density); the warning density if near."""
    figure = Figure(figsize=(WIDTH_IN, 2.3), layout="constrained")
    axes = figure.subplots()
    highest = 0.0
    for (name, points), (colour, style) in zip(curves.items(), CURVES, strict=False):
        since = [(t - start_ms) / 1000 for t, _ in points]
        axes.step(since, [d for _, d in points], where="post", color=colour, ls=style, label=name)
        highest = max(highest, *(d for _, d in points))
    near = highest > WARNING_PER_M2 / 2
    if near:
        axes.axhline(
            WARNING_PER_M2, color=RED, lw=1.2, ls=":", label=f"warning: {WARNING_PER_M2:g}"
        )
    axes.set(xlim=(0, None), ylim=(0, max(highest, WARNING_PER_M2 if near else 0.1) * 1.1))
    axes.set(xlabel="time since the start (s)", ylabel="people per m²")
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def _exit_title(row: ExitRow, names: Mapping[str, str]) -> str:
    name = legible(names.get(row.portal, row.portal), row.portal)
    return (
        f"{name}: {row.people:,} people, {row.width_m:.2f} m wide, "
        f"at most {row.peak_per_s:.1f} /s = {row.peak_per_s_m:.2f} /(s m)"
    )


@styled
def ledger_bars(bars: Mapping[str, Mapping[str, float]]) -> Figure:
    """Stacked bars of seconds per entry: label -> entry -> s; below, the alarm system's own."""
    shown = [
        entry
        for entry in (*ENTRIES, UNEXPLAINED)
        if entry != UNEXPLAINED or any(abs(bar.get(entry, 0.0)) > 0 for bar in bars.values())
    ]
    height = 1.5 + 0.27 * 2 * len(bars)
    figure = Figure(figsize=(WIDTH_IN, height), layout="constrained")
    whole, chain = figure.subplots(2, 1)
    _stack(whole, bars, shown)
    _stack(chain, bars, [entry for entry in shown if entry in SYSTEM])
    whole.set_title("Whole way, start to exit", loc="left")
    chain.set_title("Only the alarm system: decide, bus, actuate, announce (own scale)", loc="left")
    chain.set_xlabel("seconds per person")
    handles = [_patch(entry) for entry in shown]
    figure.legend(handles=handles, loc="outside upper center", ncols=9, columnspacing=1.0)
    return figure


def _stack(axes: Axes, bars: Mapping[str, Mapping[str, float]], entries: Sequence[str]) -> None:
    labels = [legible(label, f"bar {number}") for number, label in enumerate(bars, 1)]
    place = np.arange(len(bars))
    left = np.zeros(len(bars))
    widest = max(sum(max(0.0, bar.get(e, 0.0)) for e in entries) for bar in bars.values()) or 1.0
    for entry in entries:
        size = np.array([bar.get(entry, 0.0) for bar in bars.values()])
        colour, hatch = ENTRY_STYLE[entry]
        axes.barh(place, size, 0.72, left, color=colour, hatch=hatch, edgecolor="#222", lw=0.5)
        for at, start, seconds in zip(place, left, size, strict=True):
            if seconds > 0.055 * widest:
                _inside(
                    axes,
                    start + seconds / 2,
                    float(at),
                    f"{seconds:.1f}" if widest >= 10 else f"{seconds:.2f}",
                )
        left += size
    for at, total in zip(place, left, strict=True):
        say = f"{total:.1f} s" if total >= 10 else f"{total:.2f} s"
        axes.annotate(say, (total, at), (3, 0), textcoords="offset points", va="center")
    axes.set(xlim=(0, widest * 1.1), ylim=(len(bars) - 0.45, -0.55))
    axes.set_yticks(place, labels)
    axes.tick_params(axis="y", length=0)


def _inside(axes: Axes, x: float, y: float, text: str) -> None:
    box = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"}
    axes.text(x, y, text, ha="center", va="center", fontsize=7, bbox=box)


def _patch(entry: str) -> Patch:
    colour, hatch = ENTRY_STYLE[entry]
    return Patch(facecolor=colour, hatch=hatch, edgecolor="#222", lw=0.5, label=entry)


def quiet_axes(axes: Axes) -> None:
    """No ticks and no frame: for maps."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.patch.set_facecolor(PALE)
    axes.patch.set_alpha(0.0)
