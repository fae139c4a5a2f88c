"""Density maps: each storey at the worst moment beside its highest density at any time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from reports.building import Building, Point, Space
from reports.figures import WIDTH_IN, quiet_axes, styled
from reports.palette import (
    DENSITY_HATCH,
    DENSITY_WORDS,
    GREEN,
    GREY,
    density_class,
    density_shades,
    legible,
)

GAP_IN, TITLE_IN, TALLEST_IN = 0.14, 0.34, 4.4
WIDE = 1.25  # storeys this much wider than deep get the whole width of the page
MARGIN_M = 1.0
APART_M = 3.0  # spaces further apart belong to different blocks of a storey
NAMED_SPACES = 4  # at most so many spaces of a map carry their density as a number
LABEL_FROM = 1.0  # people per m2 from which a space may carry its number
SIMPLE_M = 0.05  # corners that change an outline by less than this are not drawn
NAME_PT, LETTER = 5.5, 0.6  # points, and the mean width of a letter in parts of its height
EMPTY = "#ffffff"


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a storey that is drawn, in metres."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Metres from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Metres from bottom to top."""
        return self.top - self.bottom


def drawn_storeys(building: Building) -> list[str]:
    """Storeys with at least one outline of a space that is not a safe place, the lowest last."""
    storeys = sorted(building.storeys, key=lambda s: (-s.z_m, s.id))
    return [storey.id for storey in storeys if _drawable(building, storey.id)]


def busy(building: Building, storey: str, densities: Mapping[str, float]) -> bool:
    """Whether anybody is in a drawn space of a storey."""
    return any(densities.get(space.id, 0.0) > 0 for space in _drawable(building, storey))


@styled
def storey_maps(
    building: Building, storey: str, maps: Sequence[tuple[str, Mapping[str, float]]]
) -> Figure:
    """One storey as one map per (title, space -> people per m2).

    The maps lie beside each other, or over each other where the storey is wide.
    """
    used = {space for _, densities in maps for space, n in densities.items() if n > 0}
    spaces = _inhabited(_drawable(building, storey), used)
    window = _window(spaces)
    stacked = window.width > WIDE * window.height
    column = WIDTH_IN if stacked else (WIDTH_IN - GAP_IN * (len(maps) - 1)) / len(maps)
    scale = min(column / window.width, TALLEST_IN / window.height)
    height = window.height * scale + TITLE_IN
    rows = len(maps) if stacked else 1
    figure = Figure(figsize=(WIDTH_IN, height * rows))
    for number, (title, densities) in enumerate(maps):
        left = 0.0 if stacked else number * (column + GAP_IN) / WIDTH_IN
        bottom = (rows - 1 - number) / rows if stacked else 0.0
        box = (left, bottom, column / WIDTH_IN, (1 - TITLE_IN / height) / rows)
        axes = figure.add_axes(box)
        axes.set_title(title, loc="left", pad=4)
        _draw(axes, building, spaces, densities)
        axes.set_aspect("equal", anchor="SW")
        axes.set(xlim=(window.left, window.right), ylim=(window.bottom, window.top))
        _label(axes, spaces, densities, scale)
        _scale_bar(axes, window)
    return figure


@styled
def density_key() -> Figure:
    """The legend of all maps."""
    figure = Figure(figsize=(WIDTH_IN, 0.42))
    classes = zip(density_shades(), DENSITY_HATCH, DENSITY_WORDS, strict=True)
    handles: list[Patch | Line2D] = [Patch(fc=EMPTY, ec=GREY, lw=0.5, label="nobody")]
    handles += [
        Patch(fc=fill, hatch=hatch, ec="white" if dark else "#555", lw=0.3, label=words)
        for dark, (fill, hatch, words) in zip(_DARK, classes, strict=True)
    ]
    handles.append(Line2D([], [], marker="v", ls="", color=GREEN, mec="black", label="exit"))
    figure.legend(
        handles=handles,
        loc="center left",
        ncols=9,
        title="people per m²",
        title_fontsize=8,
        alignment="left",
        columnspacing=1.1,
        handlelength=1.8,
        borderpad=0,
    )
    return figure


_DARK = (False, False, False, False, True, True)


def _drawable(building: Building, storey: str) -> list[Space]:
    return [
        space
        for space in building.spaces.values()
        if space.storey == storey and len(space.outline) >= 3 and not space.safe
    ]


def _inhabited(spaces: Sequence[Space], used: Collection[str]) -> list[Space]:
    """Spaces of those blocks of a storey where anybody ever was; all if nobody was anywhere."""
    blocks: list[list[Space]] = []
    for space in spaces:
        near = [block for block in blocks if any(_close(space, other) for other in block)]
        blocks = [block for block in blocks if block not in near]
        blocks.append([*(other for block in near for other in block), space])
    kept = {s.id for block in blocks if any(s.id in used for s in block) for s in block}
    return [space for space in spaces if space.id in kept] or list(spaces)


