"""Which controller leads: its epoch, claimed on every board that has a fence.

A claim is written first on each new connection and once a second; a board that holds a higher epoch
is led by another controller, and this one must stop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from controller.drivers.modbus import LEAST
from controller.interface.catalogue.boards import LAST_EPOCH
from controller.interface.points import Command, Point, PointList, Quality, Sample

EVERY_MS = 1000
_KIND = "io-board"


def unfenced(points: PointList) -> Iterator[str]:
    """What a pair must know: outputs behind which two controllers could both be obeyed."""
    fenced = {points.devices[p.device].gateway for p in points.points.values() if _claims(p)}
    for gateway in points.gateways.values():
        driven = [
            d.id for d in points.devices.values()
            if d.gateway == gateway.id and any(p.write for p in d.points)
        ]  # fmt: skip
        if driven and gateway.id not in fenced:
            yield (
                f"{gateway.id} ({gateway.profile}) has no fence: of two controllers that both "
                f"think they lead, {driven[0]}{' and others' * (len(driven) > 1)} obeys both"
            )
    for device in points.devices.values():
        if device.bus == "mqtt" and device.real and any(p.write for p in device.points):
            yield f"{device.id} is a real device on MQTT: see whether it refuses an older `epoch`"


def _claims(point: Point) -> bool:
    return (point.kind, point.name, point.write) == (_KIND, "epoch", True)


class Lead:
    """The claims of one epoch; 0 claims nothing, which is right for a controller without a twin."""

    def __init__(self, points: PointList, epoch: int) -> None:
        self.epoch = epoch
        mine = [p for p in points.points.values() if p.kind == _KIND]
        self._claims = {
            points.devices[p.device].gateway: p for p in mine if p.name == "epoch" and epoch
        }
        self._held = [p.id for p in mine if p.name == "held"]
        self._due_ms = 0
        self._count = 0

    def due(self, now: int) -> Iterator[tuple[Command, Point]]:
        """The claims of this second."""
        if now >= self._due_ms and self._claims:
            self._due_ms = now + EVERY_MS
            for gateway in self._claims:
                yield from self.claim(gateway, now, LEAST)

    def claim(self, gateway: str, now: int, priority: int = 1) -> Iterator[tuple[Command, Point]]:
        """The claim on one gateway, if it has a fence; before anything else on a connection."""
        point = self._claims.get(gateway)
        if point is not None:
            self._count += 1
            name = f"{point.id}#{self._count}"
            yield Command(name, point.id, self.epoch, priority, "", now), point

    def replaced(self, samples: Mapping[str, Sample]) -> int:
        """The epoch of a controller that has replaced this one, as boards say; 0 if none has."""
        said = [samples[name] for name in self._held if name in samples]
        held = [int(sample.value) for sample in said if sample.quality is Quality.GOOD]
        highest = max((epoch for epoch in held if epoch <= LAST_EPOCH), default=0)
        return highest if highest > self.epoch else 0
