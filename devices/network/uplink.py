"""The network between an MQTT device and its broker in simulated time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from numpy.random import Generator

from controller.interface.envelope import Order
from controller.interface.points import Point
from devices.agenda import Agenda
from devices.exchange import Publication
from devices.network.conditions import CALM, Conditions
from devices.network.lane import Lane

GIVEN_UP_MS = 15_000
"""After such a silence broker and device give each other up: 1.5 keepalives of 10 s (MQTT 3.1.1,
3.1.2.10)."""


class Boxes(Protocol):
    """Where messages and commands go."""

    outbox: list[Publication]

    def obey(self, told: tuple[Point, Order]) -> None:
        """Take a command that has arrived."""
        ...


class Uplink:
    """Both directions. `calm`: nothing is wrong, and nothing under way.

    `apart`: there is no way to the broker, the device cannot connect.
    `boxes` take what has arrived; `changed` is told with the time when `apart` may have changed,
    and whether the network has healed, so that a dead connection may be replaced.
    """

    def __init__(
        self,
        agenda: Agenda,
        boxes: Boxes,
        changed: Callable[[bool, int], None],
    ) -> None:
        self.apart = False
        self.calm = True
        self.out = Lane[Publication](agenda, lambda said: boxes.outbox.append(said))
        self.home = Lane[tuple[Point, Order]](agenda, boxes.obey)
        self._agenda, self._changed = agenda, changed
        self._conditions = CALM
        self._dead_ms = 0

    def carry(self, conditions: Conditions, rng: Generator, now: int) -> None:
        """Other conditions from now on."""
        before, self._conditions = self._conditions, conditions
        self.calm = conditions == CALM
        for lane in (self.out, self.home):
            lane.change(conditions, rng, now)
        if conditions.half_open and not before.half_open:
            self._dead_ms = now
            self._agenda.at(now + GIVEN_UP_MS, self._give_up)
        self.apart = conditions.parted or (self.apart and conditions.half_open)
        mended = before.half_open and not conditions.half_open
        self._changed(mended or (before.parted and not self.apart), now)

    def lose(self) -> None:
        """The connection is gone."""
        self.out.lose()
        self.home.lose()

    def _give_up(self, at: int) -> None:
        if self._conditions.half_open and at >= self._dead_ms + GIVEN_UP_MS:
            self.apart = True
            self._changed(False, at)
