"""A crush, drawn from the recording of a zone: people as discs, force as colour, piles as rims.

Force goes from light to dark (cividis, safe for colour-blind readers and in grey); who lies has a
thick rim and three discs, so that nothing is told by colour alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize, to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image
from pyarrow import parquet

from reports.palette import BLACK, GREY, PALE, RED, density_shades, settings
from reports.picture import gif
from reports.picturefile import save

FORCE_N = 1_000.0
"""Darkest at this compressive force and above: about what nobody bears for minutes."""
GIF_DPI = 100
LEGEND = "m along the way; shaded: a flight; dotted: a gate"
HEIGHT_IN, LEAST_IN, MOST_IN = 2.0, 5.0, 14.0


@dataclass(frozen=True, slots=True)
class Crush:
    """A recording: columns by name, and the layout that was drawn with it."""

    columns: dict[str, NDArray[np.float64]]
    layout: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Crush:
        """Read a recording; ValueError if the file is none."""
        table = parquet.read_table(path)
        meta = table.schema.metadata or {}
        if b"layout" not in meta or "force_n" not in table.column_names:
            raise ValueError(f"{path.name} is no recording of a crush zone")
        columns = {name: table[name].to_numpy().astype(np.float64) for name in table.column_names}
        return cls(columns, json.loads(meta[b"layout"]))

    @property
    def times_ms(self) -> list[int]:
        """When its frames were taken."""
        return [int(t) for t in np.unique(self.columns["t_ms"])]

    def window(self, margin_m: float = 3.0) -> tuple[float, float]:
        """The stretch along x where people lie at some time, with a margin; else all of it."""
        lies = self.columns["x_m"][self.columns["lies"] > 0]
        xs = [x for piece in self.layout["pieces"] for x, _ in piece["outline"]]
        if not len(lies):
            return min(xs), max(xs)
        low, high = np.percentile(lies, [2.0, 98.0])
        return max(float(low) - 2 * margin_m, min(xs)), min(float(high) + margin_m, max(xs))


def figure(crush: Crush, times_ms: Sequence[int], window: tuple[float, float]) -> Figure:
    """Frames under each other over a stretch of the zone, with one scale of force."""
    ys = [y for piece in crush.layout["pieces"] for _, y in piece["outline"]]
    wide, deep = window[1] - window[0], max(ys) - min(ys)
    width = float(np.clip(HEIGHT_IN * 0.6 * wide / deep, LEAST_IN, MOST_IN))
    height = len(times_ms) * (width * 0.9 * deep / wide + 0.42) + 1.0
    with rc_context(settings()):
        made = Figure(figsize=(width, height), layout="constrained")
        axes = made.subplots(len(times_ms), 1, squeeze=False)[:, 0]
        for ax, t_ms in zip(axes, times_ms, strict=True):
            people = _frame(ax, crush, t_ms, window, (min(ys), max(ys)))
        axes[-1].set_xlabel(LEGEND)
        bar = made.colorbar(people, ax=list(axes), location="bottom", shrink=0.6, pad=0.02,
                            aspect=40, extend="max")  # fmt: skip
        bar.set_label(
            "compressive force on a person, N (mean of 1 s); thick rim: lies on the floor"
        )
    return made


def shades() -> LinearSegmentedColormap:
    """From light to dark, safe for colour-blind readers."""
    return LinearSegmentedColormap.from_list("force", list(density_shades()))


def _frame(
    ax: Any, crush: Crush, t_ms: int, window: tuple[float, float], depth: tuple[float, float]
) -> EllipseCollection:
    """Draw one moment; returns the people, who carry the scale."""
    now = crush.columns["t_ms"] == t_ms
    col = {name: values[now] for name, values in crush.columns.items()}
    for piece in crush.layout["pieces"]:
        xs, ys = zip(*piece["outline"], strict=True)
        ax.fill(xs, ys, color=PALE if piece["flight"] else "#ffffff", zorder=0)
    ax.add_collection(LineCollection(crush.layout["walls"], colors=BLACK, linewidths=1.5))
    ax.add_collection(LineCollection(crush.layout["gates"], colors=GREY, linewidths=2, ls=":"))
    order = np.lexsort((col["layer"], col["lies"]))
    lies = col["lies"][order] > 0
    people = EllipseCollection(
        2 * col["r_m"][order], 2 * col["r_m"][order], np.zeros(len(order)), units="xy",
        offsets=np.column_stack([col["x_m"][order], col["y_m"][order]]),
        offset_transform=ax.transData, cmap=shades(), norm=Normalize(0.0, FORCE_N),
        edgecolors=[to_rgb(RED if one else GREY) for one in lies],
        linewidths=np.where(lies, 1.6, 0.4), zorder=3,
    )  # fmt: skip
    people.set_array(col["force_n"][order])
    ax.add_collection(people)
    down = len(np.unique(col["disc"][(col["lies"] > 0)])) // 3
    ax.set_title(f"{t_ms / 1000:.0f} s: {down} lie on the floor", loc="left")
    ax.set(xlim=window, ylim=(depth[0] - 0.1, depth[1] + 0.1), aspect="equal", yticks=[])
    ax.spines[["left", "bottom"]].set_visible(False)
    return people


def write_frames(crush: Crush, path: Path, count: int = 4) -> None:
    """Write frames at equal times, from the first to the last, as SVG or PNG by the suffix."""
    times = crush.times_ms
    chosen = [times[k] for k in np.linspace(0, len(times) - 1, min(count, len(times))).astype(int)]
    with rc_context(settings()):
        drawn = figure(crush, chosen, crush.window())
    save(drawn, path)


def write_gif(crush: Crush, path: Path, step_ms: int = 200, most: int = 1_000) -> None:
    """Write the frames, at most so many at equal steps, as an animated GIF that shows each for
    ``step_ms``.
    """
    window, times = crush.window(), crush.times_ms
    ys = [y for piece in crush.layout["pieces"] for _, y in piece["outline"]]
    pictures = []
    with rc_context(settings()):
        drawn = figure(crush, times[:1], window)
        drawn.set_dpi(GIF_DPI)
        canvas: Any = FigureCanvasAgg(drawn)
        canvas.draw()
        drawn.set_layout_engine("none")  # places stay where they are
        for t_ms in times[:: -(-len(times) // most)]:
            ax = drawn.axes[0]
            ax.clear()
            _frame(ax, crush, t_ms, window, (min(ys), max(ys)))
            ax.set_xlabel(LEGEND)
            canvas.draw()
            pictures.append(Image.fromarray(np.array(canvas.buffer_rgba())[..., :3]))
    path.write_bytes(gif(pictures, step_ms))
