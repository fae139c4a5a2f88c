"""Those who lie in one place: rows of bodies up a way, one partly on the other."""

from dataclasses import dataclass, field
from math import ceil

from evacuation.crush.parameters import Falls

G = 9.81


@dataclass(slots=True)
class Pile:
    """People who lie in a space, first fallen first; they went towards a crossing, ``low_m`` from
    it lies the lowest, and ``lanes`` lie abreast. ``begun`` and ``helped`` are ms: the first fall,
    and when helpers take the next one off.
    """

    space: int
    crossing: int
    low_m: float
    lanes: int
    begun: float
    helped: float
    members: list[int] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows lie there."""
        return ceil(len(self.members) / self.lanes)

    def length_m(self, falls: Falls) -> float:
        """Return how much of the way the pile takes."""
        return falls.body_m + falls.shift * (self.rows - 1)

    def edge_m(self, falls: Falls) -> float:
        """Return how far from the crossing its upper edge is: where those behind come to it."""
        return self.low_m + falls.shift * max(self.rows - 1, 0) + falls.body_m / 2.0

    def above(self, k: int, falls: Falls) -> int:
        """Return how many lie on a member: rows a little further up, as far as a body is long."""
        on = min(int(falls.body_m / falls.shift) - 1, int(falls.layers) - 1)
        return min(self.rows - 1 - k // self.lanes, on)

    def weight_n(self, k: int, mass_kg: float, falls: Falls) -> float:
        """Return the weight on a member, N, of people of a mass."""
        return self.above(k, falls) * falls.zone.weight_share * mass_kg * G

    def blocks(self, wide_m: float, boundary_m: float, rho: float, falls: Falls) -> float:
        """Return the share of the way's flow that gets past: 0 where the gap is too small or a
        second row lies; over a single row people step while the crowd is thin.
        """
        effective = max(wide_m - boundary_m, 0.25 * wide_m)
        left = effective - falls.lane * min(len(self.members), self.lanes)
        if self.rows < 2 and left >= falls.closes:
            return left / effective
        if self.rows < 2 and rho < falls.zone.step_density:
            return falls.zone.steps_over
        return 0.0
