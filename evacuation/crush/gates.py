"""What portals pass other than they are built for: metered, held, wider or narrower, obstructed."""

from dataclasses import replace

import numpy as np

from evacuation.conditions import CALM, Handling
from evacuation.engine.arrays import Crowded, Flags, Floats, Net
from evacuation.floor import Floor
from evacuation.laws import Laws
from evacuation.network import capacity, effective_width, stair_capacity
from evacuation.perception import Perception

LEAST = 0.05
"""A portal that is metered to nothing still passes one person in 20 s; to stop all, hold it."""
WIDE_M = 2.4
"""On stairs wider than this a rail stands in the middle, if they are told to have one."""
RAIL_M = 0.18
"""What a rail in the middle takes of the width, with a hand's room on both sides (recalled)."""


class Gates:
    """The capacity of every portal with its widths of now, as metered, and as it is now.

    ``built`` is what each passes at its width of now, persons per second; ``floor`` has those
    widths.
    """

    def __init__(
        self, floor: Floor, net: Net, crowd: Crowded, perception: Perception, laws: Laws
    ) -> None:
        self._floor, self._laws, self.floor = floor, laws, floor
        self._net, self._crowd, self._perception = net, crowd, perception
        self.built: Floats = net.door["capacity"].copy()
        self._most: Floats = np.full(self.built.size, np.inf)
        self._left: Floats = np.ones(self.built.size)
        self._held: Flags = np.zeros(2 * self.built.size, np.bool_)
        self._given = CALM

    def handle(self, told: Handling, now_ms: float) -> None:
        """Meter, hold and change portals; ValueError with the nearest name for one that does not
        exist.
        """
        if told is self._given:
            return
        before, self._given = self._given, told
        portal = self._perception.portal
        if _widths(told) != _widths(before):
            self._build(told)
        self._most[:] = np.inf
        for name, flow in told.metered.items():
            self._most[portal(name)] = flow
        held = np.zeros_like(self._held)
        for name in sorted(told.held):
            held[2 * portal(name) : 2 * portal(name) + 2] = True
        for name, start in sorted(told.held_from):
            held[self._crossing(name, start)] = True
        self._crowd.line["ready"][self._held & ~held] = now_ms
        self._crowd.line["ready"][held] = np.inf
        self._held = held
        self._set()

    def narrow(self, left: Floats) -> None:
        """Leave every portal a share of its capacity."""
        if not np.array_equal(left, self._left):
            self._left = left
            self._set()

    def _crossing(self, portal: str, start: str) -> int:
        c = 2 * self._perception.portal(portal)
        return c + int(self._net.line[c]["send"] != self._perception.space(start))

    def _build(self, told: Handling) -> None:
        """Work out every portal and stair anew at the widths of now."""
        floor = self.floor = self._widened(told)
        for k, one in enumerate(floor.portals.values()):
            self.built[k] = capacity(floor, one, self._laws)
            self._net.door["width"][k] = effective_width(floor, one, self._laws)
        spaces, line = list(floor.spaces.values()), self._net.line
        for c in np.flatnonzero(line["entry"] > 0.0).tolist():
            up = bool(line["slope"][c ^ 1] <= 0.0)
            line["entry"][c] = stair_capacity(spaces[line["recv"][c]], self._laws, up)

    def _widened(self, told: Handling) -> Floor:
        """Return the floor with the widths of now."""
        portals, spaces = dict(self._floor.portals), dict(self._floor.spaces)
        for name, metres in told.widths.items():
            self._perception.portal(name)
            portals[name] = replace(portals[name], width_m=metres)
        for name, metres in self._narrowed(told).items():
            self._perception.space(name)
            for door in self._floor.portals_of(name):
                least = min(portals[door].width_m, metres)
                portals[door] = replace(portals[door], width_m=least)
            if spaces[name].is_stair:
                spaces[name] = replace(spaces[name], width_m=metres)
        return Floor(spaces, portals)

    def _narrowed(self, told: Handling) -> dict[str, float]:
        """Return the widths that are left of spaces, rails in the middle of wide stairs taken."""
        found = dict(told.narrowed)
        for name, has in told.rails.items():
            wide = self._floor.spaces[name].width_m
            if has and self._floor.spaces[name].is_stair and wide > WIDE_M:
                found[name] = min(found.get(name, wide), wide) - RAIL_M
        return found

    def _set(self) -> None:
        now = np.minimum(self.built * np.maximum(self._left, LEAST), np.maximum(self._most, LEAST))
        self._net.door["capacity"] = now


def _widths(told: Handling) -> tuple[object, ...]:
    return (told.widths, told.narrowed, told.rails)
