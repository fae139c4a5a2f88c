"""The series of a document as files: exits, portals and spaces, one row per person or second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as parquet

from controller.interface.files import nearest
from evacuation import Floor
from scenarios.egress.tally import Tally

FORMATS = ("parquet", "csv")
NAMES = ("exits", "portals", "spaces")


class Tables:
    """Gathers what each set of laws gave, then writes three files into a folder.

    exits: laws, seed, person, exit_s (empty: not out), exit. portals: laws, portal, t_s,
    cumulative, flow_per_s. spaces: laws, space, t_s, persons, density_per_m2, queue. The last two
    are means over runs. ValueError for a format that is not known or a folder that can not be made.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        if kind not in FORMATS:
            known = nearest(kind, FORMATS) or " or ".join(FORMATS)
            raise ValueError(f"--table {kind!r}: no such format; write {known}")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or "it can not be made"
            raise ValueError(f"--out {folder}: {reason}; name a folder to write to") from None
        self._folder, self._kind = folder, kind
        self._parts: dict[str, list[pa.Table]] = {name: [] for name in NAMES}

    def add(self, laws: str, floor: Floor, persons: Sequence[str], tally: Tally) -> None:
        """Take in the runs of one set of laws."""
        self._parts["exits"] += list(_exits(laws, floor, persons, tally))
        means = tally.means()
        gained = np.diff(means["cumulative"], axis=1, prepend=0.0)
        used = means["cumulative"][:, -1] > 0
        columns = {"cumulative": means["cumulative"], "flow_per_s": gained}
        self._parts["portals"].append(_long(laws, "portal", list(floor.portals), columns, used))
        area = np.array([[space.walking_area_m2] for space in floor.spaces.values()])
        columns = {
            "persons": means["persons"],
            "density_per_m2": means["persons"] / area,
            "queue": means["queue"],
        }
        visited = np.asarray(means["persons"].any(axis=1))
        self._parts["spaces"].append(_long(laws, "space", list(floor.spaces), columns, visited))

    def write(self) -> list[str]:
        """Write the files; return their paths."""
        paths = []
        for name, parts in self._parts.items():
            path = self._folder / f"{name}.{self._kind}"
            whole = pa.concat_tables(parts)
            if self._kind == "csv":
                csv.write_csv(whole, path)
            else:
                parquet.write_table(whole, path)
            paths.append(str(path))
        return paths


def _exits(laws: str, floor: Floor, persons: Sequence[str], tally: Tally) -> Iterator[pa.Table]:
    names = [*floor.portals, None]
    for seed, times, by in tally.exits():
        yield pa.table(
            {
                "laws": pa.array([laws] * len(persons), pa.string()),
                "seed": pa.array([seed] * len(persons), pa.int64()),
                "person": pa.array(list(persons), pa.string()),
                "exit_s": pa.array(times, pa.float64(), mask=~np.isfinite(times)),
                "exit": pa.array([names[k] for k in by.tolist()], pa.string()),
            }
        )


def _long(
    laws: str,
    key: str,
    names: Sequence[str],
    columns: dict[str, np.ndarray],
    kept: np.ndarray,
) -> pa.Table:
    """Return [rows, seconds] arrays as a table of one row per name and second."""
    chosen = np.flatnonzero(kept)
    seconds = next(iter(columns.values())).shape[1]
    size = len(chosen) * seconds
    return pa.table(
        {
            "laws": pa.array([laws] * size, pa.string()),
            key: pa.array(np.repeat(np.array(names, object)[chosen], seconds), pa.string()),
            "t_s": pa.array(np.tile(np.arange(seconds), len(chosen)), pa.int64()),
            **{name: pa.array(values[chosen].ravel()) for name, values in columns.items()},
        }
    )
