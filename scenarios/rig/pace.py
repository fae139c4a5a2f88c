"""Free runs and runs paced by the wall clock from one absolute epoch, so no error adds up."""

from __future__ import annotations

from controller.interface.clock import pause, wall_ms


class Free:
    """Runs as fast as it can."""

    async def wait(self, now: int) -> None:
        """Never wait."""


class Paced:
    """Runs at `factor` times real time; lateness (ms) is measured, never hidden."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._epoch = wall_ms()
        self.worst_lateness_ms = 0

    async def wait(self, now: int) -> None:
        """Wait until the wall-clock time of the slice at `now`."""
        ahead = self._epoch + now / self._factor - wall_ms()
        if ahead > 0:
            await pause(ahead / 1_000)
        else:
            self.worst_lateness_ms = max(self.worst_lateness_ms, round(-ahead))
