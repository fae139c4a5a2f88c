"""Horizontal layers of an FDS run: one quantity, one grid, one height, by fdsreader."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from evacuation.smoke.air import Floats
from evacuation.smoke.table import EXTINCTION

SOOT_M2_KG = 8700.0
"""Mass extinction coefficient of FDS where its output states none (Mulholland, Croarkin 2000)."""
LINEAR_FORMAT = 1
"""Format version of smoke3d from which on it holds density (FDS 6.11)."""
TOP_CODE = 254.0
ACROSS = 3
"""fdsreader's number for a slice across the z axis."""
SLICES: dict[str, tuple[str, float]] = {
    "SOOT EXTINCTION COEFFICIENT": (EXTINCTION, 1.0),
    "EXTINCTION COEFFICIENT": (EXTINCTION, 1.0),
    "CARBON MONOXIDE VOLUME FRACTION": ("co_ppm", 1e6),
    "CARBON DIOXIDE VOLUME FRACTION": ("co2_percent", 100.0),
    "OXYGEN VOLUME FRACTION": ("o2_percent", 100.0),
    "HYDROGEN CYANIDE VOLUME FRACTION": ("hcn_ppm", 1e6),
    "HYDROGEN CHLORIDE VOLUME FRACTION": ("hcl_ppm", 1e6),
    "HYDROGEN BROMIDE VOLUME FRACTION": ("hbr_ppm", 1e6),
    "HYDROGEN FLUORIDE VOLUME FRACTION": ("hf_ppm", 1e6),
    "SULFUR DIOXIDE VOLUME FRACTION": ("so2_ppm", 1e6),
    "NITRIC OXIDE VOLUME FRACTION": ("no_ppm", 1e6),
    "NITROGEN DIOXIDE VOLUME FRACTION": ("no2_ppm", 1e6),
    "ACROLEIN VOLUME FRACTION": ("acrolein_ppm", 1e6),
    "FORMALDEHYDE VOLUME FRACTION": ("formaldehyde_ppm", 1e6),
    "TEMPERATURE": ("temperature_c", 1.0),
}
"""Which slice fills which column of a smoke table, and by what it is multiplied."""


class Layer(NamedTuple):
    """``values`` [times, x, y] of a column at the height ``z_m``; a slice is exact, smoke3d in 8
    bits is not.
    """

    column: str
    exact: bool
    z_m: float
    times_s: Floats
    x_m: Floats
    y_m: Floats
    values: Floats


def layers_of(simulation: Any, heights_m: Sequence[float]) -> list[Layer]:
    """Return all horizontal slices, and the layers of smoke3d next to some heights."""
    return [*_slices(simulation), *_smoke3d(simulation, heights_m)]


def _slices(simulation: Any) -> Iterator[Layer]:
    """Yield every horizontal slice of a known quantity, mesh by mesh."""
    for one in simulation.slices:
        column, factor = SLICES.get(one.quantity.name.upper(), ("", 1.0))
        for part in one.subslices if column else ():
            if part.orientation != ACROSS:
                continue
            at, times = part.get_coordinates(), np.asarray(part.times, np.float64)
            values = np.asarray(part.data, np.float64).reshape(times.size, at["x"].size, -1)
            yield Layer(
                column, True, float(at["z"][0]), times, at["x"], at["y"], values * factor
            )  # fmt: skip


def _smoke3d(simulation: Any, heights_m: Sequence[float]) -> Iterator[Layer]:
    """Yield the extinction of smoke3d at the nodes next to each height, mesh by mesh."""
    for one in simulation.smoke_3d:
        if "SOOT" not in one.quantity.name.upper():
            continue
        for part in one.subsmokes:
            grid, times = part.mesh.coordinates, np.asarray(part.times, np.float64)
            for level in sorted({int(np.argmin(np.abs(grid["z"] - z))) for z in heights_m}):
                z, values = float(grid["z"][level]), _extinction(part, level)
                yield Layer(EXTINCTION, False, z, times, grid["x"], grid["y"], values)
            part.clear_cache()


def _extinction(part: Any, level: int) -> Floats:
    """Return the extinction of one layer of nodes from the codes of its file, 1/m.

    Before FDS 6.11 a code is 254 (1 - exp(-K dx)), so K follows without the coefficient of the
    soot; later it is density over the greatest of its frame.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        codes = np.asarray(part.data[:, :, :, level], np.float64)
    if part.version >= LINEAR_FORMAT:
        density = codes * (np.asarray(part.max_vals, np.float64) / TOP_CODE)[:, None, None]
        return np.asarray(density * (part.mass_extinction_coefficient or SOOT_M2_KG))
    x = part.mesh.coordinates["x"]
    return np.asarray(-np.log1p(-np.minimum(codes, TOP_CODE - 1) / TOP_CODE) / (x[1] - x[0]))
