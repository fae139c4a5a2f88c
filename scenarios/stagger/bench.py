"""Rehearses schedules on seeds, here or in processes of their own; the answer is the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from scenarios.stagger.rehearsal import Schedule, Stage

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trials:
    """What a schedule gave on some seeds: when all were out (s), and the peak on stairs, [S]."""

    end_s: Floats
    peak: Floats


class Bench:
    """Runs rehearsals of one stage; with more than one worker in processes that hold it."""

    def __init__(self, stage: Stage, workers: int) -> None:
        self.stage, self._pool = stage, None if workers < 2 else _pool(stage, workers)

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def all(self, schedules: Sequence[Schedule], seeds: Sequence[int]) -> list[Trials]:
        """Rehearse every schedule on every seed."""
        jobs = [(schedule, seed) for schedule in schedules for seed in seeds]
        found = np.array(list(self._map(jobs)), np.float64).reshape(len(schedules), len(seeds), 2)
        return [Trials(rows[:, 0], rows[:, 1]) for rows in found]

    def _map(self, jobs: Iterable[tuple[Schedule, int]]) -> Iterable[tuple[float, float]]:
        if self._pool is None:
            return (_figures(self.stage, job) for job in jobs)
        return self._pool.map(_held, jobs, chunksize=2)


def _pool(stage: Stage, workers: int) -> Executor:
    return ProcessPoolExecutor(workers, get_context("spawn"), initializer=_hold, initargs=(stage,))


def _figures(stage: Stage, job: tuple[Schedule, int]) -> tuple[float, float]:
    rehearsal = stage.rehearse(*job)
    return rehearsal.end_s, rehearsal.peak


_STAGE: list[Stage] = []
"""What this process rehearses; loaded once."""


def _hold(stage: Stage) -> None:
    _STAGE[:] = [stage]


def _held(job: tuple[Schedule, int]) -> tuple[float, float]:
    return _figures(_STAGE[0], job)
