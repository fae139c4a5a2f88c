"""The part of a board that is no device: its epoch register, kept by the fence."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.fence import Fence
from devices.wiring import Wiring


class IoBoard:
    """Points: epoch w, held r, refused r. `fence` is what its gateway asks before every write."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        epoch = wiring.bound().get("epoch")
        self.fence: Fence | None = None
        if epoch is not None:
            self.fence = Fence(wiring.device.unit, epoch.binding.address, self._told)

    def start(self, at: int) -> None:
        """Nobody has claimed it."""
        self._told(0, 0)

    def command(self, point: str, value: Value, at: int) -> str:
        """The fence has taken the claim already."""
        return "ok"

    def _told(self, held: int, refused: int) -> None:
        self.wiring.update("held", held)
        self.wiring.update("refused", refused)
