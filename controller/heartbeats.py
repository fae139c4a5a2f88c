"""Strokes for the watchdogs of boards: a register that changes every second, as kinds declare.

A board that no longer sees it change goes to its safe state by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from controller.interface.kinds import KINDS
from controller.interface.points import Command, Point, PointList
from controller.service import NEVER

EVERY_MS = 1000
_WRAP = 0xFFFF
_PRIORITY = 8


class Heartbeats:
    """Every watchdog point that the I/O list binds; their values are no decisions, and not told."""

    def __init__(self, points: PointList) -> None:
        self._points = [p for p in points.points.values() if _is_watchdog(p)]
        self._count = 0
        self.wake_ms = 0 if self._points else NEVER

    def due(self, now: int) -> Iterator[tuple[Command, Point]]:
        """The strokes of this second."""
        if now < self.wake_ms:
            return
        self.wake_ms = now + EVERY_MS
        self._count = self._count % _WRAP + 1
        for point in self._points:
            name = f"{point.id}#{self._count}"
            yield Command(name, point.id, self._count, _PRIORITY, "", now), point


def _is_watchdog(point: Point) -> bool:
    dog = KINDS[point.kind].watchdog
    return dog is not None and dog.point == point.name and point.write
