"""The watchdog of a board: the controller keeps a register changing, or the board goes safe."""

from __future__ import annotations

from collections.abc import Callable

from devices.motion import Motion
from devices.wiring import Wiring


class Watchdog:
    """Begins to watch with the first stroke; a value that repeats is no stroke.

    `bitten` until the next stroke; `after_ms` 0 switches it off.
    """

    def __init__(self, wiring: Wiring, bite: Callable[[int], None]) -> None:
        declared = wiring.kind.watchdog
        self.after_ms = declared.after_ms if declared else 0
        self.bitten = False
        self._bite = bite
        self._last = -1
        self._motion = Motion(wiring)

    def stroke(self, value: int, at: int) -> None:
        """The controller has written its heartbeat."""
        if value == self._last:
            return
        self._last, self.bitten = value, False
        if self.after_ms:
            self._motion.start(at + self.after_ms, self._expire)
        else:
            self._motion.stop()

    def _expire(self, at: int) -> None:
        self.bitten = True
        self._bite(at)
