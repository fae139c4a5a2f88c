"""Dynamic exit sign: shows what it is told within 1 s and reports it; lives on its battery."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.battery import Battery
from devices.motion import Motion
from devices.wiring import Wiring

DARK = "off"


class ExitSign:
    """Points: show w, showing r, lamp r (1 in order), battery r (%).

    Wrong: it shows another face than it reports. Lamp: dark, and the lamp point says so; `showing`
    is what it drives, not what is seen. Stuck: keeps its face.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._change_ms = wiring.drawn(rng, "change")
        duration_ms = wiring.drawn(rng, "duration")
        self._motion = Motion(wiring)
        self._battery = Battery(wiring, duration_ms, wiring.ms("recharge"), self._drained)
        self._asked = DARK
        self._face = DARK

    def start(self, at: int) -> None:
        """Dark."""
        self.wiring.show("showing", DARK)
        self._report()

    def command(self, point: str, value: Value, at: int) -> str:
        """Show one of the faces; any other is rejected."""
        if value not in self.wiring.kind.points["show"].words:
            return "rejected"
        if not self.wiring.stuck and value != self._asked:
            self._asked = str(value)
            self._motion.start(at + self._change_ms, self._change)
        return "ok"

    def settle(self, at: int) -> None:
        """Off: dark, and what it was told is forgotten."""
        self._battery.feed(self.wiring.mains, at)
        if self.wiring.off:
            self._asked = DARK
            self._motion.stop()
            self._change(at)
        elif not self.wiring.stuck:
            self._motion.start(at + self._change_ms, self._change)
        self._report()

    def _drained(self, at: int) -> None:
        self._report()
        if self._battery.percent == 0:
            self._change(at)

    def _change(self, at: int) -> None:
        if self.wiring.values["showing"] != self._asked:
            self.wiring.show("showing", self._asked)
        wrong = self.wiring.wrong
        dark = self.wiring.off or "lamp" in self.wiring.failing or not self._fed
        face = DARK if dark else self._asked if wrong is None else str(wrong)
        if face != self._face:
            self._face = face
            self.wiring.actuate(f"sign:{self.wiring.id}", face)

    @property
    def _fed(self) -> bool:
        return self.wiring.mains or self._charge > 0

    @property
    def _charge(self) -> int:
        return int(self.wiring.failing.get("battery", self._battery.percent))

    def _report(self) -> None:
        self.wiring.update("lamp", "lamp" not in self.wiring.failing)
        self.wiring.update("battery", self._charge)
