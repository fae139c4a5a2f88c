"""A battery behind a device: percent by percent down without supply, and up again with it."""

from __future__ import annotations

from collections.abc import Callable

from devices.motion import Motion, Mover


class Battery:
    """Charge in whole percent; `changed` is called with the time of each step.

    `drain_ms` from full to empty, `recharge_ms` from empty to full (0: nothing charges it).
    """

    def __init__(
        self, mover: Mover, drain_ms: int, recharge_ms: int, changed: Callable[[int], None]
    ) -> None:
        self.percent = 100
        self._drain_ms, self._recharge_ms = drain_ms, recharge_ms
        self._share = 100
        self._changed = changed
        self._motion = Motion(mover)
        self._charging = True

    def feed(self, charging: bool, at: int) -> None:
        """It is charged from now on, or carries the load."""
        if charging != self._charging:
            self._charging = charging
            self._plan(at)

    def fade(self, share: int) -> None:
        """From its next step on it holds this share (percent) of what it held when it was new."""
        self._share = share

    def _plan(self, at: int) -> None:
        whole_ms = self._recharge_ms if self._charging else self._drain_ms * self._share // 100
        if self.percent == (100 if self._charging else 0) or not whole_ms:
            self._motion.stop()
        else:
            self._motion.start(at + whole_ms // 100, self._step)

    def _step(self, at: int) -> None:
        self.percent += 1 if self._charging else -1
        self._changed(at)
        self._plan(at)
