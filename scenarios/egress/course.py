"""Numbers by second, meaned over runs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Course:
    """Numbers by second, meaned over runs; a run that ended keeps its last state.

    Only sums are kept: of all columns, and of the last ones for runs that turn out longer.
    """

    def __init__(self) -> None:
        self._sum = self._ended = np.zeros((0, 0))
        self._runs = 0

    def add(self, samples: NDArray[np.int64]) -> None:
        """Take in one run, [rows, samples]."""
        rows, size = samples.shape
        if not self._runs:
            self._sum, self._ended = np.zeros((rows, size)), np.zeros((rows, 1))
        grown = size - self._sum.shape[1]
        if grown > 0:
            self._sum = np.hstack([self._sum, np.repeat(self._ended, grown, axis=1)])
        self._sum[:, :size] += samples
        self._sum[:, size:] += samples[:, -1:]
        self._ended = self._ended + samples[:, -1:]
        self._runs += 1

    def mean(self) -> Floats:
        """Return the mean over runs, [rows, longest]."""
        return np.asarray(self._sum / self._runs, np.float64)
