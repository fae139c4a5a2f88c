"""What a crush showed, by space: density, occupancy, load, force, breakdown of flow, falls, doses.

Helbing's pressure needs velocities of single people: the graph has none and says so (the zone has).
"""

from dataclasses import dataclass

import numpy as np

from evacuation.crush.ground import Ground
from evacuation.engine.arrays import Crowded, Floats, Longs, Net

BREAKS_FLOW, BREAKS_RHO = 0.8, 2.5
"""Flow has broken down below so many per (m s) above so many adults per m2 (Helbing et al. 2007,
Mina; with the density that the early warning asks for)."""
WINDOW_S = 5.0


@dataclass(frozen=True, slots=True)
class Peak:
    """The worst of a space in a run: adults per m2, occupancy, line load (N/m), compressive force
    on one person (N), seconds of broken flow, falls, of these trips over others, most who lay at
    once, and how many came to a dose of 0.25 and of 1.
    """

    density_per_m2: float
    occupancy: float
    load_n_per_m: float
    force_n: float
    breakdown_s: float
    falls: int
    secondary: int
    lying: int
    unconscious: int
    lethal: int


class Measures:
    """Keeps the worst of every space."""

    def __init__(self, net: Net, crowd: Crowded, ground: Ground) -> None:
        self._net, self._crowd, self._ground = net, crowd, ground
        spaces = net.room.size
        self._first = net.room["cell"].astype(np.int64)
        self.rho: Floats = np.zeros(spaces)
        self.load: Floats = np.zeros(spaces)
        self.force: Floats = np.zeros(spaces)
        self.broken: Floats = np.zeros(spaces)
        self._tally: Longs = np.zeros((5, spaces), np.int64)
        self._passed: Longs = np.zeros(net.line.size, np.int64)
        self._since = 0.0
        self._dense: Floats = np.zeros(spaces)

    def look(self, seconds: float, load: Floats, lying: list[tuple[int, int]]) -> None:
        """Take note of the crowd as it is; flow is judged over windows of five seconds."""
        spot = self._ground.spot
        if self._since == 0.0:
            self._dense[:] = np.inf
        rho = np.maximum.reduceat(spot["rho"], self._first)
        self._since += seconds
        np.minimum(self._dense, rho, out=self._dense)
        np.maximum(self.rho, rho, out=self.rho)
        if load.any():
            np.maximum(self.load, np.maximum.reduceat(load, self._first), out=self.load)
            force = np.maximum.reduceat(spot["force"], self._first)
            np.maximum(self.force, force, out=self.force)
        for s, count in lying:
            self._tally[2, s] = max(self._tally[2, s], count)
        if self._since >= WINDOW_S:
            self._judge()

    def _judge(self) -> None:
        """Find out where flow has broken down."""
        dense = np.flatnonzero(self._dense > BREAKS_RHO)
        passed = self._crowd.line["passed"].astype(np.int64)
        if dense.size:
            out = np.bincount(self._net.line["send"], passed - self._passed, self._net.room.size)
            width = np.zeros(self._net.room.size)
            doors = self._net.door["width"][np.arange(self._net.line.size) >> 1]
            np.maximum.at(width, self._net.line["send"], doors)
            flow = out[dense] / self._since / np.maximum(width[dense], 0.1)
            self.broken[dense[flow < BREAKS_FLOW]] += self._since
        self._passed, self._since = passed, 0.0

    def fell(self, s: int, cause: str) -> None:
        """Count a fall in a space."""
        self._tally[0, s] += 1
        self._tally[1, s] += cause == "tripped"

    def hurt(self, s: int, level: float) -> None:
        """Count somebody who has come to a level of dose."""
        self._tally[3 if level < 1.0 else 4, s] += 1

    def peak(self, s: int, adult_m2: float) -> Peak:
        """Return the worst of a space."""
        rho = float(self.rho[s])
        load, force, broken = float(self.load[s]), float(self.force[s]), float(self.broken[s])
        return Peak(rho, rho * adult_m2, load, force, broken, *self._tally[:, s].tolist())

    def total(self) -> Longs:
        """Return falls, secondary falls, most lying, unconscious, lethal, over all spaces."""
        return np.asarray(self._tally.sum(axis=1), np.int64)
