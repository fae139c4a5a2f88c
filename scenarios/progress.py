"""The progress line of a run: simulated time, people left, speed factor; none in a pipe."""

from __future__ import annotations

import sys

from controller.interface.clock import wall_ms
from scenarios.quantity import spoken

_EVERY_MS = 200


class Progress:
    """Redraws one line on a terminal; silent elsewhere."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._start = self._last = wall_ms()

    def __call__(self, now: int, inside: int) -> None:
        """Show simulated time `now` (ms) and how many people are still inside."""
        wall = wall_ms()
        if not self._shown or wall - self._last < _EVERY_MS:
            return
        self._last = wall
        factor = now / max(1, wall - self._start)
        text = f"simulated {spoken(now)}   people inside {inside}   {factor:.0f} x real time"
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
