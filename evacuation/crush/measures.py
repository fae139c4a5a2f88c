"""What a crush showed, by space: density, occupancy, load, force, breakdown of flow, falls, doses.

Helbing's pressure needs velocities of single people: the graph has none and says so (the zone has).
"""

from dataclasses import dataclass

import numpy as np

from evacuation.crush.ground import Ground
from evacuation.engine.arrays import Crowded, Flags, Floats, Longs, Net

BREAKS_FLOW, BREAKS_RHO = 0.8, 2.5
"""Flow has broken down below so many per (m s) above so many adults per m2 (Helbing et al. 2007,
Mina; with the density that the early warning asks for)."""
WINDOW_S = 5.0
HOLDS_RHO, STOPS_RHO = 3.5, 4.0
"""Adults per m2 from which floors are held, and above which a crowd that stands is a warning."""
MOMENTS = ("density", "breakdown", "stop", "load", "fall", "cascade")
"""What may warn: adults per m2 of ``HOLDS_RHO``; broken flow; nobody out for a window above
``STOPS_RHO``; a line load; the first fall; R_f above 1."""


def is_cascade(first: int, secondary: int) -> bool:
    """Tell a fall cascade; this is its one definition.

    In one place (a space; the early warning takes a whole stair) the falls until now over people
    who lie there (``secondary``, cause ``tripped``) outnumber all others there (``first``): R_f =
    secondary / first is above 1, each fall brings more than one other; where nobody fell first, as
    when one only bends down, he counts as one. A run has a cascade if there
    was one at any moment in any space.
    """
    return secondary > max(first, 1)


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
        self._warned: Floats = np.full((len(MOMENTS), spaces), np.inf)
        self.zoned: Floats = np.zeros((3, spaces))

    def look(
        self, seconds: float, load: Floats, lying: list[tuple[int, int]], t_ms: float = 0.0
    ) -> None:
        """Take note of the crowd as it is; flow is judged over windows of five seconds."""
        spot = self._ground.spot
        if self._since == 0.0:
            self._dense[:] = np.inf
        rho = np.maximum(np.maximum.reduceat(spot["rho"], self._first), self.zoned[0])
        self._since += seconds
        np.minimum(self._dense, rho, out=self._dense)
        np.maximum(self.rho, rho, out=self.rho)
        self._note("density", rho >= HOLDS_RHO, t_ms)
        if load.any() or self.zoned[1].any():
            loads = np.maximum(np.maximum.reduceat(load, self._first), self.zoned[1])
            np.maximum(self.load, loads, out=self.load)
            self._note("load", loads > 0.0, t_ms)
            force = np.maximum(np.maximum.reduceat(spot["force"], self._first), self.zoned[2])
            np.maximum(self.force, force, out=self.force)
        for s, count in lying:
            self._tally[2, s] = max(self._tally[2, s], count)
        if self._since >= WINDOW_S:
            self._judge(t_ms)

    def feel(self, core: Longs, at: Longs, rho: Floats, force: Floats, lies: Flags) -> None:
        """Take in how those are whom a zone moves, for the next look: by person the space, adults
        per m2 around him, the force on him (N), and whether he lies; ``core`` are its spaces. The
        line load is force times the root of density, as the graph has it the other way round.
        """
        self.zoned[:, core] = 0.0
        tight = np.where(rho >= self._ground.tight, force, 0.0)
        np.maximum.at(self.zoned[0], at, rho)
        np.maximum.at(self.zoned[1], at, tight * np.sqrt(rho))
        np.maximum.at(self.zoned[2], at, tight)
        down = np.bincount(at[lies], minlength=self.rho.size)
        np.maximum(self._tally[2], down, out=self._tally[2])

    def _note(self, what: str, at: Flags, t_ms: float) -> None:
        """Remember when a measure first warned in those spaces."""
        row = self._warned[MOMENTS.index(what)]
        row[at] = np.minimum(row[at], t_ms / 1000.0)

    def _judge(self, t_ms: float) -> None:
        """Find out where flow has broken down."""
        dense = np.flatnonzero(self._dense > BREAKS_RHO)
        passed = self._crowd.line["passed"].astype(np.int64)
        if dense.size:
            out = np.bincount(self._net.line["send"], passed - self._passed, self._net.room.size)
            width = np.zeros(self._net.room.size)
            doors = self._net.door["width"][np.arange(self._net.line.size) >> 1]
            np.maximum.at(width, self._net.line["send"], doors)
            flow = out[dense] / self._since / np.maximum(width[dense], 0.1)
            broken = np.isin(np.arange(self.broken.size), dense[flow < BREAKS_FLOW])
            self.broken[broken] += self._since
            self._note("breakdown", broken, t_ms)
            self._note("stop", broken & (out == 0) & (self._dense > STOPS_RHO), t_ms)
        self._passed, self._since = passed, 0.0

    def fell(self, s: int, cause: str, t_ms: float = 0.0) -> None:
        """Count a fall in a space."""
        self._tally[0, s] += 1
        self._tally[1, s] += cause == "tripped"
        here = np.arange(self.rho.size) == s
        self._note("fall", here, t_ms)
        falls, secondary = self._tally[:2, s].tolist()
        self._note("cascade", here & is_cascade(falls - secondary, secondary), t_ms)

    def hurt(self, s: int, level: float) -> None:
        """Count somebody who has come to a level of dose."""
        self._tally[3 if level < 1.0 else 4, s] += 1

    def peak(self, s: int, adult_m2: float) -> Peak:
        """Return the worst of a space."""
        rho = float(self.rho[s])
        load, force, broken = float(self.load[s]), float(self.force[s]), float(self.broken[s])
        return Peak(rho, rho * adult_m2, load, force, broken, *self._tally[:, s].tolist())

    def moments(self, s: int) -> dict[str, float]:
        """Return when each measure first warned in a space, s; those that never did are absent."""
        found = dict(zip(MOMENTS, self._warned[:, s].tolist(), strict=True))
        return {name: t_s for name, t_s in found.items() if t_s < np.inf}

    @property
    def cascades(self) -> int:
        """In how many spaces a fall became a cascade."""
        return int(np.isfinite(self._warned[MOMENTS.index("cascade")]).sum())

    def total(self) -> Longs:
        """Return falls, secondary falls, most lying, unconscious, lethal, over all spaces."""
        return np.asarray(self._tally.sum(axis=1), np.int64)
