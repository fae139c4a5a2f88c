"""The timeline figure: one row per thing that happens, in five lanes, close up and as a whole."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.figures import WIDTH_IN, styled
from reports.palette import BLACK, BLUE, GREEN, GREY, ORANGE, PALE, RED, legible
from reports.timeline import LaneRow

ROW_IN = 0.19
LANE_COLOUR = {
    "hazard": RED,
    "detection": ORANGE,
    "controller": BLACK,
    "devices": BLUE,
    "people": GREEN,
}
MARK = {"hazard": "D", "detection": "o", "controller": "s", "devices": "^", "people": "|"}
CLOSE_UP = 0.6  # the alarm chain is shown enlarged if it ends before this part of the whole
TICKS = 150  # more marks than this in a row become a bar from first to last


@styled
def swim_lanes(rows: Sequence[LaneRow], start_ms: int) -> Figure:
    """Rows over time since the start; enlarged at the left if the chain is short."""
    end_s = max((row.times_ms[-1] - start_ms for row in rows), default=0) / 1000 * 1.03 or 1.0
    chain = [r.times_ms[0] for r in rows if r.lane in ("detection", "controller", "devices")]
    near_s = (max(chain) - start_ms) / 1000 * 1.15 if chain else end_s
    figure = Figure(figsize=(WIDTH_IN, 0.75 + ROW_IN * len(rows)), layout="constrained")
    if near_s > 0 and near_s < CLOSE_UP * end_s:
        near, whole = figure.subplots(1, 2, sharey=True, width_ratios=(1.25, 1))
        _panel(near, rows, start_ms, near_s, f"the first {near_s:.0f} s")
        _panel(whole, rows, start_ms, end_s, "the whole run")
    else:
        near = whole = figure.subplots()
        _panel(near, rows, start_ms, end_s, "the whole run")
    _name_rows(near, rows)
    _count_rows(whole, rows, start_ms)
    figure.supxlabel("time since the start (s)", fontsize=8)
    return figure


def _panel(axes: Axes, rows: Sequence[LaneRow], start_ms: int, end_s: float, title: str) -> None:
    axes.set_title(title, loc="left")
    for place, row in enumerate(rows):
        colour = LANE_COLOUR[row.lane]
        since = [(t - start_ms) / 1000 for t in row.times_ms]
        axes.plot([since[0], since[-1]], [place, place], color=colour, lw=1.0, alpha=0.6)
        if len(since) > TICKS:
            axes.plot(
                [since[0], since[-1]],
                [place, place],
                color=colour,
                lw=4,
                alpha=0.5,
                solid_capstyle="butt",
            )
            since = [since[0], since[len(since) // 2], since[-1]]
        size = 7 if MARK[row.lane] == "|" else 3.6
        axes.plot(since, [place] * len(since), MARK[row.lane], color=colour, ms=size, ls="")
    _shade_lanes(axes, rows)
    axes.set(
        xlim=(min(-0.012 * end_s, _earliest(rows, start_ms)), end_s), ylim=(len(rows) - 0.4, -0.6)
    )
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _earliest(rows: Sequence[LaneRow], start_ms: int) -> float:
    return min((row.times_ms[0] - start_ms for row in rows), default=0) / 1000


def _shade_lanes(axes: Axes, rows: Sequence[LaneRow]) -> None:
    lanes = list(dict.fromkeys(row.lane for row in rows))
    for number, lane in enumerate(lanes):
        places = [place for place, row in enumerate(rows) if row.lane == lane]
        if number % 2 == 0:
            axes.axhspan(places[0] - 0.5, places[-1] + 0.5, color=PALE, lw=0, zorder=0)


def _name_rows(axes: Axes, rows: Sequence[LaneRow]) -> None:
    labels = [
        f"{row.lane.upper()}   {legible(row.label, '?')}"
        if place == 0 or rows[place - 1].lane != row.lane
        else legible(row.label, "?")
        for place, row in enumerate(rows)
    ]
    axes.set_yticks(range(len(rows)), labels, fontsize=7)


def _count_rows(axes: Axes, rows: Sequence[LaneRow], start_ms: int) -> None:
    """Beside the right edge: how often, and from when to when."""
    for place, row in enumerate(rows):
        first, last = ((t - start_ms) / 1000 for t in (row.times_ms[0], row.times_ms[-1]))
        count = len(row.times_ms)
        span = f"{first:.1f} s" if first == last else f"{first:.1f} to {last:.1f} s"
        text = span if count == 1 else f"{span}, {count:,} times"
        axes.annotate(
            text,
            (1.0, place),
            (4, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=6.5,
            color=GREY,
            annotation_clip=False,
        )
