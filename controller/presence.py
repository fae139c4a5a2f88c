"""What boards are told of the controller itself: claims for their fences, strokes for watchdogs.

These are no decisions and are not on record; they go to boards that can be reached, and no further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from controller.drivers.modbus import ModbusDriver
from controller.heartbeats import Heartbeats
from controller.interface.points import Command, Point, PointList
from controller.lead import Lead


class Presence:
    """The claims of one epoch and the heartbeats of one site, over its gateways' drivers."""

    def __init__(self, points: PointList, gateways: Mapping[str, ModbusDriver], epoch: int) -> None:
        self.lead = Lead(points, epoch)
        self._heartbeats = Heartbeats(points)
        self._gateways = gateways
        self._devices = points.devices

    @property
    def wake_ms(self) -> int:
        """When the next stroke is due."""
        return self._heartbeats.wake_ms

    def beat(self, now: int) -> None:
        """The claims and strokes of this second."""
        self._write(self.lead.due(now))
        self._write(self._heartbeats.due(now))

    def greet(self, gateway: str, now: int) -> None:
        """The claim that goes first on a new connection."""
        self._write(self.lead.claim(gateway, now))

    def _write(self, registers: Iterable[tuple[Command, Point]]) -> None:
        for command, point in registers:
            driver = self._gateways[self._devices[point.device].gateway]
            if driver.up:
                driver.write(command, point.binding, point.device)
