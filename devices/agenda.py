"""The devices' timers: a heap, so that a slice costs only what falls due in it."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

NEVER = 2**62
"""A time that does not come (ms)."""

_AHEAD = 2**40

Task = Callable[[int], None]
"""Called with the instant at which it fell due (ms), which may lie before the slice's end."""


class Agenda:
    """Tasks by due time; equal times run in the order in which they were entered.

    `now` is the slice's time and `phase` the phase of the slice: what records are stamped with. A
    task sees its own due time, so that delays add up from true instants, not from slice ends.
    `ran`, if it is a list, collects the due times of tasks, for whoever measures lateness.
    """

    def __init__(self) -> None:
        self.now = 0
        self.phase = 2
        self.ran: list[int] | None = None
        self._heap: list[tuple[int, int, Task]] = []
        self._entered = 0

    def at(self, due_ms: int, task: Task) -> None:
        """Run `task` once, when `due_ms` has come."""
        self._entered += 1
        heappush(self._heap, (due_ms, self._entered, task))

    def ahead(self, due_ms: int, task: Task) -> None:
        """Like `at`, but before everything else that is due at the same time."""
        self._entered += 1
        heappush(self._heap, (due_ms, self._entered - _AHEAD, task))

    def run(self, now: int) -> None:
        """Run everything due at or before `now`, also what those tasks enter for then."""
        self.now = now
        heap = self._heap
        while heap and heap[0][0] <= now:
            due, _, task = heappop(heap)
            if self.ran is not None:
                self.ran.append(due)
            task(due)

    @property
    def next_wake(self) -> int:
        """When the next task falls due; NEVER if there is none."""
        return self._heap[0][0] if self._heap else NEVER
