"""How fast simulated time may pass against the wall: decisions only, somebody else waits.

Deadlines count from one absolute epoch, so that a late slice never shifts the later ones.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wait:
    """How long to wait before a slice may begin, or how late it already is, ms of wall time."""

    wait_ms: float
    late_ms: float


@dataclass(frozen=True, slots=True)
class Pace:
    """`factor` simulated seconds per second of wall time; 0 means as fast as possible."""

    factor: float
    epoch_wall_ms: float
    epoch_sim_ms: int = 0

    def __post_init__(self) -> None:
        if self.factor < 0:
            raise ValueError(f"pace must be 0 (as fast as possible) or more, not {self.factor:g}")

    def due_wall_ms(self, sim_ms: int) -> float:
        """Wall time at which simulated time `sim_ms` may begin."""
        if self.factor == 0:
            return self.epoch_wall_ms
        return self.epoch_wall_ms + (sim_ms - self.epoch_sim_ms) / self.factor

    def decide(self, wall_ms: float, sim_ms: int) -> Wait:
        """What to do at wall time `wall_ms` before slice `sim_ms` may begin."""
        if self.factor == 0:
            return Wait(0.0, 0.0)
        ahead = self.due_wall_ms(sim_ms) - wall_ms
        return Wait(max(0.0, ahead), max(0.0, -ahead))
