"""A table that grows a row at a time without being copied for each."""

import numpy as np

from evacuation.engine.arrays import Floats

_FIRST = 16


class Rows:
    """Rows of floats of one width; room doubles when it is full."""

    def __init__(self, width: int) -> None:
        self._store: Floats = np.empty((_FIRST, width))
        self._count = 0

    def add(self, row: Floats) -> Floats:
        """Append a row; return the whole table, which is a view as long as nothing is added."""
        if self._count == len(self._store):
            self._store = np.concatenate([self._store, np.empty_like(self._store)])
        self._store[self._count] = row
        self._count += 1
        return self._store[: self._count]
