"""Panic buttons: silent, at once to the guard; one wired to a board, one that speaks by radio."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.battery import Battery
from devices.motion import Motion
from devices.wiring import Wiring

DOUBLE_MS = 400
"""From one contact to the next when a hand trembles (assumed)."""


class PanicButton:
    """Fixed, on a supervised pair. Points: reset w, pressed r (until it is reset), tamper r,
    line r (0 in order, 1 open, 2 short), presses r.

    Nothing sounds or lights where it is pressed. Double: every push makes contact twice.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._contact_ms = wiring.drawn(rng, "press")
        self._count = 0

    def start(self, at: int) -> None:
        """Not pressed."""
        self.wiring.show("pressed", False)
        self.wiring.show("presses", 0)
        self.settle(at)

    def command(self, point: str, value: Value, at: int) -> str:
        """`reset` lets go of the latch."""
        if value:
            self.wiring.show("pressed", False)
        return "ok"

    def press(self, at: int) -> None:
        """Somebody pushes it; through a broken line or a jammed button nothing comes."""
        agenda = self.wiring.agenda
        agenda.at(at + self._contact_ms, self._make)
        if "double" in self.wiring.failing:
            agenda.at(at + self._contact_ms + DOUBLE_MS, self._make)

    def settle(self, at: int) -> None:
        """Lid and line."""
        failing = self.wiring.failing
        self.wiring.show("tamper", "tamper" in failing)
        self.wiring.show("line", int(failing.get("line", 0)))

    def _make(self, at: int) -> None:
        if self.wiring.stuck or "line" in self.wiring.failing:
            return
        self._count = (self._count + 1) & 0xFFFF
        self.wiring.record("sense", what="pressed")
        self.wiring.show("pressed", True)
        self.wiring.show("presses", self._count)


class PanicPendant:
    """Worn, by radio to a receiver on MQTT. Points: reset w, alarm r (until it is reset), pressed
    event (counts presses), supervised r, battery r (%), tamper r.

    The receiver calls it lost 300 s after its last sign of life. Radio: nothing gets through.
    Replay: somebody sends the last press again, with its old time.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._air_ms = wiring.drawn(rng, "press")
        self._lost = Motion(wiring)
        self._battery = Battery(wiring, wiring.ms("life"), 0, self._drained)
        self._count = 0
        self._last = 0

    def start(self, at: int) -> None:
        """Heard, and not pressed."""
        for point, value in (("alarm", False), ("supervised", True), ("tamper", False)):
            self.wiring.show(point, value)
        self._battery.feed(False, at)
        self._drained(at)

    def command(self, point: str, value: Value, at: int) -> str:
        """`reset` lets go of the receiver's latch."""
        if value and self.wiring.values["alarm"]:
            self.wiring.show("alarm", False)
        return "ok"

    def press(self, at: int) -> None:
        """Somebody presses it."""
        self.wiring.agenda.at(at + self._air_ms, self._arrive)
        if "double" in self.wiring.failing:
            self.wiring.agenda.at(at + self._air_ms + DOUBLE_MS, self._arrive)

    def settle(self, at: int) -> None:
        """Radio, lid and battery; a replay happens when it begins."""
        failing = self.wiring.failing
        if "radio" not in failing:
            self._lost.stop()
            self.wiring.update("supervised", True)
        elif self.wiring.values["supervised"]:
            self._lost.start(at + self.wiring.ms("supervision"), self._miss)
        if "replay" in failing and self._count:
            self._tell(self._last)
        self.wiring.update("tamper", "tamper" in failing)
        self._drained(at)

    def _arrive(self, at: int) -> None:
        """A press has crossed the air, if anything does."""
        empty = self._charge == 0
        if not ({"radio", "stuck", "off"} & self.wiring.failing.keys() or empty):
            self._count, self._last = self._count + 1, at
            self._tell(at)

    def _tell(self, t_ms: int) -> None:
        self.wiring.record("sense", what="pressed")
        self.wiring.show("pressed", self._count, t_ms)
        self.wiring.show("alarm", True, t_ms)

    def _miss(self, at: int) -> None:
        self.wiring.update("supervised", False)

    @property
    def _charge(self) -> int:
        return int(self.wiring.failing.get("battery", self._battery.percent))

    def _drained(self, at: int) -> None:
        self.wiring.update("battery", self._charge)
