"""Runs the seeds of one place, here or in processes of their own, in order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from evacuation import Laws
from scenarios.egress.outcome import Outcome
from scenarios.egress.place import Place
from scenarios.egress.run import evacuate

WORTH_A_POOL = 12
"""Runs below this take less time than starting processes."""


def workers(jobs: int, runs: int) -> int:
    """Return how many processes are used; `jobs` 0 is one per core where the runs are worth it."""
    if jobs < 0:
        raise ValueError(f"--jobs {jobs}: write 0 for one process per core, or how many")
    automatic = (os.cpu_count() or 1) if runs >= WORTH_A_POOL else 1
    return min(jobs or automatic, runs)


class Runner:
    """Runs seeds in order, here or in processes that each hold the place."""

    def __init__(self, place: Place, workers: int) -> None:
        self.place, self._workers = place, workers
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Runner:
        if self._workers > 1:
            self._pool = ProcessPoolExecutor(
                self._workers, get_context("spawn"), initializer=_hold, initargs=(self.place,)
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def outcomes(self, laws: Laws, seeds: Sequence[int]) -> Iterator[Outcome]:
        """Yield outcomes in the order of the seeds; few are under way ahead of the reader."""
        if self._pool is None:
            yield from (evacuate(self.place, laws, seed) for seed in seeds)
            return
        waiting, ahead = iter(seeds), 2 * self._workers
        running: list[Future[Outcome]] = [
            self._pool.submit(_held, laws, seed) for seed in islice(waiting, ahead)
        ]
        while running:
            outcome = running.pop(0).result()
            running += [self._pool.submit(_held, laws, seed) for seed in islice(waiting, 1)]
            yield outcome


_PLACE: list[Place] = []
"""What this process works on; loaded once."""


def _hold(place: Place) -> None:
    _PLACE[:] = [place]


def _held(laws: Laws, seed: int) -> Outcome:
    return evacuate(_PLACE[0], laws, seed)
