"""Writes a small FDS output by hand: an .smv file, smoke3d and slices, as FDS 6.6 lays them out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

CELLS = (8, 4, 6)
SIZE_M = 0.5
TIMES_S = (0.0, 10.0, 20.0)
SLICE_LEVEL = 4
NODES = tuple(n + 1 for n in CELLS)


def record(*parts: bytes) -> bytes:
    """A Fortran record: its length before and after."""
    body = b"".join(parts)
    length = np.int32(len(body)).tobytes()
    return length + body + length


def code(extinction_per_m: float) -> int:
    """FDS's byte for an extinction over one cell (before 6.11)."""
    return int(254 * (1 - np.exp(-extinction_per_m * SIZE_M)))


def write(folder: Path, extinction: np.ndarray, slices: Mapping[str, np.ndarray]) -> Path:
    """Write a run of one mesh of 4 x 2 x 3 m at the origin.

    ``extinction`` [times, *NODES] goes to smoke3d; each of ``slices`` [times, x, y] is written for
    the nodes at 2 m. Returns the .smv file.
    """
    (folder / "t.s3d").write_bytes(_smoke3d(extinction))
    sizes = "".join(f" {t:.2f} 1 1 1.0\n" for t in TIMES_S)
    (folder / "t.s3d.sz").write_text(f"0\n{sizes}")
    text = ["FDSVERSION", "FDS6.6.0", "CHID", " t", "NMESHES", " 1", *_grid()]
    text += ["SMOKF3D     1", " t.s3d", " SOOT MASS FRACTION", " Y_SOOT", " kg/kg"]
    for k, (quantity, values) in enumerate(slices.items()):
        (folder / f"t_{k}.sf").write_bytes(_slice(quantity, values))
        bounds = f"0 {CELLS[0]} 0 {CELLS[1]} {SLICE_LEVEL} {SLICE_LEVEL}"
        text += [f"SLCF     1 # STRUCTURED & {bounds} ! {k + 1}", f" t_{k}.sf", f" {quantity}"]
        text += [" q", " u"]
    (folder / "t.smv").write_text("\n".join(text) + "\n")
    return folder / "t.smv"


def _grid() -> list[str]:
    """The lines of the mesh."""
    ends = [n * SIZE_M for n in CELLS]
    lines = ["GRID   one", " " + " ".join(map(str, (*CELLS, 0))), "", "PDIM"]
    lines.append(" 0.0 {} 0.0 {} 0.0 {} 0.0 0.0 0.0".format(*ends))
    for axis, cells in zip("XYZ", CELLS, strict=True):
        lines += ["", f"TRN{axis}", " 0", *(f" {k} {k * SIZE_M}" for k in range(cells + 1))]
    return [*lines, "", "OBST", " 0", "", "VENT", " 0 0", "", "CVENT", " 0", ""]


def _smoke3d(extinction: np.ndarray) -> bytes:
    """Header, then per frame the time, the sizes, and run-length coded bytes."""
    head = np.array([1, 0, 0, CELLS[0], 0, CELLS[1], 0, CELLS[2]], "<i4").tobytes()
    out = record(head)
    for time, frame in zip(TIMES_S, extinction, strict=True):
        codes = np.array([code(k) for k in frame.ravel(order="F")], np.uint8).tobytes()
        out += record(np.float32(time).tobytes())
        out += record(np.array([len(codes), len(codes)], "<i4").tobytes()) + record(codes)
    return out


def _slice(quantity: str, values: np.ndarray) -> bytes:
    """Three names of 30 characters, the index bounds, then per frame the time and the values."""
    out = b"".join(record(name[:30].ljust(30).encode()) for name in (quantity, "q", "u"))
    bounds = (0, CELLS[0], 0, CELLS[1], SLICE_LEVEL, SLICE_LEVEL)
    out += record(np.array(bounds, "<i4").tobytes())
    for time, frame in zip(TIMES_S, values, strict=True):
        out += record(np.float32(time).tobytes())
        out += record(frame.astype("<f4").ravel(order="F").tobytes())
    return out
