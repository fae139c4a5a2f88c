"""The network to one gateway or MQTT device, and the faults of it that stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from numpy.random import Generator

from devices.network.conditions import Conditions, together


class Carrier(Protocol):
    """Carries what is said, under conditions: a relay, or in simulated time the target itself."""

    def carry(self, conditions: Conditions, rng: Generator, now: int) -> None:
        """Other conditions from now (ms) on; draws hang on the generator."""
        ...


class Line:
    """What stands at once acts together."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._parts: list[Conditions] = []

    def begin(self, part: Conditions, rng: Generator, now: int) -> Callable[[int], None]:
        """Add a fault; returns how to end it."""
        self._parts.append(part)
        self._carrier.carry(together(self._parts), rng, now)

        def end(at: int) -> None:
            self._parts.remove(part)
            self._carrier.carry(together(self._parts), rng, at)

        return end
