"""A lift that people may use in an evacuation: how many it takes, and how long a ride is."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

Use = Literal["assisted", "everybody"]
USES: tuple[Use, ...] = ("assisted", "everybody")
LEVEL_M_S = 1.2
"""Level walking of the same time stands for a ride in cost fields: metres = seconds x 1.2 m/s."""


@dataclass(frozen=True, slots=True)
class Lift:
    """A car and its doors. ``use`` says who may ride: those who can not take stairs and their
    helpers (``assisted``), or ``everybody``. Times are ms, rates m/s and m/s2.

    ``dwell_ms`` is how long the doors stay open after the last one stepped through them.
    """

    capacity: int
    speed_m_s: float = 1.0
    acceleration_m_s2: float = 0.8
    open_ms: int = 2_500
    close_ms: int = 3_000
    dwell_ms: int = 3_000
    use: Use = "assisted"

    def ride_ms(self, rise_m: float) -> float:
        """Return the time from rest to rest over a difference of levels, in ms.

        s/v + v/a, or 2 sqrt(s/a) where the car never reaches its speed; jerk is left out.
        """
        way, v, a = abs(rise_m), self.speed_m_s, self.acceleration_m_s2
        seconds = way / v + v / a if way >= v * v / a else 2.0 * sqrt(way / a)
        return 1000.0 * seconds

    def metres(self, rise_m: float) -> float:
        """Return the level way that takes as long as calling the car, riding and both doors."""
        doors = self.open_ms + self.close_ms
        return LEVEL_M_S * (2.0 * (doors + self.ride_ms(rise_m)) + self.dwell_ms) / 1000.0
