"""The floor as falls see it: widths, places as built, and how likely a misstep is where."""

from collections.abc import Callable, Sequence

import numpy as np

from evacuation.conditions import Handling
from evacuation.crush.parameters import Falls
from evacuation.engine.arrays import Flags, Floats, Longs, Net, Records
from evacuation.engine.danger import SPOT
from evacuation.floor import Space

LEVEL_M = 4.0
"""Missteps on the level are counted per so much of way (a flight)."""
BOUNDARY_M = 0.3
"""What nobody walks on along both sides of a stair (SFPE)."""
RUNS = 1.5
"""Who wants to go more than so many times the usual speed runs."""


class Ground:
    """Arrays by space and by cell; ``spot`` is the kernels' table of cells.

    ``area``, ``places``, ``packed``, ``per_load`` and ``capacity`` are those of the floor as built:
    the engine's are changed by those who lie and push. ``between`` is what lies between the walls,
    or a wall and a rail in the middle, m. From ``tight`` adults per m2 on bodies pass on load.
    """

    def __init__(self, spaces: Sequence[Space], net: Net, falls: Falls) -> None:
        self._spaces, self._net, self._falls = spaces, net, falls
        self.area = net.cell["area"].copy()
        self.places, self.packed = net.cell["places"].copy(), net.cell["packed"].copy()
        self.per_load = net.line["per_load"].copy()
        self.capacity = net.door["capacity"].copy()
        room = net.room
        self.long: Flags = np.asarray(room["cells"] > 1) | room["stair"]
        whole = np.array([one.walking_area_m2 for one in spaces])
        length = np.where(room["stair"], [one.slope_length_m or 1.0 for one in spaces], 1.0)
        self.length: Floats = np.where(room["cells"] > 1, room["length"], length)
        self.wide: Floats = np.where(self.long, whole / self.length, np.sqrt(whole))
        self.spot: Records = np.zeros(net.cell.size, SPOT)
        self.spot["free"] = self.area
        self.between: Floats = self.wide.copy()
        self.urgency: Floats = np.ones(len(spaces))
        self._hurried: Longs = np.zeros(0, np.int64)
        self._inside: Flags = np.array([not space.safe for space in spaces])
        self.lux: Floats = np.full(len(spaces), np.inf)
        self.tight = falls.load_phi / falls.zone.body_ref

    def cells(self, s: int) -> slice:
        """Return the cells of a space."""
        room = self._net.room[s]
        return slice(int(room["cell"]), int(room["cell"] + room["cells"]))

    def cell_m(self, s: int) -> float:
        """Return how long a cell of a space is, m; a room's is the side of its square."""
        if self.long[s]:
            return float(self.length[s] / self._net.room[s]["cells"])
        return float(self.wide[s])

    def lanes(self, s: int, door_m: float) -> tuple[float, int]:
        """Return the width past a pile in a space, and how many can lie abreast where people
        walk; in a room at its door.
        """
        wide = float(self.wide[s]) if self.long[s] else door_m
        walked = max(wide - BOUNDARY_M, 0.25 * wide) if self.long[s] else wide
        return wide, max(1, int(walked / self._falls.lane))

    def handle(self, number: Callable[[str], int], told: Handling) -> None:
        """Take in light, hurry and rails; ``number`` is that of a space, or a ValueError."""
        falls, zone = self._falls, self._falls.zone
        self.urgency[:], self.lux[:] = 1.0, np.inf
        for name, value in told.urgency.items():
            self.urgency[number(name)] = value
        for name, value in told.light_lx.items():
            self.lux[number(name)] = value
        self._hurried = np.flatnonzero((self.urgency > 1.0) & self._inside)
        rails = {number(name): has for name, has in told.rails.items()}
        for s, space in enumerate(self._spaces):
            dim, factor = falls.darkness(float(self.lux[s])), zone.level * zone.missteps / LEVEL_M
            self.between[s] = self.wide[s] / (2.0 if self._is_parted(space, rails.get(s)) else 1.0)
            if space.is_stair:
                steep = min(max(space.riser_m / space.tread_m / falls.slope, 0.5), 2.0)
                factor = zone.missteps / space.slope_length_m * steep
                has = rails.get(s, space.width_m <= falls.rail_m)
                factor *= zone.handrail if has else 1.0
            factor *= zone.running if self.urgency[s] > RUNS else 1.0
            row = self.spot[self.cells(s)]
            row["factor"], row["dim"] = factor * (1.0 + (zone.dark - 1.0) * dim), dim

    def _is_parted(self, space: Space, rail: bool | None) -> bool:
        """Tell whether a rail stands in the middle of a stair: told of, and too wide for others."""
        return bool(rail) and space.is_stair and space.width_m > self._falls.rail_m

    def changed(self, c: int) -> bool:
        """Tell whether the queue of a crossing stands closer than the law says."""
        return bool(self._net.line[c]["per_load"] != self.per_load[c])

    def door_m(self, c: int) -> float:
        """Return the effective width of a crossing's portal, m."""
        return float(self._net.door[c >> 1]["width"])

    @property
    def hurried(self) -> Longs:
        """The spaces whose people want to go faster than usual."""
        return self._hurried
