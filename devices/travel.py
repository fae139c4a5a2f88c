"""A part that takes its time from one end to the other: a leaf, a shutter, a bollard, a car."""

from __future__ import annotations

from collections.abc import Callable

from devices.motion import Motion, Mover


class Travel:
    """A position from 0 to 1 that changes evenly: `up_ms` from 0 to 1, `down_ms` back.

    It can be stopped and turned round anywhere. While the device is stuck it stays where it is.
    `arrived` is called when it gets where it was sent. A way of 0 ms is done at once.
    """

    def __init__(
        self,
        mover: Mover,
        up_ms: int,
        down_ms: int,
        position: float,
        arrived: Callable[[int], None],
    ) -> None:
        self.up_ms, self.down_ms = up_ms, down_ms
        self.target = position
        self.moving = False
        self._mover = mover
        self._arrived = arrived
        self._motion = Motion(mover)
        self._from, self._since = position, 0

    def position(self, at: int) -> float:
        """Where it is at a time."""
        if not self.moving:
            return self._from
        whole_ms = self.up_ms if self.target > self._from else self.down_ms
        gone = (at - self._since) / whole_ms if whole_ms else 1.0
        if self.target > self._from:
            return min(self.target, self._from + gone)
        return max(self.target, self._from - gone)

    def go(self, target: float, at: int) -> bool:
        """Send it somewhere; whether it moves off, or turns round, now."""
        if self._mover.stuck:
            self.halt(at)
            return False
        if target == self.target and (self.moving or self._from == target):
            return False
        self.halt(at)
        if target == self._from:
            return False
        self.target, self._since, self.moving = target, at, True
        whole_ms = self.up_ms if target > self._from else self.down_ms
        way_ms = round(abs(target - self._from) * whole_ms)
        if way_ms:
            self._motion.start(at + way_ms, self._arrive)
        else:
            self._arrive(at)
        return True

    def halt(self, at: int) -> None:
        """Stop it where it is."""
        self._from = self.position(at)
        self.target, self.moving = self._from, False
        self._motion.stop()

    def _arrive(self, at: int) -> None:
        self._from, self.moving = self.target, False
        self._arrived(at)
