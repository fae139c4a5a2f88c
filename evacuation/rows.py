"""A table that grows a row at a time without being copied for each."""

from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

_FIRST = 16
T = TypeVar("T", bound=np.generic)


class Rows(Generic[T]):
    """Rows of one width; room doubles when it is full. New rows hold ``fill`` until set."""

    def __init__(self, width: int, kind: type[T], fill: Any = 0, count: int = 0) -> None:
        self._fill = fill
        self._store: NDArray[T] = np.full((max(count, _FIRST), width), fill, kind)
        self._count = count

    def add(self, row: NDArray[T] | None = None) -> NDArray[T]:
        """Append a row; return the whole table, which is a view as long as nothing is added."""
        if self._count == len(self._store):
            more = np.full_like(self._store, self._fill)
            self._store = np.concatenate([self._store, more])
        if row is not None:
            self._store[self._count] = row
        self._count += 1
        return self.table

    @property
    def table(self) -> NDArray[T]:
        """All rows so far."""
        return self._store[: self._count]
