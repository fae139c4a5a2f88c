"""What a zone looked like over time, as a table: who was where, lying or not, under what force."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from evacuation.zone.kernels.arrays import EMPTY, FALLEN
from evacuation.zone.zone import Zone

COLUMNS = (
    "t_ms", "disc", "x_m", "y_m", "r_m", "lies", "layer", "force_n", "dose", "adults_per_m2",
    "pressure_per_s2",
)  # fmt: skip
"""Pressure is Helbing's, of velocities over the zone's window (1.5 s)."""
LEAST_WALL_M = 0.2
"""A shorter piece of wall bears its force as if it were so long."""


class Recording:
    """Frames of a zone: one row per disc, three for who lies; the layout goes along as JSON."""

    def __init__(self, zone: Zone) -> None:
        """Begin with no frame."""
        self._zone = zone
        self._frames: list[tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], ...]] = []
        self._loads: list[list[int]] = []

    @property
    def is_empty(self) -> bool:
        """Whether there is no frame yet."""
        return not self._frames

    def take(self) -> None:
        """Keep what there is now."""
        d, f = self._zone.store.discs, self._zone.store.people
        live = np.flatnonzero(d.kind != EMPTY)
        owner = d.owner[live]
        self._frames.append((
            np.full(len(live), float(self._zone.now_ms)), live.astype(np.float64), d.x[live],
            d.y[live], d.r[live], (d.kind[live] == FALLEN).astype(np.float64),
            f.layer[owner].astype(np.float64), f.squeeze[owner], f.dose[owner],
            f.crowding[owner], f.pressure[owner],
        ))  # fmt: skip
        walls = self._zone.walls
        long = np.maximum(np.hypot(walls.x1 - walls.x0, walls.y1 - walls.y0), LEAST_WALL_M)
        self._loads.append(np.round(walls.mean * walls.stands / long).astype(int).tolist())

    def table(self) -> pa.Table:
        """All frames, with the walls and gates in the metadata (key `layout`), and the line load on
        every piece of wall by frame, N/m (`solid`, `load_n_per_m`).
        """
        layout, walls = self._zone.layout, self._zone.walls
        ends = np.column_stack([walls.x0, walls.y0, walls.x1, walls.y1]).round(3)
        drawn = {
            "solid": ends.reshape(-1, 2, 2).tolist(),
            "load_n_per_m": self._loads,
            "walls": [list(map(list, line)) for line in layout.walls],
            "gates": [[list(gate.a), list(gate.b)] for gate in layout.gates],
            "pieces": [
                {"outline": list(map(list, piece.outline)), "flight": piece.slope_deg != 0.0}
                for piece in layout.pieces
            ],
        }
        columns = [np.concatenate(column) for column in zip(*self._frames, strict=True)]
        whole = ("t_ms", "disc", "lies", "layer")
        arrays = [
            pa.array(column.astype(np.int32) if name in whole else column.astype(np.float32))
            for name, column in zip(COLUMNS, columns, strict=True)
        ]
        return pa.table(arrays, names=list(COLUMNS)).replace_schema_metadata(
            {"layout": json.dumps(drawn)}
        )

    def write(self, path: Path) -> None:
        """Write the table as Parquet."""
        parquet.write_table(self.table(), path)
