"""A threshold: one line between a zone and the graph, and how much passes it each way."""

from math import inf

import numpy as np

from evacuation.engine import bodies
from evacuation.engine.arrays import ONE, WALK, Floats, Longs
from evacuation.engine.hub import Hub
from evacuation.join.frame import Frame
from evacuation.join.spots import Spots
from evacuation.scene import Scene
from evacuation.zone.body import Body
from evacuation.zone.layout import Line
from evacuation.zone.zone import Zone

STEP_M = 0.1
BACK_M = 0.2
"""Nobody is put down nearer to the portal than he was, but for so much."""
PACKED_PHI, FREE_LOAD_M = 0.55, 4.7
PUSH_N, WALL_SCREEN = 100.0, 0.16
"""Above this occupancy a queue pushes; drive of an adult, and wall friction times lateral share:
the length over which walls take a push is w / (2 x 0.16) (assumed)."""


class Threshold:
    """The line of one rim portal: ``way_in`` and ``way_out`` are its crossings; ``most`` adults
    per second are let through it each way, as on the graph.
    """

    def __init__(
        self, scene: Scene, zone: Zone, line: Line, buffer: tuple[Frame, float], way_out: int
    ) -> None:
        self._scene, self._zone, self.line = scene, zone, line
        self.frame, self._length = buffer
        self.way_in, self.way_out = way_out ^ 1, way_out
        self.portal = way_out >> 1
        self.most = inf
        self._credit = self._turn = 1.0
        self._places = self._grid()

    @property
    def safe(self) -> bool:
        """Whether a safe place lies behind it."""
        net = self._scene.net
        return bool(net.room["safe"][net.line["recv"][self.way_out]])

    def meter(self, hub: Hub, dt_s: float, room: bool) -> None:
        """Let out as many as the graph receives: a wall stands while that is nobody, or where a
        zone that begins there has no ``room``.
        """
        may = bodies.receives(hub, self.way_out) / ONE if room else 0.0
        may = 0.0 if self._is_held(self.way_out) else min(may, self.most)
        self._turn = min(self._turn + self.most * dt_s, 1.0)
        self._credit = 1.0 if may == inf else min(self._credit + may * dt_s, 1.0)
        self._zone.block(self.line.id, may == 0.0 or self._credit <= 0.0)

    @property
    def may_enter(self) -> bool:
        """Whether a meter or a hold lets one more in."""
        return self._turn > 0.0 and not self._is_held(self.way_in)

    def entered(self, load: int) -> None:
        """Somebody came in."""
        self._turn -= load / ONE

    def _is_held(self, crossing: int) -> bool:
        return bool(self._scene.crowd.line["ready"][crossing] == inf)

    def passed(self, load: int) -> None:
        """Somebody went out."""
        self._credit -= load / ONE

    def waiting(self, hub: Hub) -> list[tuple[float, int]]:
        """Those of the graph who are within the buffer on their way in: metres to the portal, and
        row; the nearest first.
        """
        crowd = self._scene.crowd
        near = (crowd.who["target"] == self.way_in) & (crowd.who["left"] <= self._length)
        walk = np.flatnonzero(near & (crowd.state == WALK)).tolist()
        found = [(bodies.whereabout(hub, i)[3], i) for i in walk]
        if most := int(crowd.line["queued"][self.way_in]):
            rows, metres = np.zeros(most, np.int32), np.zeros(most)
            count = bodies.queue_of(hub, self.way_in, self._length, rows, metres)
            found += zip(metres[:count].tolist(), rows[:count].tolist(), strict=True)
        return sorted(one for one in found if one[0] <= self._length)

    def place_for(
        self, spots: Spots, left_m: float, radius: float, lot: float
    ) -> tuple[float, float, float] | None:
        """Return the free place nearest to where somebody is in the graph, and its clearance."""
        deep, side = self._places
        if not self.line.into or self.line.width_m < 2 * radius + 0.02:
            return None
        half = 0.5 * self.line.width_m - radius - 0.01
        keep = (np.abs(side) <= half) & (deep >= left_m - BACK_M)
        keep &= (deep >= radius) & (deep <= max(self._length - radius, radius))
        if not keep.any():
            return None
        a, b = deep[keep], side[keep]
        x = self.frame.at[0] + a * self.frame.along[0] - b * self.frame.along[1]
        y = self.frame.at[1] + a * self.frame.along[1] + b * self.frame.along[0]
        clear = spots.clearance(np.stack([x, y], 1))
        free = np.flatnonzero(clear >= radius + self._zone.parameters.entry_gap)
        if not len(free):
            return None
        cost = np.abs(a[free] - left_m) + 0.3 * np.abs(b[free] / max(half, 0.01) - (2 * lot - 1))
        k = int(free[np.argmin(cost)])
        return float(x[k]), float(y[k]), float(clear[k])

    def speed(self, body: Body, clear_m: float) -> tuple[float, float]:
        """Return the velocity at which somebody comes in: his own, or what the gap allows."""
        v = min(body.speed_m_s, max(clear_m - body.build.radius_m, 0.0) / self._zone.law.headway)
        return self.line.inward[0] * v, self.line.inward[1] * v

    def press(self, hub: Hub) -> None:
        """Bring in the push of the queue outside where that is packed."""
        self._zone.press(self.line.id, self.load_n_m(hub) * self.line.width_m)

    def load_n_m(self, hub: Hub) -> float:
        """Line load of the queue outside, N/m: rho p f lam (1 - exp(-l / lam)), its walls taking
        the rest (design; a queue below the occupancy at which people touch pushes nobody).
        """
        net, crowd = self._scene.net, self._scene.crowd
        q = int(net.line["goal"][self.way_in])
        rho = float(crowd.cell["load"][q]) / ONE / float(net.cell["area"][q])
        if rho * self._zone.law.body_ref < PACKED_PHI:
            return 0.0
        lam = self.line.width_m / (2.0 * WALL_SCREEN)
        deep = float(crowd.line["queued"][self.way_in]) / max(rho * self.line.width_m, 1e-9)
        share = self._zone.law.push_share
        return rho * share * PUSH_N * lam * float(1.0 - np.exp(-deep / lam))

    def _grid(self) -> tuple[Floats, Floats]:
        deep = np.arange(STEP_M, self._length, STEP_M)
        half = 0.5 * self.line.width_m
        side = np.arange(-half, half + 1e-9, STEP_M)
        a, b = np.meshgrid(deep, side, indexing="ij")
        return a.ravel(), b.ravel()


def out_of(scene: Scene, portal: str, within: str) -> int:
    """Return the crossing that leaves a space by a portal."""
    p = list(scene.floor.portals).index(portal)
    return 2 * p + (scene.floor.portals[portal].between[0] != within)


def ways_out(thresholds: list[Threshold]) -> Longs:
    """Return the crossings out, in order."""
    return np.array([one.way_out for one in thresholds], np.int64)
