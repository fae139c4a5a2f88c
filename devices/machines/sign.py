"""Dynamic exit sign: shows what it is told within 1 s and reports it."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Motion
from devices.wiring import Wiring

CHANGE_MS = (200, 900)
FACES = ("off", "ahead", "left", "right", "no-entry")


class ExitSign:
    """Points: show w, showing r. Wrong: it shows another face than it reports."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._change_ms = int(rng.integers(CHANGE_MS[0], CHANGE_MS[1] + 1))
        self._motion = Motion(wiring)
        self._asked = "off"
        self._face = "off"

    def start(self, at: int) -> None:
        """Dark."""
        self.wiring.show("showing", "off")

    def command(self, point: str, value: Value, at: int) -> str:
        """Show one of the faces; any other is rejected."""
        if value not in FACES:
            return "rejected"
        if not self.wiring.stuck and value != self._asked:
            self._asked = str(value)
            self._motion.start(at + self._change_ms, self._change)
        return "ok"

    def faulted(self, at: int) -> None:
        """Off: dark, and what it was told is forgotten."""
        if self.wiring.off:
            self._asked = "off"
            self._motion.stop()
            self._change(at)
        elif not self.wiring.stuck:
            self._motion.start(at + self._change_ms, self._change)

    def _change(self, at: int) -> None:
        if self.wiring.values["showing"] != self._asked:
            self.wiring.show("showing", self._asked)
        wrong = self.wiring.wrong
        face = self._asked if wrong is None or self.wiring.off else str(wrong)
        if face != self._face:
            self._face = face
            self.wiring.actuate(f"sign:{self.wiring.id}", face)
