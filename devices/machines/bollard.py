"""Gate bollard: moves in 3 to 6 s; without mains the hydraulic pressure is lost and it falls."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Motion
from devices.wiring import Wiring

MOVE_MS = (3000, 6000)


class Bollard:
    """Points: lower w, down r, up r; neither is on while it moves."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._move_ms = int(rng.integers(MOVE_MS[0], MOVE_MS[1] + 1))
        self._motion = Motion(wiring)
        self._command = False
        self._mains = True
        self._lowering = False
        self._position = "up"

    def start(self, at: int) -> None:
        """Raised: vehicles are kept out, people walk past."""
        self._stand("up")

    def command(self, point: str, value: Value, at: int) -> str:
        """`lower` true lowers, false raises when there is mains."""
        self._command = bool(value)
        self._settle(at)
        return "ok"

    def mains(self, on: bool, at: int) -> None:
        """Without mains it falls."""
        self._mains = on
        self.wiring.cause = "mains"
        self._settle(at)

    def faulted(self, at: int) -> None:
        """Stuck: it stops where it is. Wrong: `down` reports something else."""
        if self.wiring.stuck and self._position == "moving":
            self._motion.stop()
        elif self._position == "moving":
            self._travel(at)
        self._stand(self._position)
        self._settle(at)

    def _settle(self, at: int) -> None:
        lower = self._command or not self._mains
        if self.wiring.stuck or lower == self._lowering:
            return
        self._lowering = lower
        self._stand("moving")
        self._travel(at)

    def _travel(self, at: int) -> None:
        self._motion.start(at + self._move_ms, self._arrive)

    def _arrive(self, at: int) -> None:
        self._stand("down" if self._lowering else "up")
        state = "free" if self._lowering else "blocked"
        self.wiring.actuate(f"portal:{self.wiring.device.portal}", state)

    def _stand(self, position: str) -> None:
        self._position = position
        wrong = self.wiring.wrong
        self.wiring.show("down", position == "down" if wrong is None else bool(wrong))
        self.wiring.show("up", position == "up")
