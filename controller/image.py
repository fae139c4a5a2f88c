"""The controller's picture of the field: every input's last sample, alarms, lost gateways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.alarms import Alarms
from controller.crowdwatch import Watched
from controller.interface.points import Quality, Sample, Value
from controller.orders import Orders


@dataclass(slots=True)
class Image:
    """What the rules may look at. `recent`: last three samples of watched number points.

    `orders`: what operators have asked for. `unheard` are points and gateways of which nothing has
    been heard since a restart, `faulty` by zone the devices of which anything is out of order,
    `crowd` the watched flights, `levels` the plan levels that stand: the one that was raised and
    all below it. `reads`: cards that were shown since the last scan decided: the reader's point,
    card, when.
    """

    alarms: Alarms
    samples: dict[str, Sample] = field(default_factory=dict)
    recent: dict[str, tuple[float, ...]] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    unheard: set[str] = field(default_factory=set)
    orders: Orders = field(default_factory=Orders)
    faulty: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    crowd: Mapping[str, Watched] = field(default_factory=dict)
    levels: tuple[str, ...] = ()
    reads: list[tuple[str, Value, int]] = field(default_factory=list)

    def good(self, point: str) -> Value | None:
        """A point's value if it can be trusted now, else None."""
        sample = self.samples.get(point)
        return sample.value if sample is not None and sample.quality is Quality.GOOD else None

    @property
    def silenced(self) -> bool:
        """Whether the sounders are silenced, and no alarm has come since."""
        return self.orders.silenced == self.alarms.rises
