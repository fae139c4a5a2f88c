"""Sounder on a supervised circuit: sounds within 1 s; a broken line is reported and silent."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Drive
from devices.wiring import Wiring

START_MS = (100, 900)
LINE_OK = 0


class Sounder:
    """Points: on w, sounding r, line r (0 in order, 1 open, 2 short; end-of-line resistor)."""

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        start_ms = int(rng.integers(START_MS[0], START_MS[1] + 1))
        self._horn = Drive(wiring, start_ms, False, self._turned)
        self._wanted = False

    def start(self, at: int) -> None:
        """Silent, line in order."""
        self.wiring.show("sounding", False)
        self.wiring.show("line", LINE_OK)

    def command(self, point: str, value: Value, at: int) -> str:
        """`on` true or false."""
        self._wanted = bool(value)
        self._settle(at)
        return "ok"

    def faulted(self, at: int) -> None:
        """`wrong` 1 or 2 breaks the line: seen in `line`, and the sounder falls silent."""
        self.wiring.show("line", self._line)
        self._settle(at)

    @property
    def _line(self) -> int:
        wrong = self.wiring.wrong
        return LINE_OK if wrong is None else int(wrong)

    def _settle(self, at: int) -> None:
        self._horn.ask(self._wanted and self._line == LINE_OK, at)

    def _turned(self, sounding: bool) -> None:
        self.wiring.show("sounding", sounding)
        self.wiring.actuate(f"sound:{self.wiring.id}", "on" if sounding else "off")
