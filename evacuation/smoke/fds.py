"""Smoke from the output of FDS (Fire Dynamics Simulator), by the package fdsreader (extra ``fds``).

For each space with an outline the mean over the grid points inside it, at head height, is taken:
from horizontal slices (SLCF) within half a metre of that height, and from smoke3d for extinction
where no such slice is. Coordinates of FDS and of the floor must be the same. Points inside
obstructions are not told from air and count as clear.
"""

import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from evacuation.floor import Floor, Space
from evacuation.places import inside
from evacuation.smoke.air import Floats
from evacuation.smoke.layer import SLICES, Layer, layers_of
from evacuation.smoke.table import COLUMNS, FRESH, Course, SmokeTable
from evacuation.smoke.tablefile import SmokeTableError

HEAD_M = 2.0
"""Height above the floor of a space at which its air is taken."""
REACH_M = 0.5
"""A layer further from head height than this says nothing of it."""
MISSING_EXTRA = "Reading FDS output needs the extra `fds`: pip install campus-twin[fds]"
FOREIGN = (OSError, ValueError, LookupError, AssertionError, AttributeError, TypeError, EOFError)
"""What fdsreader raises for files that are cut off or no FDS output."""
DATA_FILES = (".sf", ".s3d", ".bf", ".csv")


def read_fds(path: Path, floor: Floor) -> SmokeTable:
    """Return the smoke of an FDS run (its .smv file or folder) in the spaces of a floor.

    What the output does not hold is in the table's notes. Raises SmokeTableError with one sentence:
    no fdsreader, no readable output, nothing at head height in any space.
    """
    drawn = {name: space for name, space in floor.spaces.items() if space.outline}
    heights = sorted({space.z_m + HEAD_M for space in drawn.values()})
    try:
        simulation = _open(path)
        layers = layers_of(simulation, heights)
    except SmokeTableError:
        raise
    except FOREIGN as error:
        why = (str(error).splitlines() or [type(error).__name__])[0]
        raise SmokeTableError([f"{path}: this is no readable output of FDS: {why}"]) from None
    courses = {
        name: course
        for name, space in drawn.items()
        if (course := _course(space, layers)) is not None
    }
    notes = (*_absent(Path(simulation.smv_file_path), layers), *_uncovered(floor, courses))
    if not courses:
        raise SmokeTableError(
            [f"{path}: nothing at head height in any space of the floor: {'; '.join(notes)}"]
        )
    broken = [name for name, course in courses.items() if not np.isfinite(course.values).all()]
    if broken:
        raise SmokeTableError([f"{path}: what FDS wrote for {broken[0]} is not a number"])
    return SmokeTable(f"FDS {simulation.chid}", courses, notes)


def _open(path: Path) -> Any:
    """Return the simulation without fdsreader's cache, which is code in a foreign folder."""
    try:
        import fdsreader
    except ModuleNotFoundError:
        raise SmokeTableError([f"{path}: {MISSING_EXTRA}"]) from None
    fdsreader.settings.ENABLE_CACHING = False
    old = sorted((path if path.is_dir() else path.parent).glob("*.pickle"))
    if old:
        text = f"{old[0]} is a cache of fdsreader, which is not safe to read: move it away"
        raise SmokeTableError([text])
    with redirect_stderr(StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fdsreader.Simulation(str(path))


def _course(space: Space, layers: Sequence[Layer]) -> Course | None:
    """Return the mean over a space of everything that is known at head height, if anything is."""
    found: dict[str, tuple[Floats, Floats]] = {}
    for column in COLUMNS:
        mean = _mean(space, [layer for layer in layers if layer.column == column])
        if mean is not None:
            found[column] = mean
    if not found:
        return None
    times = np.unique(max((times for times, _ in found.values()), key=len))
    values = np.tile(np.array(FRESH), (times.size, 1))
    for column, (at, means) in found.items():
        values[:, COLUMNS.index(column)] = np.interp(times, at, means)
    return Course(times, values)


def _mean(space: Space, layers: Sequence[Layer]) -> tuple[Floats, Floats] | None:
    """Return times and mean over the points inside a space, of the layers next to head height.

    Slices go before smoke3d; a space across two meshes takes the points of both.
    """
    ranked = []
    for layer in layers:
        away = abs(layer.z_m - space.z_m - HEAD_M)
        if away <= REACH_M and (mask := _within(space, layer)).any():
            ranked.append(((not layer.exact, round(away, 3)), layer, mask))
    if not ranked:
        return None
    best = min(rank for rank, _, _ in ranked)
    chosen = [(layer, mask) for rank, layer, mask in ranked if rank == best]
    frames = min(layer.times_s.size for layer, _ in chosen)
    total = sum(layer.values[:frames, mask].sum(axis=1) for layer, mask in chosen)
    points = sum(int(mask.sum()) for _, mask in chosen)
    return chosen[0][0].times_s[:frames], np.asarray(total / points, np.float64)


def _within(space: Space, layer: Layer) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which points of a layer's grid lie inside the outline of a space."""
    corners = np.array(space.outline)
    (left, low), (right, high) = corners.min(0), corners.max(0)
    near_x = (layer.x_m > left) & (layer.x_m < right)
    near_y = (layer.y_m > low) & (layer.y_m < high)
    mask: np.ndarray[Any, np.dtype[np.bool_]] = near_x[:, None] & near_y[None, :]
    i, j = np.nonzero(mask)
    mask[i, j] = inside(space.outline, np.stack([layer.x_m[i], layer.y_m[j]], axis=1))
    return mask


def _absent(smv: Path, layers: Sequence[Layer]) -> Iterator[str]:
    """Say which files are named and not there, and which quantities are nowhere."""
    lines = [line.strip() for line in smv.read_text("utf-8", errors="replace").splitlines()]
    named = {line for line in lines if line.lower().endswith(DATA_FILES)}
    gone = sorted(name for name in named if not (smv.parent / name).is_file())
    if gone:
        few = ", ".join(gone[:3]) + (", ..." if len(gone) > 3 else "")
        yield f"{len(gone)} files that {smv.name} names are not there: {few}"
    known = {layer.column for layer in layers}
    without = [c for c in COLUMNS if c not in known and c in {c for c, _ in SLICES.values()}]
    if without:
        yield f"no data at all for {', '.join(without)}: taken as in clean air"


def _uncovered(floor: Floor, courses: Collection[str]) -> Iterator[str]:
    """Say which spaces stay clean because nothing is known of them; open air is not missed."""
    missed = [n for n, s in floor.spaces.items() if n not in courses and not s.safe]
    if missed:
        few = ", ".join(missed[:5]) + (", ..." if len(missed) > 5 else "")
        yield f"{len(missed)} spaces stay clean, outside the grid or without an outline: {few}"
