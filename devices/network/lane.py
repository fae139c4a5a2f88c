"""One direction of a network in simulated time: what is sent arrives later, in order."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from numpy.random import Generator

from devices.agenda import Agenda
from devices.network.conditions import CALM, Conditions

_T = TypeVar("_T")


class Way:
    """When what is sent arrives. `calm`: at once."""

    def __init__(self) -> None:
        self.conditions = CALM
        self._rng: Generator | None = None
        self._last_ms = 0.0

    @property
    def calm(self) -> bool:
        """Whether nothing is delayed."""
        return self.conditions is CALM or self.conditions == CALM

    def change(self, conditions: Conditions, rng: Generator) -> None:
        """Other conditions from now on."""
        self.conditions, self._rng = conditions, rng
        if self.calm:
            self._last_ms = 0.0

    def arrives(self, now: int, size: int) -> int:
        """When a piece of so many bytes that is sent now is there (ms), never before the last."""
        if self._rng is None or self.calm:
            return now
        there = max(self._last_ms, now + self.conditions.late_ms(self._rng))
        self._last_ms = there + self.conditions.going_ms(size)
        return math.ceil(self._last_ms)


class Lane(Generic[_T]):
    """A way with what is under way on it; `hand_over` takes what has arrived.

    What is sent while it is cut or half open is lost. When it is calm again, everything arrives.
    """

    def __init__(self, agenda: Agenda, hand_over: Callable[[_T], None]) -> None:
        self._agenda, self._hand_over = agenda, hand_over
        self._way = Way()
        self._under_way: deque[tuple[int, _T]] = deque()

    def send(self, item: _T, size: int) -> None:
        """Send a message of so many bytes at the agenda's time."""
        if self._way.calm:
            self._hand_over(item)
            return
        if self._way.conditions.parted or self._way.conditions.half_open:
            return
        due = self._way.arrives(self._agenda.now, size)
        self._under_way.append((due, item))
        self._agenda.at(due, self._arrive)

    def change(self, conditions: Conditions, rng: Generator, now: int) -> None:
        """Other conditions from now on."""
        self._way.change(conditions, rng)
        if self._way.calm:
            self._under_way = deque((min(due, now), item) for due, item in self._under_way)
            self._arrive(now)

    def lose(self) -> None:
        """The connection is gone, and what was under way with it."""
        self._under_way.clear()

    def _arrive(self, at: int) -> None:
        while self._under_way and self._under_way[0][0] <= at:
            self._hand_over(self._under_way.popleft()[1])
