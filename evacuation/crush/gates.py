"""What portals pass less than they are built for: metered, held, narrowed by who lies there."""

import numpy as np

from evacuation.conditions import CALM, Handling
from evacuation.engine.arrays import Crowded, Flags, Floats, Net
from evacuation.perception import Perception

LEAST = 0.05
"""A portal that is metered to nothing still passes one person in 20 s; to stop all, hold it."""


class Gates:
    """The capacity of every portal as built, as metered, and as it is now."""

    def __init__(self, net: Net, crowd: Crowded, perception: Perception) -> None:
        self._net, self._crowd, self._perception = net, crowd, perception
        self._built: Floats = net.door["capacity"].copy()
        self._most: Floats = np.full(self._built.size, np.inf)
        self._left: Floats = np.ones(self._built.size)
        self._held: Flags = np.zeros(self._built.size, np.bool_)
        self._given = CALM

    def handle(self, told: Handling, now_ms: float) -> None:
        """Meter and hold portals; ValueError with the nearest name for one that does not exist."""
        if told is self._given:
            return
        self._given = told
        portal = self._perception.portal
        self._most[:] = np.inf
        for name, flow in told.metered.items():
            self._most[portal(name)] = flow
        held = np.zeros_like(self._held)
        held[[portal(name) for name in sorted(told.held)]] = True
        freed = np.repeat(self._held & ~held, 2)
        self._crowd.line["ready"][freed] = now_ms
        self._crowd.line["ready"][np.repeat(held, 2)] = np.inf
        self._held = held
        self._set()

    def narrow(self, left: Floats) -> None:
        """Leave every portal a share of its capacity."""
        if not np.array_equal(left, self._left):
            self._left = left
            self._set()

    def _set(self) -> None:
        now = np.minimum(self._built * np.maximum(self._left, LEAST), np.maximum(self._most, LEAST))
        self._net.door["capacity"] = now
