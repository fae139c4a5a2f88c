"""Sounder or strobe on a supervised circuit: on within 1 s; a broken line is reported.

The end-of-line resistor draws a little always; an open line draws nothing, a short one is cut off
at the board's limit. What draws current and is silent all the same is one dead unit of a circuit.
"""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.points import Value
from devices.motion import Drive
from devices.wiring import Wiring

IN_ORDER, OPEN, SHORT = range(3)
REST_MA, LIMIT_MA = 2, 500
"""End-of-line resistor of 10 kOhm at 24 V; current limit of a 0.5 A circuit (m)."""
WORK_MA = {"sounder": 16, "strobe": 25}
"""Usual draw of one unit at 24 V (m)."""
ELEMENT = {"sounder": "sound", "strobe": "strobe"}


class Signal:
    """Points: on w, sync w, tone w, and r: sounding or flashing, synced, line, current (mA).

    Sync takes units to one beat; alone each has its own. Dead: current as always, and no signal.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._unit = Drive(wiring, wiring.drawn(rng, "start"), False, self._turned)
        self._shows = "sounding" if wiring.kind.name == "sounder" else "flashing"
        self._wanted = self._sync = self._given = False

    def start(self, at: int) -> None:
        """Off, line in order."""
        self.wiring.show("tone", 0)
        self._report()

    def command(self, point: str, value: Value, at: int) -> str:
        """`on` gives the signal, `sync` takes the beat from the line, `tone` chooses one."""
        if point == "on":
            self._wanted = bool(value)
        elif point == "sync":
            self._sync = bool(value)
        self.settle(at)
        return "ok"

    def settle(self, at: int) -> None:
        """A broken line carries no signal; a dead unit gives none."""
        self._unit.ask(self._wanted and self._line == IN_ORDER, at)
        self._give()
        self._report()

    @property
    def _line(self) -> int:
        wrong = self.wiring.wrong
        return IN_ORDER if wrong is None else int(wrong)

    def _turned(self, on: bool) -> None:
        self._give()
        self._report()

    def _give(self) -> None:
        given = self._unit.position and "dead" not in self.wiring.failing
        if given != self._given:
            self._given = given
            element = f"{ELEMENT[self.wiring.kind.name]}:{self.wiring.id}"
            self.wiring.actuate(element, "on" if given else "off")

    def _report(self) -> None:
        on = self._unit.position
        work = WORK_MA[self.wiring.kind.name] if on else 0
        draw = {IN_ORDER: REST_MA + work, OPEN: 0, SHORT: LIMIT_MA}[self._line]
        self.wiring.show(self._shows, on)
        self.wiring.show("synced", on and self._sync)
        self.wiring.show("line", self._line)
        self.wiring.show("current", draw)
