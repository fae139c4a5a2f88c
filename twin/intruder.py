"""Somebody who has no business there: he climbs, walks his path, stays, and is gone again.

He goes by no door and knows no wall; beams, PIR and cameras find him where he is.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from math import ceil, hypot

import simpy

from twin.grounds import Grounds
from twin.plan import Point
from twin.walkers import Walkers
from twin.world import World

PACE_M_S = 1.3
"""How fast he walks unless the scenario says: an adult's usual pace (Weidmann 1993: 1.34 m/s)."""
STEP_M = 1.0
"""His way is looked at so often for the space that he is in."""

Process = Generator[simpy.Event, None, None]


class Intruders:
    """Everybody on a site who is nobody of it; `under_way`: how many of them walk."""

    def __init__(
        self, world: World, walkers: Walkers, grounds: Grounds, clock: simpy.Environment
    ) -> None:
        self._world, self._walkers, self._grounds = world, walkers, grounds
        self._clock = clock
        self._count = 0
        self.under_way = 0

    def name(self) -> str:
        """A name for one more of them."""
        self._count += 1
        return f"intruder-{self._count}"

    def come(
        self, now: int, name: str, place: str, path: Sequence[Point], speed_m_s: float
    ) -> None:
        """He appears in a space, or where his path begins."""
        middle = self._world.plan.middle[self._world.plan.place[place]] or (0.0, 0.0)
        self._walkers.appear(name, place, path[0] if path else middle, now)
        self._world.note(now, place, "intruder")
        if path:
            self._clock.process(self._go(name, path[1:], speed_m_s))

    def leave(self, now: int, name: str) -> None:
        """He is gone, wherever he is."""
        space, _ = self._walkers.where(name, now)
        self._walkers.vanish(name)
        self._world.note(now, space, "no intruder")

    def _go(self, name: str, path: Sequence[Point], speed_m_s: float) -> Process:
        self.under_way += 1
        for corner in path:
            yield from self._along(name, corner, speed_m_s)
        self.under_way -= 1

    def _along(self, name: str, corner: Point, speed_m_s: float) -> Process:
        """Straight to a corner of his path, step by step."""
        if name not in self._walkers.names:
            return
        space, at = self._walkers.where(name, int(self._clock.now))
        steps = max(1, ceil(hypot(corner[0] - at[0], corner[1] - at[1]) / STEP_M))
        for k in range(1, steps + 1):
            to = tuple(a + (b - a) * k / steps for a, b in zip(at, corner, strict=True))
            took_ms = self._walkers.walk(name, (to[0], to[1]), speed_m_s, int(self._clock.now))
            yield self._clock.timeout(took_ms)
            if name not in self._walkers.names:
                return
            entered = self._grounds.space((to[0], to[1]), space)
            if entered != space:
                space = entered
                self._walkers.enter(name, space)
                self._world.note(int(self._clock.now), space, "intruder")
