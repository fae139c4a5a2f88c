"""What a network does to bytes, as values; and whom a part of it serves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from numpy.random import Generator

from controller.interface.points import PointList


@dataclass(frozen=True, slots=True)
class Conditions:
    """Of one link, both ways: `delay_ms` plus up to `jitter_ms`, `bytes_per_s` (0: no limit).

    TCP hides loss: a share `loss` of the pieces is late by `stall_ms`, as one retransmission is
    (Linux waits 200 ms at least, RFC 6298 1 s). `parted`: nothing gets through and nobody is told;
    what was sent is kept and comes when the network heals. `half_open`: what is sent is lost.
    """

    delay_ms: int = 0
    jitter_ms: int = 0
    loss: float = 0.0
    stall_ms: int = 1000
    bytes_per_s: int = 0
    parted: bool = False
    half_open: bool = False

    def __post_init__(self) -> None:
        numbers = (self.delay_ms, self.jitter_ms, self.stall_ms, self.bytes_per_s)
        if min(numbers) < 0 or not 0 <= self.loss <= 1:
            raise ValueError("times and rates are 0 or more, loss is a share from 0 to 1")

    def late_ms(self, rng: Generator) -> float:
        """How much later a piece arrives."""
        extra_ms = 0.0
        if self.jitter_ms:
            extra_ms += self.jitter_ms * float(rng.random())
        if self.loss and rng.random() < self.loss:
            extra_ms += self.stall_ms
        return self.delay_ms + extra_ms

    def going_ms(self, size: int) -> float:
        """How long the bytes of a piece take to go out."""
        return 1000 * size / self.bytes_per_s if self.bytes_per_s else 0.0


CALM = Conditions()


def together(parts: Iterable[Conditions]) -> Conditions:
    """Several at once: delays add up, losses are independent, the narrowest place counts."""
    found = CALM
    for part in parts:
        rates = [c.bytes_per_s for c in (found, part) if c.bytes_per_s]
        found = Conditions(
            found.delay_ms + part.delay_ms,
            found.jitter_ms + part.jitter_ms,
            1 - (1 - found.loss) * (1 - part.loss),
            found.stall_ms,
            min(rates, default=0),
            found.parted or part.parted,
            found.half_open or part.half_open,
        )
    return found


def served(points: PointList, place: str) -> list[str]:
    """The gateways and MQTT devices in spaces that match `place` (a glob), in the file's order."""
    gateways = [g.id for g in points.gateways.values() if fnmatchcase(g.at, place)]
    stations = [
        d.id for d in points.devices.values() if d.bus == "mqtt" and fnmatchcase(d.at, place)
    ]
    return [*gateways, *stations]


def places(points: PointList) -> Iterable[str]:
    """Where gateways and MQTT devices are."""
    found = [g.at for g in points.gateways.values()]
    return dict.fromkeys([*found, *(d.at for d in points.devices.values() if d.bus == "mqtt")])