def _close(a: Space, b: Space) -> bool:
    return all(
        a.box[low] - APART_M <= b.box[low + 2] and b.box[low] - APART_M <= a.box[low + 2]
        for low in (0, 1)
    )


def _window(spaces: Sequence[Space]) -> Window:
    boxes = np.array([space.box for space in spaces])
    low, high = boxes[:, :2].min(axis=0) - MARGIN_M, boxes[:, 2:].max(axis=0) + MARGIN_M
    return Window(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _draw(
    axes: Axes,
    building: Building,
    spaces: Sequence[Space],
    densities: Mapping[str, float],
) -> None:
    quiet_axes(axes)
    groups: dict[int, list[list[Point]]] = {}
    for space in spaces:
        present = densities.get(space.id, 0.0)
        shade = density_class(present) if present > 0 else -1
        groups.setdefault(shade, []).append(simplified(space.outline))
    for shade, outlines in sorted(groups.items()):
        fill = EMPTY if shade < 0 else density_shades()[shade]
        hatch = "" if shade < 0 else DENSITY_HATCH[shade]
        if hatch:
            edge = "white" if _DARK[shade] else "#333"
            axes.add_collection(
                PolyCollection(outlines, facecolors=fill, edgecolors=edge, hatch=hatch, lw=0.0)
            )
            fill = "none"
        axes.add_collection(PolyCollection(outlines, facecolors=fill, edgecolors="#444", lw=0.5))
    drawn = {space.id for space in spaces}
    doors = [p.at for p in building.exits if p.at and {p.inner, p.outer} & drawn]
    if doors:
        axes.plot(*zip(*doors, strict=True), "v", color=GREEN, mec="black", mew=0.6, ms=6, zorder=5)


def _label(
    axes: Axes, spaces: Sequence[Space], densities: Mapping[str, float], scale: float
) -> None:
    """Numbers on the most crowded spaces; names where the plate fits into the space."""
    crowded = sorted(spaces, key=lambda space: (-densities.get(space.id, 0.0), space.id))
    numbered = [s for s in crowded if densities.get(s.id, 0.0) >= LABEL_FROM][:NAMED_SPACES]
    taken: list[Point] = []
    for space in numbered:
        x, y = _middle(space)
        if any(abs(x - a) * scale < 0.35 and abs(y - b) * scale < 0.16 for a, b in taken):
            continue
        taken.append((x, y))
        box = {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "black", "lw": 0.5}
        text = f"{densities[space.id]:.1f}"
        axes.text(x, y, text, ha="center", va="center", fontsize=6.5, zorder=7, bbox=box)
    for space in spaces:
        if space in numbered or density_class(densities.get(space.id, 0.0)) >= 3:
            continue
        _name(axes, space, scale)


def _name(axes: Axes, space: Space, scale: float) -> None:
    """The name on one line, on two, or its first word: the first that fits into the space."""
    text = legible(space.name, space.id)
    words = text.split()
    half = (len(words) + 1) // 2
    two = "\n".join((" ".join(words[:half]), " ".join(words[half:]))).strip()
    left, bottom, right, top = space.box
    for lines in (text, two, words[0]):
        wide = max(map(len, lines.split("\n"))) * NAME_PT * LETTER / 72
        high = NAME_PT * 1.25 * (lines.count("\n") + 1) / 72
        if wide < (right - left) * scale and high < (top - bottom) * scale:
            x, y = _middle(space)
            axes.text(
                x, y, lines, ha="center", va="center", fontsize=NAME_PT, color="#222", zorder=4
            )
            return


def _middle(space: Space) -> Point:
    left, bottom, right, top = space.box
    return (left + right) / 2, (bottom + top) / 2


def _scale_bar(axes: Axes, window: Window) -> None:
    length = 10.0 if window.width > 25 else 5.0
    axes.annotate(
        f"{length:.0f} m",
        (1.0, 1.0),
        (0, 7),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        va="center",
        fontsize=7,
        color=GREY,
    )
    end = window.right - window.width * 0.09
    axes.plot([end - length, end], [window.top] * 2, color=GREY, lw=1.5, clip_on=False, zorder=6)


def simplified(outline: Sequence[Point], tolerance_m: float = SIMPLE_M) -> list[Point]:
    """The outline without corners that lie on the line between their neighbours."""
    points = list(outline)
    kept: list[Point] = []
    for place, point in enumerate(points):
        before = kept[-1] if kept else points[-1]
        if _offset(before, point, points[(place + 1) % len(points)]) > tolerance_m:
            kept.append(point)
    return kept if len(kept) >= 3 else points


def _offset(a: Point, p: Point, b: Point) -> float:
    """Distance of p from the line through a and b, metres (Heron's height)."""
    length = float(np.hypot(b[0] - a[0], b[1] - a[1]))
    cross = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    return abs(cross) / length if length > 0 else float(np.hypot(p[0] - a[0], p[1] - a[1]))
