"""Who was where and when: the columns of journeys.parquet, ready for counting."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

Column = npt.NDArray[np.int64]
_NAMED = ("person", "space", "state")


@dataclass(frozen=True, slots=True)
class Journeys:
    """One row per stay: codes into `people`, `spaces` and `states`; times in ms, out excluded."""

    people: tuple[str, ...]
    spaces: tuple[str, ...]
    states: tuple[str, ...]
    person: Column
    space: Column
    state: Column
    t_in_ms: Column
    t_out_ms: Column

    @classmethod
    def load(cls, path: Path) -> Journeys:
        """The journeys in a parquet file; none if the file is missing or was never finished."""
        try:
            return cls.from_table(pq.read_table(path))
        except (FileNotFoundError, pa.ArrowInvalid):
            nothing = np.zeros(0, dtype=np.int64)
            return cls((), (), (), nothing, nothing, nothing, nothing, nothing)

    @classmethod
    def from_table(cls, table: Any) -> Journeys:
        """The journeys in an arrow table with the run folder's column names."""
        codes = {name: _encoded(table.column(name)) for name in _NAMED}
        return cls(
            people=codes["person"][0],
            spaces=codes["space"][0],
            states=codes["state"][0],
            person=codes["person"][1],
            space=codes["space"][1],
            state=codes["state"][1],
            t_in_ms=table.column("t_in_ms").to_numpy().astype(np.int64),
            t_out_ms=table.column("t_out_ms").to_numpy().astype(np.int64),
        )

    def __len__(self) -> int:
        return len(self.person)

    def in_state(self, state: str) -> npt.NDArray[np.bool_]:
        """Which rows are in a state (unaware, premove, walk, queue)."""
        code = self.states.index(state) if state in self.states else -1
        rows: npt.NDArray[np.bool_] = self.state == code
        return rows


def _encoded(column: Any) -> tuple[tuple[str, ...], Column]:
    whole = column.combine_chunks()
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    names = tuple(str(name) for name in whole.dictionary.to_pylist())
    return names, whole.indices.to_numpy(zero_copy_only=False).astype(np.int64)
