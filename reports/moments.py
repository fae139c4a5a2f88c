"""When each measure would have warned of a crush, place by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from reports.figures import WIDTH_IN, styled
from reports.palette import BLACK, BLUE, GREEN, GREY, ORANGE, PALE, PINK, RED, SKY

STYLES: dict[str, tuple[str, str, str]] = {
    "density": (SKY, "o", "3.5 adults/m²"),
    "breakdown": (BLUE, "s", "flow under 0.8 /(m s) above 2.5 adults/m²"),
    "stop": (GREEN, "D", "nobody out for 5 s above 4 adults/m²"),
    "pressure": (PINK, "P", "Helbing pressure 0.02 /s² for 3 s above 4 adults/m²"),
    "load": (ORANGE, "^", "bodies press (on a wall: 1 kN/m)"),
    "fall": (RED, "X", "first fall"),
    "cascade": (BLACK, "*", "cascade: R$_f$ above 1"),
}
"""Measure -> colour, mark, words. Told apart by the mark as well as by the colour."""
Moments = Mapping[str, float]


@styled
def moments_figure(places: Sequence[tuple[str, Moments]], start_ms: int) -> Figure:
    """A row for each place: a mark where a measure first warned, s since the start."""
    figure = Figure(figsize=(WIDTH_IN, 1.5 + 0.3 * len(places)), layout="constrained")
    axes = figure.subplots()
    used: dict[str, None] = {}
    for row, (_, moments) in enumerate(places):
        axes.axhline(row, color=PALE, lw=6, zorder=0)
        for name, t_s in sorted(moments.items(), key=lambda item: item[1]):
            colour, mark, words = STYLES[name]
            label = "" if name in used else words
            used[name] = None
            axes.plot(t_s - start_ms / 1_000, row, mark, color=colour, ms=8, mec=BLACK, mew=0.6,
                      ls="none", label=label or "_")  # fmt: skip
    axes.set_yticks(range(len(places)), [name for name, _ in places])
    axes.set_ylim(len(places) - 0.4, -0.6)
    axes.margins(x=0.06)
    axes.set_xlabel("time since the start (s)")
    axes.spines["left"].set_color(GREY)
    figure.legend(loc="outside lower center", ncols=2)
    return figure
