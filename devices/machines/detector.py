"""A detector on an addressable loop: a sensing element that answers when the panel polls it.

Each has its own place in the poll cycle of 2 s, and an element drawn from its own stream.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from numpy.random import Generator

from devices.loop import TROUBLE, Polled
from devices.machines.element import Aspirating, Beam, Heat, Smoke, Water
from devices.wiring import Wiring


class LoopPanel(Protocol):
    """The panel, as a device on its loop sees it."""

    def report(self, wiring: Wiring, level: str, at: int) -> None:
        """Answer a poll: normal, prealarm, alarm, or trouble for a missing answer."""
        ...

    def poll(self, first_ms: int, detector: Polled) -> None:
        """Poll a detector from `first_ms` on."""
        ...


class Element(Protocol):
    """What senses."""

    def level(self) -> str:
        """Judge what it senses, once per poll: normal, prealarm, alarm."""
        ...

    def failing(self) -> str:
        """Judge while a fault lasts; may also be trouble."""
        ...


ELEMENTS: Mapping[str, Callable[[Wiring, Generator], Element]] = {
    "smoke-detector": Smoke,
    "heat-detector": Heat,
    "beam-detector": Beam,
    "aspirating-detector": Aspirating,
    "flow-switch": Water,
}


class Detector:
    """Point: state r, and what the element measures where the I/O list binds it.

    Off: it is missing. Double address: two answers collide, which the panel calls trouble.
    """

    def __init__(self, wiring: Wiring, rng: Generator, panel: LoopPanel) -> None:
        self.wiring = wiring
        self._panel = panel
        self._element = ELEMENTS[wiring.kind.name](wiring, rng)
        self._first_ms = int(rng.integers(wiring.ms("poll")))

    def start(self, at: int) -> None:
        """Polls begin."""
        self._panel.poll(at + self._first_ms, self)

    def answer(self) -> str:
        """What the panel makes of its answer to a poll."""
        failing = self.wiring.failing
        if not failing:
            return self._element.level()
        if "off" in failing or "double-address" in failing:
            return TROUBLE
        return self._element.failing()
