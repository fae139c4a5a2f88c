"""What a crush zone's recording shows over time: who lies, forces, Helbing's pressure, wall loads.

Recorded once a second; pressure is of velocities over the zone's window (1.5 s), so that waves of a
moving crowd show and the noise of single steps does not. A crowd that stands still has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from reports.crush import Crush, shades
from reports.figures import WIDTH_IN, styled
from reports.palette import BLACK, BLUE, GREY, ORANGE, PALE, RED

ONSET_PER_S2 = 0.02
"""Pressure at which turbulence sets in (Helbing et al. 2007, recalled)."""
DENSE, HOLDS = 4.0, 3.5
"""Adults per m2 above which pressure counts, and from which floors are held."""
BARRIER_N_PER_M = 5_000.0
"""What barriers are designed for in the United Kingdom (recalled)."""
PRESSED_N_PER_M = 1_000.0
"""A load on a wall that is more than people who brush past it (guessed)."""
LASTS_S = 3
"""So long pressure must stand to count: everything that turns a corner has a moment of it."""
DOSE = 0.25
PILES = 3
"""Discs of somebody who lies."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ZoneCourse:
    """A zone by second: who lies, greatest force (N), density, pressure (1/s2) where it counts,
    greatest line load on a wall (N/m); then per wall its greatest load, and people over a dose.
    """

    times_s: Floats
    lying: Floats
    force_n: Floats
    adults_per_m2: Floats
    pressure_per_s2: Floats
    wall_n_per_m: Floats
    peak_by_wall: Floats
    over_dose: int

    @classmethod
    def of(cls, crush: Crush) -> ZoneCourse:
        """Read it off a recording; what an older one lacks is 0."""
        col = crush.columns
        times = np.unique(col["t_ms"])
        zero = np.zeros(len(col["t_ms"]))
        dense = col.get("adults_per_m2", zero)
        pressure = np.where(dense > DENSE, col.get("pressure_per_s2", zero), 0.0)

        def most(values: Floats) -> Floats:
            return np.array([values[col["t_ms"] == t].max(initial=0.0) for t in times])

        lying = [(col["lies"][col["t_ms"] == t] > 0).sum() // PILES for t in times]
        hurt = [((col["dose"] >= DOSE) & (col["lies"] == 0) & (col["t_ms"] == t)).sum()
                + ((col["dose"] >= DOSE) & (col["lies"] > 0) & (col["t_ms"] == t)).sum() // PILES
                for t in times]  # fmt: skip
        loads = np.array(crush.layout.get("load_n_per_m") or [[0.0]] * len(times), np.float64)
        return cls(
            times / 1_000, np.array(lying, np.float64), most(col["force_n"]), most(dense),
            most(pressure), loads.max(axis=1), loads.max(axis=0), max(map(int, hurt), default=0),
        )  # fmt: skip

    def moments(self) -> dict[str, float]:
        """When its measures first warned, s."""
        tests = {
            "density": self.adults_per_m2 >= HOLDS,
            "pressure": _stands(self.pressure_per_s2 >= ONSET_PER_S2),
            "load": self.wall_n_per_m >= PRESSED_N_PER_M,
            "fall": self.lying > 0,
        }
        return {name: float(self.times_s[hit.argmax()]) for name, hit in tests.items() if hit.any()}


def _stands(hit: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where something has held for ``LASTS_S`` frames, one a second."""
    held = hit.copy()
    for back in range(1, LASTS_S):
        held[back:] &= hit[:-back]
        held[:back] = False
    return held


@styled
def course_figure(course: ZoneCourse, start_ms: int) -> Figure:
    """Four strips over time: who lies, greatest force, pressure, greatest load on a wall."""
    figure = Figure(figsize=(WIDTH_IN, 4.6), layout="constrained")
    strips = figure.subplots(4, 1, sharex=True)
    since = course.times_s - start_ms / 1_000
    rows = (
        (course.lying, "people\nwho lie", BLACK, None, "", 1.0),
        (course.force_n, "greatest force\non a person (N)", BLUE, None, "", 100.0),
        (course.pressure_per_s2, "Helbing\npressure (1/s²)", ORANGE, ONSET_PER_S2,
         "turbulence sets in (0.02)", ONSET_PER_S2),
        (course.wall_n_per_m / 1_000, "load on a wall\n(kN/m)", GREY, BARRIER_N_PER_M / 1_000,
         "barriers are built for (5)", 0.5),
    )  # fmt: skip
    for axes, (values, words, colour, mark, said, least) in zip(strips, rows, strict=True):
        axes.fill_between(since, values, step="post", color=colour, alpha=0.25, lw=0)
        axes.step(since, values, where="post", color=colour, lw=1.4)
        axes.set_ylabel(words, fontsize=7)
        top = max(float(values.max(initial=0.0)) * 1.15, least)
        if mark is not None and top > mark / 3:
            top = max(top, mark * 1.2)
            axes.axhline(mark, color=RED, lw=1.0, ls=":")
            axes.annotate(said, (since[0], mark), (2, 2), textcoords="offset points", color=RED,
                          fontsize=7)  # fmt: skip
        axes.set_ylim(0, top)
    strips[-1].set_xlabel("time since the start (s)")
    strips[-1].set_xlim(since[0], since[-1] + 1)
    figure.align_ylabels()
    return figure


@styled
def walls_figure(crush: Crush, course: ZoneCourse) -> Figure:
    """The zone from above, its walls by the greatest load on each, N/m."""
    ys = [y for piece in crush.layout["pieces"] for _, y in piece["outline"]]
    xs = [x for piece in crush.layout["pieces"] for x, _ in piece["outline"]]
    deep = (max(ys) - min(ys)) / (max(xs) - min(xs))
    figure = Figure(figsize=(WIDTH_IN, min(max(WIDTH_IN * deep, 0.8), 5.0) + 0.9),
                    layout="constrained")  # fmt: skip
    axes = figure.subplots()
    for piece in crush.layout["pieces"]:
        across, along = zip(*piece["outline"], strict=True)
        axes.fill(across, along, color=PALE if piece["flight"] else "#ffffff", zorder=0)
    loads = course.peak_by_wall / 1_000
    most = max(float(loads.max(initial=0.0)), 0.1)
    pieces = LineCollection(crush.layout["solid"], cmap=shades(), norm=Normalize(0.0, most),
                            linewidths=2 + 5 * loads / most, capstyle="butt")  # fmt: skip
    pieces.set_array(loads)
    axes.add_collection(LineCollection(crush.layout["walls"], colors=GREY, linewidths=0.8))
    axes.add_collection(pieces)
    axes.set(aspect="equal", yticks=[], xlabel="m along the way; shaded: a flight")
    axes.autoscale_view()
    axes.spines[["left", "bottom"]].set_visible(False)
    bar = figure.colorbar(pieces, ax=axes, location="bottom", shrink=0.6, aspect=40)
    bar.set_label("greatest load on a wall, kN/m (mean of 0.1 s); thicker: more")
    return figure
