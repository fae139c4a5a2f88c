"""Manual call point: breaks into the poll cycle in less than 1 s and stays pressed."""

from __future__ import annotations

from numpy.random import Generator

from controller.interface.loopwords import ALARM, NORMAL
from devices.loop import TROUBLE
from devices.machines.detector import LoopPanel
from devices.wiring import Wiring


class CallPoint:
    """Point: state r. Off or with an open line: pressing it does nothing.

    Glass: it is broken or missing, which reports itself as pressing does.
    """

    def __init__(self, wiring: Wiring, rng: Generator, panel: LoopPanel) -> None:
        self.wiring = wiring
        self._panel = panel
        self._interrupt_ms = wiring.drawn(rng, "interrupt")
        self._pressed = False

    def start(self, at: int) -> None:
        """Glass whole."""

    def press(self, at: int) -> None:
        """Somebody breaks the glass; it stays broken."""
        self._pressed = True
        self.reset(at)

    def reset(self, at: int) -> None:
        """The panel has been reset; broken glass reports itself again."""
        if self._broken:
            self.wiring.agenda.at(at + self._interrupt_ms, self._report)

    def settle(self, at: int) -> None:
        """The panel misses it, or finds it again, within one poll of the loop."""
        self.reset(at)
        self.wiring.agenda.at(at + self.wiring.ms("poll"), self._report)

    @property
    def _broken(self) -> bool:
        return self._pressed or "glass" in self.wiring.failing

    def _report(self, at: int) -> None:
        lost = self.wiring.off or "line-open" in self.wiring.failing
        level = TROUBLE if lost else ALARM if self._broken else NORMAL
        self._panel.report(self.wiring, level, at)
