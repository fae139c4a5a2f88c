"""Free runs and runs paced by the wall clock from one absolute epoch, so no error adds up."""

from __future__ import annotations

from controller.interface.clock import pause, wall_ms
from scenarios.quantity import quantile

_GRACE_MS = 20
"""What a machine is late by in the ordinary way; made up for, so that it does not add up."""


class Free:
    """Runs as fast as it can."""

    async def wait(self, now: int) -> None:
        """Never wait."""


class Paced:
    """Runs at `factor` times real time; lateness (ms) is measured, never hidden.

    `steady`: never faster than that, so that time lost is not made up for - a real device would see
    time leap, and its answers would seem to take too long.
    """

    def __init__(self, factor: float, steady: bool = False) -> None:
        self._factor = factor
        self._steady = steady
        self._epoch = wall_ms()
        self._late: dict[int, int] = {}

    async def wait(self, now: int) -> None:
        """Wait until the wall-clock time of the slice at `now`."""
        ahead = self._epoch + now / self._factor - wall_ms()
        if ahead > 0:
            await pause(ahead / 1_000)
        late = max(0, round(wall_ms() - self._epoch - now / self._factor))
        self._late[late] = self._late.get(late, 0) + 1
        if self._steady and late > _GRACE_MS:
            self._epoch += late

    def lateness(self) -> dict[str, int]:
        """Return p50, p99 and worst lateness of the slices, ms."""
        late = self._late or {0: 1}
        return {"p50": quantile(late, 0.5), "p99": quantile(late, 0.99), "worst": max(late)}
